"""Where the conditions of a configuration stand in it, so that a message can name file and line."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from hourglass.config import Config
from hourglass.errors import ConditionsError, ConfigError, typed
from hourglass.tomltext import Key, parse_toml


@contextmanager
def placed(config: Config) -> Iterator[None]:
    """Let conditions that cannot be asked be said with their places in the configuration."""
    try:
        yield
    except ConditionsError as wrong:
        raise located(wrong, config) from wrong


def located(wrong: ConditionsError, config: Config) -> ConfigError:
    """Say of conditions that cannot be asked where they stand."""
    places = _places(config)
    problems = [
        (line, f"{place}: {what}")
        for written, what in wrong.found
        for line, place in places.get(written, [(0, typed(written))])
    ]
    in_order = sorted(problems, key=lambda one: one[0])
    return ConfigError((said for _, said in in_order), wrong.hint)


def _places(config: Config) -> Mapping[str, list[tuple[int, str]]]:
    """Return the lines of each condition, and how the places are called."""
    from hourglass.problems import dotted

    document = parse_toml(config.text, str(config.path or ""))
    found: dict[str, list[tuple[int, str]]] = {}
    for key, line in document.lines().items():
        written = _value(document.data, key) if key[-1] == "where" or key[0] == "personas" else None
        if isinstance(written, str):
            place = f"{document.name}:{line}: " if document.name else ""
            found.setdefault(written, []).append((line, f"{place}{dotted(key)}"))
    return found


def _value(data: Any, key: Key) -> object:  # noqa: ANN401  (TOML)
    """Return what stands at a key; tables of a list count from 1, one alone has no number."""
    for part in key:
        numbered = isinstance(data, list) and part.isdigit()
        if isinstance(data, list):
            data = data[int(part) - 1 if numbered else 0]
        if not numbered:
            data = data[part]
    return data
