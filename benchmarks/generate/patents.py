"""Made-up inventions with their applications and publications, for exports as vendors write them.

Numbers are valid in form (a Chinese application number carries its right check digit) and unique. One
generator, one seed, one running number: the same call gives the same world.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.generate import vocabulary as words

FIRST_FILING, CUTOFF = date(2011, 1, 3), date(2025, 10, 31)
ORGANISATIONS = 3000
OFFICES = {"CN": 55, "US": 18, "JP": 10, "EP": 8, "WO": 9}
_CN_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
# First filing year of each series of United States application numbers.
_US_SERIES = {2011: 13, 2014: 14, 2016: 15, 2018: 16, 2020: 17, 2022: 18, 2025: 19}


@dataclass(frozen=True, slots=True)
class Organisation:
    """An applicant with its name in two scripts."""

    name_zh: str
    name_en: str
    country: str


@dataclass(frozen=True, slots=True)
class Invention:
    """What all publications of a family share."""

    title_zh: str
    title_en: str
    abstract_zh: str
    abstract_en: str
    applicants: tuple[Organisation, ...]
    inventors: tuple[tuple[str, str], ...]
    ipc: tuple[str, ...]
    cpc: tuple[str, ...]
    industries: tuple[str, ...]
    emerging: tuple[str, ...]
    claims: int


@dataclass(frozen=True, slots=True)
class Application:
    """An application. `serial` is unique in the world; `type` is invention, utility_model or design."""

    office: str
    serial: int
    filed: date
    type: str
    home: str

    @property
    def undated(self) -> bool:
        """Whether no tool knows its filing date (one application in 97)."""
        return self.serial % 97 == 0

    @property
    def cn_digits(self) -> str:
        """The twelve digits of a Chinese application number."""
        return f"{self.filed.year}{ {'invention': 1, 'utility_model': 2, 'design': 3}[self.type] }{self.serial:07d}"

    @property
    def cn_check(self) -> str:
        """Its check character (rules of 2003: weights 2 to 9, modulo 11)."""
        rest = sum(int(d) * w for d, w in zip(self.cn_digits, _CN_WEIGHTS, strict=True)) % 11
        return "X" if rest == 10 else str(rest)

    @property
    def us_series(self) -> int:
        """The two digits before the slash of a United States application number."""
        return max(series for year, series in _US_SERIES.items() if year <= self.filed.year)


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication of an application of an invention."""

    invention: Invention
    application: Application
    first: Application
    kind: str
    granted: bool
    published: date

    @property
    def number(self) -> str:
        """The publication number as one word, `CN109462287A`."""
        return f"{self.application.office}{self.digits}{self.kind}"

    @property
    def digits(self) -> str:
        """The part between office and kind."""
        serial, office = self.application.serial, self.application.office
        if office == "CN":
            return f"{ {'invention': 1, 'utility_model': 2, 'design': 3}[self.application.type] }{serial:08d}"
        if office == "US":
            return f"{9_000_000 + serial}" if self.granted else f"{self.published.year}{serial:07d}"
        if office == "JP":
            return f"{5_000_000 + serial}" if self.granted else f"{self.published.year}{serial:06d}"
        if office == "EP":
            return f"{2_500_000 + serial}"
        return f"{self.published.year}{serial:06d}"


def publications(seed: int) -> Iterator[Publication]:
    """An endless row of publications, family by family."""
    chance = random.Random(seed)
    pool = [_organisation(chance, number) for number in range(ORGANISATIONS)]
    serial = 1000
    while True:
        invention = _invention(chance, pool)
        home = invention.applicants[0].country
        filed = _filing_date(chance)
        first: Application | None = None
        for office in _offices(chance, home):
            serial += 1
            type_ = _type(chance, office) if first is None else "invention"
            later = timedelta(days=0 if first is None else chance.randint(30, 365))
            application = Application(office, serial, filed + later, type_, home)
            first = first or application
            yield from _publish(chance, invention, application, first)
            if type_ == "design":
                break


def _offices(chance: random.Random, home: str) -> list[str]:
    """Where a family is filed: first at home, then in one case of three abroad."""
    rest = [office for office in OFFICES if office != home]
    abroad = chance.choices((0, 1, 2, 3), (66, 20, 9, 5))[0]
    return [home, *chance.sample(rest, abroad)]


def _type(chance: random.Random, office: str) -> str:
    if office != "CN":
        return "invention"
    return chance.choices(("invention", "utility_model", "design"), (70, 25, 5))[0]


def _publish(
    chance: random.Random, invention: Invention, application: Application, first: Application
) -> Iterator[Publication]:
    """The publications of an application up to the cut-off."""

    def out(kind: str, granted: bool, day: date) -> Iterator[Publication]:
        if day <= CUTOFF:
            yield Publication(invention, application, first, kind, granted, day)

    if application.type != "invention":
        kind = "U" if application.type == "utility_model" else "S"
        yield from out(kind, True, application.filed + timedelta(days=chance.randint(120, 330)))
        return
    laid_open = application.filed + timedelta(days=chance.randint(180, 560))
    yield from out("A" if application.office in ("CN", "JP") else "A1", False, laid_open)
    if application.office != "WO" and chance.random() < 0.29:
        granted = laid_open + timedelta(days=chance.randint(250, 1200))
        yield from out({"CN": "B", "EP": "B1"}.get(application.office, "B2"), True, granted)


def _filing_date(chance: random.Random) -> date:
    """Filings grow by about 12 % a year."""
    years = (CUTOFF - FIRST_FILING).days / 365.25
    years_in = math.log(1 + chance.random() * (math.exp(0.12 * years) - 1)) / 0.12
    return FIRST_FILING + timedelta(days=int(years_in * 365.25))


def _organisation(chance: random.Random, number: int) -> Organisation:
    country = chance.choices(list(OFFICES), (55, 20, 12, 13, 0))[0]
    if country == "CN":
        city, brand, trade = chance.choice(words.CN_CITIES), chance.choice(words.BRANDS), chance.choice(words.TRADES)
        no = f"{number:04d}"
        return Organisation(
            f"{city[0]}{brand[0]}{no}{trade[0]}有限公司", f"{city[1]} {brand[1]} {no} {trade[1]} Co., Ltd.", "CN"
        )
    name = f"{chance.choice(words.LATIN_BRANDS)} {number:04d} {chance.choice(words.TRADES)[1]}"
    form = {"US": "Inc.", "JP": "K.K.", "EP": "GmbH"}[country]
    return Organisation(f"{name} {form}", f"{name} {form}", country)


def _invention(chance: random.Random, pool: list[Organisation]) -> Invention:
    thing_zh, thing_en = chance.choice(words.THINGS)
    use_zh, use_en = chance.choice(words.THINGS)
    abstract_zh, abstract_en = _abstracts(chance, thing_zh, thing_en)
    joint = 1 if chance.random() >= 0.12 else chance.choice((2, 2, 2, 3))
    ipc = tuple(dict.fromkeys(_symbol(chance) for _ in range(chance.choice((1, 1, 2, 2, 3, 4)))))
    cpc = tuple(dict.fromkeys(_symbol(chance, 5) for _ in range(chance.choice((0, 0, 2, 4, 7, 10)))))
    people = tuple(
        (chance.choice(words.SURNAMES), chance.choice(words.GIVEN) + chance.choice(words.GIVEN).lower())
        for _ in range(chance.randint(1, 5))
    )
    return Invention(
        title_zh=f"{thing_zh}、{use_zh}及其制造方法",
        title_en=f"{thing_en.capitalize()}, {use_en} and method for manufacturing the same",
        abstract_zh=abstract_zh,
        abstract_en=abstract_en,
        applicants=tuple(dict.fromkeys(pool[_zipf(chance, len(pool))] for _ in range(joint))),
        inventors=people,
        ipc=ipc,
        cpc=cpc,
        industries=tuple(dict.fromkeys(chance.choice(words.INDUSTRIES) for _ in range(chance.randint(2, 10)))),
        emerging=tuple(dict.fromkeys(chance.choice(words.EMERGING) for _ in range(chance.randint(0, 2)))),
        claims=chance.randint(1, 28),
    )


def _abstracts(chance: random.Random, thing_zh: str, thing_en: str) -> tuple[str, str]:
    """An abstract of about 250 Chinese characters, and one of about 700 Latin letters."""
    zh, en = [f"本发明提供一种{thing_zh}，属于相关技术领域。"], [f"The invention provides a {thing_en}."]
    for _ in range(chance.randint(4, 6)):
        one, other, how = chance.choice(words.PARTS), chance.choice(words.PARTS), chance.choice(words.RELATIONS)
        zh.append(f"所述{one[0]}{how[0]}所述{other[0]}。")
        en.append(f"{one[1].capitalize()} {how[1]} {other[1]}.")
    for _ in range(chance.randint(1, 3)):
        step = chance.choice(words.STEPS)
        zh.append(f"进一步地，在编号为{chance.randint(100, 999)}的步骤中，{step[0]}。")
        en.append(f"Further, in the step numbered {chance.randint(100, 999)}, {step[1]}.")
    effect = chance.choice(words.EFFECTS)
    return "".join(zh) + f"该方案{effect[0]}。", " ".join(en) + f" The scheme: {effect[1]}."


def _symbol(chance: random.Random, digits: int = 3) -> str:
    return f"{chance.choice(words.SUBCLASSES)}{chance.randint(1, 99)}/{chance.randint(0, 10 ** (digits - 1)):02d}"


def _zipf(chance: random.Random, count: int) -> int:
    """An index from 0, index k with a probability close to 1 / (k + 1)."""
    return min(int((count + 1) ** chance.random()) - 1, count - 1)
