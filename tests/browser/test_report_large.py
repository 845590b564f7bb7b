"""A report of a thousand articles in a real browser, and what axe-core says of reports."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from chrome import CHROMIUM, console_errors, dom, with_script
from tiny_scores import ARTICLES, tiny_scores

from slantwise.report_page import report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium isn't installed"),
]
HOSTILE = '<script>alert(1)</script><img src=x onerror="document.title=1">'
_SENTENCES = (
    "The council met on Tuesday to go through the plans for the new harbour wall. "
    "Members asked how long the work would take and what it would cost the town. "
)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = [
        {
            "article_id": f"a{n}",
            "outlet": f"Outlet {n % 12}",
            "date": f"2031-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
            "event": f"event {n // 5}",
            "title": f"[Fury](loaded-language outlet) over plan {n}",
            "text": "\n\n".join(
                f"{_SENTENCES * 4} A [shameless](loaded-language outlet Council negative) vote. "
                "“A [disaster](exaggeration quote Council negative by Finch),” Odo Finch said."
                for _ in range(4)
            ),
            "n_outlet_words": 600,
        }
        for n in range(1000)
    ]
    return report(tiny_scores(*records), tmp_path_factory.mktemp("large") / "report.html")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = [
        {**one, "title": HOSTILE, "outlet": HOSTILE} if one["article_id"] in ("c1", "w1") else one
        for one in ARTICLES
    ]
    return report(tiny_scores(*records), tmp_path_factory.mktemp("hostile") / "report.html")


def test_a_thousand_articles_are_ten_megabytes_at_most(large: Path) -> None:
    assert large.stat().st_size <= 10_000_000
    assert large.read_text("utf-8").count("<article") == 1000


def test_nothing_of_an_article_runs_and_the_console_is_quiet(
    hostile: Path, large: Path, tmp_path: Path
) -> None:
    html = dom(hostile, tmp_path)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<title>1</title>" not in html
    assert "<img" not in html
    for page in (hostile, large):
        assert console_errors(page, tmp_path) == []


def test_articles_stand_side_by_side_when_asked_for(hostile: Path, tmp_path: Path) -> None:
    probe = with_script(
        hostile,
        'document.querySelector(".event-tools button").click();'
        'const [one, other] = document.querySelectorAll(".beside article");'
        "const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];"
        "document.body.dataset.told = `${Math.abs(a.top - b.top) < 1} ${b.left > a.right - 1}`;",
        "'unsafe-inline'",
    )
    html = dom(probe, tmp_path)
    assert 'data-told="true true"' in html
    assert 'aria-pressed="true"' in html


def test_the_keyboard_reaches_and_leaves_a_highlight(hostile: Path, tmp_path: Path) -> None:
    probe = with_script(
        hostile,
        'const mark = document.querySelector("mark[data-voice=quote][id]");'
        "mark.focus();"
        'const tip = document.getElementById("tip"), shown = !tip.hidden;'
        'document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));'
        "document.body.dataset.told = `${mark.tabIndex} ${shown} ${tip.hidden}`;",
        "'unsafe-inline'",
    )
    assert 'data-told="0 true true"' in dom(probe, tmp_path)


@pytest.mark.skipif(find_spec("axe_core_python") is None, reason="axe-core isn't installed")
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_serious_fault(hostile: Path, tmp_path: Path, dark: bool) -> None:
    found = axe(hostile, tmp_path, *(["--blink-settings=preferredColorScheme=0"] if dark else []))
    assert [fault for fault in found if fault["impact"] in ("serious", "critical")] == []


@pytest.mark.skipif(find_spec("axe_core_python") is None, reason="axe-core isn't installed")
def test_axe_finds_a_fault_where_there_is_one(hostile: Path, tmp_path: Path) -> None:
    broken = hostile.with_name("broken.html")
    html = hostile.read_text("utf-8").replace('<html lang="en">', "<html>")
    broken.write_text(html.replace("</main>", "<button></button></main>"), "utf-8")
    assert {"html-has-lang", "button-name"} <= {fault["id"] for fault in axe(broken, tmp_path)}


def axe(page: Path, tmp_path: Path, *options: str) -> list[dict[str, Any]]:
    """Return the faults that axe-core finds on a page, side by side view open."""
    spec = find_spec("axe_core_python")
    assert spec
    assert spec.origin
    library = Path(spec.origin).with_name("axe.min.js").read_text("utf-8")
    probe = with_script(
        page,
        library + ';document.querySelector(".event-tools button").click();'
        "axe.run(document, {}).then((found) => { document.body.textContent = 'AXE ' + "
        "JSON.stringify("
        "found.violations.map(({ id, impact, nodes }) => ({ id, impact,"
        " nodes: nodes.map((node) => node.target.join(' ')) }))) + ' END'; });",
        "'unsafe-inline'",
    )
    html = dom(probe, tmp_path, "", "--virtual-time-budget=20000", *options)
    (told,) = re.findall(r"AXE (\[.*\]) END", html, re.S)
    faults: list[dict[str, Any]] = json.loads(
        told.replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    )
    return faults
