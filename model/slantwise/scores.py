"""The results over a corpus: one table of spans, one of articles, and how they came about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slantwise.errors import ScoresError
from slantwise.relations import COPIES, EVENTS, Gathering, Relations, related
from slantwise.tables import (
    ARTICLE_COLUMNS,
    SPAN_COLUMNS,
    at_threshold,
    frames,
    span_frame,
    to_frame,
)

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from slantwise.model import FramingModel, LabelledArticle

__all__ = ["Scores", "at_threshold", "frames", "read_manifest", "read_scores", "span_frame"]


@dataclass(frozen=True, eq=False, repr=False)
class Scores:
    """Every span and every article of a corpus.

    Parameters
    ----------
    spans : DataFrame, one row a span with a score of 0.1 or more
    articles : DataFrame, one row an article
    thresholds : the score from which a span of a label counts
    manifest : what was scored, how and with which model
    """

    spans: pd.DataFrame
    articles: pd.DataFrame
    thresholds: Mapping[str, float]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_labelled(cls, labelled: Iterable[LabelledArticle], model: FramingModel) -> Scores:
        """Gather articles that a model has labelled."""
        gathering = Gathering()
        spans, articles = frames(_gathered(labelled, gathering), model.thresholds)
        articles = related(articles, gathering.relations())
        manifest = {
            "model": {"name": model.name, "hash": model.hash},
            "thresholds": dict(model.thresholds),
            "codebook": model.codebook.as_settings(),
            "counts": {"articles": len(articles), "spans": len(spans)},
        }
        return cls(spans, articles, dict(model.thresholds), manifest)

    def counted(self, min_score: float | None = None) -> pd.DataFrame:
        """Return the spans that count.

        Parameters
        ----------
        min_score : least score of a span, in place of its label's operating threshold
        """
        keep = at_threshold(
            self.spans["label"].tolist(), self.spans["score"], self.thresholds, min_score
        )
        return self.spans[keep]

    def __repr__(self) -> str:
        """Say how much there is and which model it is from."""
        model = self.manifest.get("model", {})
        return (
            f"<Scores: {len(self.articles):,} articles, {len(self.spans):,} spans, "
            f"model {model.get('name', '?')} {str(model.get('hash', ''))[:12]}>"
        )


def read_scores(directory: str | Path, *, text: bool = True, verify: bool = False) -> Scores:
    """Read a folder that ``slantwise score`` has written.

    Parameters
    ----------
    directory : the folder
    text : whether to read the articles' text, by far the largest column
    verify : whether to check every part against its SHA-256 in the manifest

    Raises
    ------
    ScoresError : the folder is missing, unfinished, damaged or mixed
    """
    import pyarrow as pa

    folder = Path(directory)
    manifest = read_manifest(folder)
    if manifest.get("status") != "finished":
        raise ScoresError(
            f"{folder}: scoring was interrupted; finish it with the same `slantwise score` "
            "command and --resume"
        )
    found = {path.relative_to(folder).as_posix() for path in folder.glob("*/part-*.parquet")}
    loaded: dict[str, pa.Table] = {}
    try:
        thresholds = {str(k): float(v) for k, v in manifest["thresholds"].items()}
        for kind, needed in (("spans", SPAN_COLUMNS), ("articles", ARTICLE_COLUMNS)):
            parts = [entry[kind] for entry in manifest["parts"]]
            stray = {name for name in found if name.startswith(f"{kind}/")}
            if stray := stray - {part["path"] for part in parts}:
                raise ScoresError(
                    f"{folder}: {min(stray)} isn't in manifest.json; the folder mixes two runs, "
                    "score again with --overwrite"
                )
            loaded[kind] = pa.concat_tables(
                [_read_part(folder, part, text, verify) for part in parts],
                promote_options="default",
            )
            lost = needed.keys() - set(loaded[kind].column_names) - {"text"}
            if lost:
                raise ScoresError(f"{folder}: the {kind} lack the column {min(lost)!r}")
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, pa.ArrowInvalid):
            raise ScoresError(f"{folder}: the parts don't fit together ({error})") from error
        raise ScoresError(
            f"{folder}/manifest.json: not the manifest of a scored folder ({error!r})"
        ) from error
    articles = to_frame(loaded["articles"])
    relations = _read_relations(folder)
    if relations is not None:
        articles = related(articles, relations)
    return Scores(to_frame(loaded["spans"]), articles, thresholds, manifest)


def _gathered(
    labelled: Iterable[LabelledArticle], gathering: Gathering
) -> Iterator[LabelledArticle]:
    for one in labelled:
        gathering.add(one.article)
        yield one


def _read_relations(folder: Path) -> Relations | None:
    """Read events and copies, where a run wrote them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    tables = []
    for name in (EVENTS, COPIES):
        try:
            tables.append(pq.ParquetFile(folder / name).read())
        except FileNotFoundError:
            return None
        except (pa.ArrowInvalid, OSError) as error:
            raise ScoresError(
                f"{folder / name}: damaged ({error}); delete it and score again with --resume"
            ) from error
    return Relations(*tables)


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read ``manifest.json`` of a scored folder."""
    if not folder.is_dir():
        raise ScoresError(f"{folder}: no such folder; `slantwise score` writes one")
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise ScoresError(
            f"{folder}: no manifest.json in it, so these aren't scores; "
            "make some with `slantwise score INPUT --output DIR`"
        ) from None
    except ValueError as error:
        raise ScoresError(f"{folder}/manifest.json: damaged ({error})") from error
    if not isinstance(manifest, dict):
        raise ScoresError(f"{folder}/manifest.json: damaged (not a JSON object)")
    return manifest


def _read_part(folder: Path, part: Mapping[str, Any], text: bool, verify: bool) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / part["path"]
    again = "score again with --resume, which writes what is missing"
    if not path.is_file():
        raise ScoresError(f"{path}: missing, though manifest.json names it; {again}")
    if path.stat().st_size != part["bytes"] or (verify and _sha256(path) != part["sha256"]):
        raise ScoresError(
            f"{path}: not the file that manifest.json describes; delete it and {again}"
        )
    try:
        names = pq.read_schema(path).names
        is_article = "n_words" in names
        wanted = [name for name in names if text or not is_article or name != "text"]
        return pq.ParquetFile(path).read(columns=wanted)
    except (pa.ArrowInvalid, OSError) as error:
        raise ScoresError(f"{path}: damaged ({error}); delete it and {again}") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
