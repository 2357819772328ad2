from pathlib import Path

import pytest

from data.samples import Truth, write_township

#: The fewest parcels that hold all that is planted.
SMALL = 800


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("township")


@pytest.fixture(scope="session")
def truth(folder: Path) -> Truth:
    return write_township(folder, parcels=SMALL)
