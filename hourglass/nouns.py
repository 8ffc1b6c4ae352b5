"""Counts with their nouns."""


def many(number: int, one: str, more: str | None = None) -> str:
    """Write `1 row`, `1,234 rows`, `2 people`; without `more` an s is added."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def people(number: int) -> str:
    """Write `1 person`, `2,600 people`."""
    return many(number, "person", "people")


def counted(number: int, by: object) -> str:
    """Write `2,600 people` or `2,600 sessions`, whoever is counted by the rule `count`."""
    return many(number, "session") if by == "session" else people(number)


def whoever(by: object) -> str:
    """Name those who are counted by the rule `count`: `people` or `sessions`."""
    return "sessions" if by == "session" else "people"


def meaning(by: object) -> str:
    """Say what a person is where another key than the user is counted; else nothing."""
    if by is None or by == "user":
        return ""
    return f"each {'session' if by == 'session' else f'value of {by}'} is counted as a person"
