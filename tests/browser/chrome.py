"""Debian's chromium without a window: what it prints of a page."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage",
    "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--virtual-time-budget=2000", "--window-size=1200,1000",
)  # fmt: skip


def chromium(profile: Path, url: str, *options: str) -> str:
    """Open a page and return what the browser prints."""
    return _run(profile, url, *options).stdout


def dom(page: Path, tmp_path: Path, fragment: str = "", *options: str) -> str:
    """Return the page as it is after its scripts have run."""
    return chromium(tmp_path / "profile", page.as_uri() + fragment, *options, "--dump-dom")


def console_errors(page: Path, tmp_path: Path) -> list[str]:
    """Return what the page writes to the console, warnings and refusals included."""
    done = _run(tmp_path / "profile", page.as_uri(), "--enable-logging=stderr", "--dump-dom")
    return [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def with_script(page: Path, script: str, policy: str | None = None) -> Path:
    """Copy a page with one more script; under another policy if one is given."""
    html = page.read_text("utf-8")
    if policy:
        html = re.sub(r"script-src '[^']+'", f"script-src {policy}", html)
    copy = page.with_name("probe.html")
    copy.write_text(html.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    return copy


def _run(profile: Path, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM
    return subprocess.run(
        [CHROMIUM, *_OPTIONS, f"--user-data-dir={profile}", *options, url],
        capture_output=True, text=True, encoding="utf-8", timeout=300, check=True,
    )  # fmt: skip
