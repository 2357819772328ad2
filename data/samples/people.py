"""Invented households: names put together by chance, and identity numbers that nobody alive can hold.

Every number is valid in form (GB 11643) and carries a birth year from 1850 to 1889.
"""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

#: 阳春县 until 1983: a real district whose numbers, with these birth years, were never given to anybody.
DISTRICT = "442922"
_SURNAMES = "陈林黄李张谢梁曾柯罗刘严洪蔡朱莫何邓许杨冯钟谭关苏陆范欧利司徒"
_MEN = "德福生财旺贵荣华昌盛庆祥瑞安平和顺发达兴隆寿康宁厚田山水木金土树松柏茂根"
_WOMEN = "秀英兰芳桂花梅菊珍珠玉翠凤娥莲香月云霞燕妹娣好美丽春秋芬琴"
#: First birth year and number of days of a generation.
_ELDERS, _CHILDREN = (date(1850, 1, 1), 6000), (date(1867, 1, 1), 8400)
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK = "10X98765432"
#: Relation to the head (GB/T 4761) by place in the household and sex.
_HEAD, _WIFE, _HUSBAND, _SON, _DAUGHTER = "02", "12", "11", "20", "30"


class Registry:
    """Gives out identity numbers, names and phone numbers, none of them twice."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._given = {_ELDERS: 0, _CHILDREN: 0}
        self._phones = 0

    def number(self, generation: tuple[date, int], man: bool) -> str:
        """The next identity number of a generation: day and serial number of that day are used together once."""
        first, days = generation
        at = self._given[generation]
        self._given[generation] += 1
        born = first + timedelta(days=at * 7919 % days)
        return checked(f"{DISTRICT}{born:%Y%m%d}{at // days * 2 + 10 + man:03d}")

    def name(self, man: bool, surname: str | None = None) -> str:
        """A surname and one or two characters."""
        given = _MEN if man else _WOMEN
        picks = self._rng.integers(len(given), size=2 if self._rng.random() < 0.8 else 1)
        surname = surname or _SURNAMES[self._rng.integers(len(_SURNAMES) - 2)]
        return surname + "".join(given[pick] for pick in picks)

    def phone(self) -> str:
        """Eleven digits in a range that no network uses."""
        self._phones += 1
        return f"100{self._phones:08d}"

    def elder(self, man: bool = True) -> tuple[str, str]:
        """Name and number of somebody who may head a household or a group."""
        return self.name(man), self.number(_ELDERS, man)


def checked(digits: str) -> str:
    """Append the check digit of GB 11643 to seventeen digits."""
    return digits + _CHECK[int((np.frombuffer(digits.encode(), np.uint8) - 48) @ _WEIGHTS) % 11]


def household(registry: Registry, rng: np.random.Generator) -> list[dict[str, str]]:
    """One household, its head first, as rows of CBF_JTCY."""
    man = bool(rng.random() < 0.85)
    name, number = registry.elder(man)
    people = [(name, man, number, _HEAD)]
    if rng.random() < 0.9:
        spouse, its_number = registry.elder(not man)
        people.append((spouse, not man, its_number, _WIFE if man else _HUSBAND))
    for _ in range(int(rng.integers(0, 5))):
        is_son = bool(rng.random() < 0.5)
        child = registry.name(is_son, name[0])
        people.append((child, is_son, registry.number(_CHILDREN, is_son), _SON if is_son else _DAUGHTER))
    return [
        {
            "CYXM": who,
            "CYXB": "1" if male else "2",
            "CYZJLX": "1",
            "CYZJHM": number,
            "YHZGX": relation,
            "SFGYR": "1",
        }
        for who, male, number, relation in people
    ]


def shared_out(parcels: int, rng: np.random.Generator, each: float = 5.5) -> NDArray[np.int64]:
    """Give each of so many parcels of a group to one of its households, every household at least one."""
    count = max(1, round(parcels / each))
    owners = np.r_[np.arange(count), rng.integers(count, size=parcels - count)]
    return rng.permutation(owners)
