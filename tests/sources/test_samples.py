"""Every table of the real samples that holds patents, against the record counts of their README.

Where our count differs from the README's, the difference is explained here and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from pingjiang import pipeline
from pingjiang.engine import Lake, Session
from pingjiang.sources import FileReceipt, load_formats

# One import of all serves every test here.
pytestmark = pytest.mark.xdist_group("samples")
_SEED = "the README takes the first number for a header"
# file → (format, records of the README, our difference, why)
SAMPLES: dict[str, tuple[str, int, int, str]] = {
    "patentsview/semiconductor_H01L_patents_18902.csv.gz": ("patentsview", 18902, 0, ""),
    "patentsview/semiconductor_H01L_inventor_locations_19544.csv.gz": ("patentsview_inventors", 19544, 0, ""),
    "patentsview/battery_H01M_patents_2212.csv.gz": ("patentsview", 2212, 0, ""),
    "patentsview/battery_H01M_inventor_locations_2273.csv.gz": ("patentsview_inventors", 2273, 0, ""),
    "cn_exports/autodriving/incopat_ford_7552.xlsx": ("incopat", 7552, 0, ""),
    "cn_exports/autodriving/incopat_toyota_5048.xlsx": ("incopat", 5048, 0, ""),
    "cn_exports/autodriving/patentics_thundersoft_511_with_address.xlsx": ("patentics_xlsx", 511, 0, ""),
    "cn_exports/autodriving/patentics_apollo_51.csv": ("patentics_csv", 51, 0, ""),
    "cn_exports/autodriving/patentics_aptiv_3384.csv": ("patentics_csv", 3384, 0, ""),
    "cn_exports/autodriving/patentics_argo_524.csv": ("patentics_csv", 524, 0, ""),
    "cn_exports/autodriving/patentics_aurora_67.csv": ("patentics_csv", 67, 0, ""),
    "cn_exports/autodriving/patentics_banma_20.xlsx": ("patentics_xlsx", 20, 0, ""),
    "cn_exports/autodriving/patentics_cruise_920.csv": ("patentics_csv", 920, 0, ""),
    "cn_exports/autodriving/patentics_didi_7440.csv": ("patentics_csv", 7440, 0, ""),
    "cn_exports/autodriving/patentics_fleet_1036.csv": ("patentics_csv", 1036, 0, ""),
    "cn_exports/autodriving/patentics_lyft_962.csv": ("patentics_csv", 962, 0, ""),
    "cn_exports/autodriving/patentics_uber_3203.csv": ("patentics_csv", 3203, 0, ""),
    "cn_exports/autodriving/patentics_waymo_3567.csv": ("patentics_csv", 3567, 0, ""),
    "cn_exports/ai/incopat_chatbot_2798.xlsx": ("incopat", 2798, 0, ""),
    "cn_exports/ai/incopat_openai_73.xlsx": ("incopat", 73, 0, ""),
    "cn_exports/drone/patentics_us_drone_1.xlsx": ("patentics_us", 1000, 0, ""),
    "cn_exports/drone/patentics_us_drone_2.xlsx": ("patentics_us", 1000, 0, ""),
    "cn_exports/drone/patentics_us_drone_3.xlsx": ("patentics_us", 1000, 0, ""),
    "cn_exports/drone/patentics_us_drone_4.xlsx": ("patentics_us", 14, 0, ""),
    "cn_exports/misc/cnipa_disc_format_199_with_address.xlsx": ("cnipa_disc", 199, 0, ""),
    "cn_exports/misc/cn_university_7384.xlsx": ("cn_applications", 7384, 0, ""),
    "drones/lens2016_drones_5884.csv": ("lens", 5884, 0, ""),
    "drones/lens2017_drones_9071.csv.gz": ("lens", 9071, 0, ""),
    "drones/applicants_raw_to_cleaned_15776.csv.gz": ("thomson_applicants", 15776, 0, ""),
    "drones/numbers_families_citations_15776.csv.gz": ("thomson_numbers", 15776, 0, ""),
    "drones/patsnap_families_8728.csv": ("patsnap_families", 8728, 0, ""),
    "drones/derwent_1_500.ciw": ("derwent_ciw", 500, 0, ""),
    "solid_state_battery/google_patents_4264.csv": ("google_patents", 4264, 0, ""),
    "synbio/thomson_synbio_644.xlsx": ("thomson", 644, 0, ""),
    "landscapes/wipo_ewaste_dev_5925.csv.gz": ("wipo_ewaste", 5925, 0, ""),
    "landscapes/wipo_ritonavir_804.csv": ("wipo_ritonavir", 804, 0, ""),
    "landscapes/google_seeds/hair_dryer.seed.csv": ("us_number_list", 373, 1, _SEED),
    "landscapes/google_seeds/hair_dryer_large.seed.csv": ("us_number_list", 409, 1, _SEED),
    "landscapes/google_seeds/video_codec.seed.csv": ("us_number_list", 1710, 1, _SEED),
    "formats/patentscope_10000.csv": ("patentscope", 10000, 0, ""),
    "formats/espacenet_search_results.xls": ("espacenet", 29, -4, "the README counts three title rows and the header"),
    "formats/lens2021_3779.csv": ("lens", 3779, 0, ""),
    "truth/inventors/patentsview_er_dev_74244.csv.gz": ("patentsview_mentions", 74244, 0, ""),
}  # fmt: skip
# Rows that no reading can save: application numbers of eight digits dated 0001-01-01; a Research Disclosure (RD).
REJECTED = {"drones/applicants_raw_to_cleaned_15776.csv.gz": 4, "drones/derwent_1_500.ciw": 1}


_LARGE = 10_000  # records, beyond which a sample is imported by the slow tests alone
Imported = tuple[Lake, dict[str, FileReceipt]]


def import_all(lake: Lake, samples: Path, names: Iterable[str]) -> dict[str, FileReceipt]:
    """The receipts of these samples."""
    receipts: dict[str, FileReceipt] = {}
    by_format = {name: SAMPLES[name][0] for name in names}
    for bare in (False, True):  # a list of bare numbers says nothing by itself of what it is
        asked = [name for name, format_name in by_format.items() if (format_name == "us_number_list") == bare]
        forced = load_formats()["us_number_list"] if bare else None
        told = pipeline.import_files([samples / name for name in asked], lake, forced=forced) if asked else None
        receipts |= dict(zip(asked, told.receipts, strict=True)) if told else {}
    return receipts


@pytest.fixture(scope="module")
def imported(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """All but the large ones in a lake."""
    lake = Lake(tmp_path_factory.mktemp("samples") / "lake")
    return lake, import_all(lake, samples, [name for name, told in SAMPLES.items() if told[1] <= _LARGE])


@pytest.fixture(scope="module")
def all_imported(imported: Imported, samples: Path) -> Imported:
    """The large ones too."""
    lake, receipts = imported
    return lake, receipts | import_all(lake, samples, [name for name in SAMPLES if name not in receipts])


@pytest.mark.parametrize("name", [name for name, told in SAMPLES.items() if told[1] <= _LARGE])
def test_a_sample_imports_with_its_count(imported: Imported, name: str) -> None:
    _has_its_count(imported[1][name], name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, told in SAMPLES.items() if told[1] > _LARGE])
def test_a_large_sample_imports_with_its_count(all_imported: Imported, name: str) -> None:
    _has_its_count(all_imported[1][name], name)


def _has_its_count(receipt: FileReceipt, name: str) -> None:
    format_name, records, difference, _ = SAMPLES[name]
    assert receipt.format == format_name
    assert receipt.rows_read == records + difference
    assert receipt.rejected == REJECTED.get(name, 0), receipt.reasons
    assert receipt.unknown_columns == []
    assert receipt.mapped_columns


@pytest.mark.slow
def test_hardly_a_cell_is_in_doubt(all_imported: Imported) -> None:
    doubts: Counter[str] = Counter()
    for receipt in all_imported[1].values():
        doubts.update(receipt.doubts)
    # What the samples contradict themselves in: above all dates of The Lens at the turn of a year (29/12/10 of 2009).
    assert (doubts.pop("year_differs"), doubts.pop("dates_out_of_order"), doubts.pop("numbers_differ")) == (112, 98, 54)
    rows = sum(receipt.rows_read for receipt in all_imported[1].values())
    assert sum(doubts.values()) / rows < 0.0001, doubts


def test_the_same_sample_again_is_nothing_new(imported: Imported, samples: Path) -> None:
    lake, first = imported
    name = "cn_exports/autodriving/incopat_toyota_5048.xlsx"
    release = lake.require_current().id
    again = pipeline.import_files([samples / name], lake)
    assert again.release == release
    assert again.receipts[0].accepted == again.receipts[0].changed == 0
    assert again.receipts[0].merged == first[name].rows_read


def test_values_are_those_of_the_files(imported: Imported) -> None:
    """A row of each kind of file, read by eye in the source."""
    with Session() as session:
        record = imported[0].require_current().open(session)["record"]
        rows = {
            row["source_row"] + "#" + row["key"]: row
            for row in session.sql(
                "select r.* from r where r.source_row in ('incopat:incopat_toyota_5048.xlsx:2', "
                "'lens:lens2017_drones_9071.csv.gz:2', 'derwent_ciw:derwent_1_500.ciw:41', "
                "'google_patents:google_patents_4264.csv:3', 'cnipa_disc:cnipa_disc_format_199_with_address.xlsx:2', "
                "'espacenet:espacenet_search_results.xls:6', 'patentscope:patentscope_10000.csv:2')",
                r=record,
            ).dicts()
        }
    toyota = rows["incopat:incopat_toyota_5048.xlsx:2#CN111856303B"]
    assert (str(toyota["filing_date"]), str(toyota["publication_date"])) == ("2020-04-16", "2023-03-17")
    assert toyota["ipc"] == ["G01R31/389", "G01R31/392", "G01R31/3842"]
    assert [party["name"] for party in toyota["applicants"]] == ["丰田自动车株式会社"]
    assert toyota["legal_status"] == "授权"
    lens = rows["lens:lens2017_drones_9071.csv.gz:2#AU2016219013A1"]
    assert (str(lens["filing_date"]), str(lens["publication_date"])) == ("2016-02-12", "2017-10-05")
    assert len(lens["priorities"]) == 5
    google = rows["google_patents:google_patents_4264.csv:3#US11355780B2"]
    assert [party["name"] for party in google["applicants"]] == ["Idemitsu Kosan Co., Ltd."]
    assert len(google["inventors"]) == 5
    disc = rows["cnipa_disc:cnipa_disc_format_199_with_address.xlsx:2#CN202644312U"]
    assert disc["applicants"][0]["address"].startswith("226634 江苏省南通市")
    scope = rows["patentscope:patentscope_10000.csv:2#US20090208610"]
    assert scope["priorities"] == ["ES 200402236U"]
    assert str(scope["publication_date"]) == "2009-08-21"
