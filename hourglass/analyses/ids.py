"""Ids of people where an answer may be shown around: short hashes that tell them apart."""

import hashlib


def short_id(user: str) -> str:
    """Return the first eight hex digits of the SHA-256 of an id."""
    return hashlib.sha256(user.encode()).hexdigest()[:8]
