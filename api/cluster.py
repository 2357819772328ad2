"""A cluster of this house's own: keys for it, a scheduler, workers, and the way to hand works to them."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import os
import platform
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from api.errors import Refused
from api.settings import Settings
from api.work.detect import versions
from api.work.works import Hands, WorkFailed
from data.session import engine_for, sessions_on
from data.store import snapshot
from geo.engines import cluster

if TYPE_CHECKING:
    from distributed import Client, Nanny, Security

PORT = 8786
#: The files of a folder of keys: who signed, who we are, and the proof of it.
KEYS = ("ca.pem", "cert.pem", "key.pem")
VALID_FOR = timedelta(days=365)
#: What a run needs of a worker, and what a worker declares, as Dask resources.
EDITION, BOOKS = "dingxin:", "books:"
#: Nothing of people's data leaves memory for a disk, nor is shown on a page that anybody may open; and workers may have
#: children, since shapes are repaired in a process that can be killed.
CONFIG = {
    "distributed.worker.daemon": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
NOWHERE = "127.0.0.1:0"


class ClusterRefused(Refused):
    """The cluster asked for cannot, or should not, be worked with."""


def keys_of(settings: Settings) -> Path:
    """Where the keys of a house's cluster lie."""
    return settings.home / "cluster-keys"


def make_keys(folder: Path) -> None:
    """Make the keys of one cluster in a new folder: whoever holds a copy may take part, and run what he likes.

    The key that signed them is thrown away, so that nobody can be let in later: to shut somebody out, make new ones.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    if folder.exists():
        raise ClusterRefused(
            f"{folder} 已存在，不覆盖。", f"{folder} is there already and is not replaced.", "keys_exist"
        )
    now = datetime.now(UTC)
    signer, ours = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))

    def signed(name: str, public: ec.EllipticCurvePublicKey, ca: bool) -> bytes:
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "dingxin cluster ca")]))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))  # clocks of other machines may be behind
            .not_valid_after(now + VALID_FOR)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=0 if ca else None), critical=True)
            .sign(signer, SHA256())
        )
        return made.public_bytes(Encoding.PEM)

    key = ours.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    contents = (
        signed("dingxin cluster ca", signer.public_key(), True),
        signed("dingxin cluster", ours.public_key(), False),
        key,
    )
    folder.mkdir(mode=0o700, parents=True)
    for name, content in zip(KEYS, contents, strict=True):
        with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)


def security(address: str, keys: Path, unencrypted: bool) -> Security | None:
    """The keys for an address; none for one that is not encrypted, which must then be on this machine or be allowed.

    Raises ClusterRefused where personal data would travel in the clear, and where there are no keys.
    """
    try:
        from distributed import Security
    except ModuleNotFoundError:
        raise ClusterRefused(
            "没有安装集群所需的软件包，请通过 ./dingxin 运行，它会自动安装。",
            "What a cluster needs is not installed: run it by ./dingxin, which sees to that.",
            "no_dask",
        ) from None

    scheme = urlsplit(address).scheme
    if scheme == "tls":
        missing = [name for name in KEYS if not (keys / name).is_file()]
        if missing:
            raise ClusterRefused(
                f"{keys} 里缺 {' '.join(missing)}。请先运行 ./dingxin cluster keys，再复制该目录。",
                f"{keys} holds no keys ({', '.join(missing)}). Run ./dingxin cluster keys once, and copy that folder.",
                "no_keys",
            )
        ca, cert, key = (str(keys / name) for name in KEYS)
        roles = {f"tls_{role}_{kind}": path for role in ("client", "scheduler", "worker")
                 for kind, path in (("cert", cert), ("key", key))}  # fmt: skip
        return Security(tls_ca_file=ca, require_encryption=True, **roles)
    if scheme != "tcp":
        raise ClusterRefused(
            f"集群地址应为 tls://主机:{PORT}，不是 {address}",
            f"A cluster's address is tls://host:{PORT}, not {address}",
            "cluster_address",
        )
    if not unencrypted and not _on_this_machine(address):
        raise ClusterRefused(
            f"{address} 不加密，个人信息会在网上明文传送。请改用 tls://；确知网络可信时加 --unencrypted。",
            f"{address} is not encrypted: personal data would travel in the clear. Use tls://, or --unencrypted where "
            "the network is trusted.",
            "unencrypted",
        )
    return None


def _on_this_machine(address: str) -> bool:
    """Whether an address stays on this machine, whatever it is plugged into."""
    host = urlsplit(address).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@cache
def edition() -> str:
    """Name what runs here: the version, and a digest of the code and of the libraries that measure.

    Two processes of one edition find the same to the bit; a version number alone stays the same between releases.
    """
    digest = hashlib.sha256(repr([*versions().items(), *_numeric()]).encode())
    for package in ("geo", "data", "api.work"):
        folder = Path(str(files(package)))
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".py", ".csv", ".sql"):
                digest.update(str(file.relative_to(folder)).encode() + file.read_bytes())
    return f"{version('dingxin')}+{digest.hexdigest()[:12]}"


def _numeric() -> list[tuple[str, str]]:
    return [(name, version(name)) for name in ("numpy", "pandas", "numba")] + [("machine", platform.machine())]


def scheduler(address: str, secret: Security | None, ready: Callable[[str], None]) -> None:
    """Run a scheduler at an address until it is told to end; `ready` is called with where it listens."""
    asyncio.run(_until_told(partial(_scheduler, address, secret), ready))


def workers(address: str, secret: Security | None, settings: Settings, count: int, memory: str | float,
            ready: Callable[[str], None]) -> None:  # fmt: skip
    """Run worker processes of one thread each until told to end; one that dies is replaced, `memory` is for each."""
    asyncio.run(_until_told(partial(_workers, address, secret, settings, count, memory), ready))


async def _until_told(running: Callable[[], Any], ready: Callable[[str], None]) -> None:
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    async with running() as (words, over):
        ready(words)
        done, _ = await asyncio.wait([asyncio.ensure_future(told.wait()), over], return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


@asynccontextmanager
async def _scheduler(address: str, secret: Security | None) -> AsyncIterator[tuple[str, Any]]:
    import dask
    from distributed import Scheduler

    place = urlsplit(address)
    with dask.config.set(CONFIG):
        async with Scheduler(
            host=place.hostname, port=place.port if place.port is not None else PORT, protocol=f"{place.scheme}://",
            security=secret, dashboard=False, dashboard_address=NOWHERE,
        ) as running:  # fmt: skip
            yield running.address, asyncio.ensure_future(running.finished())


@asynccontextmanager
async def _workers(
    address: str, secret: Security | None, settings: Settings, count: int, memory: str | float
) -> AsyncIterator[tuple[str, Any]]:
    import dask
    from distributed import Nanny

    books = reached(settings)
    declared = {EDITION + edition(): 1.0} | ({BOOKS + books: 1.0} if books else {})
    with dask.config.set(CONFIG):
        nannies = [
            Nanny(
                address, nthreads=1, memory_limit=memory, security=secret, resources=declared, preload=["api.cluster"],
                local_directory=str(settings.folder("scratch")), dashboard=False, dashboard_address=NOWHERE,
                protocol=f"{urlsplit(address).scheme}://", name=f"{socket.gethostname()}/{os.getpid()}/{number}",
            )
            for number in range(count)
        ]  # fmt: skip
        try:
            await _started(nannies, address)
            words = f"{count} × {edition()}, " + (
                "数据库可达 books reached" if books else "数据库不可达 no books: tiles only"
            )
            yield words, asyncio.ensure_future(asyncio.wait([asyncio.ensure_future(one.finished()) for one in nannies]))
        finally:
            await asyncio.gather(*(nanny.close() for nanny in nannies))


async def _started(nannies: list[Nanny], address: str) -> None:
    """Wait until all workers are in; the first one that cannot be ends the others."""
    try:
        await asyncio.gather(*nannies)
    except (RuntimeError, OSError, TimeoutError):
        raise ClusterRefused(
            f"工作进程没能加入集群 {address}：请查看上面的记录。",
            f"The workers could not join {address}: see what is logged above.",
            "worker_start",
        ) from None


def dask_setup(_worker: object) -> None:
    """Make a worker warm before it takes its first work: rules read, loops compiled."""
    from datetime import date

    import geopandas as gpd
    import shapely

    from geo.detect import detect

    squares = [shapely.box(0, 0, 10, 10), shapely.box(5, 5, 15, 15)]
    detect({"parcel": gpd.GeoDataFrame({"code": ["1", "2"]}, geometry=squares, crs=4546)}, day=date(2026, 1, 1))


def reached(settings: Settings) -> str | None:
    """Which books are reached from here, or none."""
    from sqlalchemy.exc import OperationalError

    engine = engine_for(settings.database_url)
    try:
        with sessions_on(engine).begin() as session:
            return snapshot.identity(session)
    except OperationalError:
        return None
    finally:
        engine.dispose()


@contextmanager
def hands(address: str, secret: Security | None, settings: Settings, tiles: Path | None = None) -> Iterator[Hands]:
    """Open a cluster's hands for a run; ClusterRefused where it does not answer, where none fits, where it fails."""
    from distributed import Client
    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError
    from distributed.scheduler import KilledWorker

    needs = {EDITION + edition(): 1.0}
    if tiles is None:
        needs |= {BOOKS + str(reached(settings)): 1.0}
    try:
        client = Client(address, security=secret, timeout=15, set_as_default=False)
    except (OSError, TimeoutError):
        raise ClusterRefused(
            f"集群 {address} 没有应答。", f"The cluster {address} does not answer.", "cluster_unreachable"
        ) from None
    with client:
        _look_over(client, needs, settings)
        try:
            yield Hands(partial(cluster.mapped, client=client, needs=needs), tiles=tiles)
        except (KilledWorker, FutureCancelledError, CommClosedError) as lost:
            raise ClusterRefused(
                "集群在检测中途失去了联系，或同一部分多次使工作进程终止；数据库没有任何改动，可以重来。",
                f"The cluster was lost, or one work killed its workers time and again ({type(lost).__name__}); nothing "
                "in the books has changed: start it again.",
                "cluster_lost",
            ) from None
        except WorkFailed as failed:
            raise ClusterRefused(
                f"有一部分没有做成，数据库没有任何改动：\n{failed}",
                f"One work failed, and nothing in the books has changed: {str(failed).splitlines()[0]}",
                "work_failed",
            ) from None


def _look_over(client: Client, needs: Mapping[str, float], settings: Settings) -> None:
    """Refuse a cluster in which no worker can take part, and say why of each."""
    present = client.scheduler_info()["workers"].values()
    if any(needs.keys() <= one["resources"].keys() for one in present):
        return
    told = [f"{one['name']}: {_unfit(one['resources'], needs)}" for one in present] or ["没有工作进程 no workers"]
    zh = "集群里没有可用的工作进程（须用 ./dingxin cluster worker 启动，版本相同，能访问数据库或共享目录）："
    en = "No worker can take part (start them with ./dingxin cluster worker, of this edition, reaching the books):"
    if settings.owns_database:
        zh += "内置数据库不监听网络，只有本机的工作进程可用；其他机器请设 DINGXIN_DATABASE_URL 或用 --tiles。"
        en += " the built-in database listens on no network, so only workers of this machine are taken; others need"
        en += " DINGXIN_DATABASE_URL, or --tiles."
    raise ClusterRefused(zh, "\n".join([en, *told]), "no_workers")


def _unfit(declared: Mapping[str, float], needs: Mapping[str, float]) -> str:
    """Why a worker that declares this cannot take part."""
    theirs = [name.removeprefix(EDITION) for name in declared if name.startswith(EDITION)]
    if not theirs:
        return "不是定心的工作进程 no worker of Dingxin"
    if theirs != [edition()]:
        return f"版本不同 runs {theirs[0]}, this is {edition()}"
    return "访问不到同一个数据库 does not reach the same books"
