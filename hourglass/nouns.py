"""Counts with their nouns."""


def many(number: int, one: str, more: str | None = None) -> str:
    """Write `1 row`, `1,234 rows`, `2 people`; without `more` an s is added."""
    return f"{number:,} {one if number == 1 else more or f'{one}s'}"


def people(number: int) -> str:
    """Write `1 person`, `2,600 people`."""
    return many(number, "person", "people")
