"""A Parquet file of training rows: written a row group at a time, in place of an older one only when it is whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from errno import EISDIR
from pathlib import Path
from typing import TYPE_CHECKING, Any

from signals.errors import StartupError
from signals.training import Column, Example, Kind

if TYPE_CHECKING:
    import pyarrow

ROW_GROUP = 20_000
MISSING = (
    "Writing Parquet needs pyarrow, which is not installed. Install Sociograph with its extra: "
    "pip install 'sociograph[training]'."
)
NEVER_MISSING = frozenset({Kind.FLAG, Kind.WHOLE})


def arrow() -> Any:
    """The pyarrow package. Raises StartupError where it is not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise StartupError(MISSING) from error
    return pyarrow


def schema(columns: Sequence[Column], about: dict[str, str]) -> pyarrow.Schema:
    """The file's schema. Fields say their role and meaning; ``about`` is said of the whole."""
    pa = arrow()
    types = {
        Kind.TEXT: pa.string(),
        Kind.WORD: pa.dictionary(pa.int32(), pa.string()),
        Kind.WHOLE: pa.int32(),
        Kind.PLACE: pa.int32(),
        Kind.NUMBER: pa.float64(),
        Kind.FLAG: pa.bool_(),
        Kind.INSTANT: pa.timestamp("ms", tz="UTC"),
    }
    fields = [
        pa.field(
            column.name,
            types[column.kind],
            nullable=column.kind not in NEVER_MISSING,
            metadata={"role": column.role.value, "description": column.meaning},
        )
        for column in columns
    ]
    return pa.schema(fields, metadata=about)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StartupError(f"{path} cannot be written: {error.strerror or error}") from error


class Rows:
    """Collects rows by column and writes them when a group is full."""

    def __init__(self, path: Path, columns: Sequence[Column], about: dict[str, str]) -> None:
        self._path, self._part = path, path.with_name(f"{path.name}.part")
        self._columns, self._form = columns, schema(columns, about)
        self._values: list[list[Any]] = [[] for _ in columns]
        self.count = self.engaged = 0
        with _writing(path):
            if path.is_dir():
                raise IsADirectoryError(EISDIR, "it is a folder")
            self._writer = arrow().parquet.ParquetWriter(self._part, self._form, compression="zstd")

    def add(self, example: Example) -> None:
        """One row more."""
        for column, values in zip(self._columns, self._values, strict=True):
            values.append(column.of(example))
        self.count += 1
        self.engaged += example.label is not None
        if self.count % ROW_GROUP == 0:
            self._flush()

    def _flush(self) -> None:
        pa = arrow()
        arrays = [pa.array(values, field.type) for values, field in zip(self._values, self._form, strict=True)]
        with _writing(self._path):
            self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._form), row_group_size=ROW_GROUP)
        for values in self._values:
            values.clear()

    def finish(self) -> None:
        """Write the rest, and put the file in its place."""
        if self._values[0]:
            self._flush()
        with _writing(self._path):
            self._writer.close()
            self._part.replace(self._path)

    def close(self) -> None:
        """Leave nothing behind of a file that was not finished."""
        with _writing(self._path):
            self._writer.close()
            self._part.unlink(missing_ok=True)


@contextmanager
def written(path: Path, columns: Sequence[Column], about: dict[str, str]) -> Iterator[Rows]:
    """Rows for ``path``, which is there when the block ends well. Raises StartupError where it cannot be written."""
    rows = Rows(path, columns, about)
    try:
        yield rows
        rows.finish()
    finally:
        rows.close()
