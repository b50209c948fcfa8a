"""The reject file: a CSV of what could not be recorded, with line and reason, ready to be mended and imported."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from resolvers.importing import Item
from schema.commands.files import REJECT_COLUMNS
from signals.errors import StartupError


class Rejects:
    """Writes rejects as they come. The file is made when there is a first one."""

    def __init__(self, path: Path, header: Sequence[str], until: ExitStack) -> None:
        self.path = path
        self.count = 0
        self._columns = [name for name in header if name not in REJECT_COLUMNS]
        self._kept = [n for n, name in enumerate(header) if name not in REJECT_COLUMNS]
        self._width = len(header)
        self._until = until

    def add(self, item: Item, reason: str) -> None:
        """Keep a row with the reason why it was not recorded."""
        if not self.count:
            self._open()
        self.count += 1
        cells = item.source
        row = [cells[n] for n in self._kept] if len(cells) == self._width else cells
        self._writer.writerow([item.line, reason, *row])

    def _open(self) -> None:
        try:
            file = self.path.open("w", encoding="utf-8", errors="surrogateescape", newline="")
        except OSError as error:
            raise StartupError(f"The reject file {self.path} cannot be written: {error.strerror}") from error
        self._writer = csv.writer(self._until.enter_context(file))
        self._writer.writerow([*REJECT_COLUMNS, *self._columns])


@contextmanager
def kept(path: Path, header: Sequence[str]) -> Iterator[Rejects]:
    """A reject file for one run, in place of an earlier run's."""
    path.unlink(missing_ok=True)
    with ExitStack() as until:
        yield Rejects(path, header, until)
