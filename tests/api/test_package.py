"""A whole package in the office: every row of every layer and table rests in the books, with its links."""

from __future__ import annotations

import shapely
from sqlalchemy import func, select, text

from api.work import receive
from data.store.ground import load
from data.tables import FACTS, DetailFeature, SurveyFeature, UnitCode
from tests.intake.package import CODES, tree, write_folder, write_zip
from tests.intake.test_package import ROWS

ISSUER = CODES[0][:14]


def held(session):
    """How many versions stand of each layer and table."""

    def now(table):
        return func.upper_inf(table.known), func.upper_inf(table.valid)

    counts = {
        layer: session.scalar(select(func.count()).select_from(table).where(*now(table)))
        for layer, table in FACTS.items()
    }
    for table in (DetailFeature, SurveyFeature):
        counts |= dict(
            session.execute(select(table.layer, func.count()).where(*now(table)).group_by(table.layer)).all()
        )
    return {layer: count for layer, count in counts.items() if count}


def test_a_package_rests_in_the_books_and_delivered_again_changes_nothing(house, tmp_path):
    surveyor = house.signed_in("surveyor", "4417")
    report = house.deliver(surveyor, write_zip(tmp_path / "a.zip"), accept="valid_rows")
    assert report["state"] == "done", report["error"]
    assert {one["layer"]: (one["read"], one["stored"], one["rejected"]) for one in report["layers"]} == {
        layer: (rows, rows, 0) for layer, rows in ROWS.items()
    }
    assert report["package"]["rasters_total"] == 1
    with house.office.begin() as session:
        assert held(session) == {layer: rows for layer, rows in ROWS.items() if rows}
        points = session.scalars(select(DetailFeature).where(DetailFeature.layer == "boundary_point")).all()
        assert {point.area for point in points} == {ISSUER}
        assert sorted(point.parcels[0] for point in points) == sorted(CODES * 4)
        assert {shapely.from_wkb(point.delivered).geom_type for point in points} == {"Point"}
        ground = load(session, prefixes=[ISSUER[:12]], only=["parcel", "boundary_point"])
        assert (len(ground["boundary_point"]), ground["boundary_point"]["mine"].all()) == (16, True)
        before = session.scalar(text("SELECT count(*) FROM detail_feature"))

    # the same rows in a folder, one boundary point moved by a decimetre: its old place ends, all else stays as it is
    folder = write_folder(tmp_path)
    shape = bytearray((folder / "矢量数据/JZD.shp").read_bytes())
    at = 100 + 8 + 4
    x = shapely.from_wkb(bytes([1]) + b"\x01\0\0\0" + bytes(shape[at : at + 16])).x
    shape[at : at + 8] = shapely.to_wkb(shapely.Point(x + 0.1, 0))[5:13]
    (folder / "矢量数据/JZD.shp").write_bytes(bytes(shape))
    again = receive.hand_in_file(house.office, surveyor.person.username, folder, {"accept": "valid_rows"})
    house.work()
    assert surveyor.get(f"/api/v1/uploads/{again['id']}").json()["state"] == "done"
    with house.office.begin() as session:
        assert held(session) == {layer: rows for layer, rows in ROWS.items() if rows}
        written = "SELECT count(*) FILTER (WHERE upload_id = :id) FROM "
        of_points = session.scalar(text(f"{written} detail_feature"), {"id": again["id"]})
        assert session.scalar(text("SELECT count(*) FROM detail_feature")) == before + of_points
        assert of_points == 1
        assert session.scalar(text(f"{written} parcel"), {"id": again["id"]}) == 0


def test_a_package_for_another_area_is_rejected_row_by_row(house, tmp_path):
    report = house.deliver(house.signed_in("surveyor", "441721"), write_zip(tmp_path / "a.zip"), accept="valid_rows")
    rejected = {one["layer"]: one["rejected"] for one in report["layers"]}
    assert (rejected["parcel"], rejected["boundary_point"], rejected["unit_code"]) == (4, 16, 2)
    with house.office.begin() as session:
        assert "boundary_point" not in held(session)


def test_a_unit_code_in_a_column_is_kept_as_one_of_the_table(house, tmp_path):
    files = tree()
    del files["权属数据/4417812016.mdb"]
    csv = "DKBM,FBFBM,CBFBM,CBJYQQDFS,HTMJ,CBHTBM,CBJYQZBM,BDCDYH\n"
    csv += f"{CODES[0]},{ISSUER},{ISSUER}0001,110,100,{ISSUER}0001J,{ISSUER}0001J,441781001002JD00001W00000000\n"
    files["权属数据/CBDKXX.csv"] = csv.encode()
    house.deliver(house.signed_in("surveyor"), write_zip(tmp_path / "a.zip", files=files), accept="valid_rows")
    with house.office.begin() as session:
        (kept,) = session.scalars(select(UnitCode)).all()
        assert (kept.code, kept.unit_code) == (CODES[0], "441781001002JD00001W00000000")
