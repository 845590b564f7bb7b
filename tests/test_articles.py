"""Reading: what each kind of input becomes, and that bad input loses nothing else."""

import csv
import gzip
import io
import json
import logging
import os
from datetime import UTC, date, datetime

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from slantwise.articles import read_articles
from slantwise.errors import InputError, NothingToRead, UsageError
from slantwise.reading import streams
from slantwise.reading.csv_rows import read_csv
from slantwise.reading.dates import iso_date
from slantwise.reading.files import list_files
from slantwise.reading.formats import read_parquet
from slantwise.records import Rejected

STORM = "The storm reached the harbour."
FERRY = "The ferry stayed in port."
PAGE = """<html><head><title>Storm hits the harbour | Tidewater Post</title>
<meta property="og:title" content="Storm hits the harbour">
<meta property="og:site_name" content="Tidewater Post">
<meta property="og:url" content="https://tidewater.example/storm">
<meta property="article:published_time" content="2021-03-04T10:00:00Z">
</head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article>
<h1>Storm hits the harbour</h1>
<p>The storm reached the harbour on Monday, and the port stayed shut for most of the day,
officials said.</p>
<p>Nobody was hurt, according to the fire service, which sent eleven boats to the outer
pier and kept them there until the evening.</p></article>
<footer>Cookie settings</footer></body></html>"""


def read(*sources, **options):
    """Return the articles and the rejections of some sources."""
    rejected = []
    articles = list(read_articles(*sources, on_reject=rejected.append, **options))
    return articles, rejected


def reasons(rejected):
    return [(each.place, each.reason) for each in rejected]


def texts(articles):
    return [each.text for each in articles]


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8", newline="")
        return path

    return write


def jsonl(*records):
    return "".join(json.dumps(record) + "\n" for record in records)


# One article a file


def test_text_is_kept_exactly(write):
    text = "  First\r\nsecond\rthird\u2028 \U0001f30a\n\n"
    articles, rejected = read(write("a.txt", text))
    assert texts(articles) == [text]
    assert not rejected


def test_id_of_a_text_file_is_its_name(write):
    path = write("2020.02.26 storm.txt", STORM)
    assert read(path)[0][0].article_id == "2020.02.26 storm"


def test_byte_order_mark_is_no_part_of_the_text(write):
    assert texts(read(write("a.txt", b"\xef\xbb\xbf" + STORM.encode()))[0]) == [STORM]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv", "a.html"])
def test_wide_encodings_are_rejected_by_name(write, name, encoding):
    articles, rejected = read(write(name, jsonl({"text": STORM}).encode(encoding)))
    assert not articles
    wanted = f"is {encoding.upper()}, not UTF-8: save it as UTF-8"
    assert reasons(rejected) == [("", wanted)]


def test_text_that_is_not_utf8_is_rejected_with_the_offset(write):
    _, rejected = read(write("a.txt", b"Storm in K\xf6ln"))
    assert reasons(rejected) == [("", "not UTF-8: byte 0xf6 at offset 10")]


def test_binary_is_not_text(write):
    _, rejected = read(write("a.txt", b"GIF\x00\x01\x02"))
    assert reasons(rejected) == [("", "not text: a NUL character at 3")]


@pytest.mark.parametrize("content", ["", " \n\t\u00a0\n", "\ufeff"])
@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_nothing_but_spaces_is_no_text(write, name, content):
    articles, rejected = read(write(name, content))
    assert not articles
    assert len(rejected) == 1
    assert rejected[0].reason.startswith("no text")


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_empty_table_is_rejected(write, name):
    articles, rejected = read(write(name, ""))
    assert not articles
    assert reasons(rejected) == [("", "no text: it holds no article")]


def test_table_of_names_alone_is_rejected(write):
    assert reasons(read(write("a.csv", "text,title\n"))[1]) == [
        ("", "no text: it holds no article")
    ]


def test_article_of_five_megabytes_is_read(write):
    text = "The storm went on. " * 280_000
    record = {"text": text}
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["text", "outlet"], [text, "Tidewater Post"]])
    articles, rejected = read(
        write("a.txt", text), write("b.jsonl", jsonl(record)), write("c.csv", buffer.getvalue())
    )
    assert texts(articles) == [text, text, text]
    assert not rejected


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl", "a.csv"])
def test_article_beyond_the_limit_is_rejected(write, monkeypatch, name):
    monkeypatch.setattr(streams, "MAX_ARTICLE_BYTES", 50)
    content = {"a.jsonl": jsonl({"text": "x" * 60}), "a.csv": f"text\n{'x' * 60}\n"}
    articles, rejected = read(write(name, content.get(name, "x" * 60)))
    assert not articles
    assert len(rejected) == 1
    assert rejected[0].reason.endswith("longer than 50 bytes")


def test_line_beyond_the_limit_loses_no_other_line(write, monkeypatch):
    monkeypatch.setattr(streams, "MAX_ARTICLE_BYTES", 60)
    rows = ["text,n", "x" * 5000 + ",1", STORM + ",2", b"Caf\xe9,3"]
    data = b"\n".join(row if isinstance(row, bytes) else row.encode() for row in rows)
    articles, rejected = read(write("a.csv", data))
    assert texts(articles) == [STORM]
    offset = data.index(b"\xe9")
    assert reasons(rejected) == [
        ("line 2", "broken row: longer than 60 bytes"),
        ("line 4", f"not UTF-8: byte 0xe9 at offset {offset}"),
    ]


# Web pages


def test_html_gives_its_main_text_and_metadata(write):
    articles, rejected = read(write("storm.html", PAGE))
    (article,) = articles
    assert not rejected
    assert "eleven boats" in article.text
    assert "Cookie" not in article.text
    assert article.title == "Storm hits the harbour"
    assert article.date == "2021-03-04"
    assert article.url == "https://tidewater.example/storm"
    assert article.outlet == "Tidewater Post"
    assert article.article_id == "storm"


def test_outlet_that_is_given_wins_over_the_pages_own(write):
    assert read(write("a.htm", PAGE), outlet="The Post")[0][0].outlet == "The Post"


def test_index_wins_over_the_pages_own_metadata(write, tmp_path):
    write("a.html", PAGE)
    write("articles.csv", "file,outlet,title\na.html,The Post,\n")
    (article,) = read(tmp_path)[0]
    assert (article.outlet, article.title) == ("The Post", "Storm hits the harbour")


def test_page_in_the_encoding_it_declares(write):
    page = PAGE.replace("<head>", '<head><meta charset="ISO-8859-1">').replace("Nobody", "Zoë")
    articles, rejected = read(write("a.html", page.encode("latin-1")))
    assert not rejected
    assert "Zoë was hurt" in articles[0].text


@pytest.mark.parametrize("charset", ["", "utf-8", "no-such-thing", "zlib", "rot13", "punycode"])
def test_page_in_no_encoding_we_trust_is_rejected(write, charset):
    page = PAGE.replace("<head>", f'<head><meta charset="{charset}">').replace("Nobody", "Zoë")
    articles, rejected = read(write("a.html", page.encode("latin-1")))
    assert not articles
    assert rejected[0].reason.startswith("not UTF-8: byte 0xeb at offset")


def test_xhtml_with_an_encoding_declaration(write):
    page = '<?xml version="1.0" encoding="utf-8"?>\n' + PAGE
    assert "eleven boats" in read(write("a.html", page))[0][0].text


def test_page_without_an_article_is_rejected(write):
    articles, rejected = read(write("a.html", "<html><body></body></html>"))
    assert not articles
    assert reasons(rejected) == [("", "no text: no main text is found in this page")]


def test_script_in_a_page_is_not_text(write):
    page = PAGE.replace("</article>", "<script>steal(document)</script></article>")
    assert "steal" not in read(write("a.html", page))[0][0].text


# JSON lines


def test_json_lines_carry_further_columns(write):
    record = {"text": STORM, "outlet": "Tidewater Post", "country": "IE", "page": 3, "tags": ["a"]}
    (article,) = read(write("a.jsonl", jsonl(record)))[0]
    assert article.outlet == "Tidewater Post"
    assert article.extra == {"country": "IE", "page": 3, "tags": '["a"]'}


def test_ndjson_with_crlf_and_empty_lines(write):
    content = b'\xef\xbb\xbf{"text": "One."}\r\n\r\n{"text": "Two."}'
    articles, rejected = read(write("a.ndjson", content))
    assert texts(articles) == ["One.", "Two."]
    assert not rejected
    assert [each.article_id for each in articles] == ["a.ndjson#1", "a.ndjson#3"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{broken", "not JSON: Expecting property name enclosed in double quotes at column 2"),
        ('["text"]', "a JSON array, not an object with a 'text'"),
        ('"text"', "a JSON string, not an object with a 'text'"),
        ("3", "a JSON number, not an object with a 'text'"),
        ("null", "a JSON null, not an object with a 'text'"),
        ('{"title": "A storm"}', "no text"),
        ('{"text": null}', "no text"),
        ('{"text": "  "}', "no text"),
        ('{"text": 7}', "text is a number, not a string"),
        ('{"text": true}', "text is true or false, not a string"),
        ('{"text": ["a"]}', "text is a list, not a string"),
        ('{"text": {"a": 1}}', "text is an object, not a string"),
        ('{"text": "a \\ud800 b"}', r"text holds a lone surrogate (\ud800 at 2)"),
        ('{"text": "a", "title": "\\udfff"}', r"title holds a lone surrogate (\udfff at 0)"),
        ('{"text": "a", "\\ud801": 1}', r"\ud801 holds a lone surrogate (\ud801 at 0)"),
        ('{"text": "a", "note": ["\\ud802"]}', r"note holds a lone surrogate (\ud802 at 2)"),
        ('{"text": "a\\u0000b"}', "not text: a NUL character at 1"),
        ('{"text": "a", "outlet": ["b"]}', "outlet is a list, not text"),
        ("[" * 100_000, "not JSON that can be read: nested too deeply"),
    ],
)
def test_bad_json_line_is_rejected_alone(write, line, reason):
    path = write("a.jsonl", jsonl({"text": STORM}) + line + "\n" + jsonl({"text": FERRY}))
    articles, rejected = read(path)
    assert texts(articles) == [STORM, FERRY]
    assert rejected == [Rejected(str(path), "line 2", reason)]


def test_line_that_is_not_utf8_is_rejected_alone(write):
    first = jsonl({"text": STORM}).encode()
    data = first + b'{"text": "K\xf6ln"}\n' + jsonl({"text": FERRY}).encode()
    articles, rejected = read(write("a.jsonl", data))
    assert texts(articles) == [STORM, FERRY]
    wanted = f"not UTF-8: byte 0xf6 at offset {len(first) + 11}"
    assert reasons(rejected) == [("line 2", wanted)]


def test_huge_and_odd_numbers_stay_writable(write):
    line = f'{{"text": "a", "big": {10**30}, "odd": NaN, "endless": 1e999}}'
    (article,) = read(write("a.jsonl", line))[0]
    assert article.extra == {"big": str(10**30), "odd": None, "endless": None}


# CSV


def test_csv_with_everything_the_format_allows(write):
    text = 'She said "no".\r\nThen, nothing.'
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerows([["outlet", "text", "country"], ["Tidewater Post", text, "IE"]])
    (article,) = read(write("a.csv", "\ufeff" + buffer.getvalue()))[0]
    assert article.text == text
    assert article.outlet == "Tidewater Post"
    assert article.extra == {"country": "IE"}
    assert article.article_id == "a.csv#2"


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ";"), ("a.csv", "|"), ("a.tsv", "\t")])
def test_other_delimiters(write, name, mark):
    content = f'outlet{mark}text\nTidewater Post{mark}"Wind, rain; hail | snow\tand sun."\n'
    (article,) = read(write(name, content))[0]
    assert (article.outlet, article.text) == ("Tidewater Post", "Wind, rain; hail | snow\tand sun.")


def test_stray_quotation_mark_costs_one_row(write):
    rows = ["outlet,text,date", "A,One.,2020-01-01", 'B,"Two.,2020-01-02']
    rows += [f'{name},"{name}, said ""yes"".",2020-01-03' for name in "CDE"] + ["F,Six.,2020-01-06"]
    articles, rejected = read(write("a.csv", "\n".join(rows)))
    assert [each.outlet for each in articles] == ["A", "C", "D", "E", "F"]
    assert [each.place for each in rejected] == ["line 3"]
    assert rejected[0].reason.startswith("broken row")


def test_stray_quotation_mark_in_a_file_without_others(write):
    rows = ["outlet,text", "A,One.", 'B,"Two.', *[f"{n},Three." for n in range(1000)]]
    articles, rejected = read(write("a.csv", "\n".join(rows)))
    assert len(articles) == 1001
    assert [each.place for each in rejected] == ["line 3"]


def test_stray_quotation_mark_in_the_last_row(write):
    articles, rejected = read(write("a.csv", 'outlet,text\nA,One.\nB,"Two.'))
    assert texts(articles) == ["One."]
    assert reasons(rejected) == [("line 3", "broken row: unexpected end of data")]


def test_stray_quotation_mark_amid_paragraphs_makes_no_articles_of_them(write):
    good = 'A,"First paragraph.\n\nHowever, a second."\n'
    bad = 'B,"Opening.\n\nHe said, "no, never" to that.\n\nThen, he left."\n'
    path = write("a.csv", "outlet,text\n" + good + bad + good)
    articles, rejected = read(path)
    assert texts(articles) == ["First paragraph.\n\nHowever, a second."] * 2
    assert [each.place for each in rejected] == ["lines 5-9"]


def test_quotation_marks_inside_an_unquoted_field_are_text(write):
    articles, rejected = read(write("a.csv", 'outlet,text\nA,He said "no" twice.\n'))
    assert texts(articles) == ['He said "no" twice.']
    assert not rejected


def test_quotation_marks_are_never_dropped_in_silence(write):
    articles, rejected = read(write("a.csv", 'outlet,text\nA,"No" he said.\nB,Two.\n'))
    assert texts(articles) == ["Two."]
    assert [each.place for each in rejected] == ["line 2"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("B", "1 fields where the first row names 3 columns"),
        ("B,Two, three.,x,y", "5 fields where the first row names 3 columns"),
        ('B,"Two,\nthree",x,y', "4 fields where the first row names 3 columns"),
        ("B,,x", "no text"),
    ],
)
def test_row_of_another_length_is_rejected_alone(write, row, reason):
    articles, rejected = read(write("a.csv", f"outlet,text,note\nA,One.,\n{row}\nC,Three.,\n"))
    assert texts(articles) == ["One.", "Three."]
    assert reasons(rejected) == [("line 3", reason)]


def test_empty_fields_at_the_end_and_columns_without_a_name(write):
    articles, rejected = read(write("a.csv", ",text,note,note\n0,One.,a,b,,\n\n1,Two.,c,d\n"))
    assert texts(articles) == ["One.", "Two."]
    assert articles[0].extra == {"note": "a", "note.1": "b"}
    assert not rejected


def test_csv_line_that_is_not_utf8_is_rejected_alone(write):
    articles, rejected = read(write("a.csv", b"text\nOne.\nK\xf6ln.\nThree.\n"))
    assert texts(articles) == ["One.", "Three."]
    assert reasons(rejected) == [("line 3", "not UTF-8: byte 0xf6 at offset 11")]


def test_broken_first_row_rejects_the_file(write):
    articles, rejected = read(write("a.csv", '"text,outlet\nOne.,A\n'))
    assert not articles
    assert [each.place for each in rejected] == ["line 1"]


def test_hostile_csv_is_given_up_in_linear_time(write, monkeypatch):
    monkeypatch.setattr(streams, "MAX_ARTICLE_BYTES", 2000)
    path = write("a.csv", "a,text,c\n" + 'a",b,"c\n' * 20_000)
    articles, rejected = read(path)
    assert not articles
    assert "too many broken rows" in rejected[-1].reason


def test_csv_reader_serves_other_tables():
    rows = list(read_csv(io.BytesIO(b"file,n\na.txt,1\n"), "index", required="file"))
    assert [(row.place, row.fields) for row in rows] == [("line 2", {"file": "a.txt", "n": "1"})]


# Parquet


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path, row_group_size=2)
    return path


def test_parquet_values_become_words_and_plain_scalars(tmp_path):
    path = parquet(
        tmp_path / "a.parquet",
        article_id=pa.array([7, None], pa.float64()),
        text=pa.array([STORM, FERRY]).dictionary_encode(),
        date=pa.array([datetime(2020, 2, 26), datetime(2020, 2, 26, 19, 53)], pa.timestamp("us")),
        day=pa.array([date(2020, 2, 26), None]),
        outlet=pa.array(["Tidewater Post", None]),
        tags=pa.array([["a"], None]),
        share=pa.array([0.5, float("nan")]),
    )
    first, second = read(path)[0]
    assert (first.article_id, second.article_id) == ("7", "a.parquet#2")
    assert (first.outlet, second.outlet) == ("Tidewater Post", "")
    assert (first.date, second.date) == ("2020-02-26", "2020-02-26T19:53:00")
    assert first.extra == {"day": "2020-02-26", "tags": '["a"]', "share": 0.5}
    assert second.extra == {"day": None, "tags": None, "share": None}
    assert texts([first, second]) == [STORM, FERRY]


def test_pandas_index_is_not_a_column(tmp_path):
    import pandas as pd

    frame = pd.DataFrame({"text": [STORM, FERRY]}, index=[5, 6]).iloc[1:]
    frame.to_parquet(tmp_path / "a.parquet")
    (article,) = read(tmp_path / "a.parquet")[0]
    assert article.extra == {}


def test_parquet_row_groups_can_be_read_alone(tmp_path):
    path = parquet(tmp_path / "a.parquet", text=["One.", "Two.", "Three.", "Four.", "Five."])
    with path.open("rb") as stream:
        rows = list(read_parquet(stream, "a", row_groups=[1, 2]))
    assert [(row.place, row.fields["text"]) for row in rows] == [
        ("row 3", "Three."),
        ("row 4", "Four."),
        ("row 5", "Five."),
    ]


def test_parquet_text_in_bytes_is_decoded(tmp_path):
    path = parquet(tmp_path / "a.parquet", text=pa.array([b"K\xc3\xb6ln", b"K\xf6ln", None]))
    articles, rejected = read(path)
    assert texts(articles) == ["Köln"]
    assert reasons(rejected) == [
        ("row 2", "not UTF-8: byte 0xf6 at offset 1"),
        ("row 3", "no text"),
    ]


def test_parquet_string_that_is_not_utf8_is_rejected_alone(tmp_path):
    bad = pa.Array.from_buffers(
        pa.string(),
        2,
        [None, pa.py_buffer(b"\0\0\0\0\4\0\0\0\6\0\0\0"), pa.py_buffer(b"K\xf6lnOK")],
    )
    articles, rejected = read(parquet(tmp_path / "a.parquet", text=bad))
    assert texts(articles) == ["OK"]
    assert reasons(rejected) == [("row 1", "text is not UTF-8")]


def test_date_beyond_python_is_rejected_alone(tmp_path):
    dates = pa.array([10**18, 0], pa.int64()).cast(pa.timestamp("us"))
    articles, rejected = read(parquet(tmp_path / "a.parquet", text=["A", "B"], date=dates))
    assert texts(articles) == ["B"]
    assert rejected[0].place == "row 1"
    assert rejected[0].reason.startswith("date can't be read")


@pytest.mark.parametrize("kept", [0, 3, 200])
def test_parquet_cut_off_is_rejected(tmp_path, kept):
    path = parquet(tmp_path / "a.parquet", text=[STORM] * 10)
    path.write_bytes(path.read_bytes()[:kept])
    articles, rejected = read(path)
    assert not articles
    assert len(rejected) == 1
    assert rejected[0].reason.startswith("damaged or not Parquet")


def test_damaged_row_group_loses_no_other(tmp_path):
    path = tmp_path / "a.parquet"
    table = pa.table({"text": [f"Storm number {n} came." for n in range(6)]})
    pq.write_table(table, path, row_group_size=2, compression="zstd", use_dictionary=False)
    group = pq.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    start = group.data_page_offset
    data[start : start + group.total_compressed_size] = b"\xff" * group.total_compressed_size
    path.write_bytes(data)
    articles, rejected = read(path)
    assert texts(articles) == [f"Storm number {n} came." for n in (0, 1, 4, 5)]
    assert [each.place for each in rejected] == ["rows 3-4"]


# Columns


def test_columns_are_mapped(write):
    path = write("a.csv", "body,source,outlet\nOne.,Tidewater Post,old\n")
    (article,) = read(path, columns={"text": "body", "outlet": "source"})[0]
    assert (article.text, article.outlet, article.extra) == ("One.", "Tidewater Post", {})


def test_column_may_serve_twice(write):
    path = write("a.jsonl", jsonl({"text": "One.", "url": "https://post.example/1"}))
    (article,) = read(path, columns={"article_id": "url"})[0]
    assert article.article_id == article.url == "https://post.example/1"


def test_columns_may_be_swapped(write):
    path = write("a.jsonl", jsonl({"text": "One.", "title": "Post", "outlet": "Storm"}))
    (article,) = read(path, columns={"title": "outlet", "outlet": "title"})[0]
    assert (article.title, article.outlet) == ("Storm", "Post")


def test_mapping_reaches_the_index(write, tmp_path):
    write("a.txt", STORM)
    write("b.txt", FERRY)
    write("articles.csv", "file,source\na.txt,Tidewater Post\n")
    articles, _ = read(tmp_path, columns={"outlet": "source"})
    assert [each.outlet for each in articles] == ["Tidewater Post", ""]


def test_unknown_target_is_wrong_usage():
    with pytest.raises(UsageError, match=r"no such column to map: 'outlets'.*outlet, date"):
        read_articles("-", columns={"outlets": "source"})


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
@pytest.mark.parametrize("target", ["outlet", "text"])
def test_missing_source_column_is_wrong_usage(write, tmp_path, name, target):
    if name == "a.parquet":
        parquet(tmp_path / name, text=["One."], outlet=["Post"])
    else:
        content = "text,outlet\nOne.,Post\n"
        write(name, jsonl({"text": "One.", "outlet": "Post"}) if name == "a.jsonl" else content)
    with pytest.raises(UsageError, match=r"a\.\w+: no column 'source'.*'text', 'outlet'"):
        read(tmp_path / name, columns={target: "source"})


def test_missing_source_column_in_the_index_is_wrong_usage(write, tmp_path):
    write("a.txt", STORM)
    write("articles.csv", "file,outlet\na.txt,Post\n")
    with pytest.raises(UsageError, match="no column 'source'; columns found: 'outlet'"):
        read(tmp_path, columns={"outlet": "source"})


def test_mapped_key_may_be_absent_from_the_first_records(write):
    path = write("a.jsonl", jsonl({"text": "One."}, {"text": "Two.", "source": "Post"}))
    articles, _ = read(path, columns={"outlet": "source"})
    assert [each.outlet for each in articles] == ["", "Post"]


def test_table_without_text_is_rejected_once(write):
    _, rejected = read(write("a.csv", "id,body\n1,One.\n2,Two.\n"))
    wanted = "no column 'text'; columns found: 'id', 'body'. Say which is the text, as in text=body"
    assert reasons(rejected) == [("", wanted)]


def test_outlet_fills_where_a_record_names_none(write):
    path = write("a.jsonl", jsonl({"text": "One."}, {"text": "Two.", "outlet": " Post "}))
    articles, _ = read(path, outlet="Wire")
    assert [each.outlet for each in articles] == ["Wire", "Post"]


# Ids and dates


def test_repeated_ids_are_numbered_and_reported(write, caplog):
    records = [{"text": "One.", "article_id": "a"}] * 3 + [{"text": "Two.", "article_id": "a#2"}]
    with caplog.at_level(logging.WARNING, "slantwise"):
        articles, _ = read(write("a.jsonl", jsonl(*records)))
    assert [each.article_id for each in articles] == ["a", "a#2", "a#3", "a#2#2"]
    assert [record.getMessage() for record in caplog.records] == [
        "article_id 'a' comes more than once: the next is called 'a#2', and so on",
        "3 articles had an article_id that was taken already",
    ]


def test_same_name_in_two_folders_is_two_articles(write, tmp_path):
    write("x/a.txt", STORM)
    write("y/a.txt", FERRY)
    ids = [each.article_id for each in read(tmp_path / "x", tmp_path / "y")[0]]
    assert ids == ["a", "a#2"]
    assert [each.article_id for each in read(tmp_path)[0]] == ["x/a", "y/a"]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2020-02-26", "2020-02-26"),
        ("2020-02-26 19:53", "2020-02-26T19:53:00"),
        ("2020-02-26T19:53:00Z", "2020-02-26T19:53:00+00:00"),
        ("2020-02-26 19:53:00 +0100", "2020-02-26T19:53:00+01:00"),
        ("20200226", "2020-02-26"),
        (20200226, "2020-02-26"),
        ("2020/02/26", "2020-02-26"),
        ("21 Feb, 2020 19:53", "2020-02-21T19:53:00"),
        ("Wed, 26 Feb 2020 10:00:00 GMT", "2020-02-26T10:00:00+00:00"),
        ("February 26, 2020", "2020-02-26"),
        ("Feb. 26th, 2020, 7:53 pm ET", "2020-02-26"),
        (date(2020, 2, 26), "2020-02-26"),
        (datetime(2020, 2, 26), "2020-02-26"),
        (datetime(2020, 2, 26, tzinfo=UTC), "2020-02-26T00:00:00+00:00"),
        ("2020-02-31", "2020-02-31"),
        ("2020-02", "2020-02"),
        ("2020", "2020"),
        ("02/03/2020", "02/03/2020"),
        ("1582700000", "1582700000"),
        ("1512011200000", "1512011200000"),
        ("3 Foo 2020", "3 Foo 2020"),
        ("yesterday", "yesterday"),
    ],
)
def test_dates(written, iso):
    assert iso_date(written) == iso


# Packed files, URLs, standard input


def pack(data, ending):
    if ending == ".gz":
        return gzip.compress(data)
    return pa.compress(data, codec="zstd", asbytes=True)


@pytest.mark.parametrize("ending", [".gz", ".zst"])
@pytest.mark.parametrize(
    ("name", "content", "made"),
    [
        ("a.jsonl", jsonl({"text": STORM}), "a.jsonl{}#1"),
        ("a.csv", f"text\n{STORM}\n", "a.csv{}#2"),
        ("a.txt", STORM, "a"),
    ],
)
def test_packed_files(write, tmp_path, ending, name, content, made):
    write(name + ending, pack(content.encode(), ending))
    articles, rejected = read(tmp_path)
    assert not rejected
    assert texts(articles) == [STORM]
    assert articles[0].article_id == made.format(ending)


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_packed_twice_over_is_one_stream(write, ending):
    data = b"".join(pack(jsonl({"text": text}).encode(), ending) for text in (STORM, FERRY))
    assert texts(read(write("a.jsonl" + ending, data))[0]) == [STORM, FERRY]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_packed_file_cut_off_keeps_what_came_before(write, ending):
    numbers = [{"text": f"{n} {os.urandom(50).hex()}"} for n in range(5000)]
    data = pack(jsonl(*numbers).encode(), ending)
    articles, rejected = read(write("a.jsonl" + ending, data[: len(data) // 2]))
    assert articles
    assert rejected[-1].place.startswith("after line")
    assert f"damaged {'gzip' if ending == '.gz' else 'zstd'} data" in rejected[-1].reason


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_packed_size_is_limited(write, monkeypatch, ending):
    monkeypatch.setattr(streams, "MAX_DECOMPRESSED_BYTES", 1_000_000)
    data = pack(jsonl({"text": "x" * 100_000}).encode() * 100, ending)
    articles, rejected = read(write("a.jsonl" + ending, data))
    assert 0 < len(articles) < 10
    assert rejected[-1].reason == "holds more than 1,000,000 bytes once decompressed"


def test_packed_article_is_limited_before_it_fills_memory(write, monkeypatch):
    monkeypatch.setattr(streams, "MAX_ARTICLE_BYTES", 100_000)
    _, rejected = read(write("a.txt.gz", gzip.compress(b"x" * 50_000_000)))
    assert reasons(rejected) == [("", "longer than 100,000 bytes")]


def test_plain_file_with_a_packed_name_is_read(write):
    assert texts(read(write("a.txt.gz", STORM))[0]) == [STORM]


@pytest.fixture
def memory():
    filesystem = fsspec.filesystem("memory")
    filesystem.store.clear()
    yield filesystem
    filesystem.store.clear()


def test_url_of_a_file(memory):
    memory.pipe("/news/a.jsonl", jsonl({"text": STORM}).encode())
    (article,) = read("memory://news/a.jsonl")[0]
    assert (article.text, article.article_id) == (STORM, "a.jsonl#1")


def test_url_of_a_parquet_file(memory):
    buffer = io.BytesIO()
    pq.write_table(pa.table({"text": [STORM]}), buffer)
    memory.pipe("/a.parquet", buffer.getvalue())
    assert texts(read("memory://a.parquet")[0]) == [STORM]


def test_url_of_a_folder_with_an_index(memory):
    memory.pipe("/news/b/a.txt", STORM.encode())
    memory.pipe("/news/articles.csv", b"file,outlet\nb/a.txt,Post\n")
    memory.pipe("/news/labels.jsonl", jsonl({"text": "no"}).encode())
    articles, rejected = read("memory://news")
    assert not rejected
    assert [(each.article_id, each.outlet) for each in articles] == [("b/a", "Post")]


def test_url_inside_an_archive(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "news.zip", "w") as archive:
        archive.writestr("in/a.txt", STORM)
        archive.writestr("in/b.txt.gz", gzip.compress(FERRY.encode()))
    articles, _ = read(f"zip://in::{tmp_path / 'news.zip'}")
    assert texts(articles) == [STORM, FERRY]
    assert texts(read(f"zip://in/a.txt::{tmp_path / 'news.zip'}")[0]) == [STORM]


def test_file_url_is_a_path(write):
    assert texts(read(f"file://{write('a.txt', STORM)}")[0]) == [STORM]


def test_url_that_does_not_exist(memory):
    with pytest.raises(InputError, match=r"no such file: 'memory://news/a.jsonl'; accepted are"):
        read("memory://news/a.jsonl")


def test_url_of_an_unknown_protocol():
    with pytest.raises(InputError, match=r"can't open 'pigeon://a.jsonl'.*Accepted are"):
        read("pigeon://a.jsonl")


def stdin(monkeypatch, data):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_text_from_standard_input(monkeypatch):
    stdin(monkeypatch, b"\xef\xbb\xbf\n \nThe storm.\r\n{not json}\n")
    (article,) = read("-")[0]
    assert (article.text, article.article_id) == ("\n \nThe storm.\r\n{not json}\n", "stdin")


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_from_standard_input(monkeypatch, packed):
    data = ("\n  " + jsonl({"text": STORM}) + "{broken\n" + jsonl({"text": FERRY})).encode()
    stdin(monkeypatch, gzip.compress(data) if packed else data)
    articles, rejected = read("-")
    assert [(each.article_id, each.text) for each in articles] == [
        ("stdin#2", STORM),
        ("stdin#4", FERRY),
    ]
    assert [(each.source, each.place) for each in rejected] == [("-", "line 3")]


@pytest.mark.parametrize("data", [b"{Storm} hits the harbour.\n", b"{\n}\n"])
def test_braces_alone_are_text(monkeypatch, data):
    stdin(monkeypatch, data)
    assert texts(read("-")[0]) == [data.decode()]


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_empty_standard_input(monkeypatch, data):
    stdin(monkeypatch, data)
    assert reasons(read("-")[1]) == [("", "no text")]


def test_standard_input_that_is_not_utf8(monkeypatch):
    stdin(monkeypatch, b"\xef\xbb\xbfK\xf6ln")
    assert reasons(read("-")[1]) == [("", "not UTF-8: byte 0xf6 at offset 4")]


def test_endless_standard_input_is_limited(monkeypatch):
    monkeypatch.setattr(streams, "MAX_ARTICLE_BYTES", 100)
    stdin(monkeypatch, b"\n" * 1000)
    assert reasons(read("-")[1]) == [("", "longer than 100 bytes")]


def test_file_without_an_ending_is_read_like_standard_input(write):
    assert texts(read(write("report", STORM))[0]) == [STORM]
    assert texts(read(write("records", jsonl({"text": FERRY})))[0]) == [FERRY]


# Folders


def test_folder_is_read_in_sorted_order(write, tmp_path):
    write("b/c.txt", "3.")
    write("a.jsonl", jsonl({"text": "1."}))
    write("b.txt", "4.")
    write("b/a.HTML", PAGE)
    write("README.md", "Not an article.")
    write("scheme.json", '{"text": "Not an article."}')
    write(".hidden.txt", "Not an article.")
    write(".git/a.txt", "Not an article.")
    write("__MACOSX/a.txt", "Not an article.")
    articles, rejected = read(tmp_path)
    assert [each.article_id for each in articles] == ["a.jsonl#1", "b/a", "b/c", "b"]
    assert not rejected


def test_index_gives_metadata_and_further_columns(write, tmp_path):
    write("a.txt", STORM)
    write("b.txt", FERRY)
    write("articles.csv", "file,outlet,date,title,country\na.txt,Post,26 Feb 2020,A storm,IE\n")
    first, second = read(tmp_path)[0]
    assert (first.outlet, first.date, first.title) == ("Post", "2020-02-26", "A storm")
    assert first.extra == {"country": "IE"}
    assert (second.text, second.outlet, second.extra) == (FERRY, "", {})


def test_beside_an_index_other_tables_are_no_articles(write, tmp_path):
    write("a.txt", STORM)
    write("sub/b.txt", FERRY)
    write("articles.csv", "file,outlet\na.txt,Post\n")
    for name in ("labels.jsonl", "labels.csv", "sub/labels.jsonl"):
        write(name, jsonl({"text": "not an article"}))
    articles, rejected = read(tmp_path)
    assert texts(articles) == [STORM, FERRY]
    assert not rejected


def test_index_may_list_tables(write, tmp_path):
    write("more.jsonl", jsonl({"text": STORM}, {"text": FERRY, "outlet": "Wire"}))
    write("articles.csv", "file,outlet\nmore.jsonl,Post\n")
    assert [each.outlet for each in read(tmp_path)[0]] == ["Post", "Wire"]


def test_index_holds_for_its_own_folder(write, tmp_path):
    write("x/a.txt", STORM)
    write("x/articles.csv", "file,outlet\na.txt,Post\n")
    write("y/b.jsonl", jsonl({"text": FERRY}))
    articles, _ = read(tmp_path)
    assert [(each.article_id, each.outlet) for each in articles] == [
        ("x/a", "Post"),
        ("y/b.jsonl#1", ""),
    ]


def test_bad_rows_of_an_index_are_rejected_with_their_lines(write, tmp_path):
    write("a.txt", STORM)
    write("scan.pdf", b"%PDF")
    rows = ["a.txt,Post", "gone.txt,Post", "../a.txt,Post", ",Post", "a.txt,Wire", "scan.pdf,Post"]
    index = write("articles.csv", "\n".join(["file,outlet", *rows, "b.txt"]))
    articles, rejected = read(tmp_path)
    assert [each.outlet for each in articles] == ["Post"]
    assert {each.source for each in rejected} == {str(index)}
    assert [each.place for each in rejected] == [f"line {n}" for n in range(3, 9)]
    assert rejected[0].reason == "lists 'gone.txt', and there is no such file here"
    assert rejected[3].reason == "lists 'a.txt' a second time"


def test_table_called_articles_is_a_table(write, tmp_path):
    write("articles.csv", f"text,outlet\n{STORM},Post\n")
    write("b.jsonl", jsonl({"text": FERRY}))
    assert texts(read(tmp_path)[0]) == [STORM, FERRY]


def test_index_without_rows_is_still_an_index(write, tmp_path):
    write("articles.csv", "file,outlet\n")
    write("a.txt", STORM)
    write("labels.jsonl", jsonl({"text": "no"}))
    assert texts(read(tmp_path)[0]) == [STORM]


def test_links_in_a_circle_end(write, tmp_path):
    write("in/a.txt", STORM)
    (tmp_path / "in" / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "in" / "self.txt").symlink_to(tmp_path / "in" / "self.txt")
    (tmp_path / "in" / "gone.txt").symlink_to(tmp_path / "nothing")
    articles, rejected = read(tmp_path)
    assert texts(articles) == [STORM]
    assert sorted(os.path.basename(each.source) for each in rejected) == ["gone.txt", "self.txt"]


def test_linked_folder_is_read(write, tmp_path):
    write("elsewhere/a.txt", STORM)
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert texts(read(tmp_path / "news")[0]) == [STORM]


def test_pipe_in_a_folder_is_rejected_and_not_waited_for(write, tmp_path):
    write("a.txt", STORM)
    os.mkfifo(tmp_path / "b.txt")
    os.mkfifo(tmp_path / "c")
    articles, rejected = read(tmp_path)
    assert texts(articles) == [STORM]
    assert reasons(rejected) == [("", "not a regular file")]


def test_unreadable_file_is_rejected(write, tmp_path, monkeypatch):
    write("a.txt", STORM)
    write("b.parquet", b"")
    write("c.txt", FERRY)
    (tmp_path / "a.txt").chmod(0)

    def closed(path, mode):
        if not path.endswith("c.txt"):
            raise PermissionError(13, "Permission denied", path)
        return open(path, mode)

    monkeypatch.setattr(streams, "open", closed, raising=False)
    articles, rejected = read(tmp_path)
    assert texts(articles) == [FERRY]
    assert reasons(rejected) == [("", "Permission denied")] * 2


def test_file_name_that_is_not_utf8(tmp_path):
    with open(os.fsencode(tmp_path) + b"/K\xf6ln.txt", "wb") as stream:
        stream.write(STORM.encode())
    (article,) = read(tmp_path)[0]
    assert article.article_id == "K\ufffdln"


def test_folder_without_articles(write, tmp_path):
    write("README.md", "Nothing here.")
    write("data.xlsx", b"")
    message = r"nothing to read in .*2 files ending in \.md, \.xlsx; accepted are \.txt"
    with pytest.raises(NothingToRead, match=message):
        read(tmp_path)


def test_empty_folder(tmp_path):
    with pytest.raises(NothingToRead, match="it holds no file; accepted are"):
        read(tmp_path)


def test_missing_path_is_told_before_anything_is_read(tmp_path):
    with pytest.raises(InputError, match=r"no such file or folder: '.*gone\.txt'; accepted are"):
        read_articles(tmp_path / "gone.txt")


def test_text_given_for_a_path():
    with pytest.raises(InputError, match="Text itself goes through standard input"):
        read_articles("The storm reached the harbour. " * 500)


@pytest.mark.parametrize(
    ("name", "match"),
    [("a.xlsx", r"ends in '\.xlsx'; accepted are"), ("a.json", "If every line of it is an object")],
)
def test_named_file_of_another_kind(write, name, match):
    with pytest.raises(InputError, match=match):
        read(write(name, "{}"))


def test_no_source_is_wrong_usage():
    with pytest.raises(UsageError, match="no source of articles"):
        read_articles()


@pytest.mark.parametrize("source", [["a.txt"], b"a.txt", None])
def test_source_that_is_no_path_is_wrong_usage(source):
    with pytest.raises(UsageError, match=r"give several one by one: read_articles\(\*paths\)"):
        read_articles(source)


def test_rejections_are_logged_by_default(write, caplog):
    path = write("a.jsonl", "{broken\n")
    assert list(read_articles(path)) == []
    assert caplog.records[0].name == "slantwise"
    assert caplog.records[0].getMessage().startswith(f"not read: {path}, line 1: not JSON")


def test_reading_is_lazy(write):
    path = write("a.jsonl", jsonl({"text": STORM}) + "{broken\n")
    rejected = []
    assert next(read_articles(path, on_reject=rejected.append)).text == STORM
    assert not rejected


def test_files_of_a_source_can_be_listed(write, tmp_path):
    write("a.txt", STORM)
    write("b/c.csv.gz", b"")
    found = [(each.name, each.format, each.stem) for each in list_files(tmp_path)]
    assert found == [("a.txt", "text", "a"), ("b/c.csv.gz", "csv", "b/c")]
