"""Work shared among processes of this machine or of a cluster; results do not depend on them."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar

from tula.frozen import kept_with
from tula.policy.duties import DutyTable
from tula.world.economy import Economy
from tula.world.files import Scratch

C = TypeVar("C")
T = TypeVar("T")
V = TypeVar("V")
#: Parts into which each worker's share of a work is cut.
CHUNKS = 16
#: Works whose common part a worker keeps, as several are under way at once; what is large in it
#: and the same in many is packed by itself, once, and kept beside them.
KEPT, LARGE = 8, (Economy, DutyTable)


def shared(
    work: Callable[[C, T], V], common: C, items: Sequence[T], executor: Executor | None
) -> list[V]:
    """Do the same to every item, in order, by workers if there are any."""
    return begun(work, common, items, executor)()


def begun(
    work: Callable[[C, T], V], common: C, items: Sequence[T], executor: Executor | None
) -> Callable[[], list[V]]:
    """Begin to do the same to every item, and return how to wait for what comes of it, in order.

    What is ``common`` travels packed, to processes of this machine by a file, and is unpacked once
    by each worker: what it computes from it is kept with it. Without workers all is done when it is
    waited for.
    """
    if executor is None:
        return lambda: [work(common, one) for one in items]
    if not isinstance(executor, ProcessPoolExecutor):
        same = [work] * len(items), [_sent(common, executor)] * len(items)
        under_way = executor.map(_away, *same, items)
        return lambda: list(under_way)
    file, workers = _File(common), getattr(executor, "_max_workers", 1)
    chunk = max(1, len(items) // (CHUNKS * workers))
    found = executor.map(partial(_away, work, file.place), items, chunksize=chunk)

    def waited(_held: object = common) -> list[V]:  # its files live as long as it does
        with file.folder:
            return list(found)

    return waited


def _sent(common: object, executor: Executor) -> Any:
    """What is common, packed; each worker of a cluster is sent it once, not with every item."""
    packed, client = pickle.dumps(common), getattr(executor, "_client", None)
    return packed if client is None else client.scatter(packed, broadcast=True)


def _away(work: Callable[[Any, T], V], packed: bytes | Path, item: T) -> V:
    return work(_unpacked(packed), item)


class _File:
    """A file that holds something packed, and names those of what is large in it."""

    def __init__(self, content: object) -> None:
        self.folder = Scratch()
        self.place = self.folder.path / "packed"
        try:
            with self.place.open("wb") as file:
                _Packer(file, content).dump(content)
        except OSError as error:
            error.filename = str(self.place)
            raise


@kept_with
def _file_of(one: object) -> _File:
    return _File(one)


class _Packer(pickle.Pickler):
    def __init__(self, file: io.BufferedWriter, content: object) -> None:
        super().__init__(file)
        self.content = content

    def persistent_id(self, one: Any) -> Path | None:
        apart = isinstance(one, LARGE) and one is not self.content
        return _file_of(one).place if apart else None


class _Unpacker(pickle.Unpickler):
    def persistent_load(self, place: Path) -> Any:
        return _unpacked(place)


@lru_cache(maxsize=KEPT)
def _unpacked(packed: bytes | Path) -> Any:
    return _Unpacker(
        io.BytesIO(packed if isinstance(packed, bytes) else packed.read_bytes())
    ).load()
