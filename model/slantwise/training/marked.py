"""Articles whose address or title says whether they are opinion or news, read for learning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from slantwise.errors import InputError
from slantwise.text import read_document
from slantwise.voice import find_voices

_OPINION_SECTIONS = frozenset(
    "opinion opinions op-ed op-eds oped opeds editorial editorials commentary commentisfree column "
    "columns columnist columnists our-columnists contributors contributions roomfordebate ideas "
    "leaders perspective view views viewpoint viewpoints letters-to-the-editor daily-comment"
    "".split()
)
_NEWS_SECTIONS = frozenset(
    "news newsfront homenews cbnnews politics politics-news world world-news us us-news usa "
    "national nation nation-now uk-news australia-news international europe africa asia "
    "asia-pacific americas middle-east local metro nyregion national-security foreign-policy "
    "military justice law-and-justice crime business economy markets elections health education "
    "tech technology".split()
)
# News and views side by side, or no article at all.
_UNCLEAR_SECTION = re.compile(r"blog|^(?:magazine|interactive|live|video|videos|podcasts?)$")
_OPINION_TITLE = re.compile(
    r"(?:opinion|editorial|op-ed|column|commentary|our view|opposing view)\s*[:|]", re.IGNORECASE
)
_UNCLEAR_TITLE = re.compile(
    r"(?:opinion|editorial|op-ed|column|commentary|analysis)\b", re.IGNORECASE
)
# Their sections named after subjects, "politics" say, hold essays that take sides.
_MAGAZINES = frozenset({"theatlantic.com", "newyorker.com"})

_FEWEST = 5  # articles of either genre that a site must have marked
_MOST = 300  # articles of a genre that a site may add


@dataclass(frozen=True, slots=True)
class ReadText:
    """The words of a text that are not boilerplate, and whose they are."""

    words: list[str]
    voice: NDArray[np.int8]  # (n_words,), index into records.VOICES

    @classmethod
    def of(cls, text: str, title: str = "") -> ReadText:
        """Read a text; its title only shows which lines repeat it."""
        document = read_document(text, title)
        words = document.tokens.words
        scored = np.flatnonzero(document.scored)
        return cls([words[at] for at in scored], find_voices(document).token_voice[scored])


@dataclass(frozen=True)
class MarkedTexts:
    """Texts whose genre is known."""

    texts: list[ReadText]
    sites: list[str]
    is_opinion: NDArray[np.bool_]

    def at(self, rows: NDArray[np.integer]) -> MarkedTexts:
        """Return some of them."""
        return MarkedTexts(
            [self.texts[row] for row in rows],
            [self.sites[row] for row in rows],
            self.is_opinion[rows],
        )


def marked_opinion(url: str, title: str) -> bool | None:
    """Whether an article is opinion, if its address or its title says so clearly.

    A section for opinion in the address marks opinion, whatever the title. A section for news
    marks news, unless the title begins like that of a column: then nothing is said. A title
    that does so under an address without any such section marks opinion. Blogs, magazines and
    films say nothing. The last part of an address, made from the headline, is not looked at.

    >>> marked_opinion("https://harbour.example/opinion/2031/dam", "The dam")
    True
    >>> marked_opinion("https://harbour.example/world/2031/dam", "The dam")
    False
    >>> marked_opinion("https://harbour.example/2031/dam", "Opinion: The dam")
    True
    >>> marked_opinion("https://harbour.example/blogs/world/dam", "The dam") is None
    True
    """
    address = urlsplit(url.lower())
    sections = [part for part in address.path.split("/") if part][:-1]
    if not _OPINION_SECTIONS.isdisjoint(sections):
        return True
    if any(_UNCLEAR_SECTION.search(part) for part in [address.netloc, *sections]):
        return None
    if not _NEWS_SECTIONS.isdisjoint(sections):
        unclear = site_of(url) in _MAGAZINES or _UNCLEAR_TITLE.match(title)
        return None if unclear else False
    return True if _OPINION_TITLE.match(title) else None


def site_of(url: str) -> str:
    """Return the site of an address: what one publisher is known by.

    The same outlet may go by several names in a corpus ("Fox News", "Fox News Opinion",
    its columnists); its site is one.

    >>> site_of("https://politics.harbour.example/2031/dam"), site_of("http://www.bbc.co.uk/news")
    ('harbour.example', 'bbc.co.uk')
    """
    labels = (urlsplit(url.lower()).hostname or "").split(".")
    of_country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in ("co", "com", "org")
    return ".".join(labels[-3 if of_country else -2 :])


def read_marked(path: Path) -> MarkedTexts:
    """Read the articles of sites that mark both genres, as many of the one as of the other.

    So a site gives nothing away. Articles that a measured passage comes from are left out.

    Parameters
    ----------
    path : Path
        A Parquet file with the columns ``text``, ``title``, ``url`` and, if any, ``measured``.

    Raises
    ------
    InputError
        If no site marks enough of its articles.
    """
    file = pq.ParquetFile(path)
    known = {"text", "title", "url", "measured"} & set(file.schema_arrow.names)
    by_site: dict[str, dict[bool, list[tuple[str, str]]]] = {}
    for row in file.read(columns=sorted(known)).to_pylist():
        if not (row["text"] and row["url"]) or row.get("measured"):
            continue
        title = row["title"] or ""
        is_opinion = marked_opinion(row["url"], title)
        if is_opinion is not None:
            genres = by_site.setdefault(site_of(row["url"]), {False: [], True: []})
            genres[is_opinion].append((row["text"], title))
    rng = np.random.default_rng(0)
    chosen = []
    for site, genres in sorted(by_site.items()):
        size = min(_MOST, *map(len, genres.values()))
        if size < _FEWEST:
            continue
        for is_opinion, articles in genres.items():
            for at in rng.permutation(len(articles))[:size]:
                chosen.append((ReadText.of(*articles[at]), site, is_opinion))
    if not chosen:
        raise InputError(
            f"{path}: no site marks {_FEWEST} articles as opinion and as many as news in its "
            "addresses (sections such as /opinion/ and /world/) or titles"
        )
    texts, sites, marks = zip(*chosen, strict=True)
    return MarkedTexts(list(texts), list(sites), np.array(marks, dtype=bool))
