"""A process that runs one command: `hourglass`, and `python -m hourglass`."""

import atexit
import gc
import os
import sys


def main() -> int:
    """Run the command line; return the exit code, and leave without taking everything down first.

    A tenth of a short command is spent on taking apart modules that the process ends with, and on
    looking for garbage while they are imported.
    """
    code = 1

    def leave() -> None:
        os._exit(code)

    atexit.register(leave)  # the first to be registered is the last to run: all else is cleaned up
    gc.set_threshold(1_000_000)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")  # to look for any reads all packages
    from hourglass.cli import app

    code = int(app(standalone_mode=False))
    return code


if __name__ == "__main__":
    sys.exit(main())
