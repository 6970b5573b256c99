"""The start of a study: a commented file that is sound and runs, for its author to fill in."""

from tula.study.start.begin import NotAloneError, Reach, begin, reach_of, region_of
from tula.study.start.copies import copies, taken
from tula.study.start.sides import Side, all_sides, sides, spoken

__all__ = [
    "NotAloneError",
    "Reach",
    "Side",
    "all_sides",
    "begin",
    "copies",
    "reach_of",
    "region_of",
    "sides",
    "spoken",
    "taken",
]
