"""Signing in and out: one answer to whatever was wrong, and patience instead of locks."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from api import people
from api.errors import TooMany
from api.throttle import Throttle


@pytest.fixture
def account(house):
    with house.office.begin() as session:
        return "wang", people.open_account(session, "wang", "surveyor", "4417")


def sign_in(client, username, password):
    return client.post("/api/v1/session", json={"username": username, "password": password})


def test_in_and_out(house, account):
    client = house.anonymous()
    answer = sign_in(client, *account)
    assert answer.json() == {"username": "wang", "role": "surveyor", "scope": "4417"}
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert client.get("/api/v1/me").status_code == 200
    token = client.cookies[people.COOKIE]
    assert client.delete("/api/v1/session").status_code == 204
    client.cookies.set(people.COOKIE, token)
    assert client.get("/api/v1/me").status_code == 401


def test_what_was_wrong_is_not_told(house, account):
    wrong_name = sign_in(house.anonymous("192.0.2.7"), "nobody", "x")
    wrong_password = sign_in(house.anonymous("192.0.2.7"), account[0], "x")
    assert wrong_name.status_code == wrong_password.status_code == 401
    assert wrong_name.content == wrong_password.content


def test_guessing_is_slowed_and_locks_nobody_out(house, account):
    for _ in range(5):
        assert sign_in(house.anonymous("192.0.2.8"), account[0], "guess").status_code == 401
    refused = sign_in(house.anonymous("192.0.2.8"), *account)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    assert sign_in(house.anonymous("192.0.2.9"), *account).status_code == 200


def test_neither_password_nor_token_is_kept(house, account):
    client = house.anonymous()
    sign_in(client, *account)
    with house.office.begin() as session:
        kept = session.scalar(text("SELECT password_hash FROM account WHERE username = 'wang'"))
        tokens = session.scalars(text("SELECT encode(token_hash, 'escape') FROM sign_in")).all()
    assert kept.startswith("$argon2id$")
    assert client.cookies[people.COOKIE] not in tokens


def test_a_session_that_ran_out_is_none(house, account):
    client = house.anonymous()
    sign_in(client, *account)
    with house.office.begin() as session:
        session.execute(text("UPDATE sign_in SET expires_at = now() - interval '1 second'"))
    assert client.get("/api/v1/me").status_code == 401


def test_a_closed_account_is_out_at_once(house):
    client = house.signed_in("official")
    with house.office.begin() as session:
        session.execute(text("UPDATE account SET active = false"))
    assert client.get("/api/v1/me").status_code == 401


def test_the_first_accounts_are_opened_once(house):
    with house.office.begin() as session:
        made = people.first_accounts(session)
    with house.office.begin() as session:
        again = people.first_accounts(session)
    assert [name for name, _ in made] == ["surveyor", "official", "admin"]
    assert again == []
    assert sign_in(house.anonymous(), *made[1]).json()["role"] == "official"


def test_old_county_codes_lie_in_the_area_of_today():
    person = people.Person(1, "li", "official", "441704")
    assert person.covers("4417231002000100001")
    assert not person.covers("4417021002000100001")
    assert not person.covers(None)


def test_a_flood_of_names_is_forgotten_not_kept(monkeypatch):
    monkeypatch.setattr("api.throttle.REMEMBERED", 3)
    patience = Throttle(1, 60)
    for name in "abcd":
        patience.count(name)
    patience.count("a")
    with pytest.raises(TooMany):
        patience.count("d")
