"""Lines above the names of columns are left out and said where the names are unmistakable."""

import gzip
from pathlib import Path

import pytest

from hourglass.engines.connect import connect
from hourglass.errors import DataError
from hourglass.sources.attach import Attached, attach
from hourglass.sources.files import find_files

NAMES, ROWS = "user_id,event,ts", "1,view,2024-01-01\n2,buy,2024-01-02\n,,oops\n"


def attached(*paths: Path) -> Attached:
    with connect() as connection:
        return attach(connection, find_files([str(path) for path in paths]))


@pytest.mark.parametrize(
    ("above", "lines", "first"),
    [
        ("# -----\n# All Users\n# 20240101-20240131\n# -----\n", 4, "# -----"),
        ("# -----\n#\n\n", 2, "# -----"),
        ("Report: sign-ups\n\n", 1, "Report: sign-ups"),
        ("Report,,\nMade by: Mike, 2024-01-31\n,,\n", 3, "Report,,"),
        ('"Report, ""weekly"""\n', 1, '"Report, ""weekly"""'),
        ("sep=,\nReport\n", 1, "Report"),
        ("x" * 99 + "\n", 1, "x" * 59 + "…"),
    ],
)
def test_titles_are_left_out_and_said(tmp_path: Path, above: str, lines: int, first: str) -> None:
    path = tmp_path / "report.csv"
    for ends in ("\n", "\r\n", "\r"):
        path.write_bytes(f"{above}{NAMES}\n{ROWS}".replace("\n", ends).encode())
        found = attached(path)
        what = "1 line" if lines == 1 else f"{lines} lines"
        assert found.notes[0] == f'{path}: {what} above the names of columns left out, as "{first}"'
        assert [(one.rows, one.accepted, one.rejected) for one in found.files] == [(3, 2, 1)]
        line = (above + NAMES).count("\n") + 4
        assert found.examples == (f'{path} line {line}: timestamp not understood: "oops"',)


def test_each_file_has_its_own_titles(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv.gz", tmp_path / "other.csv"
    one.write_bytes(gzip.compress(f"Week 1\n{NAMES}\n{ROWS}".encode()))
    other.write_text(f"# a\n# b\n{NAMES.replace(',', ';')}\n{ROWS.replace(',', ';')}")
    found = attached(one, other)
    assert [(one.rows, one.accepted, one.rejected) for one in found.files] == [(3, 2, 1)] * 2
    assert len(found.notes[:2]) == 2


def test_below_remarks_names_may_be_unusual(tmp_path: Path) -> None:
    path = tmp_path / "report.csv"
    path.write_text("# made by a till\nKunde;Vorgang;Zeit\n1;view;2024-01-01\n")
    with pytest.raises(DataError, match="columns are: Kunde, Vorgang, Zeit"):
        attached(path)


@pytest.mark.parametrize(
    "text",
    [
        "#user_id,event,ts,note\n1,view,2024-01-01,user_id\n",
        "user_id,event,ts\n1,view,2024-01-01\nuser,event,time,x\n1,view,2024-01-01,x\n",
        '"my\nuser",user_id,event,ts\n1,1,view,2024-01-01\n',
    ],
)
def test_the_first_line_stays_that_of_the_names(tmp_path: Path, text: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text(text.replace("#", ""))
    assert not any("above the names" in note for note in attached(path).notes)


@pytest.mark.parametrize(
    "text",
    [
        "Report\nKunde,Vorgang,Zeit\n1,view,2024-01-01\n",
        "Report\n1,view,2024-01-01\n2,buy,2024-01-02\n",
        "# Report\n1,view,2024-01-01\n2,buy,2024-01-02\n",
    ],
)
def test_where_it_is_not_certain_which_line_has_the_names_the_title_is_refused(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "report.csv"
    path.write_text(text)
    with pytest.raises(DataError, match="which is no line of names of columns") as refused:
        attached(path)
    assert "delete the lines above the names" in str(refused.value.hint)
