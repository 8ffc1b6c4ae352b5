"""The list of mutations is about the queries as they are."""

import tomllib

from hourglass.queries import bundled
from tests.mutations.__main__ import LIST


def test_what_a_mutation_changes_is_there_to_be_changed():
    listed = tomllib.loads(LIST.read_text("utf-8"))["mutation"]
    gone = [
        (one["file"], one["text"])
        for one in listed
        if one["text"] not in (bundled() / one["file"]).read_text("utf-8")
    ]
    assert gone == []
