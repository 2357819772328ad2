"""The worker: takes jobs off the queue in our own database, and picks up those whose worker died."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.jobs import Status
from psycopg.conninfo import make_conninfo
from sqlalchemy.exc import OperationalError

from api.errors import traced
from api.office import Office
from api.work import comparisons, images, receive
from api.work.queue import COMPARISON, PICTURE, QUEUE, TASK
from api.work.walk import walk

log = logging.getLogger("dingxin.worker")

ATTEMPTS = 4
#: Failures that may pass by themselves; any other is ours to mend, and trying again would only delay the news.
PASSING = (OperationalError, psycopg.OperationalError, OSError)
#: A worker that was killed is missed after half a minute, looked for every half minute: resumed within a minute.
MISSED_SECONDS = 30
GRACE_SECONDS = 30
#: How the work of each kind of job is ended for good: with its number, and why.
GIVE_UP: dict[str, Callable[[Office, int, str], None]] = {
    TASK: receive.give_up,
    PICTURE: images.give_up,
    COMPARISON: comparisons.give_up,
}


class Failed(Exception):
    """Work on a delivery failed; only the kind of failure is told."""


class Passing(Failed):
    """It failed for a reason that may pass by itself."""


def build(office: Office) -> App:
    """Make the worker of one house."""
    url = office.engine.url
    # Spelled out: libpq reads the plus signs that SQLAlchemy writes for spaces in a URL as plus signs.
    parts = url.translate_connect_args(username="user", database="dbname") | dict(url.query)
    app = App(connector=PsycopgConnector(conninfo=make_conninfo(**parts)))

    again = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3, retry_exceptions=[Passing])

    def attempt(context: JobContext, number: int, do: Callable[[], None]) -> None:
        try:
            do()
        except Exception as error:
            log.error("%s %s, attempt %s: %s", context.job.task_name, number, context.job.attempts, traced(error))
            passing = isinstance(error, PASSING)
            if context.job.attempts >= ATTEMPTS or not passing:
                GIVE_UP[context.job.task_name](office, number, type(error).__name__)
            # The queue writes an error's words into its log; those of a database quote whole rows.
            raise (Passing if passing else Failed)(type(error).__name__) from None

    @app.task(name=TASK, queue=QUEUE, pass_context=True, retry=again)
    def work_on_upload(context: JobContext, upload_id: int, accept: bool, ask: bool = False) -> None:
        attempt(context, upload_id, lambda: walk(office, upload_id, accept, ask))

    @app.task(name=PICTURE, queue=QUEUE, pass_context=True, retry=again)
    def take_in_image(context: JobContext, image_id: int) -> None:
        attempt(context, image_id, lambda: images.take_in(office, image_id))

    @app.task(name=COMPARISON, queue=QUEUE, pass_context=True, retry=again)
    def compare_images(context: JobContext, comparison_id: int) -> None:
        attempt(context, comparison_id, lambda: comparisons.work(office, comparison_id))

    @app.periodic(cron="* * * * * */30", periodic_id="missed")
    @app.task(name="pick_up_missed_jobs", queue=QUEUE, queueing_lock="missed")
    async def pick_up_missed_jobs(timestamp: int) -> None:
        await _pick_up_missed(app, office)

    return app


def run(office: Office, *, until_empty: bool = False, signals: bool = True) -> None:
    """Work until told to stop, or only until the queue is empty."""
    app = build(office)
    asyncio.run(_run(app, office, until_empty, signals))


async def _run(app: App, office: Office, until_empty: bool, signals: bool) -> None:
    async with app.open_async():
        await _pick_up_missed(app, office)
        await app.run_worker_async(
            queues=[QUEUE],
            concurrency=2,
            wait=not until_empty,
            install_signal_handlers=signals,
            shutdown_graceful_timeout=GRACE_SECONDS,
            delete_jobs="successful",
        )


async def _pick_up_missed(app: App, office: Office) -> None:
    """Queue again what a worker left when it died; what killed its worker time and again is given up."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=MISSED_SECONDS):
        if job.task_name in GIVE_UP and job.attempts >= ATTEMPTS:
            (number,) = (one for name, one in job.task_kwargs.items() if name.endswith("_id"))
            GIVE_UP[job.task_name](office, number, "killed")
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
