"""What a page needs to solve a world by itself: its engine, and a world that travels."""

from tula.live.engine import engine, page_script
from tula.live.payload import FullEngineError, payload

__all__ = ["FullEngineError", "engine", "page_script", "payload"]
