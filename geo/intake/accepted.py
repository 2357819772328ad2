"""The rows of a layer that can be stored, as they lie in an Arrow file: stretch by stretch, or all at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely


class Accepted:
    """So many rows of one layer or table; `crs` is None for a table.

    The file is held open: it can be read for as long as it is needed, and nothing of it stays when its folder is gone.
    Rows can be left out after all (`without`) or get other shapes (`redrawn`), by their numbers in the delivered file.
    """

    def __init__(self, path: Path, rows: int, crs: str | None):
        self._file, self._rows, self.crs = pa.OSFile(str(path)), rows, crs
        self._schema: pa.Schema = pa.ipc.open_file(self._file).schema
        self._left_out: list[int] = []
        self._redrawn: Mapping[int, bytes] = {}

    def __len__(self) -> int:
        return self._rows - len(self._left_out)

    @property
    def names(self) -> list[str]:
        """The columns by our names, `geometry` among them."""
        return list(self._schema.names)

    def without(self, rows: Iterable[int]) -> "Accepted":
        """The same rows but for some."""
        fewer = object.__new__(Accepted)
        fewer.__dict__ |= self.__dict__ | {"_left_out": sorted({*self._left_out, *rows})}
        return fewer

    def redrawn(self, shapes: Mapping[int, bytes]) -> "Accepted":
        """The same rows, some with another shape: well-known binary by the number of its row."""
        changed = object.__new__(Accepted)
        changed.__dict__ |= self.__dict__ | {"_redrawn": {**self._redrawn, **shapes}}
        return changed

    def column(self, name: str) -> Iterator[pa.Array]:
        """One column, stretch by stretch; hardly anything else is read."""
        for batch in self._batches([name]):
            yield batch.column(name)

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The rows, or some columns of them, a stretch at a time."""
        for batch in self._batches(columns):
            yield _frame(pa.Table.from_batches([batch]), self.crs)

    def frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """All rows at once, for those who look at a layer as a whole."""
        batches = [*self._batches(columns)]
        if not batches:  # every row was rejected
            return _frame(self._schema.empty_table().select(columns or self.names), self.crs)
        return _frame(pa.Table.from_batches(batches), self.crs)

    def _batches(self, columns: Sequence[str] | None) -> Iterator[pa.RecordBatch]:
        """The stretches of the file with the columns that are wanted, and the number of each row."""
        chosen = None if columns is None else sorted(self.names.index(name) for name in {"row", *columns})
        reader = pa.ipc.open_file(self._file, options=pa.ipc.IpcReadOptions(included_fields=chosen))
        for at in range(reader.num_record_batches):
            batch = reader.get_batch(at)
            if self._left_out:
                batch = batch.filter(pc.invert(pc.is_in(batch.column("row"), pa.array(self._left_out))))
            if self._redrawn and "geometry" in batch.schema.names:
                batch = self._with_other_shapes(batch)
            yield batch
            # What was freed goes back to the system at once: stretches come faster than Arrow would give it back.
            del batch
            pa.default_memory_pool().release_unused()

    def _with_other_shapes(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A stretch in which some rows are drawn anew; one that holds none of them is given as it is."""
        rows = batch.column("row").to_pylist()
        if self._redrawn.keys().isdisjoint(rows):
            return batch
        shapes = batch.column("geometry").to_pylist()
        changed = [self._redrawn.get(row, shape) for row, shape in zip(rows, shapes, strict=True)]
        return batch.set_column(batch.schema.names.index("geometry"), "geometry", pa.array(changed, pa.binary()))


def keep(path: Path, stretches: Iterable[pd.DataFrame], crs: str | None) -> Accepted:
    """Write rows as they come, a stretch at a time (one at least), all with the columns of the first."""
    batches = map(_plain, stretches)
    batch = next(batches)
    rows = len(batch)
    with pa.ipc.new_file(str(path), batch.schema) as writer:
        writer.write_batch(batch)
        for batch in batches:
            writer.write_batch(batch)
            rows += len(batch)
    return Accepted(path, rows, crs)


def _plain(frame: pd.DataFrame) -> pa.RecordBatch:
    """A frame as columns of Arrow; a column in which nothing is written is one of texts."""
    arrays = {
        name: pa.array(values, pa.string() if values.dtype == object else None, from_pandas=True)
        for name, values in frame.items()
        if name != "geometry"
    }
    if isinstance(frame, gpd.GeoDataFrame):
        arrays["geometry"] = pa.array(shapely.to_wkb(frame.geometry.to_numpy()).tolist(), pa.binary())
    return pa.record_batch(arrays)


def _frame(table: pa.Table, crs: str | None) -> pd.DataFrame:
    """Columns of Arrow as a frame; dates come back to the second."""
    frame = pd.DataFrame({name: _column(table[name]) for name in table.column_names if name != "geometry"})
    if "geometry" not in table.column_names:
        return frame
    return gpd.GeoDataFrame(frame, geometry=shapely.from_wkb(table["geometry"].to_numpy(zero_copy_only=False)), crs=crs)


def _column(values: pa.ChunkedArray) -> Any:
    """A column as the reader had it: texts as objects, whole numbers that may be missing, numbers, days."""
    if pa.types.is_string(values.type):
        return pd.Series(values.to_numpy(zero_copy_only=False), dtype=object)
    return values.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get) if values.null_count else values.to_pandas()
