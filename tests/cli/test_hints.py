"""Hints after an error: what they say to type works, or at least is not what just failed."""

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hourglass.cli import app

FOUR = "a,view,2026-01-05,x\na,order_paid,2026-01-06,y\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(*words):
    return CliRunner().invoke(app, list(words))


def failed(*words, code=3):
    done = run(*words)
    assert (done.exit_code, done.stdout) == (code, "")
    return done.stderr


def test_explain_without_an_export_hints_at_explain():
    assert "hint: hourglass explain 'u 1' export.csv" in failed("explain", "u 1")


@pytest.mark.parametrize("limit", ["-1GB", " -1"])
def test_no_limit_of_memory_is_below_nothing(limit):
    Path("s.csv").write_text("user_id,event,ts\n1,a,2024-01-01\n1,b,2024-01-02\n")
    said = failed("funnel", "s.csv", "--steps", "a,b", "--memory-limit", limit, code=2)
    assert "--memory-limit as 4GB" in said


@pytest.mark.parametrize("text", ["[1, 2, 3]", '{"a": {'])
def test_broken_json_is_to_be_exported_again(text):
    Path("broken.json").write_text(text)
    for command in ("funnel", "inspect"):
        told = failed(command, "broken.json")
        assert "hint: it may be cut off or damaged, or hold no events: export it again" in told


def test_init_is_no_way_out_where_it_fails_itself():
    Path("odd.csv").write_text("foo,bar\na,b\n")
    Path("empty.csv").write_text("user_id,event,ts\nu,,2026-01-05\n")
    lines = 'user = "COLUMN" and event = "COLUMN" and timestamp = "COLUMN"'
    assert f"hint: write, a line each, {lines} under [columns] in hourglass.toml\n" in failed(
        "funnel", "odd.csv"
    )
    assert "name them under [columns] in hourglass.toml\n" in failed("funnel", "empty.csv")


def test_init_is_told_of_which_events():
    Path("one.csv").write_text("user_id,event,ts\nu,view,2026-01-05\n")
    assert "hourglass init EVENTS, or --db FILE, " in failed("funnel", "one.csv", "--steps", "a,b")
    told = failed("retention", "one.csv", "--steps", "view,b")
    assert "hourglass init EVENTS, or --db FILE, proposes it" in told


def test_init_reads_events_as_they_were_read():
    Path("four.csv").write_text(FOUR.replace("view", "one").replace("order_paid", "two"))
    told = failed("funnel", "four.csv", "--columns", "user_id,event,ts,plan")
    typed = "hourglass init four.csv --columns user_id,event,ts,plan"
    assert f"hint: {typed} writes a configuration to fill in" in told
    assert run(*shlex.split(typed)[1:]).exit_code == 0


def test_as_many_columns_are_to_be_named_as_there_are():
    Path("four.csv").write_text(FOUR)
    assert "in their order: --columns user_id,event,ts,column4\n" in failed("funnel", "four.csv")
    told = failed("funnel", "four.csv", "--columns", "user,event,ts")
    assert "name them all, in their order: --columns user,event,ts,column4\n" in told
    told = failed("funnel", "four.csv", "--columns", "user,event,ts,my plan,e")
    assert "in their order: --columns 'user,event,ts,my plan'\n" in told
    assert run("funnel", "four.csv", "--columns", "user,event,ts,column4").exit_code == 0


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("http://example.org/x.csv", "download it first: curl -LO http://example.org/x.csv"),
        ("https://example.org/x?a=*", "download it first: curl -LO 'https://example.org/x?a=*'"),
        ("s3://bucket/*.parquet", "copy it to this machine first"),
    ],
)
def test_no_addresses_are_read(address, hint):
    told = failed("funnel", address)
    assert f"error: {address} is an address: files are read from this machine alone" in told
    assert f"hint: {hint}" in told


def test_a_page_is_written_by_another_flag():
    Path("four.csv").write_text(f"user_id,event,ts,plan\n{FOUR}")
    told = failed("funnel", "four.csv", "-o", "x.html", code=2)
    assert "hint: a page with charts is written by --html x.html" in told
    assert run("funnel", "four.csv", "--html", "x.html").exit_code == 0
    for command in (["people", "four.csv"], ["explain", "a", "four.csv"], ["doctor"], ["check"]):
        assert "add --format csv" in failed(*command, "-o", "x.html", code=2)


def test_a_sample_may_go_down_a_pipe():
    done = run("sample", "--people", "20", "-o", "-")
    assert done.exit_code == 0
    run("sample", "--people", "20", "-o", "trial.csv")
    assert done.stdout == Path("trial.csv").read_text()
    assert not Path("-").exists()
    told = failed("sample", "-o", "x.json", code=2)
    assert "or --output - for CSV on standard output" in told
