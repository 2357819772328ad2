"""The sample township, delivered to a new office as a surveyor would deliver it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sqlalchemy import select

from api.command.tell import Trouble, step
from api.office import Office
from data.tables import Image, Upload

#: Who delivers, and what, in this order: the township, then a correction of one of its villages.
SURVEYOR = "surveyor"
PICTURES = ("before.tif", "after.tif", "cover.tif")
DELIVERIES = {"township.zip": ("示范镇", "the sample township"), "correction.zip": ("更正", "its correction")}


def deliver(office: Office) -> None:
    """Deliver what a new office has not got; one that received anything else has its own ground and is left alone."""
    with office.begin() as session:
        had = set(session.scalars(select(Upload.filename)))
        shown = set(session.scalars(select(Image.filename)))
    missing = [name for name in DELIVERIES if name not in had]
    unseen = [name for name in PICTURES if name not in shown]
    if had - DELIVERIES.keys() or shown - set(PICTURES) or not (missing or unseen):
        return
    # Loaded only when there is something to deliver: a second `up` should be quick.
    from api.command.imagery import taken_in
    from api.command.work import follow
    from api.work import images, receive
    from data.samples import pictures, write_township

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
        with step("放置前后两期影像…", "Laying images of before and after under the map…"):
            for name in unseen:
                image = images.hand_in_file(office, SURVEYOR, Path(folder, name), pictures.PICTURES[name])
                if taken_in(office, image["id"])["state"] not in ("ready", "received"):
                    raise Trouble(f"示范影像 {name} 没有入库。", f"The sample image {name} was not taken in.")
