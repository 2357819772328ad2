"""The report of a delivery on paper: what came, how it was understood, every kind of defect with its first rows.

The office and `check` print the same paper from the same account (`Account`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from web import format as figures
from web import labels
from web.discreet import without_ids
from web.press import printed
from web.spread import spread

#: Rows of each group that are printed; the layer of defects holds all.
FIRST = 20


@dataclass(frozen=True)
class Account:
    """What is printed; groups, rows and squares are those that the page shows (`count`, `rows`, `place` in degrees).

    `facts` are pairs of a label's key under `paper` and a text; `layers` have read, stored, rejected and the evidence.
    """

    filename: str
    facts: Sequence[tuple[str, str]]
    layers: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]
    squares: Sequence[Mapping[str, Any]]
    as_of: date
    ground: Sequence[Sequence[float]] = field(default_factory=list)


def pdf(account: Account, lang: str = labels.DEFAULT) -> bytes:
    """Print the report as PDF/A-2b: the same bytes for the same account."""
    drawn = spread(account.squares, account.ground, lang)
    told = _told(account, lang) | {"has_map": drawn is not None}
    return printed("delivery_paper.typ", told, account.as_of, lang, {"map": drawn or ""})


def _told(account: Account, lang: str) -> dict[str, Any]:
    """Everything printed, as text: the template only sets it."""

    def t(key: str, **values: object) -> str:
        return labels.text(lang, f"paper.{key}", **values)

    total = sum(group["count"] for group in account.groups)
    return {
        "lang": lang,
        "title": t("title"),
        "filename": account.filename,
        "facts": [[t(name), value] for name, value in account.facts],
        "read_title": labels.text(lang, "upload.read_title"),
        "read_head": [
            labels.text(lang, f"upload.{name}") for name in ("layer", "source", "read", "stored", "rejected")
        ],
        "read": [_layer(layer, lang) for layer in account.layers],
        "decided_title": t("decided"),
        "decided": [line for layer in account.layers if (line := _decided(layer, lang))["parts"]],
        "groups_title": t("groups", n=total, kinds=len(account.groups)),
        "groups_head": [t("severity"), t("rule"), t("what"), t("count"), t("basis")],
        "groups": [_kind(group, lang) for group in account.groups],
        "none": labels.text(lang, "defects.none"),
        "map_title": t("map"),
        "rows_title": t("rows", n=FIRST),
        "rows_head": [t("row"), t("code"), t("place"), t("said")],
        "details": [_detail(group, lang) for group in account.groups],
        "sign": [t("sign_surveyor"), t("sign_checker"), t("sign_day")],
        "foot": labels.text(lang, "common.suspected"),
        "page": labels.text(lang, "certificate.pdf_page"),
    }


def _layer(layer: Mapping[str, Any], lang: str) -> list[str]:
    named = labels.texts(lang).get(f"layer.{layer['layer']}", layer["layer"])
    return [named, layer["source"] or "", *(str(layer[name]) for name in ("read", "stored", "rejected"))]


def _decided(layer: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Encoding and system of a layer, each with the evidence for it."""
    parts = [
        [
            labels.text(lang, f"detective.of_{name}"),
            str(layer[name]),
            [said[lang] for said in layer[f"{name}_evidence"] or []],
        ]
        for name in ("encoding", "crs")
        if layer.get(name)
    ]
    return {"layer": _layer(layer, lang)[0], "source": layer["source"] or "", "parts": parts}


def _kind(group: Mapping[str, Any], lang: str) -> list[str]:
    about = [labels.texts(lang).get(f"layer.{group['layer']}", group["layer"]), group["reason"]]
    told = " · ".join(part for part in about if part)
    severity = labels.text(lang, f"severity.{group['severity']}")
    basis = "; ".join(cited[lang] for cited in group["articles"])
    return [severity, group["rule"], without_ids(f"{group['title'][lang]}\n{told}"), str(group["count"]), basis]


def _detail(group: Mapping[str, Any], lang: str) -> dict[str, Any]:
    rows = group["rows"][:FIRST]
    left = group["count"] - len(rows)
    severity = labels.text(lang, f"severity.{group['severity']}")
    return {
        "title": without_ids(f"{group['rule']} {group['title'][lang]}"),
        "about": f"{severity} · {group['count']}",
        "rows": [_row(row, lang) for row in rows],
        "left": labels.text(lang, "paper.left", n=left) if left else "",
    }


def _row(row: Mapping[str, Any], lang: str) -> list[str]:
    place = "—" if row["place"] is None else "{:.6f}, {:.6f}".format(*row["place"])
    number = "—" if pd.isna(row["row"]) else str(row["row"])
    return [number, figures.code(row["code"]), place, without_ids(row["sentence"][lang])]
