"""Who gets quoted how much: quoted and reported words by outlet and speaker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slantwise.errors import ScoresError
from slantwise.tallies import group_names, left_out

if TYPE_CHECKING:
    import pandas as pd

    from slantwise.scores import Scores

_COLUMNS = ("group", "speaker", "n_articles", "n_words", "share")


def speakers(scores: Scores, by: str = "outlet", *, min_articles: int = 1) -> pd.DataFrame:
    """Count the words of each speaker, outlet by outlet.

    Parameters
    ----------
    scores : Scores
    by : str
        A column of the articles, or "month".
    min_articles : int
        Speakers in fewer articles of a group are left out.

    Returns
    -------
    DataFrame, one row a group and speaker
        ``group``; ``speaker``, the fullest naming in the articles; ``n_articles`` they speak
        in; ``n_words`` of theirs that are quoted and reported; ``share`` of all such words
        of the group. Whoever has most words comes first. Copied articles don't count, nor do
        articles in other languages than English.

    Raises
    ------
    UsageError
        If there is no such column.
    ScoresError
        If the scores don't tell who speaks.
    """
    import pandas as pd

    articles = scores.articles.reset_index(drop=True)
    if "speakers" not in articles:
        raise ScoresError("the articles lack the column 'speakers': score them with this version")
    groups = group_names(articles, by)
    missing = left_out(articles, include_other_languages=False)
    kept = ~np.logical_or.reduce(list(missing.values()))
    rows = [
        (group, name, n_words)
        for group, names, words, here in zip(
            groups, articles["speakers"], articles["speaker_words"], kept.tolist(), strict=True
        )
        if here
        for name, n_words in zip(names, words, strict=True)
    ]
    each = pd.DataFrame(rows, columns=["group", "speaker", "n_words"])
    said = articles["n_quote_words"] + articles["n_reported_words"]
    total = said[kept].groupby(groups[kept]).sum()
    table = (
        each.groupby(["group", "speaker"], sort=False)["n_words"]
        .agg(n_articles="size", n_words="sum")
        .reset_index()
    )
    table["share"] = table["n_words"] / table["group"].map(total).astype("float64")
    table = table[table["n_articles"] >= min_articles]
    return table.sort_values(
        ["group", "n_words", "speaker"], ascending=[True, False, True], ignore_index=True
    )[list(_COLUMNS)]
