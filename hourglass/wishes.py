"""What a person asks of a load beside its files, and what came of it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from hourglass.errors import UsageError
from hourglass.sources.facts import FileFacts

REJECT_FORMATS = {".csv": "csv, header", ".parquet": "parquet"}
"""How rejected rows are written, by the ending of their file."""


class Limit(NamedTuple):
    """The most rows that may be rejected: a count, or a share of the rows read."""

    text: str
    most: int | None = None
    share: float | None = None

    def passed(self, rejected: int, rows: int) -> bool:
        """Say whether more were rejected."""
        if self.share is not None:
            return rejected > self.share * rows
        return self.most is not None and rejected > self.most


def parse_limit(text: str) -> Limit:
    """Read `20` or `0.5%`; UsageError for anything else."""
    if text.isascii() and text.isdecimal():
        return Limit(text, most=int(text))
    if re.fullmatch(r"\d+(\.\d+)?%", text, re.ASCII) and float(text[:-1]) <= 100:
        return Limit(text, share=float(text[:-1]) / 100)
    raise UsageError(f'"{text}" is no number of rows', "write --max-rejects 20, or 0.5%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a load does now, for whoever watches it."""

    name: str
    files: tuple[int, int, int] | None = None
    """Numbers of the first and the last file being read, and how many there are in all."""
    size: int = 0
    """Bytes that are read in its first pass; 0 is unknown."""
    rows: int = 0
    """Rows that are written; 0 is unknown."""
    done: Callable[[], float]
    """Percent of the pass under way, by the engine; below 0 it cannot say."""


class Loaded(NamedTuple):
    """What one load did."""

    files: tuple[FileFacts, ...]
    """The files read now; rows = accepted + rejected + duplicates in each."""
    known: tuple[str, ...] = ()
    """Files that were loaded before, by their content."""
    replaced: tuple[str, ...] = ()
    """Files whose earlier rows were removed."""
    notes: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """The first rejected rows, each as a sentence."""


class Wishes(NamedTuple):
    """What a person asks of a load beside its files."""

    said: Mapping[str, Any] = {}
    """What was said of how exports are read: fields of `Reading`, before the configuration's."""
    renew: bool = False
    """Whether the earlier rows of a file that has changed are removed first."""
    max_rejects: Limit | None = None
    rejects: Path | None = None
    """Where the rejected rows of this load are written, as CSV or Parquet."""
    spill: Path | None = None
    """Folder for what does not fit into memory; null is beside the database."""
    watch: Callable[[Step], None] | None = None
    """Who is told what the load does now."""
