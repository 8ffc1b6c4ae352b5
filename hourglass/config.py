"""`hourglass.toml` as frozen values: columns, models and rules, or every mistake at once."""

import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from hourglass.errors import ConfigError, UsageError, nearest, shown
from hourglass.reading import Reading
from hourglass.rules import Rules
from hourglass.stages import HOURGLASS, ROLLUPS, Exclusion, Model, Stage, Step, all_of
from hourglass.steps import parse_steps
from hourglass.tomltext import Document, parse_toml, read_toml

if TYPE_CHECKING:
    from hourglass.problems import Problem
    from hourglass.schema import ExclusionTable, StageTable
    from hourglass.settings.checks import Check
    from hourglass.settings.friction import Friction
    from hourglass.settings.identity import Identity
    from hourglass.settings.report import ReportTable
    from hourglass.settings.touchpoints import Touchpoints
    from hourglass.settings.triggers import Trigger

__all__ = ["Config", "choose_model", "find_config", "parse_config", "parse_steps"]

FILE_NAME = "hourglass.toml"
VARIABLE = "HOURGLASS_CONFIG"
"""Environment variable that names the configuration where no flag does."""


class Config(NamedTuple):
    """What a configuration says; whatever it leaves out has its default here."""

    path: Path | None = None
    """The file, as it was named; null where the text came from elsewhere."""
    text: str = ""
    columns: Mapping[str, str] = {}
    """Role to column; "" is not to be guessed, a role that is missing is."""
    models: Mapping[str, Model] = {}
    """The hourglass and what rolls up from it, where `[stages]` is filled in, then the others."""
    rules: Rules = Rules()
    source: Reading = Reading()
    """How exports are to be read where they do not say it."""
    touchpoints: "Touchpoints | None" = None
    """Which channels are physical; null where the file does not say."""
    friction: Mapping[str, "Friction"] = {}
    """By stage, of whatever model: the events of attempts and of failures."""
    checks: "tuple[Check, ...]" = ()
    """What `hourglass check` holds numbers and data to."""
    identity: "Identity | None" = None
    """Which ids are one person; null where the file does not say."""
    personas: Mapping[str, str] = {}
    """Predicates about events by the name of the persona."""
    triggers: Mapping[str, "Trigger"] = {}
    """By name: what somebody does and then does not do, as a reason to act."""
    report: "ReportTable | None" = None
    """What the weekly report is called, and shows; null where the file does not say."""
    logo: Path | None = None
    """The picture of `report`, from this folder; null too where that is not known."""
    queries: Path | None = None
    """Folder of SQL files that stand in for the bundled ones."""
    model: str | None = None
    """Name of the model to take where none is asked for."""


def find_config(explicit: Path | None, start: Path) -> Config | None:
    """Read the configuration that applies in the folder `start`; null if there is none.

    ConfigError if a file that was named does not exist, or if the file cannot be used.
    """
    path = config_path(explicit, start)
    return parse_config(read_toml(path), path) if path else None


def config_path(explicit: Path | None, start: Path) -> Path | None:
    """Name the configuration that applies in the folder `start`; null if there is none.

    It is the file `explicit`, else the one that HOURGLASS_CONFIG names, else `hourglass.toml` in
    `start` or in the nearest folder above it, no higher than one that holds `.git`.
    """
    named = explicit or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    return named or _beside_or_above(start)


def parse_config(text: str, path: Path | None) -> Config:
    """Return what the TOML `text` says; ConfigError with every problem in it.

    Without a `path` the folder of `queries` is unknown, and left out.
    """
    from hourglass.problems import validated  # the schema takes its time, and most have no file

    document = parse_toml(text, str(path) if path else "configuration")
    file, problems = validated(document.data)
    queries = document.data.get("queries")
    if isinstance(queries, str) and queries.strip():
        problems += _folder_problems(queries, path)
    logo = document.data.get("report", {})
    logo = logo.get("logo") if isinstance(logo, dict) else None
    if isinstance(logo, str) and logo.strip():
        problems += _logo_problems(logo, path)
    if problems:
        raise _failure(document, problems)
    return Config(
        path=path,
        text=text,
        columns=MappingProxyType(dict(document.data.get("columns", {}))),
        models=MappingProxyType({one.name: one for one in _models(file)}),
        rules=Rules(**file.rules.model_dump()) if file.rules else Rules(),
        source=_reading(file),
        touchpoints=file.touchpoints,
        friction=MappingProxyType(dict(file.friction)),
        checks=tuple(file.check),
        identity=file.identity,
        personas=MappingProxyType(dict(file.personas)),
        triggers=MappingProxyType(dict(file.triggers)),
        report=file.report,
        logo=path.parent / file.report.logo if path and file.report and file.report.logo else None,
        queries=path.parent / file.queries if path and file.queries else None,
        model=file.model,
    )


def choose_model(config: Config, name: str | None) -> Model:
    """Return the model `name`, or the one to take where none is asked for.

    That is the configuration's `model`, else the hourglass, else its only model. UsageError if
    there is no such model, or none to take.
    """
    models = config.models
    wanted = name or config.model or ("hourglass" if "hourglass" in models else None)
    if wanted is None and len(models) == 1:
        return next(iter(models.values()))
    if wanted is not None and wanted in models:
        return models[wanted]
    there = ", ".join(models)
    if not there:
        raise UsageError("no stages are configured", _hint(config))
    if wanted is None:
        raise UsageError(f"which model? there are: {there}", f"--model {next(iter(models))}")
    if wanted in ("hourglass", *ROLLUPS):
        raise UsageError(f"too few of [stages] are configured for {wanted}", _hint(config))
    raise UsageError(
        f"there is no model {shown(wanted)}{nearest(wanted, models)}", f"there are: {there}"
    )


def _hint(config: Config) -> str:
    return f'fill in [stages] in {config.path or FILE_NAME}, or ask with --steps "view,purchase"'


def _beside_or_above(start: Path) -> Path | None:
    for folder in (start, *start.resolve().parents):
        if os.path.isfile(folder / FILE_NAME):  # noqa: PTH113  (false where not permitted)
            return folder / FILE_NAME
        if os.path.exists(folder / ".git"):  # noqa: PTH110
            return None
    return None


def _failure(document: Document, problems: list["Problem"]) -> ConfigError:
    from hourglass.problems import dotted

    lines = document.lines()
    placed = sorted((_line(key, lines), dotted(key), message) for key, message in problems)
    return ConfigError(
        [
            f"{document.name}{f':{line}' if line else ''}: {key}: {message}"
            for line, key, message in dict.fromkeys(placed)
        ]
    )


def _line(key: tuple[str, ...], lines: Mapping[tuple[str, ...], int]) -> int:
    known = (lines[key[:end]] for end in range(len(key), 0, -1) if key[:end] in lines)
    return next(known, 0)


def _folder_problems(queries: str, path: Path | None) -> Iterator["Problem"]:
    folder = (path.parent if path else Path()).resolve()
    try:
        wanted = (folder / queries).resolve()
        if Path(queries).is_absolute() or not wanted.is_relative_to(folder):
            yield ("queries",), "must be a folder beside or below this file"
        elif path and not wanted.is_dir():
            yield ("queries",), f"there is no folder {shown(queries)} here"
    except (OSError, ValueError, RuntimeError):
        yield ("queries",), f"{shown(queries)} is not the name of a folder"


def _logo_problems(logo: str, path: Path | None) -> Iterator["Problem"]:
    folder = (path.parent if path else Path()).resolve()
    try:
        wanted = (folder / logo).resolve()
        if Path(logo).is_absolute() or not wanted.is_relative_to(folder):
            yield ("report", "logo"), "must be a picture beside or below this file"
        elif path and not wanted.is_file():
            yield ("report", "logo"), f"there is no picture {shown(logo)} here"
    except (OSError, ValueError, RuntimeError):
        yield ("report", "logo"), f"{shown(logo)} is not the name of a file"


def _reading(file: Any) -> Reading:  # noqa: ANN401  (its class is made of data)
    from hourglass.settings.formats import own_formats

    said = file.source.model_dump() if file.source else {}
    return Reading(**said, formats=own_formats(file.formats))


def _models(file: Any) -> Iterator[Model]:  # noqa: ANN401  (its class is made of data)
    given = {name: getattr(file.stages, name, None) for name in HOURGLASS}
    stages = {name: table for name, table in given.items() if table}
    if stages:
        yield from all_of(_model("hourglass", stages, file.exclusions))
    for name, table in file.models.items():
        yield _model(name, table.stages, table.exclusions)


def _model(
    name: str, tables: Mapping[str, "StageTable"], exclusions: Iterable["ExclusionTable"]
) -> Model:
    return Model(
        name=name,
        stages=tuple(_stage(one, table) for one, table in tables.items()),
        exclusions=tuple(_exclusion(one, list(tables)) for one in exclusions),
    )


def _exclusion(table: "ExclusionTable", stages: list[str]) -> Exclusion:
    return Exclusion(
        step=Step(events=table.events, where=table.where),
        after=stages.index(table.after) + 1 if table.after else 1,
        before=stages.index(table.before) + 1 if table.before else len(stages),
    )


def _stage(name: str, table: "StageTable") -> Stage:
    step = Step(events=table.events, where=table.where)
    gap = table.min_gap or timedelta()
    return Stage(
        name=name,
        steps=(step,),
        within=table.within,
        min_gap=gap,
        optional=table.optional,
        first_time=table.first_time,
        nth=table.nth,
    )
