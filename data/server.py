"""Which PostgreSQL there is on this machine, and as whom it may run."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

#: Tried with PostGIS 3.3 to 3.5.
MAJORS = range(15, 18)
ACCOUNT = "postgres"
APT = "apt install postgresql postgresql-postgis"


class ClusterError(RuntimeError):
    """The private database cannot be had: what is wrong and how to mend it, in both languages."""

    def __init__(self, zh: str, en: str):
        self.zh, self.en = zh, en
        super().__init__(f"{zh}\n{en}")


@dataclass(frozen=True)
class Server:
    """The programs of one major version, run by one account."""

    major: int
    bin: Path
    account: pwd.struct_passwd

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of the programs; root steps down to the account first, since PostgreSQL refuses root."""
        command = [str(self.bin / program), *map(str, arguments)]
        # PG* variables of the caller (PGDATA, PGPORT …) are meant for somebody else's server.
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return subprocess.run(
            command,
            cwd="/",
            env=kept | {"LC_ALL": "C.UTF-8", "HOME": self.account.pw_dir},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            umask=0o077,
            **(_as(self.account)),
        )

    def reaches(self, folder: Path) -> bool:
        """Tell whether the account can enter a folder; one closed parent is enough to keep it out."""
        return subprocess.run(["test", "-x", str(folder)], cwd="/", **_as(self.account)).returncode == 0


def find(major: int | None = None, owner: int | None = None) -> Server:
    """Find the server that fits an existing cluster (its major version and owner), or the newest for a new one."""
    have = _installed()
    fitting = [number for number in have if number in MAJORS and major in (None, number)]
    if fitting:
        return Server(max(fitting), have[max(fitting)], _account(owner))
    seen = ", ".join(map(str, sorted(have)))
    if major is None:
        raise ClusterError(
            f"没有找到带 PostGIS 的 PostgreSQL {MAJORS[0]}–{MAJORS[-1]}（现有：{seen or '无'}）。请运行：{APT}",
            f"No PostgreSQL {MAJORS[0]} to {MAJORS[-1]} with PostGIS is here (found: {seen or 'none'}). Run: {APT}",
        )
    raise ClusterError(
        f"数据是 PostgreSQL {major} 的，本机只有：{seen or '无'}。请安装 postgresql-{major}-postgis-3，"
        "或用旧版本导出（pg_dump）后在新目录（DINGXIN_HOME）恢复；原数据未动。",
        f"The data were written by PostgreSQL {major}; this machine has: {seen or 'none'}. Install "
        f"postgresql-{major}-postgis-3, or dump with the old version (pg_dump) and restore into a new DINGXIN_HOME; "
        "the data were left untouched.",
    )


def _installed() -> dict[int, Path]:
    """List the PostgreSQLs that have PostGIS: those of the distribution and the one on the PATH."""
    folders = [*Path("/usr/lib/postgresql").glob("*/bin")]
    if on_path := shutil.which("pg_ctl"):
        folders.append(Path(on_path).resolve().parent)
    found = {}
    for folder in folders:
        if not (folder / "initdb").exists():
            continue
        version = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True).stdout.split()
        if version and _postgis(folder):
            found[int(version[2].split(".")[0])] = folder
    return found


def _postgis(folder: Path) -> bool:
    config = subprocess.run([folder / "pg_config", "--sharedir"], capture_output=True, text=True)
    return Path(config.stdout.strip(), "extension", "postgis.control").exists()


def _account(owner: int | None) -> pwd.struct_passwd:
    """Tell who runs the server: whoever owns the cluster, or for a new one ourselves, and for root `postgres`."""
    me = os.geteuid()
    if owner is not None and owner != me and me != 0:
        name = pwd.getpwuid(owner).pw_name
        raise ClusterError(
            f"数据库属于账户 {name}。请以该账户或用 sudo 运行，或另设 DINGXIN_HOME。",
            f"The database belongs to the account {name}. Run as that account or with sudo, or set DINGXIN_HOME.",
        )
    if me != 0:
        return pwd.getpwuid(me)
    try:
        return pwd.getpwuid(owner) if owner else pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise ClusterError(
            f"PostgreSQL 不能以 root 运行，而本机没有账户 {ACCOUNT}。请运行：{APT}",
            f"PostgreSQL does not run as root, and there is no account {ACCOUNT} here. Run: {APT}",
        ) from None


def _as(account: pwd.struct_passwd) -> dict[str, object]:
    if os.geteuid() == account.pw_uid:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
