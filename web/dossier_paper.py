"""The dossier of one finding on paper: everything that its page tells, so that it can be carried to a meeting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from web import format as figures
from web import labels
from web.discreet import without_ids
from web.drawing import length
from web.press import printed
from web.rulebook import threshold

Told = Mapping[str, Any]
AREAS = {
    "contract_m2": "map.contract_area",
    "surveyed_m2": "map.surveyed",
    "confirmed_m2": "map.confirmed_area",
    "drawn_m2": "dossier.area_drawn",
}
#: Ways to settle, in the order in which they are offered.
WAYS = ("midline", "older", "contract")


def pdf(finding: Told, explained: Told, as_of: date, lang: str = labels.DEFAULT) -> bytes:
    """Print a finding with what explains it, as PDF/A-2b: the same bytes for the same account and day."""
    pictures = _pictures(explained)
    told = _told(finding, explained, as_of, lang) | {"pictures": [name for name, _ in pictures]}
    return printed("dossier.typ", told, as_of, lang, dict(pictures))


def _pictures(explained: Told) -> list[tuple[str, str]]:
    drawn = explained["drawing"] or {}
    offers = (explained["proposals"] or {}).get("items", [])
    curve = explained["tolerance"]
    return [
        *((name, drawn[name]) for name in ("whole", "near") if name in drawn),
        *([("curve", curve["svg"])] if curve else []),
        *(
            (f"seen_{number}_{role}", one[role]["svg"])
            for number, one in enumerate(explained["comparisons"])
            for role in ("before", "after")
            if one[role]["svg"]
        ),
        *((f"offer_{offer['kind']}", offer["svg"]) for offer in offers),
    ]


def _told(finding: Told, explained: Told, as_of: date, lang: str) -> dict[str, Any]:
    """Everything printed, as text: the template only sets it."""

    def t(key: str, **values: object) -> str:
        return labels.text(lang, f"dossier.{key}", **values)

    return {
        "lang": lang,
        "title": t("print_title"),
        "subtitle": f"{finding['rule']} {finding['title'][lang]}",
        "sentence": without_ids(finding["sentence"][lang]),
        "in_short": [[one["name"][lang], one["words"][lang]] for one in explained["in_short"]],
        "facts": _facts(finding, as_of, lang),
        "key": [t("print_key"), finding["key"]],
        "drawn": [t("drawn_whole" if finding["b"] and finding["b"]["code"] else "drawn_about"), t("drawn_near")],
        "measures_title": t("print_measures"),
        "measures": _measures(finding, lang),
        "sure_title": t("sure"),
        "sure": _sure(explained["tolerance"], lang),
        "documents_title": t("documents"),
        "sides": [_side(finding, explained["sides"][side], side, lang) for side in "ab" if explained["sides"][side]],
        "timeline_title": t("timeline"),
        "timeline": _timeline(explained["timeline"], as_of, lang),
        "seen_title": t("seen"),
        "seen": [_seen(one, number, lang) for number, one in enumerate(explained["comparisons"])],
        "law_title": t("print_law"),
        "law": [_article(article, lang) for article in finding["articles"]],
        "proposals_title": t("proposals"),
        "proposals": _proposals(explained["proposals"], lang),
        "group_title": t("group"),
        "group": _group(explained["group"], finding["key"], lang),
        "run_title": t("print_run"),
        "run": _run(finding, lang),
        "decisions_title": t("print_decisions"),
        "decisions": [_event(event, lang) for event in finding["events"]],
        "no_decision": labels.text(lang, "map.history_none"),
        "foot": labels.text(lang, "common.suspected"),
        "page": labels.text(lang, "certificate.pdf_page"),
    }


def _facts(finding: Told, as_of: date, lang: str) -> list[list[str]]:
    state = [labels.text(lang, f"state.{finding['state']}")]
    if finding["presence"] == "gone":
        state.append(labels.text(lang, "presence.gone"))
    return [
        [labels.text(lang, "dossier.print_village"), _named(finding["village"])],
        [labels.text(lang, "dossier.print_state"), " · ".join(state)],
        [labels.text(lang, "dossier.print_severity"), labels.text(lang, f"severity.{finding['severity']}")],
        [labels.text(lang, "certificate.pdf_as_of"), figures.day(as_of)],
    ]


def _named(one: Told) -> str:
    """A place or household by name and code."""
    return f"{one['name'] or ''} {figures.code(one['code'])}".strip()


def _seen(told: Told, number: int, lang: str) -> dict[str, Any]:
    """The two images that a finding rests on, and by what they were compared."""
    apart = {name: f"{told['registered'][f'{name}_m']:.2f}" for name in ("east", "north", "residual")}
    settings = " · ".join(f"{name} {value:g}" for name, value in told["settings"].items())
    return {
        "images": [_seen_in(told[role], f"seen_{number}_{role}", role, lang) for role in ("before", "after")],
        "apart": labels.text(lang, "dossier.seen_apart", **apart),
        "settings": [labels.text(lang, "dossier.seen_settings"), f"Dingxin {told['version']} · {settings}"],
    }


def _seen_in(image: Told, picture: str, role: str, lang: str) -> dict[str, Any]:
    words = f"{figures.day(image['taken_on'])}  {image['filename']}"
    return {
        "picture": picture if image["svg"] else None,
        "title": labels.text(lang, f"dossier.seen_{role}"),
        "words": words,
        "digest": f"SHA-256 {image['sha256']}",
        "none": labels.text(lang, "dossier.seen_not"),
    }


def _area(value: float | None, lang: str) -> str:
    if value is None:
        return "—"
    m2, mu = labels.text(lang, "common.m2"), labels.text(lang, "common.mu")
    return f"{figures.m2(value)} {m2} · {figures.mu(value)} {mu}"


def _change(value: float, lang: str) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + _area(abs(value), lang)


def _measures(finding: Told, lang: str) -> list[list[str]]:
    if finding["shared_m2"] is None:
        return []
    rows = [[labels.text(lang, f"map.{name}"), _area(finding[f"{name}_m2"], lang)] for name in ("shared", "firm")]
    if finding["width_m"] is not None:
        rows.append([labels.text(lang, "map.width"), f"{finding['width_m']:.2f} {labels.text(lang, 'common.metre')}"])
    for side in ("a", "b"):
        if finding[f"share_{side}"] is not None:
            named = f"{labels.text(lang, 'map.share')}（{labels.text(lang, f'map.tag_{side}')}）"
            rows.append([named, f"{finding[f'share_{side}'] * 100:.1f}%"])
    return rows


def _sure(curve: Told | None, lang: str) -> dict[str, Any] | None:
    if curve is None:
        return None
    heads = [labels.text(lang, f"dossier.curve_{name}") for name in ("tolerance", "firm", "left", "fires")]
    m2 = labels.text(lang, "common.m2")
    rows = [
        [
            length(step["tolerance_m"]),
            f"{figures.m2(step['firm_m2'])} {m2}",
            f"{figures.m2(step['sure_m2'])} {m2}",
            labels.text(lang, "dossier.fires" if step["fires"] else "dossier.silent"),
        ]
        for step in curve["steps"]
    ]
    taken = labels.text(lang, f"dossier.taken_{curve['taken_for']}")
    return {"taken": taken, "words": curve["words"][lang], "head": heads, "rows": rows}


def _side(finding: Told, told: Told, side: str, lang: str) -> dict[str, Any]:
    detail = finding[f"{side}_detail"] or {}
    who = told["holder"]
    named = labels.texts(lang).get(f"layer.{told['layer']}", told["layer"])
    issuer = (detail.get("issuer") or {}).get("name")
    facts = [
        [labels.text(lang, "map.contractor"), _named(who) if who else labels.text(lang, "dossier.holder_none")],
        [labels.text(lang, "map.issuer"), issuer or "—"],
    ]
    areas = [
        [labels.text(lang, key), _area(value, lang)]
        for name, key in AREAS.items()
        if (value := told["areas"][name]) is not None
    ]
    papers = [_paper(paper, lang) for paper in told["papers"]]
    if told["delivery"]:
        papers.append([labels.text(lang, "dossier.delivery"), "", _delivery(told["delivery"], lang)])
    return {
        "tag": labels.text(lang, f"map.tag_{side}"),
        "title": f"{named} {figures.code(told['code'])}",
        "facts": facts if told["layer"] == "parcel" else _facts_of(detail, lang),
        "areas": areas,
        "papers": papers,
        "note": labels.text(lang, "dossier.outside") if told["outside"] else "",
    }


def _facts_of(detail: Told, lang: str) -> list[list[str]]:
    """What a paper or a survey feature says of itself."""
    return [[one["name"][lang], without_ids(one["value"][lang])] for one in detail.get("facts", ())]


def _delivery(delivery: Told, lang: str) -> str:
    came = labels.text(
        lang, "dossier.delivered_on", day=figures.day(delivery["received_on"]), upload=delivery["upload"]
    )
    if delivery["surveyed_on"] is None:
        return came
    return f"{labels.text(lang, 'dossier.surveyed_on', day=figures.day(delivery['surveyed_on']))} · {came}"


def _span(thing: Told, lang: str) -> str:
    if not (thing["from"] or thing["to"]):
        return ""
    ends = figures.day(thing["to"]) if thing["to"] else labels.text(lang, "dossier.without_end")
    return f"{figures.day(thing['from'])} – {ends}"


def _paper(paper: Told, lang: str) -> list[str]:
    consent = ""
    if paper["consented_on"]:
        consent = labels.text(lang, "dossier.consented", day=figures.day(paper["consented_on"]))
    elif paper["kind"] == "transfer":
        consent = labels.text(lang, "dossier.not_consented")
    signed = figures.day(paper["on"]) if paper["on"] else ""
    area = _area(paper["area_m2"], lang) if paper["area_m2"] is not None else ""
    said = paper["said"][lang] if paper["said"] else ""
    kind = labels.texts(lang).get(f"layer.{paper['kind']}", paper["kind"])
    told = [signed, said, _span(paper, lang), area, consent]
    return [kind, without_ids(paper["name"] or figures.code(paper["code"])), " · ".join(filter(None, told))]


def _timeline(ever: Told | None, as_of: date, lang: str) -> dict[str, Any]:
    items = ever["items"] if ever else []
    notes = []
    if ever and not ever["complete"]:
        notes.append(labels.text(lang, "dossier.timeline_more"))
    if ever and ever["elsewhere"]:
        notes.append(labels.text(lang, "dossier.timeline_elsewhere", n=ever["elsewhere"]))
    return {
        "rows": [_once(item, as_of, lang) for item in items],
        "none": "" if items else labels.text(lang, "dossier.timeline_none"),
        "notes": notes,
    }


def _once(item: Told, as_of: date, lang: str) -> list[str]:
    people = [_named(one) for one in (item["holder"], item["other"]) if one]
    layer = labels.texts(lang).get(f"layer.{item['layer']}", item["layer"])
    notes = [_span(item, lang)]
    if item["shared_m2"] is not None:
        notes.append(labels.text(lang, "dossier.covers", m2=figures.m2(item["shared_m2"])))
    came = figures.day(item["came_on"])
    notes.append(labels.text(lang, "dossier.delivered_on", day=came, upload=item["upload"]))
    if item["to"] and item["to"] <= as_of:
        notes.append(labels.text(lang, "dossier.ended"))
    if item["corrected_at"]:
        notes.append(labels.text(lang, "dossier.corrected", day=figures.day(item["corrected_at"])))
    what = " ".join(filter(None, (layer, item["said"][lang] if item["said"] else "")))
    named = " ".join(filter(None, (figures.code(item["code"]), " → ".join(people))))
    return [figures.day(item["day"]), what, named, " · ".join(filter(None, notes))]


def _article(article: Told, lang: str) -> list[str]:
    if "law_zh" not in article:
        return [article["key"], "", ""]
    number = article["number"]
    if number.isdigit():
        number = labels.text(lang, "common.article", n=number)
    law = (article["law_en"] if lang == "en" else None) or article["law_zh"]
    since = article["since"]
    told = labels.text(lang, "dossier.print_in_force", since=figures.day(since)) if since else ""
    return [f"{law} {number}", article[f"gist_{lang}"], told]


def _proposals(told: Told | None, lang: str) -> dict[str, Any] | None:
    if told is None:
        return None
    return {
        "note": labels.text(lang, "dossier.proposals_note"),
        "items": [_offer(offer, lang) for offer in told["items"]],
        "not_title": labels.text(lang, "dossier.not_offered"),
        "not": [one["words"][lang] for one in told["not_offered"]],
    }


def _offer(offer: Told, lang: str) -> dict[str, Any]:
    sides = [offer["sides"][side] for side in ("a", "b")]
    first = offer["older"]
    older = " " + labels.text(lang, f"dossier.older_is_{first}") if first else ""
    head = [""]
    for side, told in zip("ab", sides, strict=True):
        head.append(" ".join(filter(None, (labels.text(lang, f"map.side_{side}"), (told["holder"] or {}).get("name")))))
    rows = [
        [labels.text(lang, f"dossier.{name}"), *(_area(side[column], lang) for side in sides)]
        for name, column in (("before", "before_m2"), ("after", "after_m2"), ("contracted", "contract_m2"))
    ]
    change = [labels.text(lang, "dossier.change"), *(_change(side["change_m2"], lang) for side in sides)]
    return {
        "picture": f"offer_{offer['kind']}",
        "title": labels.text(lang, f"dossier.proposal_{offer['kind']}"),
        "words": offer["words"][lang] + older,
        "head": head,
        "rows": [*rows[:2], change, *rows[2:]],
    }


def _group(group: Told | None, key: str, lang: str) -> dict[str, Any] | None:
    if group is None:
        return None
    count = "group_told" if group["complete"] else "group_more"
    words = labels.text(lang, f"dossier.{count}", n=group["findings"])
    households: Sequence[Told] = group["households"]
    if households:
        most = households[0]
        words += labels.text(lang, "dossier.group_household", n=most["findings"], who=most["name"] or most["code"])
    ways = [way for way in WAYS if any(way in one["changes"] for one in households)]
    heads = [labels.text(lang, f"dossier.{name}") for name in ("household", "findings", "disputed")]
    elsewhere = labels.text(lang, "dossier.group_elsewhere", n=group["elsewhere"]) if group["elsewhere"] else ""
    return {
        "words": words,
        "items": [without_ids(f"{one['rule']} {one['sentence'][lang]}") for one in group["items"] if one["key"] != key],
        "elsewhere": elsewhere,
        "head": [*heads, *(labels.text(lang, f"dossier.proposal_{way}") for way in ways)],
        "rows": [_household(one, ways, lang) for one in households],
        "note": labels.text(lang, "dossier.effects_note") if ways else "",
    }


def _household(one: Told, ways: Sequence[str], lang: str) -> list[str]:
    changes = [_change(one["changes"][way]["change_m2"], lang) if way in one["changes"] else "—" for way in ways]
    return [_named(one), str(one["findings"]), _area(one["disputed_m2"], lang), *changes]


def _run(finding: Told, lang: str) -> list[list[str]]:
    run, known = finding["run"], labels.texts(lang)
    thresholds = [
        [known.get(f"column.{name}", name), threshold(name, value, lang)]
        for name, value in finding["thresholds"].items()
    ]
    told = labels.text(lang, "dossier.print_run_told", run=run["id"], day=figures.day(run["day"]))
    versions = " · ".join(f"{name} {version}" for name, version in sorted(run["versions"].items()))
    return [
        *thresholds,
        [labels.text(lang, "map.run"), told],
        [labels.text(lang, "dossier.print_versions"), versions],
        [labels.text(lang, "map.crs"), f"EPSG:{finding['crs']}"],
    ]


def _event(event: Told, lang: str) -> list[str]:
    known = labels.texts(lang)
    action, state = event["action"], event["to"]
    moved = f"{known.get(f'action.{action}', action)} → {known.get(f'state.{state}', state)}"
    at: datetime = event["at"]
    to = labels.text(lang, "dossier.charge_who", who=event["assignee"]) if event["assignee"] else ""
    due = labels.text(lang, "dossier.charge_due", day=figures.day(event["due_on"])) if event["due_on"] else ""
    said = " · ".join(filter(None, (without_ids(event["reason"]), to, due)))
    return [at.strftime("%Y-%m-%d %H:%M UTC"), event["actor"] or "—", moved, said]
