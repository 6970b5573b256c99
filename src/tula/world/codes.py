"""The embedded world's classification: 33 regions by 25 sectors, their names, members and groups.

Members are codes of the OECD Inter-Country Input-Output tables (2025 release): 81 economies
(``ROW`` is the OECD's own rest of the world) and 50 industries of ISIC revision 4. Every economy
and every industry stands in exactly one region or sector.
"""

from __future__ import annotations

from collections.abc import Mapping

from tula.world.labels import Labels

Names = Mapping[str, str]
Members = Mapping[str, tuple[str, ...]]


def _codes(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Region code -> (plain name, member economies).
REGIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "IND": ("India", ("IND",)),
    "RUS": ("Russia", ("RUS",)),
    "USA": ("United States", ("USA",)),
    "CHN": ("China and Hong Kong", ("CHN", "HKG")),
    "DEU": ("Germany", ("DEU",)),
    "FRA": ("France", ("FRA",)),
    "ITA": ("Italy", ("ITA",)),
    "REU": (
        "Rest of the European Union",
        _codes(
            "AUT BEL BGR CYP CZE DNK ESP EST FIN GRC HRV HUN IRL LTU LUX LVA MLT NLD POL PRT ROU "
            "SVK SVN SWE"
        ),
    ),
    "GBR": ("United Kingdom", ("GBR",)),
    "EFT": ("Switzerland, Norway, Iceland", ("CHE", "NOR", "ISL")),
    "TUR": ("Türkiye", ("TUR",)),
    "UKR": ("Ukraine", ("UKR",)),
    "BLR": ("Belarus", ("BLR",)),
    "KAZ": ("Kazakhstan", ("KAZ",)),
    "SAU": ("Saudi Arabia", ("SAU",)),
    "ARE": ("United Arab Emirates", ("ARE",)),
    "ISR": ("Israel", ("ISR",)),
    "JPN": ("Japan", ("JPN",)),
    "KOR": ("Korea", ("KOR",)),
    "TWN": ("Taiwan", ("TWN",)),
    "SGP": ("Singapore", ("SGP",)),
    "IDN": ("Indonesia", ("IDN",)),
    "VNM": ("Vietnam", ("VNM",)),
    "OAS": (
        "Other South-East Asia",
        ("BRN", "KHM", "LAO", "MMR", "MYS", "PHL", "THA"),
    ),
    "SAS": ("Bangladesh and Pakistan", ("BGD", "PAK")),
    "OCE": ("Australia and New Zealand", ("AUS", "NZL")),
    "CAN": ("Canada", ("CAN",)),
    "MEX": ("Mexico", ("MEX",)),
    "BRA": ("Brazil", ("BRA",)),
    "OLA": ("Other Latin America", ("ARG", "CHL", "COL", "CRI", "PER")),
    "OAF": (
        "Other Africa and Jordan",
        ("AGO", "CIV", "CMR", "COD", "EGY", "JOR", "MAR", "NGA", "SEN", "STP", "TUN"),
    ),
    "ZAF": ("South Africa", ("ZAF",)),
    "ROW": ("Rest of the world", ("ROW",)),
}

#: Sector code -> (plain name, member industries).
SECTORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "AGR": ("Agriculture, forestry, fishing", ("A01", "A02", "A03")),
    "COA": ("Coal and lignite", ("B05",)),
    "OIL": ("Crude oil and natural gas", ("B06",)),
    "MIN": ("Ores, other mining, mining support", ("B07", "B08", "B09")),
    "FOO": ("Food, beverages, tobacco", ("C10T12",)),
    "TEX": ("Textiles, clothing, leather", ("C13T15",)),
    "WPP": ("Wood, paper, printing", ("C16", "C17_18")),
    "PET": ("Refined petroleum and coke", ("C19",)),
    "CHM": ("Chemicals and fertilisers", ("C20",)),
    "PHA": ("Pharmaceuticals", ("C21",)),
    "RPM": ("Rubber, plastics, glass, cement", ("C22", "C23")),
    "ISM": ("Iron and steel", ("C24A",)),
    "NFM": ("Precious and non-ferrous metals", ("C24B",)),
    "FMP": ("Fabricated metal products", ("C25",)),
    "ELE": ("Computers, electronics, optics", ("C26",)),
    "MAC": ("Electrical equipment and machinery", ("C27", "C28")),
    "MOT": ("Motor vehicles", ("C29",)),
    "OTE": ("Ships, aircraft, rail equipment", ("C301", "C302T309")),
    "OMF": ("Jewellery and gems, furniture, other manufacturing", ("C31T33",)),
    "UTL": ("Electricity, gas supply, water, waste", ("D", "E")),
    "CON": ("Construction", ("F",)),
    "TRT": (
        "Trade, transport, accommodation",
        ("G", "H49", "H50", "H51", "H52", "H53", "I"),
    ),
    "ICT": ("Publishing, telecoms, IT services", ("J58T60", "J61", "J62_63")),
    "FBS": ("Finance, real estate, business services", ("K", "L", "M", "N")),
    "PUB": (
        "Government, education, health, other services",
        ("O", "P", "Q", "R", "S", "T"),
    ),
}

#: Sectors that cross a border in a container, a tanker or a pipe and can bear a customs duty.
GOODS: frozenset[str] = frozenset(
    _codes("AGR COA OIL MIN FOO TEX WPP PET CHM PHA RPM ISM NFM FMP ELE MAC MOT OTE OMF")
)
#: All other sectors, electricity and network gas (UTL) among them.
SERVICES: frozenset[str] = frozenset(SECTORS) - GOODS

_EU = ("DEU", "FRA", "ITA", "REU")

#: Group name -> member regions. A bloc's members outside the 32 named regions are inside ROW and
#: therefore not in the group; ``REGION_GROUP_NOTES`` says which.
REGION_GROUPS: dict[str, tuple[str, ...]] = {
    "EU": _EU,
    "EAEU": ("RUS", "BLR", "KAZ"),
    "G7": ("USA", "DEU", "FRA", "ITA", "GBR", "JPN", "CAN"),
    "BRICS": ("IND", "RUS", "CHN", "ARE", "IDN", "BRA", "ZAF"),
    "GULF": ("SAU", "ARE"),
    "ASEAN": ("SGP", "IDN", "VNM", "OAS"),
    "USMCA": ("USA", "CAN", "MEX"),
    "QUAD": ("IND", "USA", "JPN", "OCE"),
    "COALITION": (*("USA", *_EU, "GBR", "EFT", "UKR", "JPN", "KOR", "TWN", "SGP", "OCE", "CAN"),),
}

#: What groups are called in full; the others go by their codes.
REGION_GROUP_NAMES: dict[str, str] = {
    "EU": "European Union",
    "EAEU": "Eurasian Economic Union",
    "G7": "Group of Seven",
    "GULF": "Gulf states",
    "ASEAN": "Association of Southeast Asian Nations",
    "USMCA": "NAFTA",
}

REGION_GROUP_NOTES: dict[str, str] = {
    "EU": "The 27 member states of the European Union.",
    "EAEU": "Eurasian Economic Union without Armenia and Kyrgyzstan, which are inside ROW.",
    "G7": "The Group of Seven without the European Union as such.",
    "BRICS": "Members of 2025 without Egypt (inside OAF), Ethiopia and Iran (inside ROW).",
    "GULF": "Saudi Arabia and the UAE; the other Gulf states are inside ROW.",
    "ASEAN": "The ten members of 2024; OAS holds those without a code of their own.",
    "USMCA": "The United States-Mexico-Canada Agreement.",
    "QUAD": "India, the United States, Japan, Australia (with New Zealand, as OCE holds both).",
    "COALITION": (
        "States that restricted trade or finance with Russia in 2022, after the list in the "
        "Russian government's order 430-r of 5 March 2022 (with Ukraine); the small states on "
        "it are inside ROW."
    ),
}

#: Group name -> member sectors.
SECTOR_GROUPS: dict[str, tuple[str, ...]] = {
    "goods": tuple(code for code in SECTORS if code in GOODS),
    "services": tuple(code for code in SECTORS if code in SERVICES),
    "food": ("AGR", "FOO"),
    "mining": ("COA", "OIL", "MIN"),
    "fuels": ("COA", "OIL", "PET"),
    "energy": ("COA", "OIL", "PET", "UTL"),
    "manufacturing": _codes("FOO TEX WPP PET CHM PHA RPM ISM NFM FMP ELE MAC MOT OTE OMF"),
    "chemicals": ("CHM", "PHA", "RPM"),
    "metals": ("ISM", "NFM", "FMP"),
    "machinery": ("ELE", "MAC", "MOT", "OTE"),
}


def labels() -> Labels:
    """Return the codes, names and groups of the embedded world."""
    return Labels(
        regions=tuple(REGIONS),
        sectors=tuple(SECTORS),
        region_names={code: name for code, (name, _) in REGIONS.items()},
        sector_names={code: name for code, (name, _) in SECTORS.items()},
        region_groups=REGION_GROUPS,
        sector_groups=SECTOR_GROUPS,
    )


def economies() -> dict[str, str]:
    """Map each ICIO economy to the region that holds it."""
    return {member: code for code, (_, members) in REGIONS.items() for member in members}


def economy_groups() -> dict[str, tuple[str, ...]]:
    """Map each group to its ICIO economies; Hong Kong counts with China only where it is merged."""
    return {
        group: tuple(code for region in regions for code in REGIONS[region][1] if code != "HKG")
        for group, regions in REGION_GROUPS.items()
    }


def industries() -> dict[str, str]:
    """Map each ICIO industry to the sector that holds it."""
    return {member: code for code, (_, members) in SECTORS.items() for member in members}


def known_regions(labels: Labels) -> tuple[Names, Members]:
    """Names of a world's regions and groups, and the countries its regions hold where known.

    What the labels do not say is taken from this classification, where code and name (of a group:
    code and members) are the same.
    """
    groups = {
        code: name
        for code, name in REGION_GROUP_NAMES.items()
        if labels.region_groups.get(code) == REGION_GROUPS[code]
    }
    held = _known(labels.region_names, labels.region_members, REGIONS)
    return {**groups, **labels.region_names}, held


def known_sectors(labels: Labels) -> tuple[Names, Members]:
    """Names of a world's sectors, and the industries they hold, as in ``known_regions``."""
    return labels.sector_names, _known(labels.sector_names, labels.sector_members, SECTORS)


def _known(
    names: Names, stated: Members, classification: Mapping[str, tuple[str, tuple[str, ...]]]
) -> Members:
    same = {
        code: members for code, (name, members) in classification.items() if names.get(code) == name
    }
    return {**same, **stated}
