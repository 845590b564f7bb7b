"""The facade: its names, how they are described, and what importing it costs."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest

import slantwise
from slantwise import errors

CONSTANTS = ("LABELS", "VOICES")
HEAVY = ("sklearn", "nltk", "scipy", "pandas", "pyarrow", "joblib", "jinja2", "trafilatura")


def in_a_fresh_process(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert done.returncode == 0
    return done.stdout.strip()


def loaded_after(code: str) -> list[str]:
    """Return which heavy packages a fresh process has loaded after this code."""
    return in_a_fresh_process(
        f"{code}\nimport sys\nprint(*(name for name in {HEAVY} if name in sys.modules))"
    ).split()


def public(name: str) -> Any:
    """Return a public object; a module that is called like it must not hide it."""
    for home, names in slantwise._MODULE.items():
        if name in names:
            return getattr(importlib.import_module(f"slantwise.{home}"), name)
    raise AssertionError(f"{name} has no home")


OBJECTS = {name: public(name) for name in slantwise.__all__ if name not in CONSTANTS}
FUNCTIONS = {name: one for name, one in OBJECTS.items() if inspect.isfunction(one)}
METHODS = {
    f"{name}.{attribute}": method
    for name, one in OBJECTS.items()
    if inspect.isclass(one)
    for attribute, method in vars(one).items()
    if not attribute.startswith("_")
    and (inspect.isfunction(method) or isinstance(method, property | classmethod | staticmethod))
}


def plain(method: Any) -> Any:
    if isinstance(method, property):
        return method.fget
    return method.__func__ if isinstance(method, classmethod | staticmethod) else method


# -- names -------------------------------------------------------------------------------


def test_all_is_sorted_constants_first_then_classes_then_functions() -> None:
    classes = [name for name in slantwise.__all__ if name[0].isupper() and name not in CONSTANTS]
    functions = [name for name in slantwise.__all__ if name[0].islower()]
    assert slantwise.__all__ == [*CONSTANTS, *sorted(classes), *sorted(functions)]


def test_public_names_are_those_of_all() -> None:
    homes = {name for names in slantwise._MODULE.values() for name in names}
    assert sorted(homes) == sorted(slantwise.__all__)
    found = in_a_fresh_process(
        "import slantwise\n"
        "for name in slantwise.__all__: getattr(slantwise, name)\n"
        "from types import ModuleType\n"
        "own = lambda value: getattr(value, '__module__', 'slantwise').startswith('slantwise')\n"
        "print(*sorted(name for name in dir(slantwise) if name[0] != '_'\n"
        "              and name not in ('TYPE_CHECKING', 'annotations')\n"
        "              and not isinstance(getattr(slantwise, name), ModuleType)\n"
        "              and own(getattr(slantwise, name))))"
    )
    assert found.split() == sorted(slantwise.__all__)


def test_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="module 'slantwise' has no attribute 'labels'"):
        slantwise.labels  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_a_function_is_not_hidden_by_the_module_it_lives_in(name: str) -> None:
    code = (
        "import importlib, pkgutil, slantwise\n"
        f"importlib.import_module('slantwise.{FUNCTIONS[name].__module__.split('.')[1]}')\n"
        f"print(callable(slantwise.{name}))"
    )
    assert in_a_fresh_process(code) == "True"


def test_the_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert slantwise.__version__ == version("slantwise")


def test_the_package_says_that_it_is_typed() -> None:
    from importlib.resources import files

    assert (files("slantwise") / "py.typed").is_file()


# -- descriptions ------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(OBJECTS | METHODS))
def test_public_objects_have_a_docstring(name: str) -> None:
    one = (OBJECTS | METHODS)[name]
    doc = inspect.getdoc(plain(one))
    assert doc
    # A dataclass without one describes itself by its signature.
    assert not doc.startswith(f"{name}(")
    first = doc.split("\n\n")[0]
    assert first[0].isupper()
    assert first.rstrip()[-1] in ".:"


@pytest.mark.parametrize("name", sorted(FUNCTIONS | METHODS))
def test_public_signatures_are_annotated(name: str) -> None:
    signature = inspect.signature(plain((FUNCTIONS | METHODS)[name]))
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        if parameter.name not in ("self", "cls"):
            assert parameter.annotation is not inspect.Parameter.empty


def with_a_list_of_parameters() -> list[str]:
    both = FUNCTIONS | METHODS
    return [
        name
        for name in sorted(both)
        if "\nParameters\n--" in (inspect.getdoc(plain(both[name])) or "")
    ]


@pytest.mark.parametrize("name", with_a_list_of_parameters())
def test_a_list_of_parameters_has_every_one_and_no_other(name: str) -> None:
    function = plain((FUNCTIONS | METHODS)[name])
    doc = inspect.getdoc(function) or ""
    listed = doc.split("\nParameters\n")[1].split("\n\n")[0].splitlines()[1:]
    named = [
        name.strip().lstrip("*")
        for line in listed
        if not line.startswith(" ")
        for name in line.split(" : ")[0].split(",")
    ]
    taken = [one for one in inspect.signature(function).parameters if one not in ("self", "cls")]
    assert named == taken


def every_module() -> list[ModuleType]:
    return [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(slantwise.__path__, "slantwise.")
        if not found.name.endswith("__main__")
    ]


def test_every_module_says_what_it_is_for() -> None:
    assert [module.__name__ for module in every_module() if not module.__doc__] == []


# -- errors ------------------------------------------------------------------------------


def test_every_error_is_a_slantwise_error_and_drawn_in_the_tree() -> None:
    raised = [one for one in vars(errors).values() if inspect.isclass(one)]
    assert all(issubclass(one, errors.SlantwiseError) for one in raised)
    assert {one.__name__ for one in raised} <= set(slantwise.__all__)
    assert all(one.__name__ in (errors.__doc__ or "") for one in raised)
    assert issubclass(errors.UsageError, ValueError)
    assert issubclass(errors.NothingToRead, errors.InputError)


# -- cost --------------------------------------------------------------------------------


def test_importing_loads_nothing_heavy() -> None:
    assert loaded_after("import slantwise") == []
    assert in_a_fresh_process("import slantwise, sys; print('numpy' in sys.modules)") == "False"


def test_the_command_line_loads_nothing_heavy() -> None:
    assert loaded_after("from slantwise.cli import build_parser\nbuild_parser()") == []


def test_reading_a_text_loads_no_library_for_tables(tmp_path: Any) -> None:
    (tmp_path / "one.txt").write_text("Rain fell.")
    read = f"list(slantwise.read_articles({str(tmp_path / 'one.txt')!r}))"
    assert loaded_after(f"import slantwise\n{read}") == []


def test_labelling_needs_no_library_that_learns() -> None:
    code = "import slantwise\nslantwise.load_model().label('Critics slammed the plan.')"
    assert loaded_after(code) == []
