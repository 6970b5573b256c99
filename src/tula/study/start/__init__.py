"""The start of a study: a commented file that is sound and runs, for its author to fill in."""

from tula.study.start.begin import NotAloneError, begin, region_of
from tula.study.start.copies import copies, taken
from tula.study.start.sides import Side, sides

__all__ = ["NotAloneError", "Side", "begin", "copies", "region_of", "sides", "taken"]
