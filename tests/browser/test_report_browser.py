"""The report in a real browser: its script, its filters, its policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from chrome import CHROMIUM, chromium, dom, with_script
from tiny_scores import tiny_scores

from slantwise.report_page import report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium isn't installed"),
]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report(tiny_scores(), tmp_path_factory.mktemp("page") / "report.html")


def marks(html: str) -> list[str]:
    """Return the words that are still highlighted in articles that are still shown."""
    shown = re.sub(r"<article[^>]*hidden.*?</article>", "", html, flags=re.S)
    found = re.findall(r"<mark class=\"([^\"]*)\" id[^>]*>(.*?)</mark>", shown, re.S)
    return [words for names, words in found if "off" not in names.split()]


def test_everything_is_shown_at_first(page: Path, tmp_path: Path) -> None:
    html = dom(page, tmp_path)
    assert "11 highlights · 11 of 11 articles" in html
    assert len(marks(html)) == 11
    assert '<form class="filters" aria-label' in html  # not hidden any more


@pytest.mark.parametrize(
    ("fragment", "words", "status"),
    [
        ("#label=flag-waving", ["heroes"], "1 highlight · 1 of 11 articles"),
        ("#voice=quote", ["disaster"], "1 highlight · 1 of 11 articles"),
        ("#voice=own&outlet=Harbour+Wire", ["slammed"], "1 highlight · 1 of 11 articles"),
        ("#outlet=Sorn+Gazette", ["Goons", "crooks"], "2 highlights · 1 of 11 articles"),
        ("#min=0.95", [], "0 highlights · 0 of 11 articles"),
        ("#label=euphemism", [], "0 highlights · 0 of 11 articles"),
    ],
)
def test_filters(page: Path, tmp_path: Path, fragment: str, words: list[str], status: str) -> None:
    html = dom(page, tmp_path, fragment)
    assert status in html
    assert marks(html) == words


def test_a_highlight_in_focus_is_explained(page: Path, tmp_path: Path) -> None:
    probe = with_script(
        page, 'document.querySelector("mark[data-voice=quote][id]").focus()', "'unsafe-inline'"
    )
    html = dom(probe, tmp_path)
    (tip,) = re.findall(r"<div id=\"tip\"[^>]*>.*?</div>", html, re.S)
    assert "hidden" not in tip
    assert "exaggeration, certainty 90%" in tip
    assert "quoted from Finch" in tip


def test_no_other_script_runs(page: Path, tmp_path: Path) -> None:
    owned = 'document.title = "owned"'
    assert "<title>owned</title>" not in dom(with_script(page, owned), tmp_path)
    allowed = with_script(page, owned, "'unsafe-inline'")
    assert "<title>owned</title>" in dom(allowed, tmp_path)  # the probe itself works


def test_it_is_painted(page: Path, tmp_path: Path) -> None:
    shot = tmp_path / "report.png"
    chromium(tmp_path / "profile", page.as_uri(), f"--screenshot={shot}")
    assert shot.read_bytes().startswith(b"\x89PNG")
    assert shot.stat().st_size > 30_000  # an empty page of this size has some 5,000 bytes
