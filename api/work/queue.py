"""Put work into the queue, inside the transaction that made it necessary."""

from __future__ import annotations

import json

from sqlalchemy import text
from sqlalchemy.orm import Session

QUEUE = "uploads"
TASK = "work_on_upload"
PICTURE = "take_in_image"
COMPARISON = "compare_images"
DEFER = text(
    "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(:queue, :task, 0, :lock, NULL, CAST(:args AS jsonb), NULL)"
    "::procrastinate_job_to_defer_v1])"
)


def enqueue(session: Session, upload_id: int, *, accept: bool, ask: bool = False) -> None:
    """Order the work on a delivery: the job and the caller's rows are committed together, or neither."""
    args = json.dumps({"upload_id": upload_id, "accept": accept, "ask": ask})
    session.execute(DEFER, {"queue": QUEUE, "task": TASK, "lock": f"upload:{upload_id}", "args": args})


def enqueue_image(session: Session, image_id: int) -> None:
    """Order that an image be taken in: the job and its row are committed together, or neither."""
    args = json.dumps({"image_id": image_id})
    session.execute(DEFER, {"queue": QUEUE, "task": PICTURE, "lock": f"image:{image_id}", "args": args})


def enqueue_comparison(session: Session, comparison_id: int) -> None:
    """Order that two images be compared: the job and its row are committed together, or neither."""
    args = json.dumps({"comparison_id": comparison_id})
    session.execute(DEFER, {"queue": QUEUE, "task": COMPARISON, "lock": f"comparison:{comparison_id}", "args": args})
