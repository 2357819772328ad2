"""Every answer is what OpenAPI says it is, and OpenAPI says it of every route."""

from __future__ import annotations

import pytest

from api.routes import answers
from tests.api.test_farmer import LOOKUP, paper, proof  # noqa: F401


@pytest.fixture
def official(town):
    return town.signed_in("official")


def held(model, answer):
    """Hold an answer to its model, as JSON."""
    assert answer.status_code < 300, answer.text
    return model.model_validate_json(answer.content)


def test_every_answer_is_as_described(town, official, paper):  # noqa: F811
    get = official.get
    held(answers.Me, get("/api/v1/me"))
    held(answers.Uploads, get("/api/v1/uploads"))
    told = held(answers.UploadTold, get(f"/api/v1/uploads/{town.report['id']}"))
    assert told.counts.new == town.report["findings"]
    page = held(answers.Findings, get("/api/v1/findings", params={"limit": 500}))
    # One of each rule and each kind of its sides: what else differs are values. To tell every one takes half a minute.
    kinds = {(item.rule, item.a.layer, item.b and item.b.layer): item for item in page.items}
    assert len(kinds) > 30
    for item in kinds.values():
        held(answers.Dossier, get(f"/api/v1/findings/{item.key}"))
        held(answers.Explained, get(f"/api/v1/findings/{item.key}/dossier"))
    said = {"action": "take_up", "reason": "核查", "seq": 0}
    held(answers.Decided, official.post(f"/api/v1/findings/{page.items[0].key}/events", json=said))
    held(answers.Dossier, get(f"/api/v1/findings/{page.items[0].key}"))
    held(answers.Villages, get("/api/v1/villages"))
    parcels = held(answers.Parcels, get("/api/v1/parcels", params={"limit": 3}))
    held(answers.ParcelTold, get(f"/api/v1/parcels/{parcels.features[0]['properties']['code']}"))
    held(answers.Rules, get("/api/v1/rules"))
    held(answers.Standing, get("/api/v1/health/ready"))
    held(answers.Certificate, town.anonymous().post(LOOKUP, json=proof(paper)))


def test_waiting_and_refused_deliveries_are_as_described(house, sample, tmp_path):
    surveyor = house.signed_in("surveyor")
    answer = house.hand_in(surveyor, sample[0] / "township.zip")
    held(answers.HandedIn, answer)
    held(answers.UploadTold, surveyor.get(f"/api/v1/uploads/{answer.json()['id']}"))
    house.work()
    held(answers.UploadTold, surveyor.get(f"/api/v1/uploads/{answer.json()['id']}"))
    held(answers.UploadLine, surveyor.post(f"/api/v1/uploads/{answer.json()['id']}/withdraw"))
    (tmp_path / "bad.zip").write_bytes(b"no")
    refused = house.deliver(surveyor, tmp_path / "bad.zip")
    held(answers.UploadTold, surveyor.get(f"/api/v1/uploads/{refused['id']}"))


def test_openapi_describes_every_route(house):
    schema = house.anonymous().get("/api/v1/openapi.json").json()
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            assert told["description"], (method, path)
            assert "default" in told["responses"], (method, path)
            good = next(answer for status, answer in told["responses"].items() if status[0] == "2")
            content = good.get("content", {})
            if "application/json" in content:
                assert "$ref" in content["application/json"]["schema"], (method, path)
