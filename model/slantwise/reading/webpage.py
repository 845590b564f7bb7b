"""The main text of a web page, and what the page says of itself."""

from __future__ import annotations

import codecs
import re

from slantwise.reading.streams import decode

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.I
)
# Python also knows codecs that unpack, escape or take quadratic time: only these are let in.
_LEGACY = re.compile(r"cp125\d|iso8859-\d+|koi8-[ru]|shift_jis|euc_(jp|kr)|gb2312|gbk|gb18030|big5")
_DECLARED_WITHIN = 1024  # bytes, as browsers look


def extract(page: bytes, offset: int = 0) -> dict[str, object]:
    """Return the columns of a page: text, title, date, url, and the site as outlet.

    The text is that of trafilatura, without comments; the date is taken only where
    the page states one.

    Raises
    ------
    OSError
        If the page is neither UTF-8 nor in the encoding that it declares, or holds
        no text that looks like an article.
    """
    from trafilatura import bare_extraction

    html = _decode(page, offset)
    try:
        document = bare_extraction(
            html,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # the parser is given whatever the web holds
        raise OSError(f"the main text can't be extracted: {error}") from error
    if document is None:
        raise OSError("no text: no main text is found in this page")
    found = document if isinstance(document, dict) else document.as_dict()
    return {
        "text": found.get("text") or "",
        "title": found.get("title"),
        "date": found.get("date"),
        "url": found.get("url"),
        "outlet": found.get("sitename"),
    }


def _decode(page: bytes, offset: int) -> str:
    try:
        return decode(page, offset)
    except OSError:
        declared = _DECLARED.search(page, 0, _DECLARED_WITHIN)
        try:
            name = codecs.lookup(declared[1].decode("ascii")).name if declared else ""
            if not _LEGACY.fullmatch(name):
                raise
            return page.decode("cp1252" if name == "iso8859-1" else name)
        except (LookupError, UnicodeError):
            pass
        raise
