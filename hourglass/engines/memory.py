"""What an engine knows of the tables it made, so that none is made twice."""

from hourglass.queries import Catalog


class Memory:
    """Takes down what tables hold, in the words of whoever made them."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._contents: dict[str, str] = {}

    def remember(self, content: str, *tables: str) -> None:
        """Take down what tables hold, until they are made anew or added to."""
        self._contents.update(dict.fromkeys(tables, self._known(content)))

    def remembers(self, content: str, *tables: str) -> bool:
        """Whether all of these tables hold just this still."""
        return all(self._contents.get(table) == self._known(content) for table in tables)

    def forget(self) -> None:
        """Remember nothing of any table."""
        self._contents.clear()

    def _changed(self, name: str) -> None:
        """Know no more of a relation that is another now, nor of any if it is the events."""
        self._contents.pop(name, None)
        if name == "events":
            self.forget()

    def _known(self, content: str) -> str:
        """Let what the files of one catalog made be no other's."""
        return f"{content} by {self.catalog.overrides}"
