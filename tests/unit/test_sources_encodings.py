"""Text in any encoding, with or without a line of names, gives the same events."""

import gzip

import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError, UsageError
from hourglass.reading import Reading, parse_encoding, parse_names
from hourglass.sources.attach import attach
from hourglass.sources.files import find_files

TEXT = "user_id,event,ts,note\n1,käufe,2024-01-01,\n2,a,2024-01-02,“ø”\n"


def read(tmp_path, *contents: bytes, query="SELECT user_id, event, note FROM events", **said):
    for number, content in enumerate(contents):
        (tmp_path / f"export{number}.csv").write_bytes(content)
    connection = connect()
    facts = attach(connection, find_files([str(tmp_path / "*.csv")]), reading=Reading(**said))
    return connection.execute(query).fetchall(), facts


SAME = [("1", "käufe", None), ("2", "a", "“ø”")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", None),
        ("utf-8-sig", None),
        ("utf-16", None),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("utf-32", None),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encodings_are_told_by_the_bytes(tmp_path, encoding, told, pack):
    found, facts = read(tmp_path, pack(TEXT.encode(encoding)))
    assert found == SAME
    said = [note for note in facts.notes if " is read as " in note]
    assert bool(said) == bool(told)
    assert not told or said[0].endswith(f"export0.csv is read as {told}: it is not UTF-8")


def test_bytes_that_windows_1252_lacks_are_latin_1(tmp_path):
    found, facts = read(tmp_path, TEXT.replace("“ø”", "\x81ø").encode("latin-1"))
    assert found[1][2] == "\x81ø"
    assert "is read as Latin-1" in facts.notes[0]


def test_an_encoding_that_is_named_is_taken(tmp_path):
    text = TEXT.replace("“ø”", "カ").replace("käufe", "買")
    found, _ = read(tmp_path, text.encode("cp932"), encoding="cp932")
    assert found == [("1", "買", None), ("2", "a", "カ")]


def test_bytes_that_do_not_fit_the_named_encoding_are_said(tmp_path):
    with pytest.raises(DataError, match="is not cp932 throughout") as caught:
        read(tmp_path, TEXT.encode("cp1252") + b"\xff\xff", encoding="cp932")
    assert "--encoding" in caught.value.hint


def test_damaged_utf8_is_rejected_by_row_and_not_taken_for_another(tmp_path):
    lines = "".join(f"{n},ü,2024-01-01,\n" for n in range(3)).encode()
    found, facts = read(tmp_path, b"user_id,event,ts,note\n" + lines + b"9,\xff,2024-01-01,\n")
    assert len(found) == 3
    assert (facts.rows, facts.rejected) == (4, 1)


@pytest.mark.parametrize("name", ["utf-9", "rot13", "base64", ""])
def test_what_is_no_encoding_is_said(name):
    with pytest.raises(UsageError, match="no encoding of text"):
        parse_encoding(name)


@pytest.mark.parametrize("sign", [";", ",", "\t", "^"])
def test_a_first_line_may_say_the_separator(tmp_path, sign):
    rows = ["user_id,event,ts,note", "1,a,2024-01-01,", "2,b,soon,x"]
    text = f"sep={sign}\r\n" + "\r\n".join(row.replace(",", sign) for row in rows)
    found, facts = read(tmp_path, text.encode(), query="SELECT line, value FROM rejects")
    assert found == [(4, "soon")]
    assert (facts.rows, facts.rejected) == (2, 1)


@pytest.mark.parametrize("before", ["\n", "\r\n\r\n", "  \n", ",,\n", "sep=,\n\n", " \n;;;\n\t\n"])
def test_lines_of_nothing_before_the_names_are_neither_names_nor_rows(tmp_path, before):
    text = f"{before}user_id,event,ts\n1,a,2024-01-01\n\n2,b,soon\n"
    found, facts = read(tmp_path, text.encode(), query="SELECT line, value FROM rejects")
    assert found == [(before.count("\n") + 4, "soon")]
    assert (facts.rows, facts.rejected) == (2, 1)


def test_a_first_row_of_nothing_is_a_row_where_the_names_are_said(tmp_path):
    found, facts = read(
        tmp_path,
        b"\n,,\n1,a,2024-01-01\n",
        query="SELECT line, reason FROM rejects",
        columns=("user_id", "event", "ts"),
    )
    assert found == [(2, "no timestamp")]
    assert (facts.rows, facts.rejected) == (2, 1)


def test_names_stand_in_for_a_line_of_names(tmp_path):
    found, facts = read(
        tmp_path,
        b"1,a,2024-01-01\n2,b,soon\n3\n4,d,2024-01-02\n",
        query="SELECT line, reason FROM rejects",
        columns=("user_id", "event", "ts"),
    )
    assert found == [(2, "timestamp not understood"), (3, "too few columns")]
    assert (facts.rows, facts.rejected) == (4, 2)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"1,a,2024-01-01,x\n", "3 columns are named, but the first row of .* has 4 values"),
        (b"User_ID,event,ts\n1,a,2024-01-01\n", "holds these names itself"),
        (b"customer,action,date\n1,a,2024-01-01\n", "holds names itself: customer, action, date"),
        (b'{"user_id": 1}\n', "is json lines, which names its columns itself"),
    ],
)
def test_names_that_do_not_fit_are_refused(tmp_path, content, message):
    with pytest.raises(DataError, match=message):
        read(tmp_path, content, columns=("user_id", "event", "ts"))


@pytest.mark.parametrize("text", ["a,,b", "a,A", ""])
def test_a_list_of_names_has_no_gap_and_no_name_twice(text):
    with pytest.raises(UsageError, match="no list of columns"):
        parse_names(text)
