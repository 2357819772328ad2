"""Work `import`: one zipped shapefile of parcels into PostGIS, by us with every check, and by those who check nothing.

The shapefile has the standard's widths: nine columns of text, one number, GBK. Every method writes into a schema that
was emptied before, which is not counted; its clock runs from the zip to the commit. What each leaves behind:

- dingxin: a logged table in versions, with all constraints, five indexes and the counts of the map; the shape as
  delivered, in the metric system and for the map; the report. The child process that reads is counted.
- ogr2ogr: one logged table, COPY, the shapes in the system of the file, no index.
- ogr2ogr, indexed: the same, and then the indexes that our table has, without its exclusion and its checks.
- read_arrow, rows: pyogrio's Arrow table, copied row by row by psycopg into a logged table without index.
- geopandas: `to_postgis`, which makes a logged table with an index on the shapes.
- shp2pgsql: unzipped first, `-D` into psql, a logged table with a primary key.

Peak memory is that of the walk's own process or of the largest that it started (here the reading child), whichever has
held more (VmHWM, ru_maxrss); the server's is not counted for anybody. `--size 100k --size 1M` also prints how ours
grows from one size to the other.
"""

import shutil
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pyogrio
from sqlalchemy import create_engine, make_url

from data.sql import read_sql

METHODS = {
    "dingxin": "api.bench.imports:ours",
    "ogr2ogr COPY": "api.bench.imports:ogr2ogr",
    "ogr2ogr COPY, indexed": "api.bench.imports:ogr2ogr_indexed",
    "pyogrio read_arrow, psycopg rows": "api.bench.imports:arrow_rows",
    "geopandas to_postgis": "api.bench.imports:geopandas_to_postgis",
    "shp2pgsql": "api.bench.imports:shp2pgsql",
}
#: The metric system of the fabric, which is that of the file, and where an import is put.
CRS, SCHEMA = 4525, "imported"
_TEXTS = ("DKBM", "DKMC", "SYQXZ", "DKLB", "TDLYLX", "DLDJ", "TDYT", "SFJBNT", "ZJRXM")
_VILLAGE = 2000
#: Areas come out alike in all systems of the file's zone, to rounding.
_CLOSE_M2 = 1e-3


def prepare(folder: Path, size: int, url: str) -> None:
    """Write `DK4417812026.zip`: the fabric with codes of villages of 2000 parcels, as a surveyor delivers it."""
    from api.bench.storage import hilbert
    from data.samples.delivery import DAY
    from data.samples.fabric import fabric
    from geo.delivery.dbf import whole
    from geo.fields import dictionary

    (folder / "database.txt").write_text(url, encoding="utf-8")
    shapes = fabric(size).shapes
    # neighbours are of one village
    shapes = shapes[hilbert(shapes)]
    row = np.arange(size)
    frame = gpd.GeoDataFrame(geometry=shapes, crs=CRS)
    village, parcel = row // _VILLAGE, row % _VILLAGE
    told = {
        "DKBM": [f"441781113{v:03d}{p // 200 + 1:02d}{p + 1:05d}" for v, p in zip(village + 200, parcel, strict=True)],
        "DKMC": np.array(["水库边", "垌口", "石角", "大田", "长坑尾"], dtype=object)[row % 5],
        "SYQXZ": "31",
        "DKLB": np.array(["10", "10", "10", "21", "22"], dtype=object)[row % 5],
        "TDLYLX": np.array(["011", "013"], dtype=object)[row % 2],
        "DLDJ": np.array(["03", "04", "05", "06"], dtype=object)[row % 4],
        "TDYT": "1",
        "SFJBNT": np.array(["1", "2"], dtype=object)[row % 2],
        "ZJRXM": np.array(["陈德福", "林秀英", "黄生", "李桂花", "张旺财", "谢梅"], dtype=object)[row % 6],
        "SCMJ": frame.area.round(2),
    }
    known = {field.standard: field for field in dictionary() if field.table == "DK"}
    pyogrio.write_dataframe(frame, folder / "DK4417812026.shp", geometry_type="Polygon")
    table = whole(pd.DataFrame(told), [known[name] for name in (*_TEXTS, "SCMJ")], DAY)
    (folder / "DK4417812026.dbf").write_bytes(table)
    (folder / "DK4417812026.cpg").write_bytes(b"GBK")
    with zipfile.ZipFile(_zip(folder), "w", zipfile.ZIP_DEFLATED) as archive:
        for part in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
            archive.write(folder / f"DK4417812026{part}", f"DK4417812026{part}")


def same(ours: pd.DataFrame, theirs: pd.DataFrame) -> bool:
    """Tell whether two imports hold as many rows, the same total area and the same set of codes."""
    mine, other = ours.iloc[0], theirs.iloc[0]
    alike = mine["rows"] == other["rows"] and mine["codes"] == other["codes"]
    return bool(alike and abs(mine["m2"] - other["m2"]) <= _CLOSE_M2 * mine["rows"])


def ours(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """The walk of a delivery from the original in the house to its rows in the books, before detection."""
    from api import people
    from api.office import open_office
    from api.settings import Settings
    from api.work import receive, walk
    from data.migrations import upgrade

    url = _emptied(folder)
    upgrade(url)
    office = open_office(Settings(home=folder / "home", database_url=url))
    with office.begin() as session:
        people.open_account(session, "bench", "surveyor", "441781")
    upload = receive.hand_in_file(office, "bench", _zip(folder), {})
    start = time.perf_counter()
    walk.take_in(office, upload["id"], accept=True)
    seconds = time.perf_counter() - start
    office.engine.dispose()
    return _told(folder, "SELECT code, area_m2 FROM parcel"), [seconds]


def ogr2ogr(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """GDAL's own way, by COPY and without an index."""
    return _timed(folder, lambda url: _ogr2ogr(folder, url), "SELECT dkbm, ST_Area(geom) FROM p")


def ogr2ogr_indexed(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """GDAL's own way, and then the indexes that our table has."""

    def load(url: str) -> None:
        _ogr2ogr(folder, url)
        with psycopg.connect(url) as connection:
            connection.execute(read_sql("bench/import_index.sql"))

    return _timed(folder, load, "SELECT dkbm, ST_Area(geom) FROM p")


def _ogr2ogr(folder: Path, url: str) -> None:
    address = make_url(url)
    parts = address.translate_connect_args(username="user", database="dbname") | dict(address.query)
    target = "PG:" + " ".join(f"{name}='{value}'" for name, value in parts.items())
    source = f"/vsizip/{_zip(folder)}/DK4417812026.shp"
    command = ["ogr2ogr", "--config", "PG_USE_COPY", "YES", "-f", "PostgreSQL", target, source, "-nln", f"{SCHEMA}.p"]
    command += ["-lco", "GEOMETRY_NAME=geom", "-lco", "SPATIAL_INDEX=NONE", "-nlt", "GEOMETRY", "-gt", "unlimited"]
    _run(command)


def arrow_rows(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """What a careful writer of Python does: Arrow from GDAL, rows into COPY."""

    def load(url: str) -> None:
        _, table = pyogrio.read_arrow(f"/vsizip/{_zip(folder)}/DK4417812026.shp", encoding="gb18030")
        with psycopg.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(read_sql("bench/import_table.sql"))
            with cursor.copy("COPY p FROM STDIN") as copy:
                columns = [table[name].to_pylist() for name in (*_TEXTS, "SCMJ")]
                shapes = [shape.hex() for shape in table["wkb_geometry"].to_pylist()]
                for line in zip(*columns, shapes, strict=True):
                    copy.write_row(line)

    return _timed(folder, load, "SELECT dkbm, ST_Area(geom) FROM p")


def geopandas_to_postgis(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """The Python that people write first."""

    def load(url: str) -> None:
        frame = gpd.read_file(f"/vsizip/{_zip(folder)}/DK4417812026.shp", encoding="gb18030")
        engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
        frame.to_postgis("p", engine, schema=SCHEMA)
        engine.dispose()

    return _timed(folder, load, 'SELECT "DKBM", ST_Area(geometry) FROM p')


def shp2pgsql(folder: Path) -> tuple[pd.DataFrame, list[float]]:
    """PostGIS's own loader, by COPY."""

    def load(url: str) -> None:
        place = folder / "unzipped"
        with zipfile.ZipFile(_zip(folder)) as archive:
            archive.extractall(place)
        command = ["shp2pgsql", "-D", "-s", str(CRS), "-W", "GB18030", place / "DK4417812026.shp", f"{SCHEMA}.p"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as dump:
            _run(["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "-d", url], stdin=dump.stdout)
        shutil.rmtree(place)

    return _timed(folder, load, "SELECT dkbm, ST_Area(geom) FROM p")


def _timed(folder: Path, load: Callable[[str], None], query: str) -> tuple[pd.DataFrame, list[float]]:
    """Empty the schema, let a method import into it, and tell what lies there and how long that took."""
    url = _emptied(folder)
    start = time.perf_counter()
    load(url)
    seconds = time.perf_counter() - start
    return _told(folder, query), [seconds]


def _emptied(folder: Path) -> str:
    """Empty the schema and give the address by which it is found first."""
    url = (folder / "database.txt").read_text(encoding="utf-8")
    with psycopg.connect(url) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA}, published CASCADE")
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
    return f"{url}{'&' if '?' in url else '?'}options={quote(f'-csearch_path={SCHEMA},public')}"


def _told(folder: Path, query: str) -> pd.DataFrame:
    """What an import left: rows, total area, and the digest of its codes in order; counted by the server."""
    url = (folder / "database.txt").read_text(encoding="utf-8")
    text = read_sql("bench/import_told.sql").format(query=query)
    with psycopg.connect(url, options=f"-csearch_path={SCHEMA},public") as connection:
        rows, m2, codes = connection.execute(text).fetchone()
    return pd.DataFrame({"rows": [rows], "m2": [m2], "codes": [codes]})


def _run(command: list, **options: object) -> None:
    """Run a program; ImportError where it is not installed, with its last words where it fails."""
    if shutil.which(command[0]) is None:
        raise ImportError(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RuntimeError((done.stderr.strip().splitlines() or [command[0]])[-1])


def _zip(folder: Path) -> Path:
    return folder / "DK4417812026.zip"
