"""Draw a study's main chart as a still picture.

    python tools/readme_picture.py RESULTS [docs/images]

RESULTS is a folder that ``tula run`` wrote; the picture is ``answer.png``. The same results give
the same bytes.
"""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import vl_convert

from tula.report.parts.answer import panels
from tula.report.view import View
from tula.study.results import StudyResults

FOLDER = Path(__file__).resolve().parents[1] / "docs/images"
PAPER = "#fcfbf8"
CAPTION = (
    "Change in real income, in brackets in %. Bar: range over {} variants of the model. "
    "The two panels have different scales."
)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: The page's light theme.
COLOURS = {
    "ink": "#1b2330",
    "soft": "#5a6473",
    "grid": "#e3e0d8",
    "zero": "#5a6473",
    "actor0": "#b8400d",
    "actor1": "#1d5fa8",
    "actor2": "#0f766e",
    "actor3": "#7a3fb0",
    "other": "#66707d",
    "rule": "#e3e0d8",
    "paper": PAPER,
}


def chart(view: View) -> bytes:
    """What each scenario is worth to pivot and rivals, as PNG."""
    variants = len(view.closures) * len(view.elasticities)
    spec = panels.wide(view, COLOURS) | {"background": PAPER, "padding": 14}
    spec["title"] = {
        "text": CAPTION.format(variants),
        "orient": "bottom",
        "anchor": "start",
        "color": COLOURS["soft"],
        "fontSize": 12,
        "fontWeight": "normal",
        "offset": 10,
    }
    return vl_convert.vegalite_to_png(spec, scale=2)


def write(png: bytes, target: Path) -> Path:
    """Write a picture whole or not at all, and return its path."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(repacked(png))
    return part.replace(target)


def repacked(png: bytes) -> bytes:
    """The same picture in a fourth of the bytes: its pixel data compressed as far as zlib goes."""
    chunks, at = [], len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        chunks.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    pixels = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    kept = [chunk for chunk in chunks if chunk[0] != b"IDAT"]
    kept.insert(-1, (b"IDAT", zlib.compress(pixels, 9)))
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in kept
    )


def main(arguments: list[str]) -> int:
    """Read the command line, draw, say where the picture is."""
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    folder = Path(arguments[1]) if len(arguments) == 2 else FOLDER
    view = View(StudyResults.load(Path(arguments[0])))
    print(write(chart(view), folder / "answer.png"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
