"""A page on which anyone moves duties, embargoes and quotas and sees a world answer, offline."""

from tula.explore.page import WorldTooLargeError, write_explorer

__all__ = ["WorldTooLargeError", "write_explorer"]
