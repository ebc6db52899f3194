"""Hypothesis strategies: numbers of every office as the office gives them, with what they must become."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from pingjiang.identifiers import What, cn_check_digit


@dataclass(frozen=True)
class Written:
    """A text, what it is, and its identity."""

    text: str
    what: What
    id: str


def _digits(low: int, high: int, width: int = 0) -> st.SearchStrategy[str]:
    return st.integers(low, high).map(lambda value: f"{value:0{width}d}")


def _publication(authority: str, number: st.SearchStrategy[str], kinds: list[str]) -> st.SearchStrategy[Written]:
    def build(parts: tuple[str, str]) -> Written:
        text = authority + parts[0] + parts[1]
        return Written(text, "publication", text)

    return st.tuples(number, st.sampled_from(kinds)).map(build)


def _years(low: int, high: int, width: int, most: int) -> st.SearchStrategy[str]:
    return st.tuples(st.integers(low, high), st.integers(1, most)).map(lambda p: f"{p[0]}{p[1]:0{width}d}")


_KINDS_CN = ["A", "B", "C", "U", "Y", "S", "D", "C1", "C7", "Y1", "A8", "A9", "B8", "B9"]
PUBLICATIONS: dict[str, st.SearchStrategy[Written]] = {
    "CN": _publication("CN", st.one_of(_digits(1_000_000, 3_999_999), _digits(100_000_000, 399_999_999)), _KINDS_CN),
    "US grant": _publication("US", _digits(1, 13_000_000), ["A", "B1", "B2"]),
    "US application": _publication("US", _years(2001, 2024, 7, 460_000), ["A1", "A2", "A9"]),
    "US reissue": _publication("US", _digits(1, 50_000).map("RE{}".format), ["E", "E1"]),
    "US design": _publication("US", _digits(1, 1_050_000).map("D{}".format), ["S", "S1"]),
    "US plant": _publication("US", _digits(1, 36_000).map("PP{}".format), ["P", "P2", "P3"]),
    "US statutory": _publication("US", _digits(1, 2_300).map("H{}".format), ["H", "H1"]),
    "WO": _publication("WO", _years(1978, 2024, 6, 250_000), ["A1", "A2", "A3", "A9", "B1"]),
    "EP": _publication("EP", _digits(1, 4_500_000, 7), ["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B9"]),
    "JP": _publication("JP", _years(2000, 2024, 6, 570_000), ["A", "A5", "U"]),
    "JP era": _publication(
        "JP",
        st.tuples(st.sampled_from(["S46", "S63", "H01", "H07", "H11"]), _digits(1, 350_000)).map("".join),
        ["A", "B2", "U", "Y2"],
    ),
    "JP grant": _publication("JP", _digits(2_520_000, 2_990_000), ["B2"]),
    "KR": _publication("KR", _years(1999, 2024, 7, 180_000), ["A", "U"]),
    "KR grant": _publication("KR", _digits(1, 2_700_000, 7).map("10{}".format), ["B1"]),
    "KR utility": _publication("KR", _digits(1, 500_000, 7).map("20{}".format), ["Y1"]),
    "DE": _publication("DE", _years(2004, 2024, 6, 300_000).map("10{}".format), ["A1", "B3", "B4"]),
    "DE old": _publication("DE", _digits(1_000_000, 4_500_000), ["A1", "C1", "C2"]),
    "DE utility": _publication("DE", _years(2004, 2024, 6, 20_000).map("20{}".format), ["U1"]),
    "TW": _publication("TW", _years(2003, 2024, 5, 60_000), ["A"]),
    "TW grant": _publication("TW", _digits(100_000, 850_000).map("I{}".format), ["B"]),
    "TW utility": _publication("TW", _digits(200_000, 650_000).map("M{}".format), ["U"]),
    "CA": _publication("CA", _digits(1_000_000, 3_300_000), ["A1", "C"]),
    "AU": _publication("AU", _years(2002, 2024, 6, 350_000), ["A1", "B2"]),
    "FR": _publication("FR", _digits(2_000_000, 3_150_000), ["A1", "B1"]),
    "GB": _publication("GB", _digits(2_000_001, 2_630_000), ["A", "B"]),
    "ES": _publication("ES", _digits(2_000_000, 2_990_000), ["A1", "B1", "T3"]),
    "RU": _publication("RU", _digits(2_000_000, 2_830_000), ["C1", "C2"]),
    "BR": _publication("BR", _digits(102_012_000_001, 112_024_999_999), ["A2", "B1"]),
    "MX": _publication("MX", _years(2005, 2024, 6, 20_000), ["A"]),
    "IN": _publication("IN", _digits(201_600_000_001, 202_499_999_999), ["A"]),
    "BRPI": _publication("BR", _digits(1_000_000, 9_999_999).map("PI{}".format), ["A2"]),
}


def _cn_application(parts: tuple[int, str, int]) -> Written:
    year, type_, serial = parts
    digits = f"{year}{type_}{serial:07d}"
    kind = {"1": "", "8": "", "2": "U", "9": "U", "3": "F"}[type_]
    return Written(f"CN{digits}.{cn_check_digit(digits)}", "application", f"CN{digits}{kind}")


def _cn_old_application(parts: tuple[str, str, int]) -> Written:
    year, type_, serial = parts
    digits = f"{year}{type_}{serial:05d}"
    kind = {"1": "", "2": "U", "3": "F"}[type_]
    return Written(f"CN{digits}.{cn_check_digit(digits)}", "application", f"CN{digits}{kind}")


def _us_application(parts: tuple[str, int]) -> Written:
    series, serial = parts
    kind = "F" if series == "29" else "P" if series in ("60", "61", "62", "63") else ""
    text = f"US{series}/{serial:06d}"
    return Written(text, "application", f"US{series}{serial:06d}{kind}")


def _same(prefix: str, number: st.SearchStrategy[str], id_prefix: str) -> st.SearchStrategy[Written]:
    return number.map(lambda digits: Written(prefix + digits, "application", id_prefix + digits))


APPLICATIONS: dict[str, st.SearchStrategy[Written]] = {
    "CN": st.tuples(
        st.integers(2004, 2025), st.sampled_from("12389"), st.integers(1, 9_999_999)
    ).map(_cn_application),
    "CN old": st.tuples(
        st.sampled_from(["85", "89", "92", "97", "99", "00", "03"]),
        st.sampled_from("123"),
        st.integers(1, 99_999),
    ).map(_cn_old_application),
    "US": st.tuples(
        st.sampled_from(["07", "09", "12", "14", "16", "18", "29", "60", "62", "63"]), st.integers(1, 999_999)
    ).map(_us_application),
    "WO": st.tuples(
        st.sampled_from(["CN", "US", "EP", "JP", "IB"]), st.integers(1978, 2024), st.integers(1, 160_000)
    ).map(
        lambda p: Written(f"PCT/{p[0]}{p[1]}/{p[2]:06d}", "application", f"WO{p[0]}{p[1]}{p[2]:06d}")
    ),
    "EP": _same(
        "EP", st.tuples(st.sampled_from(["85", "99", "08", "24"]), _digits(100_000, 999_999)).map("".join), "EP"
    ),
    "JP": _same("JP", _years(1990, 2024, 6, 450_000), "JP"),
    "KR": _same("KR10", _years(1999, 2024, 7, 230_000), "KR"),
    "DE": _same("DE", _years(2004, 2009, 6, 100_000).map("10{}".format), "DE"),
    "TW": _same("TW", st.tuples(st.integers(88, 113), _digits(100_001, 199_999)).map(lambda p: f"{p[0]}{p[1]}"), "TW"),
    "AU": _same("AU", _years(2002, 2024, 6, 350_000), "AU"),
    "CA": _same("CA", _digits(1_300_000, 3_300_000), "CA"),
    "GB": _same("GB", _years(2008, 2024, 5, 24_000), "GB"),
    "FR": _same("FR", _years(2008, 2024, 5, 63_000), "FR"),
    "RU": _same("RU", _years(2001, 2024, 6, 150_000), "RU"),
}  # fmt: skip
ANY_PUBLICATION = st.one_of(*PUBLICATIONS.values())
ANY_APPLICATION = st.one_of(*APPLICATIONS.values())
ANY = st.one_of(ANY_PUBLICATION, ANY_APPLICATION)


def _wide(text: str) -> str:
    """The text in full-width characters, as Chinese input methods write it."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def disguise(text: str) -> st.SearchStrategy[str]:
    """The same text with other widths, case and blanks around it."""
    code = 3 if text.startswith("PCT") else 2
    parted = text[:code] + "\u3000" + text[code:]
    return st.sampled_from([text, text.lower(), _wide(text), f"  {text}\u00a0", f"'{text}", f"{text}\n", parted])
