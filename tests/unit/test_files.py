"""A file is replaced in one step or not at all."""

import os
import sys
import threading
from pathlib import Path

import pytest

from hourglass.errors import OutputError
from hourglass.files import replace_file, replacing


def test_writes_a_new_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    replace_file(tmp_path / "a.txt", b"one")
    assert (tmp_path / "a.txt").read_bytes() == b"one"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_replaces_what_is_there_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    replace_file(tmp_path / "link.txt", b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_bytes() == b"new"


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no devices here")
def test_writes_to_a_device_without_replacing_it() -> None:
    replace_file(Path("/dev/null"), b"gone")
    assert not Path("/dev/null").is_file()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_pipe_that_is_closed_is_no_failure_of_the_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    much = b"x" * (1 << 20)  # more than a pipe holds
    for write in (lambda: replace_file(pipe, much), lambda: fill(pipe, much)):
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        threading.Timer(0.2, os.close, [reader]).start()
        with pytest.raises(BrokenPipeError):
            write()


def fill(path: Path, data: bytes) -> None:
    with replacing(path) as beside:
        beside.write_bytes(data)


@pytest.mark.parametrize("name", ["missing/a.txt", ".", "x" * 400, "nul\0byte"])
def test_says_why_it_could_not(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="could not be written: "):
        replace_file(tmp_path / name, b"data")
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


def test_another_may_fill_the_file_that_replaces(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with replacing(path) as beside:
        beside.write_bytes(b"new")
        assert (beside.parent, path.read_bytes()) == (tmp_path, b"old")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("failure", [ValueError, OSError, KeyboardInterrupt])
def test_what_fails_while_it_is_filled_is_left_as_it_is(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    (tmp_path / "a.txt").write_bytes(b"old")

    def fill_half() -> None:
        with replacing(tmp_path / "a.txt") as beside:
            beside.write_bytes(b"half")
            raise failure

    with pytest.raises(failure):
        fill_half()
    assert (tmp_path / "a.txt").read_bytes() == b"old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("name", ["missing/a.txt", ".", "nul\0byte"])
def test_a_file_that_cannot_be_replaced_is_said_before_it_is_filled(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(OutputError, match="could not be written: "), replacing(tmp_path / name):
        pytest.fail("not to be filled")
