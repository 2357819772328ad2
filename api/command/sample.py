"""The sample township, delivered to a new office as a surveyor would deliver it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import select

from api.command.tell import Trouble, step
from api.office import Office
from data.tables import Upload

#: Who delivers, and what, in this order: the township, then a correction of one of its villages.
SURVEYOR = "surveyor"
DELIVERIES = {"township.zip": ("示范镇", "the sample township"), "correction.zip": ("更正", "its correction")}


def deliver(office: Office) -> None:
    """Deliver what a new office has not got; one that received anything else has its own ground and is left alone."""
    with office.begin() as session:
        had = set(session.scalars(select(Upload.filename)))
    missing = [name for name in DELIVERIES if name not in had]
    if had - DELIVERIES.keys() or not missing:
        return
    # Loaded only when there is something to deliver: a second `up` should be quick.
    from api.command.work import follow
    from api.work import receive
    from data.samples import write_township

    with tempfile.TemporaryDirectory() as folder:
        with step("绘制示范镇（虚构）…", "Drawing the sample township (invented)…"):
            write_township(Path(folder))
        for name in missing:
            zh, en = DELIVERIES[name]
            with step(f"提交并检查{zh}…", f"Delivering and checking {en}…"):
                upload = receive.hand_in_file(office, SURVEYOR, Path(folder, name), {"accept": "valid_rows"})
                report = follow(office, upload["id"])
            if report["state"] != "done":
                raise Trouble(
                    f"示范数据没有入库（{report['state']}）：{report['error']}",
                    f"The sample was not taken in ({report['state']}): {report['error']}",
                )
