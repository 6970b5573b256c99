"""The what-if page for any world, and the page of a ranking."""

from tula.explore.page import WorldTooLargeError, write_explorer
from tula.explore.rank import write_rank

__all__ = ["WorldTooLargeError", "write_explorer", "write_rank"]
