"""Who works here: accounts, signing in and out, and the ground each person answers for."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.errors import NotFound, NotSignedIn
from api.office import Office
from data.tables import AccessToken, Account, SignIn
from geo.codes import resolve_prefix

COOKIE = "dingxin_session"
#: One working day; a person signs in each morning.
SIGNED_IN_FOR = timedelta(hours=12)
#: One year; a project file in a GIS is opened again and again.
READS_FOR = timedelta(days=365)
#: The first accounts: one of each role, all answering for Yangjiang, where the sample township lies.
FIRST = (("surveyor", "surveyor"), ("official", "official"), ("admin", "admin"))
FIRST_SCOPE = "4417"

_hasher = PasswordHash((Argon2Hasher(),))


@dataclass(frozen=True)
class Person:
    """Somebody signed in: what they are called, what they may do, and where."""

    id: int
    username: str
    role: str
    scope: str

    def covers(self, code: str | None) -> bool:
        """Tell whether a code lies in this person's area; nobody covers what has no code."""
        return bool(code) and within(str(code), self.scope)


def within(code: str, scope: str) -> bool:
    """Tell whether a code or a narrower scope lies in a scope, old county codes taken for today's."""
    return resolve_prefix(code).startswith(resolve_prefix(scope))


def sign_in(office: Office, username: str, password: str, address: str) -> tuple[str, Person]:
    """Check a password and open a session: the token goes to the person, its hash stays here.

    A wrong name and a wrong password give one answer and cost the same time.
    """
    name = f"{address}|{username}"
    office.addresses.count(address)
    office.sign_ins.count(name)
    nobody = _nobody()
    with office.begin() as session:
        account = session.scalar(select(Account).where(Account.username == username, Account.active))
        right = _hasher.verify(password, account.password_hash if account else nobody)
        if account is None or not right:
            raise NotSignedIn("用户名或密码不正确。", "The name or the password is not right.", "wrong_password")
        person = _person(account)
    office.sign_ins.forget(name)
    return open_session(office, person), person


@cache
def _nobody() -> str:
    """The hash verified when there is no such account, so that a wrong name costs the same time as a wrong password.

    Made when somebody first signs in, whatever the name: commands at the machine never need it.
    """
    return _hasher.hash(secrets.token_urlsafe())


def open_session(office: Office, person: Person) -> str:
    """Let a person in whose identity is established; sessions that ran out are cleared away."""
    token, now = secrets.token_urlsafe(32), datetime.now(UTC)
    with office.begin() as session:
        session.execute(delete(SignIn).where(SignIn.expires_at < now))
        session.add(SignIn(token_hash=_hash(token), account_id=person.id, expires_at=now + SIGNED_IN_FOR))
    return token


def sign_out(office: Office, token: str) -> None:
    """Close a session for good."""
    with office.begin() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == _hash(token)))


def whose(office: Office, token: str) -> Person | None:
    """Tell whose session a token is, if it is anybody's and has not run out."""
    with office.begin() as session:
        account = session.scalar(
            select(Account)
            .join(SignIn, SignIn.account_id == Account.id)
            .where(SignIn.token_hash == _hash(token), SignIn.expires_at > datetime.now(UTC), Account.active)
        )
        return _person(account) if account else None


def give_token(office: Office, person: Person, name: str) -> tuple[int, str]:
    """Make a token with which a program reads on a person's behalf: its number, and the token, told only now."""
    token, ends = secrets.token_urlsafe(32), datetime.now(UTC) + READS_FOR
    with office.begin() as session:
        session.execute(delete(AccessToken).where(AccessToken.expires_at < datetime.now(UTC)))
        made = AccessToken(token_hash=_hash(token), account_id=person.id, name=name, expires_at=ends)
        session.add(made)
        session.flush()
        return made.id, token


def tokens(office: Office, person: Person) -> list[AccessToken]:
    """List the tokens of a person, the newest first."""
    with office.begin() as session:
        query = select(AccessToken).where(
            AccessToken.account_id == person.id, AccessToken.expires_at > datetime.now(UTC)
        )
        return list(session.scalars(query.order_by(AccessToken.id.desc())))


def take_token(office: Office, person: Person, token_id: int) -> None:
    """Make one of a person's tokens useless; NotFound where it is not theirs."""
    with office.begin() as session:
        theirs = (AccessToken.id == token_id, AccessToken.account_id == person.id)
        if not session.execute(delete(AccessToken).where(*theirs)).rowcount:
            raise NotFound


def reader(office: Office, token: str) -> Person | None:
    """Tell on whose behalf a token reads, if it is known and has not run out."""
    with office.begin() as session:
        account = session.scalar(
            select(Account)
            .join(AccessToken, AccessToken.account_id == Account.id)
            .where(AccessToken.token_hash == _hash(token), AccessToken.expires_at > datetime.now(UTC), Account.active)
        )
        return _person(account) if account else None


def named(session: Session, username: str) -> Person | None:
    """Find a person by name, for work that is ordered at the machine itself."""
    account = session.scalar(select(Account).where(Account.username == username, Account.active))
    return _person(account) if account else None


def open_account(session: Session, username: str, role: str, scope: str) -> str:
    """Open an account and give its password, which is kept nowhere but as a hash."""
    password = secrets.token_urlsafe(12)
    session.add(Account(username=username, password_hash=_hasher.hash(password), role=role, scope=scope))
    return password


def new_password(session: Session, username: str) -> str:
    """Give an account a new password and close its sessions; the old one is of no use any more."""
    account = session.scalar(select(Account).where(Account.username == username, Account.active))
    if account is None:
        raise NotFound(f"没有账户 {username}。", f"There is no account {username}.")
    password = secrets.token_urlsafe(12)
    account.password_hash = _hasher.hash(password)
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))
    return password


def first_accounts(session: Session) -> list[tuple[str, str]]:
    """Open the first accounts of a new house; those that exist already stay as they are and are not named again."""
    known = set(session.scalars(select(Account.username)))
    return [(name, open_account(session, name, role, FIRST_SCOPE)) for name, role in FIRST if name not in known]


def _person(account: Account) -> Person:
    return Person(account.id, account.username, account.role, account.scope)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
