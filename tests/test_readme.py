"""What the README shows works as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
ROOT = Path(__file__).parents[1]


def command(name: str) -> str:
    found = re.search(rf"<!-- command: {name} -->\n```bash\n(.*?)\n```", README, re.DOTALL)
    assert found, f"the README has no command {name!r}"
    return found[1]


def test_the_first_example_runs_and_prints_the_loaded_word(
    capsys: pytest.CaptureFixture[str],
) -> None:
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example
    exec(compile(example[1], "README.md", "exec"), {})
    assert capsys.readouterr().out.startswith("slammed loaded-language outlet")


def test_the_first_example_is_in_the_first_screen() -> None:
    assert README[: README.index("```\n")].count("\n") < 24


@pytest.mark.parametrize("name", ["use", "test"])
def test_a_set_up_command_is_one_line(name: str) -> None:
    assert command(name).startswith("pip install ")
    assert "\n" not in command(name)


def test_every_command_line_named_in_the_readme_parses() -> None:
    import shlex

    from slantwise.cli import build_parser

    lines = re.findall(r"^slantwise .*$", README, re.MULTILINE)
    assert len(lines) >= 4
    for line in lines:
        arguments = shlex.split(line, comments=True)[1:]
        assert build_parser().parse_args(arguments).command == arguments[0]


@pytest.mark.parametrize("target", re.findall(r"\]\(([^)#:]+)\)", README))
def test_a_link_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
