"""What `pip install` brings: every file, the declared dependencies, a command that works."""

import subprocess
import sys
import sysconfig
import venv
import zipfile
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

import pytest

from hourglass import __version__

CHECKOUT = Path(__file__).parents[2]


def build(source: Path, out: Path) -> Path:
    """Build a wheel from a checkout or an sdist with the build backend at hand."""
    pip = [sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--no-build-isolation", "-q", "-w", out, source], check=True)
    return next(out.glob("*.whl"))


def content(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(CHECKOUT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    name = f"hourglass-{__version__}.dist-info/METADATA"
    return BytesParser().parsebytes(zipfile.ZipFile(wheel).read(name))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel in an environment of its own; .ci/run does it with dependencies from outside."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False)
    python = path_in(folder, "scripts") / f"python{Path(sys.executable).suffix}"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps"]
    subprocess.run([*pip, "-q", wheel], check=True)
    # a folder named in a .pth comes after the environment's own, and its .pth files are not read
    dependencies = f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n"
    (path_in(folder, "purelib") / "dependencies.pth").write_text(dependencies, encoding="utf-8")
    return path_in(folder, "scripts") / "hourglass"


def path_in(environment: Path, name: str) -> Path:
    at = {"base": str(environment), "platbase": str(environment)}
    return Path(sysconfig.get_path(name, "venv", vars=at))


def run(*command: str | Path, folder: Path) -> str:
    return subprocess.run(
        command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ).stdout


def test_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    package = {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / "hourglass").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    queries = {
        "hourglass/" + path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / "queries").rglob("*.sql")
    }
    assert queries
    assert "hourglass/py.typed" in package
    held = {name for name in content(wheel) if not name.startswith("hourglass-")}
    assert held == package | queries


def test_an_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path]
    subprocess.run(sdist, cwd=CHECKOUT, check=True, capture_output=True)
    archive = next(tmp_path.glob("*.tar.gz"))
    assert content(build(archive, tmp_path / "from-sdist")) == content(wheel)


def test_metadata_tells_who_can_use_it(metadata: Message) -> None:
    assert metadata["Name"] == "hourglass"
    assert metadata["Version"] == __version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == "MIT"


def test_dependencies_have_lower_bounds_only(metadata: Message) -> None:
    declared = [one.partition(";") for one in metadata.get_all("Requires-Dist", [])]
    required = [one for one, _, condition in declared if "extra" not in condition]
    assert required
    assert all(">=" in one and "<" not in one and "==" not in one for one in required)


def test_the_installed_command_works_anywhere(installed: Path, tmp_path: Path) -> None:
    assert run(installed, "--version", folder=tmp_path) == f"hourglass {__version__}\n"
    run(installed, "sample", "--people", "300", "--output", "events.parquet", folder=tmp_path)
    answer = run(installed, "funnel", "events.parquet", "--format", "csv", folder=tmp_path)
    assert len(answer.splitlines()) == 1 + 7
    run(installed, "report", "events.parquet", "--output", "report.html", folder=tmp_path)
    assert (tmp_path / "report.html").stat().st_size > 100_000


def test_the_wheel_and_the_checkout_know_the_same_queries(installed: Path, tmp_path: Path) -> None:
    listed = run(installed, "sql", folder=tmp_path)
    editable = run(sys.executable, "-m", "hourglass", "sql", folder=CHECKOUT)
    assert listed == editable
    assert "funnel" in listed
