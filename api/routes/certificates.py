"""What a farmer may see: the certificate for a number and a proof, masked, and the extract to print."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, Field, model_validator

from api.access import Everyone
from api.office import Here
from api.routes.answers import Certificate, answering
from api.routes.params import Short
from api.routes.session import address
from api.work import certify
from web import labels

router = APIRouter(prefix="/certificates", tags=["certificates"], dependencies=[Everyone])

#: Every answer to a lookup takes this long, so that the time says nothing of what was right.
ANSWER_SECONDS = 0.4


class Proof(BaseModel):
    """The certificate's number with the holder's name and the end of the ID number, or the token of the QR code."""

    number: Short | None = None
    name: Short | None = None
    id_tail: Annotated[Short, Field(min_length=6, max_length=6)] | None = None
    token: Short | None = None

    @model_validator(mode="after")
    def _whole(self) -> Proof:
        if not self.token and not (self.number and self.name and self.id_tail):
            raise ValueError("number, name and id_tail, or token")
        return self


@router.post("/lookup", **answering(Certificate))
async def lookup(proof: Proof, request: Request, office: Here) -> dict:
    """Give the masked certificate; whatever was wrong, the answer and its time are the same."""
    since = asyncio.get_running_loop().time()
    lang = labels.language(request.query_params.get("lang"), request.cookies.get("lang"))
    try:
        return await run_in_threadpool(certify.look_up, office, proof.model_dump(), address(request), lang)
    finally:
        await asyncio.sleep(max(0.0, ANSWER_SECONDS - (asyncio.get_running_loop().time() - since)))


@router.get("/{token}.pdf", response_class=Response)
def extract(token: Annotated[str, Path(max_length=200)], request: Request, office: Here) -> Response:
    """Print the extract; the address works for a quarter of an hour."""
    lang = labels.language(request.query_params.get("lang"), request.cookies.get("lang"))
    body = certify.printed(office, token, lang)
    headers = {"Content-Disposition": 'inline; filename="certificate.pdf"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/pdf", headers=headers)
