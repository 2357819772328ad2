"""What people ask today to find conflicts, each in its best fair form: SQL of PostGIS, overlays, coverages, shrinking.

Every function takes the county and the database's address, and answers with findings; pairs of parcels stand under one
rule, since none of these tells kinds of them.
"""

from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely

from api.bench.accuracy import ANY_PAIR, DAY
from data.samples.county import County, Finding
from data.sql import read_sql
from geo.codes import is_construction

_GATE_M2, _YARD_M2, _FARMLAND_M2, _HOUSE_M2, _TAKEN_M2, _SHRUNK_M = 1.0, 50.0, 1.0, 10.0, 10.0, 0.001
#: What the database gets of each layer.
_COLUMNS = {
    "parcel": {"code": "text", "category": "text", "unit_code": "text"},
    "reserved": {"code": "text"},
    "building": {"code": "text", "surveyed_on": "date"},
    "landcover": {"built": "boolean", "surveyed_on": "date"},
    "basic_farmland": {},
    "approval": {"kind": "text", "valid_from": "date", "valid_to": "date", "implemented_on": "date"},
    "title_plot": {"code": "text", "kind": "text"},
    "forest_right": {"code": "text"},
    "boundary": {"code": "text"},
}
_TABLES = {"parcel_right": ("parcel_code", "certificate_code"), "certificate_cancelled": ("certificate_code",)}


def loaded(made: County, url: str) -> County:
    """The county with invalid parcels repaired, as every peer gets it; stored in the database too."""
    ground = {name: frame.copy() for name, frame in made.ground.items()}
    parcels, cover = ground["parcel"], ground["landcover"]
    parcels["geometry"] = shapely.make_valid(parcels.geometry.to_numpy(), method="structure", keep_collapsed=False)
    cover["built"] = is_construction(cover["class_code"])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        for name, columns in _COLUMNS.items():
            told = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            connection.execute(f"CREATE TABLE {name} ({told}{', ' if told else ''}geometry geometry)")
            rows = ground[name][[*columns]].astype(object).where(ground[name][[*columns]].notna(), None)
            shapes = shapely.to_wkb(ground[name].geometry.to_numpy(), hex=True)
            with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for row, shape in zip(rows.itertuples(index=False), shapes, strict=True):
                    copy.write_row((*row, shape))
            connection.execute(f"CREATE INDEX ON {name} USING gist (geometry)")
            connection.execute(f"ANALYZE {name}")
        for name, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {name} ({', '.join(f'{column} text' for column in columns)})")
            with connection.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                for row in ground[name][[*columns]].itertuples(index=False):
                    copy.write_row(tuple(row))
    return replace(made, ground=ground)


def overlaps(_: County, url: str) -> set[Finding]:
    """ST_Overlaps."""
    return _pairs(_asked(url, "accuracy_overlaps"))


def intersects(_: County, url: str) -> set[Finding]:
    """ST_Intersects with an area."""
    return _pairs(_asked(url, "accuracy_intersects")) | set(_asked(url, "accuracy_granted"))


def construction(_: County, url: str) -> set[Finding]:
    """What stands on parcels, minus approvals of the day."""
    return {*_asked(url, "accuracy_construction"), *_asked(url, "accuracy_buildings")}


def registers(_: County, url: str) -> set[Finding]:
    """Expropriated ground, registered plots, forest rights and regions, each asked by its rule's square metres."""
    return set(_asked(url, "accuracy_registers", day=DAY))


def overlay(made: County, _: str) -> set[Finding]:
    """Overlays of parcels and of reserved land with themselves, with each other and with basic farmland."""
    parcels, grants, farmland = (made.ground[name] for name in ("parcel", "reserved", "basic_farmland"))
    cuts = _overlaid(grants, farmland.dissolve().assign(code="basic_farmland"))
    return {
        *_pairs([pair for pair, m2 in _overlaid(parcels, parcels).items() if pair[0] < pair[1] and m2 >= _GATE_M2]),
        *_named("OV-09", "parcel", "reserved", _overlaid(parcels, grants)),
        *(one for one in _named("OV-10", "reserved", "reserved", _overlaid(grants, grants)) if one[1] < str(one[2])),
        *(("OV-14", f"reserved:{code}", "basic_farmland") for (code, _), m2 in cuts.items() if m2 >= _GATE_M2),
    }


def registers_overlay(made: County, _: str) -> set[Finding]:
    """Overlays of parcels with expropriated ground, registered plots and forest rights."""
    ground = made.ground
    parcels, plots, approvals = ground["parcel"], ground["title_plot"], ground["approval"]
    gone = ground["certificate_cancelled"]["certificate_code"]
    stands = ground["parcel_right"].loc[~ground["parcel_right"]["certificate_code"].isin(gone), "parcel_code"]
    done = approvals["implemented_on"].fillna(approvals["valid_from"]) <= pd.Timestamp(DAY)
    taken = approvals[approvals["kind"].eq("2") & done].dissolve().assign(code="approval")
    whole = parcels.set_index("code").area
    lost = _overlaid(parcels[parcels["code"].isin(stands)], taken)
    own = set(zip(parcels["code"], parcels["unit_code"], strict=True))
    on_plots = _overlaid(parcels, plots[plots["kind"].isin(["1", "2", "3"])])
    return {
        *(
            ("OV-11", f"parcel:{code}", "approval")
            for (code, _), m2 in lost.items()
            if m2 >= min(_TAKEN_M2, max(_GATE_M2, whole[code] / 20))
        ),
        *_named("OV-12", "parcel", "title_plot", {pair: m2 for pair, m2 in on_plots.items() if pair not in own}),
        *_named("OV-13", "parcel", "forest_right", _overlaid(parcels, ground["forest_right"]), _TAKEN_M2),
    }


def _overlaid(one: gpd.GeoDataFrame, other: gpd.GeoDataFrame) -> dict[tuple[str, str], float]:
    """The area (m², to the square millimetre) that every two codes have in common."""
    sides = one[["code", "geometry"]], other[["code", "geometry"]].rename(columns={"code": "other"})
    cuts = gpd.overlay(*sides, how="intersection", keep_geom_type=True)
    area = cuts.assign(m2=cuts.area).groupby(["code", "other"])["m2"].sum().round(6)
    return dict(zip(area.index, area, strict=True))


def _named(
    rule: str, subject: str, against: str, shared: dict[tuple[str, str], float], least_m2: float = _GATE_M2
) -> set[Finding]:
    """Pairs of two layers that share so much."""
    return {(rule, f"{subject}:{a}", f"{against}:{b}") for (a, b), m2 in shared.items() if m2 >= least_m2}


def coverage(made: County, _: str) -> set[Finding]:
    """Edges that no valid coverage has; a pair are two parcels whose such edges meet the other."""
    parcels = made.ground["parcel"]
    shapes, codes = parcels.geometry.to_numpy(), parcels["code"].to_numpy()
    edges = shapely.coverage_invalid_edges(shapes)
    bad = np.flatnonzero(~shapely.is_empty(edges))
    one, other = shapely.STRtree(shapes[bad]).query(edges[bad], predicate="intersects")
    one, other = bad[one], bad[other]
    both = (one != other) & shapely.intersects(shapes[one], edges[other])
    return _pairs(list(zip(codes[one[both]], codes[other[both]], strict=True)))


def shrunk(made: County, _: str) -> set[Finding]:
    """Each parcel shrunk by a millimetre; two conflict if they still meet."""
    parcels = made.ground["parcel"]
    shapes, codes = shapely.buffer(parcels.geometry.to_numpy(), -_SHRUNK_M), parcels["code"].to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return _pairs(list(zip(codes[one[one < other]], codes[other[one < other]], strict=True)))


def construction_overlay(made: County, _: str) -> set[Finding]:
    """Overlays of parcels with construction, then minus the approvals of the day, patches of a parcel as one."""
    ground = made.ground
    parcels, cover, houses = (
        ground[name][[*columns, "geometry"]]
        for name, columns in (("parcel", ["code", "category"]), ("landcover", ["built"]), ("building", ["code"]))
    )
    built = cover.loc[cover["built"], ["geometry"]]
    yards = gpd.overlay(parcels, built, how="intersection", keep_geom_type=True).dissolve("code").reset_index()
    yards = _beyond(yards, ground["approval"], ground["landcover"]["surveyed_on"].max())
    farm = gpd.overlay(yards, ground["basic_farmland"][["geometry"]], how="intersection", keep_geom_type=True)
    farm = farm.dissolve("code").reset_index()
    stood = gpd.overlay(parcels, houses.rename(columns={"code": "building"}), how="intersection", keep_geom_type=True)
    stood = _beyond(stood, ground["approval"], ground["building"]["surveyed_on"].max())
    yards = yards[(yards["category"] == "10") & (yards.area >= _YARD_M2)]
    return {
        *(("ZZ-01", f"parcel:{code}", "landcover") for code in yards["code"]),
        *(("ZZ-02", f"parcel:{code}", "landcover") for code in farm["code"][farm.area >= _FARMLAND_M2]),
        *(
            ("ZZ-05", f"parcel:{code}", f"building:{house}")
            for code, house in stood.loc[stood.area >= _HOUSE_M2, ["code", "building"]].itertuples(index=False)
        ),
    }


def _beyond(cuts: gpd.GeoDataFrame, approvals: gpd.GeoDataFrame, day: pd.Timestamp) -> gpd.GeoDataFrame:
    """What no approval of the day covers."""
    valid = (approvals["valid_from"] <= day) & ~(approvals["valid_to"] <= day)
    return gpd.overlay(cuts, approvals.loc[valid, ["geometry"]], how="difference", keep_geom_type=True)


def _asked(url: str, name: str, **told: object) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(read_sql(f"bench/{name}.sql"), told or None).fetchall()


def _pairs(codes: list[tuple[Any, ...]]) -> set[Finding]:
    """Pairs of parcels, the lower one first."""
    return {(ANY_PAIR, *(f"parcel:{code}" for code in sorted(pair))) for pair in codes}
