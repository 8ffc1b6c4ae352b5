"""The configuration that applies to a command, and a word where nobody named it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hourglass import diagnostics

if TYPE_CHECKING:
    from hourglass.config import Config


def configuration(explicit: Path | None) -> "Config | None":
    """Read the configuration of this command; say which it is if it lies in a folder above.

    One in this folder is seen, and one that was named is known; one further up is neither, and it
    changes every answer. ConfigError as `find_config` raises it.
    """
    from hourglass.config import VARIABLE, find_config

    here = Path.cwd()
    found = find_config(explicit, here)
    named = explicit or os.environ.get(VARIABLE)
    if found and found.path and not named and found.path.parent in here.parents:
        diagnostics.note(f"configuration: {os.path.relpath(found.path)}")
    return found
