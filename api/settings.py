"""What can be set for one house, by environment variables that begin with DINGXIN_ (DINGXIN_HOME …)."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from data.cluster import Cluster, home


class Settings(BaseSettings):
    """The settings of one house; each has a default that works."""

    model_config = SettingsConfigDict(env_prefix="DINGXIN_", frozen=True)

    #: Where everything that the house writes lies.
    home: Path = Field(default_factory=home)
    #: A PostGIS of one's own; otherwise the private cluster under `home`.
    database_url: str = Field(default_factory=lambda so_far: Cluster(so_far["home"] / "cluster").url())
    #: The one metric system in which everything is stored; the default is CGCS2000, 3-degree zone of 111° E.
    srid: int = 4546
    #: Where the pages are served, on this machine only.
    port: int = 8000
    #: What people type to get here; printed in the code on every certificate.
    public_url: str = Field(default_factory=lambda so_far: f"http://127.0.0.1:{so_far['port']}")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.resolve()

    @field_validator("database_url")
    @classmethod
    def _one_driver(cls, url: str) -> str:
        scheme, _, rest = url.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url

    @property
    def owns_database(self) -> bool:
        """Tell whether the private cluster is used."""
        return self.database_url == self.cluster.url()

    @property
    def cluster(self) -> Cluster:
        """The private cluster of this house, whether it is used or not."""
        return Cluster(self.home / "cluster")

    def folder(self, name: str) -> Path:
        """Give a folder under `home` that only this account can read."""
        folder = self.home / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
