"""An earlier result of `funnel` in JSON, as numbers that the same funnel must give again."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from hourglass.analyses.check_people import Rows
from hourglass.errors import DataError
from hourglass.result import SCHEMA_VERSION, Json, Result

COMPARED = ("users", "step_rate", "total_rate", "median_seconds")
"""Figures of a stage that must not have moved."""


class Earlier(NamedTuple):
    """An earlier funnel: what it is called, how it was counted, and its stages."""

    name: str
    model: str
    rules: Mapping[str, Json]
    stages: Rows


class Moved(NamedTuple):
    """A figure of a stage, now and then; null where there is none."""

    measure: str
    stage: str
    value: float | None
    before: float | None

    def within(self, tolerance: float) -> bool:
        """Say whether it moved by no more than `tolerance`, a fraction of what it was."""
        if self.value is None or self.before is None:
            return self.value is self.before
        room = tolerance * abs(self.before)
        return abs(self.value - self.before) <= room + 1e-9 * abs(self.before)


def read_earlier(path: Path) -> Earlier:
    """Read what `hourglass funnel --format json` wrote; DataError if it is anything else."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DataError(f"{path} could not be read: {error.strerror}", _HINT) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not JSON", _HINT) from error
    if not isinstance(found, dict) or found.get("analysis") != "funnel":
        raise DataError(f"{path} is not the result of a funnel", _HINT)
    if found.get("schema_version") != SCHEMA_VERSION:
        raise DataError(f"{path} was written by another version of hourglass", _HINT)
    stages, rules = found.get("stages"), found.get("rules")
    if not isinstance(stages, list) or not isinstance(rules, dict) or not all(map(_whole, stages)):
        raise DataError(f"{path} is not a whole result", _HINT)
    return Earlier(name=path.name, model=str(found.get("model")), rules=rules, stages=stages)


def moved(result: Result, earlier: Earlier) -> Iterator[Moved]:
    """Yield each figure of each stage, now and then.

    DataError if the two cannot be compared: another model, other stages, other rules.
    """
    _refuse_others(result, earlier)
    now = result.table("stages").frame.to_dicts()
    for row, then in zip(now, earlier.stages, strict=True):
        for measure in COMPARED:
            yield Moved(
                measure=measure, stage=row["stage"], value=row[measure], before=then[measure]
            )


_HINT = "write one with: hourglass funnel EVENTS --format json --output old.json"


def _whole(row: object) -> bool:
    return isinstance(row, dict) and all(
        name in row and (row[name] is None or type(row[name]) in {int, float}) for name in COMPARED
    )


def _refuse_others(result: Result, earlier: Earlier) -> None:
    stages = result.table("stages").frame["stage"].to_list()
    if [row.get("stage") for row in earlier.stages] != stages:
        then = ", ".join(str(row.get("stage")) for row in earlier.stages)
        raise DataError(
            f"{earlier.name} has other stages: {then} there, {', '.join(stages)} here", _HINT
        )
    rules: dict[str, Any] = dict(result.rules)
    for name in {**rules, **earlier.rules}:
        if rules.get(name) != earlier.rules.get(name):
            raise DataError(
                f"{earlier.name} was counted by another {name}: {earlier.rules.get(name)} there,"
                f" {rules.get(name)} here",
                "give the same rules, or count the earlier one again",
            )
