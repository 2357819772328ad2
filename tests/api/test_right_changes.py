"""Changes of rights in the office: a table of them comes in GBK, and land taken back within its term is found."""

from __future__ import annotations

from sqlalchemy import text

from tests.intake.build import CODE, DK, PRJ, dbf, delivery, layer, parcels, shp, square

ISSUER = "44178111320101"
HOLDER = f"{ISSUER}0001"
#: Right, contract and change of three parcels.
RIGHT = {"DKBM": ("C", 19), "FBFBM": ("C", 14), "CBFBM": ("C", 18), "CBJYQQDFS": ("C", 3), "CBHTBM": ("C", 19)}
CONTRACT = {"CBHTBM": ("C", 19), "FBFBM": ("C", 14), "CBFBM": ("C", 18), "CBFS": ("C", 3)}
CONTRACT |= {"CBQXQ": ("D", 8), "CBQXZ": ("D", 8)}
CHANGE = {"BGBH": ("C", 30), "DKBM": ("C", 19), "BGLX": ("C", 4), "YCBFBM": ("C", 18), "XCBFBM": ("C", 18)}
CHANGE |= {"BGRQ": ("D", 8), "JHSQRQ": ("D", 8), "BGYY": ("C", 200)}


def tables(returned: str = "") -> dict[str, bytes]:
    """A household's contract of 2019 on three parcels: one taken back in 2022, one given back, one assigned."""
    parcels = [CODE.format(n) for n in range(3)]
    rights = [{"DKBM": code, "FBFBM": ISSUER, "CBFBM": HOLDER, "CBHTBM": f"{HOLDER}J"} for code in parcels]
    contract = {"CBHTBM": f"{HOLDER}J", "FBFBM": ISSUER, "CBFBM": HOLDER, "CBFS": "110"}
    contract |= {"CBQXQ": "19990101", "CBQXZ": "20281231"}
    taken = {"BGBH": "变更〔2022〕1号", "DKBM": parcels[0], "BGLX": "901", "YCBFBM": HOLDER, "BGRQ": "20220501"}
    taken |= {"BGYY": "村小组统一收回", "JHSQRQ": returned}
    given = {"BGBH": "变更〔2022〕2号", "DKBM": parcels[1], "BGLX": "1071", "YCBFBM": HOLDER, "BGRQ": "20220501"}
    given |= {"BGYY": "自愿退出", "JHSQRQ": "20211001"}
    sold = {"BGBH": "变更〔2022〕3号", "DKBM": parcels[2], "BGLX": "1022", "YCBFBM": HOLDER, "BGRQ": "20220501"}
    sold |= {"XCBFBM": "441781113202020005", "BGYY": "转让"}
    return {
        "CBDKXX": dbf(RIGHT, rights, language=0x4D),
        "CBHT": dbf(CONTRACT, [contract], language=0x4D),
        "QSBG": dbf(CHANGE, [taken, given, sold], language=0x4D),
    }


def deliver(house, surveyor, path, returned: str = ""):
    layers = {"DK": layer()} | {name: {".dbf": content} for name, content in tables(returned).items()}
    report = house.deliver(surveyor, delivery(path, **layers), accept="valid_rows")
    assert report["state"] == "done", report["error"]
    return report


def found(house) -> dict[str, dict]:
    """What stands of changes of rights, by rule."""
    query = text(
        "SELECT finding.rule, finding.subject, said.village, said.sentence_zh, said.presence, said.article,"
        " ST_Within(said.point, parcel.geom) AS placed FROM finding JOIN finding_version AS said USING (key)"
        " JOIN right_change AS change ON 'right_change:' || change.code = finding.subject AND upper_inf(change.known)"
        " AND upper_inf(change.valid) JOIN parcel ON parcel.code = change.parcel_code AND upper_inf(parcel.known)"
        " AND upper_inf(parcel.valid) WHERE upper_inf(said.known) AND finding.rule LIKE 'Z%' ORDER BY finding.rule"
    )
    with house.office.begin() as session:
        return {row["rule"]: dict(row) for row in session.execute(query).mappings()}


def test_land_taken_back_within_the_term_is_found_in_its_village_and_gone_with_a_written_return(house, tmp_path):
    surveyor = house.signed_in("surveyor", "4417")
    report = deliver(house, surveyor, tmp_path / "first.zip")
    assert {one["layer"]: one["stored"] for one in report["layers"]}["right_change"] == 3
    told = found(house)
    assert set(told) == {"ZM-01", "ZM-12"}
    taken, sold = told["ZM-12"], told["ZM-01"]
    assert taken["subject"] == "right_change:变更〔2022〕1号"
    assert sold["subject"] == "right_change:变更〔2022〕3号"
    assert "未见承包方书面交回或征收批文" in taken["sentence_zh"]
    assert taken["article"] == ["RLCL-2018-27", "RLCL-2018-28", "RLCL-2018-30", "RLCL-2018-57"]
    # the number of the paper names no place; the parcel that it speaks of does
    assert {one["village"] for one in told.values()} == {ISSUER[:12]}
    assert taken["placed"]
    assert sold["placed"]

    deliver(house, surveyor, tmp_path / "second.zip", returned="20211001")
    assert {rule: one["presence"] for rule, one in found(house).items()} == {"ZM-01": "present", "ZM-12": "gone"}


def test_flexible_land_an_outsiders_house_and_shares_in_two_collectives_are_found_in_their_place(house, tmp_path):
    other, number = "44178111320201", "442922188001011237"
    ground = layer(**{"dbf": dbf(DK, parcels(DKLB=["22", "10", "10"]), language=0x4D)})
    building = shp([square(1, 5.0)]) | {".prj": PRJ}
    building[".dbf"] = dbf(
        {"JZWBH": ("C", 20), "SYRBM": ("C", 18), "SFMM": ("C", 1)},
        [{"JZWBH": "B1", "SYRBM": f"{other}0007", "SFMM": "1"}],
    )
    people = [
        {"CBFBM": who, "CYXM": "张虚构", "CYZJLX": "1", "CYZJHM": number, "SFGYR": "1"}
        for who in (HOLDER, f"{other}0009")
    ]
    members = dbf(
        {"CBFBM": ("C", 18), "CYXM": ("C", 50), "CYZJLX": ("C", 1), "CYZJHM": ("C", 20), "SFGYR": ("C", 1)},
        people,
        language=0x4D,
    )
    layers = {name: {".dbf": content} for name, content in tables().items()}
    layers |= {"DK": ground, "JZW": building, "CBF_JTCY": {".dbf": members}}
    report = house.deliver(
        house.signed_in("surveyor", "4417"), delivery(tmp_path / "a.zip", **layers), accept="valid_rows"
    )
    assert report["state"] == "done", report["error"]
    query = text(
        "SELECT finding.rule, finding.subject, said.village, said.point IS NOT NULL AS placed, said.evidence::text"
        " FROM finding JOIN finding_version AS said USING (key)"
        " WHERE upper_inf(said.known) AND finding.rule IN ('QY-01', 'QY-03', 'ZM-09')"
        " ORDER BY finding.rule, said.village"
    )
    with house.office.begin() as session:
        flexible, *shared, sold = session.execute(query).mappings().all()
    assert (flexible["subject"], flexible["village"], flexible["placed"]) == (f"issuer:{ISSUER}", ISSUER[:12], True)
    assert (sold["subject"], sold["village"], sold["placed"]) == (f"parcel:{CODE.format(1)}", ISSUER[:12], True)
    # each of the two households is told, in its own village
    told = {(one["subject"].partition("/")[0], one["village"], one["placed"]) for one in shared}
    assert told == {(f"member:{HOLDER}", ISSUER[:12], True), (f"member:{other}0009", other[:12], False)}
    assert number not in "".join(one["evidence"] + one["subject"] for one in (flexible, *shared, sold))
