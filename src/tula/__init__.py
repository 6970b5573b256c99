"""Tula weighs a nation's options between rival powers on a general-equilibrium world economy."""

from tula._version import __version__

__all__ = ["__version__"]
