"""What can go wrong for the person outside, and the one table that turns it into problem+json (RFC 9457)."""

from __future__ import annotations

import logging
import traceback

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError, TimeoutError
from starlette.exceptions import HTTPException

from data.store import errors as store

log = logging.getLogger("dingxin.api")


class Refused(Exception):
    """Something the caller can understand and mend: a stable code and one sentence in each language."""

    code = "refused"
    zh = "请求未被接受。"
    en = "The request was not accepted."

    def __init__(self, zh: str | None = None, en: str | None = None, code: str | None = None, retry_after: int = 0):
        self.zh, self.en, self.code = zh or self.zh, en or self.en, code or self.code
        self.retry_after = retry_after
        super().__init__(self.en)


class NotSignedIn(Refused):
    """The door is for people with an account, and nobody is signed in."""

    code, zh, en = "not_signed_in", "请先登录。", "Please sign in first."


class NotAllowed(Refused):
    """The person is known and may not do this."""

    code, zh, en = "not_allowed", "您的角色或辖区不允许此操作。", "Your role or area does not allow this."


class NotFound(Refused):
    """There is no such thing, or none that this person may see: the answer is the same."""

    code, zh, en = "not_found", "没有找到，或不在您的辖区内。", "Not found, or outside your area."


class Conflict(Refused):
    """Somebody else was faster, or the thing is no longer in a state that allows this."""

    code, zh, en = "conflict", "内容已被他人更新，请刷新后再试。", "Someone else changed this; reload and try again."


class TooLarge(Refused):
    """The delivery is over the limit of its profile."""

    code, zh, en = "too_large", "文件超过大小上限。", "The file is over the size limit."


class Unusable(Refused):
    """What was sent cannot be understood as what was asked for."""

    code, zh, en = "unusable", "提交的内容有误。", "What was sent is not usable."


class NoRoom(Refused):
    """There is no room left on the disk; nothing of what was sent is kept."""

    code, zh, en = (
        "disk_full",
        "服务器磁盘已满，未能接收；请联系管理员。",
        "The server's disk is full; nothing was received.",
    )


class TooMany(Refused):
    """The same caller asks too often."""

    code, zh, en = "too_many", "尝试次数过多，请稍后再试。", "Too many attempts; please wait a little."


class NotReady(Refused):
    """A part this depends on is not answering at the moment."""

    code, zh, en = "not_ready", "服务暂时不可用，请稍后再试。", "The service is not available at the moment."


STATUS = {
    Refused: (400, "请求被拒绝", "Refused"),
    NotSignedIn: (401, "未登录", "Not signed in"),
    NotAllowed: (403, "不允许", "Not allowed"),
    NotFound: (404, "未找到", "Not found"),
    Conflict: (409, "冲突", "Conflict"),
    TooLarge: (413, "过大", "Too large"),
    Unusable: (422, "内容有误", "Unusable"),
    TooMany: (429, "过于频繁", "Too many"),
    NotReady: (503, "暂不可用", "Not ready"),
    NoRoom: (507, "磁盘已满", "No room"),
}


#: What the store refuses, in our words.
FROM_THE_STORE = {
    store.Unknown: NotFound(),
    store.Stale: Conflict(code="stale"),
    store.FourEyes: NotAllowed(
        "提交该成果的人不能同时作出认定。", "Whoever brought the data in may not judge it.", "four_eyes"
    ),
    store.BadCursor: Unusable(code="cursor"),
    store.NoSuchTile: NotFound(),
}


def problem(status: int, title: str, code: str, zh: str, en: str, **more: object) -> JSONResponse:
    """The one shape every refusal has."""
    retry_after = more.pop("retry_after", 0)
    body = {
        "type": f"urn:dingxin:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail_zh": zh,
        "detail_en": en,
        **more,
    }
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def of(error: Refused) -> JSONResponse:
    """The problem document of a domain exception."""
    status, _, title = STATUS[type(error)]
    return problem(status, title, error.code, error.zh, error.en, retry_after=error.retry_after)


def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """Say which fields are wrong and never repeat what was sent: it may be personal, or not even encodable."""
    fields = [
        {"where": [part if isinstance(part, int) else str(part)[:60] for part in e["loc"]], "kind": e["type"]}
        for e in error.errors()[:20]
    ]
    return problem(
        422, "Unusable", "invalid_input", "参数或内容不符合要求。", "A parameter or field is not valid.", fields=fields
    )


def _http(_: Request, error: HTTPException) -> JSONResponse:
    known = {s: (kind.code, kind.zh, kind.en, title) for kind, (s, _zh, title) in STATUS.items()}
    code, zh, en, title = known.get(error.status_code, (f"http_{error.status_code}", Refused.zh, Refused.en, "Refused"))
    answer = problem(error.status_code, title, code, zh, en)
    answer.headers.update(error.headers or {})
    return answer


def _database_down(_: Request, error: OperationalError | TimeoutError) -> JSONResponse:
    log.error("database does not answer: %s", type(getattr(error, "orig", error)).__name__)
    return of(NotReady(retry_after=5))


def _not_storable(_: Request, error: DataError) -> JSONResponse:
    log.warning("value refused by the database: %s", type(error.orig).__name__)
    return of(Unusable())


def _of_the_store(_: Request, error: store.Refusal) -> JSONResponse:
    return of(FROM_THE_STORE.get(type(error), Refused()))


def _of_the_database(_: Request, error: SQLAlchemyError) -> JSONResponse:
    """Answer without telling, and record without the server's details: they quote whole rows, and rows name people."""
    log.error("database: %s", traced(error))
    return _internal()


def unforeseen(where: str, error: BaseException) -> JSONResponse:
    """Answer for a failure of our own, and record where it happened: what the error says may quote somebody's data."""
    log.error("unforeseen failure at %s: %s", where, traced(error))
    return _internal()


def traced(error: BaseException) -> str:
    """Where an error came from and what kind it is, without its words."""
    state = getattr(getattr(error, "orig", error), "sqlstate", None) or ""
    lines = "".join(traceback.format_tb(error.__traceback__))
    return f"{type(error).__name__} {state}\n{lines}"


def _internal() -> JSONResponse:
    return problem(500, "Internal failure", "internal", "系统内部错误，已记录。", "Internal failure; it was recorded.")


def install(app: FastAPI) -> None:
    """Give the application its one way of saying no."""
    app.add_exception_handler(Refused, lambda _, error: of(error))
    app.add_exception_handler(store.Refusal, _of_the_store)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database_down)
    app.add_exception_handler(TimeoutError, _database_down)
    app.add_exception_handler(DataError, _not_storable)
    app.add_exception_handler(SQLAlchemyError, _of_the_database)
