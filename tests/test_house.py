"""One way through the house: what each module may import, read from its source."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import slantwise

HOUSE = Path(slantwise.__file__).parent

# articles → text → voice → features → classify → outlets → contrast → report; persistence
# and the command line on top. A module imports only what stands before it.
ORDER = """
errors records scheme in_words codebook actors
reading.streams reading.rows reading.values reading.dates reading.webpage reading.csv_rows
reading.files reading.formats reading articles
linewrap boilerplate_patterns boilerplate_signs boilerplate punkt sentences words text
cues traits sources clauses frames verbs said quotes draft antecedents turns speech voice
features sequence layout language windows genre
mentions spread answers encoder convolution pairing attribution stage outcome attributed
tagger labeller toward rivals targets calibration evidence terms
labelled raising sharing storage pooling packing model
sketches spool copies likeness events relations
estimate marking highlight tables scores parts workers batch
gammas intervals tallies accuracy shrinkage standardising spreadsheets plots profiles
group_figures outlets naming quoted
passage_vectors alignment wording side_by_side contrast_page
reliability sampling coding standoff annotations exporting
report_articles report_data report_page
metrics passages evaluation error_counts
training.polnear training.hearing training.told
training.written training.annotated training.design training.crf training.folds
training.thresholds training.card training.vocabulary training.bias training.marked
training.genre training.stories
training.names training.tagger training.labeller training.attribution training.vectors
training.toward training.targets training.punkt training.fit training.pooling
training.recipe training.accurate
training
cli.terminal cli.options cli.corpus cli.checking cli.labelling cli.comparing cli.learning
cli __main__
""".split()

# Imports inside functions that reach up: an object that can show or tabulate itself.
UPWARD = {
    ("labelled", "tables"),
    ("labelled", "highlight"),
    ("model", "scores"),
    ("side_by_side", "contrast_page"),
}
LEARNED = ("sklearn", "nltk", "scipy")  # needed to learn, not to apply
# Steps over a whole corpus need sparse products and a linkage: imported when they are taken.
OVER_A_CORPUS = {("likeness", "scipy"), ("events", "scipy"), ("passage_vectors", "scipy")}
CODE_IN_DATA = {"pickle", "cPickle", "marshal", "shelve", "dill", "cloudpickle", "code", "imp"}


@dataclass(frozen=True)
class Import:
    """One import of a module, and whether it runs when the module is loaded."""

    importer: str
    imported: str
    at_once: bool


def paths() -> dict[str, Path]:
    """Return the modules by name, without the package's own."""
    found = {}
    for path in sorted(HOUSE.rglob("*.py")):
        parts = path.relative_to(HOUSE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = path
    return found


PATHS = paths()
TREES = {
    name: ast.parse(path.read_text(encoding="utf-8"), str(path)) for name, path in PATHS.items()
}
each_module = pytest.mark.parametrize("name", PATHS)


def imports_of(name: str) -> Iterator[Import]:
    """Yield what a module imports, but for what only a type checker reads."""

    def visit(node: ast.AST, at_once: bool) -> Iterator[Import]:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            return
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(name, alias.name, at_once)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} has a relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                is_module = whole.removeprefix("slantwise.") in PATHS
                yield Import(name, whole if is_module else str(node.module), at_once)
        inner = at_once and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for child in ast.iter_child_nodes(node):
            yield from visit(child, inner)

    yield from visit(TREES[name], True)


def own_imports(name: str) -> list[Import]:
    """Return imports of modules of the house, under their short names."""
    return [
        Import(name, one.imported.removeprefix("slantwise."), one.at_once)
        for one in imports_of(name)
        if one.imported.startswith("slantwise.")
    ]


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


# -- the order ---------------------------------------------------------------------------


def test_every_module_has_its_place() -> None:
    assert len(ORDER) == len(set(ORDER))
    assert set(PATHS) - set(ORDER) == set(), "give the new module its place in ORDER"
    assert set(ORDER) - set(PATHS) == set(), "take the module that is gone out of ORDER"


@each_module
def test_a_module_imports_only_what_stands_before_it(name: str) -> None:
    place = {module: number for number, module in enumerate(ORDER)}
    assert [
        one.imported
        for one in own_imports(name)
        if place[one.imported] >= place[name]
        and (one.at_once or (name, one.imported) not in UPWARD)
    ] == []


def test_ways_up_that_are_allowed_are_used() -> None:
    lazy = {(one.importer, one.imported) for name in PATHS for one in own_imports(name)}
    assert UPWARD - lazy == set()


@each_module
def test_nothing_learns_at_run_time(name: str) -> None:
    if name.startswith("training"):
        return
    for one in imports_of(name):
        if not one.at_once and (name, one.imported.split(".")[0]) in OVER_A_CORPUS:
            continue
        assert not one.imported.startswith(LEARNED)
        if one.imported.startswith("slantwise.training"):
            assert name.startswith("cli")
            assert not one.at_once


def test_the_facade_is_lazy() -> None:
    tree = ast.parse((HOUSE / "__init__.py").read_text(encoding="utf-8"))
    imported = [
        node.module
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module not in ("__future__",)
    ]
    assert imported == ["importlib", "typing"]


# -- what is not done --------------------------------------------------------------------


@each_module
def test_only_the_command_line_prints(name: str) -> None:
    if name.startswith("cli"):
        return
    printing = {"print", "sys.stdout.write", "sys.stderr.write"}
    assert [called for called, _ in calls(name) if called in printing] == []


@each_module
def test_data_is_never_run(name: str) -> None:
    assert [
        one.imported for one in imports_of(name) if one.imported.split(".")[0] in CODE_IN_DATA
    ] == []
    running = {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
    for called, call in calls(name):
        assert called not in running
        for keyword in call.keywords:
            if keyword.arg in ("allow_pickle", "shell"):
                assert ast.unparse(keyword.value) == "False"


@each_module
def test_joblib_files_are_its_own_workers_alone(name: str) -> None:
    # They are pickles: one process writes them for its workers and removes them.
    loads = [called for called, _ in calls(name) if called.endswith("joblib.load")]
    assert loads == [] or name == "sharing"


@each_module
def test_chance_has_a_seed_and_is_nobody_elses(name: str) -> None:
    assert "random" not in {one.imported for one in imports_of(name)}
    for called, call in calls(name):
        assert called != "np.random.seed"
        if called.endswith("default_rng"):
            assert call.args, "a generator without a seed"


@each_module
def test_all_processors_are_taken_only_when_asked_for(name: str) -> None:
    for _, call in calls(name):
        for keyword in call.keywords:
            if keyword.arg == "n_jobs":
                assert ast.unparse(keyword.value) != "-1"


@each_module
def test_nothing_is_downloaded(name: str) -> None:
    for called, _ in calls(name):
        assert called not in {"nltk.download", "urlopen", "urllib.request.urlopen", "requests.get"}
