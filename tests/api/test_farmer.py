"""What a farmer sees: their own certificate, masked; nothing of anybody else, and nothing by guessing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from api.routes.certificates import ANSWER_SECONDS
from api.work.certify import bound

LOOKUP = "/api/v1/certificates/lookup"


@pytest.fixture
def paper(town):
    """A certificate of the sample with what its holder knows, unmasked from the books."""
    with town.office.begin() as session:
        row = session.execute(
            text(
                "SELECT entry.code AS number, holder.name, holder.id_number, holder.code AS contractor"
                " FROM register_entry AS entry JOIN contractor AS holder ON holder.code = entry.contractor_code"
                " WHERE holder.kind = '1' ORDER BY entry.code LIMIT 1"
            )
        ).one()
    return row


def proof(paper, **other):
    return {"number": paper.number, "name": paper.name, "id_tail": paper.id_number[-6:], **other}


def test_the_holder_sees_their_own_and_no_other_name(town, paper):
    answer = town.anonymous().post(LOOKUP, json=proof(paper))
    assert answer.status_code == 200, answer.text
    card = answer.json()
    assert card["code"] == paper.number
    assert card["holder"][0] == paper.name[0]
    assert "*" in card["holder"]
    assert card["parcels"]
    assert card["parcels"][0]["geometry"]["coordinates"]
    assert set(card["withheld"]) == {"is", "reasons"}
    with town.office.begin() as session:
        names = set(session.scalars(text("SELECT name FROM contractor UNION SELECT name FROM household_member")))
    assert len(names) > 100
    seen = answer.text
    assert not [name for name in names if f'"{name}"' in seen]
    assert paper.id_number not in seen


def test_every_miss_is_the_same_miss(town, paper):
    wrong = [
        proof(paper, number="441781104200990001J"),
        proof(paper, name="李无此人"),
        proof(paper, id_tail="000000"),
        {"token": "A" * 22},
    ]
    answers = [town.anonymous(f"192.0.2.{n}").post(LOOKUP, json=given) for n, given in enumerate(wrong, 20)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted((k, v) for k, v in a.headers.items() if k != "date")) for a in answers}) == 1


def test_every_miss_takes_the_same_time(town, paper):
    """A number that exists, with a wrong name, answers no later than one that does not."""

    def seconds(given, addresses):
        return min(town.anonymous(f"192.0.2.{n}").post(LOOKUP, json=given).elapsed.total_seconds() for n in addresses)

    seconds(proof(paper, name="李无此人"), [39])
    known = seconds(proof(paper, id_tail="000000"), range(40, 46))
    unknown = seconds(proof(paper, number="441781104200990001J"), range(46, 52))
    assert abs(known - unknown) < 0.05
    assert min(known, unknown) >= ANSWER_SECONDS


def test_numbers_are_not_walked_through(town, paper):
    """Sequential numbers hit nothing, and the address is soon told to wait; one number is guarded from all sides."""
    client = town.anonymous("192.0.2.60")
    statuses = [client.post(LOOKUP, json=proof(paper, number=f"441781104200010{n:03}J")).status_code for n in range(8)]
    assert statuses[:5] == [404] * 5
    assert statuses[5:] == [429] * 3
    elsewhere = [
        town.anonymous(f"198.51.100.{n}").post(LOOKUP, json=proof(paper, id_tail="000000")).status_code
        for n in range(22)
    ]
    assert elsewhere.count(404) == 20
    assert elsewhere[-1] == 429


def test_the_extract_and_the_code_on_it(town, paper, monkeypatch):
    client = town.anonymous("192.0.2.70")
    card = client.post(LOOKUP, json=proof(paper)).json()
    printed = []
    from web import certificate

    real = certificate.pdf
    monkeypatch.setattr(certificate, "pdf", lambda card, link, *rest: printed.append(link) or real(card, link, *rest))
    answer = client.get(card["pdf_url"])
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"%PDF")
    token = printed[0].partition("#t=")[2]
    assert client.post(LOOKUP, json={"token": token}).json()["code"] == paper.number
    client.get(card["pdf_url"])
    assert printed[0] == printed[1]


def test_without_a_chinese_font_it_says_so(town, paper, monkeypatch, tmp_path):
    client = town.anonymous("192.0.2.72")
    url = client.post(LOOKUP, json=proof(paper)).json()["pdf_url"]
    monkeypatch.setattr("web.press.font_folder.__defaults__", ((str(tmp_path),),))
    answer = client.get(url)
    assert (answer.status_code, answer.json()["code"]) == (503, "font_missing")


def test_a_link_that_is_forged_or_old_opens_nothing(town, paper, monkeypatch):
    client = town.anonymous("192.0.2.71")
    url = client.post(LOOKUP, json=proof(paper)).json()["pdf_url"]
    body, _, _ = url.removeprefix("/api/v1/certificates/").partition(".pdf")
    text_, _, mac = body.partition(".")
    for forged in (f"{text_[:-2]}AA.{mac}", f"{text_}.{mac[:-2]}AA", text_, f"{text_}.", "..", "é.é"):
        assert client.get(f"/api/v1/certificates/{forged}.pdf").status_code == 404
    import time

    now = time.time
    monkeypatch.setattr("api.seal.time.time", lambda: now() + 16 * 60)
    assert client.get(url).status_code == 404


def test_what_holds_it_back_is_what_stands_now(town):
    """A blocking finding withholds; once an official has dismissed it, the next look is clear."""
    official = town.signed_in("official")
    with town.office.begin() as session:
        row = session.execute(
            text(
                "SELECT said.key, entry.code AS number, holder.name, holder.id_number"
                " FROM finding_version AS said JOIN finding USING (key)"
                " JOIN parcel_right AS held ON 'parcel:' || held.parcel_code = finding.subject"
                " JOIN register_entry AS entry ON entry.code = held.certificate_code"
                " JOIN contractor AS holder ON holder.code = entry.contractor_code"
                " WHERE said.severity = 'high' AND (SELECT count(*) FROM finding AS f JOIN parcel_right AS r ON"
                " f.subject = 'parcel:' || r.parcel_code OR f.against = 'parcel:' || r.parcel_code"
                " WHERE r.certificate_code = entry.code) = 1 ORDER BY said.key LIMIT 1"
            )
        ).one()
    before = town.anonymous("192.0.2.80").post(LOOKUP, json=proof(row)).json()["withheld"]
    assert before["is"] is True
    assert before["reasons"][0]["zh"]
    for seq, action in enumerate(("take_up", "dismiss")):
        given = {"action": action, "reason": "现场无重叠", "seq": seq}
        assert official.post(f"/api/v1/findings/{row.key}/events", json=given).status_code == 201
    after = town.anonymous("192.0.2.81").post(LOOKUP, json=proof(row)).json()["withheld"]
    assert after == {"is": False, "reasons": []}


def test_no_id_number_in_any_answer_to_nobody(town, paper):
    """The canary: every ID number of the books, looked for in everything an anonymous visitor can get."""
    from tests.api.test_doors import MATRIX, filled

    client = town.anonymous("192.0.2.90")
    with town.office.begin() as session:
        ids = set(
            session.scalars(text("SELECT id_number FROM contractor UNION SELECT id_number FROM household_member"))
        ) - {None}
    seen = [client.request(m, filled(p), **asked).text for (m, p), (asked, _) in MATRIX.items()]
    seen.append(client.post(LOOKUP, json=proof(paper)).text)
    assert len(ids) > 500
    assert not [number for number in ids for answer in seen if number in answer]


@pytest.mark.parametrize(
    ("told", "shown"),
    [("道路", "道路"), ("水渠", "水渠"), ("张三", "邻户承包地"), ("李河", "邻户承包地"), ("", None)],
)
def test_bounds_keep_landmarks_and_name_no_neighbour(told, shown):
    assert bound(told) == shown


def test_sketches_speak_the_language_of_the_page(town, paper):
    for lang, north in (("zh", ">北<"), ("en", ">N<")):
        card = town.anonymous().post(LOOKUP, params={"lang": lang}, json=proof(paper)).json()
        assert all(north in parcel["sketch"] for parcel in card["parcels"])
