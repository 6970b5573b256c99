"""Make the report's world map from Natural Earth, as packed in the npm package world-atlas.

Run it only to remake the file it writes; the package ships the result:

    python tools/prepare_map.py

It fetches two packages with ``npm pack``, projects the 1:110 million country shapes to Equal
Earth, and writes ``src/tula/report/assets/world_map.json``. The map is cut at 169 degrees west, in
the Bering Strait, so that no country of any size is cut in two; the few rings that straddle the cut
stay whole on the side of their middle. Antarctica is left out. Countries too small for that scale
get one point each, taken from the 1:50 million shapes.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGES = ("world-atlas@2.0.2", "i18n-iso-countries@7.14.0")
TARGET = Path(__file__).resolve().parents[1] / "src/tula/report/assets/world_map.json"
CENTRE = 11.0
WIDTH = 1600
MARGIN = 6
LEFT_OUT = {"ATA"}
#: Shapes without an ISO 3166 code, under codes of its user-assigned range.
UNCODED = {"N. Cyprus": "XNC", "Somaliland": "XSL", "Kosovo": "XKX"}
NOTE = (
    "Country shapes: Natural Earth 4.1 (public domain) through world-atlas 2.0.2. Boundaries are "
    "Natural Earth's de facto lines and imply no position on any claim."
)

Point = tuple[float, float]
Ring = list[Point]


def equal_earth(longitude: float, latitude: float) -> Point:
    """Project degrees to the plane; Savric, Patterson and Jenny (2019), equations 5 and 6."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * a4 * theta**8 + 7 * a3 * theta**6 + 3 * a2 * theta**2 + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * slope)
    return x, a4 * theta**9 + a3 * theta**7 + a2 * theta**3 + a1 * theta


def fetch(folder: Path) -> tuple[dict[str, Any], dict[str, Any], dict[str, str]]:
    """Return the two topologies (110m, 50m) and the map from ISO numeric to ISO alpha-3."""
    for package in PACKAGES:
        subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)
    read = {}
    for archive in sorted(folder.glob("*.tgz")):
        with tarfile.open(archive) as tar:
            for name in ("countries-110m.json", "countries-50m.json", "codes.json"):
                if f"package/{name}" in tar.getnames():
                    member = tar.extractfile(f"package/{name}")
                    assert member is not None
                    read[name] = json.load(member)
    codes = {row[2]: row[1] for row in read["codes.json"]}
    return read["countries-110m.json"], read["countries-50m.json"], codes


def arcs(topology: dict[str, Any]) -> list[Ring]:
    """Undo the delta coding and quantisation of a topology's arcs."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    decoded = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * kx + dx, y * ky + dy))
        decoded.append(line)
    return decoded


def rings(geometry: dict[str, Any], lines: list[Ring]) -> Iterator[Ring]:
    """Yield every ring of a polygon or multipolygon, in degrees."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    for polygon in polygons:
        for indices in polygon:
            ring: Ring = []
            for index in indices:
                line = lines[index] if index >= 0 else lines[~index][::-1]
                ring.extend(line[1:] if ring else line)
            yield ring


def unwrap(ring: Ring) -> Ring:
    """Shift longitudes so that the ring runs without jumps, its middle within the map."""
    longitudes = [ring[0][0]]
    for longitude, _ in ring[1:]:
        step = (longitude - longitudes[-1] + 180) % 360 - 180
        longitudes.append(longitudes[-1] + step)
    middle = (min(longitudes) + max(longitudes)) / 2 - CENTRE
    shift = (middle + 180) % 360 - 180 - middle
    return [
        (longitude - CENTRE + shift, latitude)
        for longitude, (_, latitude) in zip(longitudes, ring, strict=True)
    ]


def area(ring: Ring) -> float:
    """Twice the signed area of a ring."""
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)


def shapes(topology: dict[str, Any], codes: dict[str, str]) -> dict[str, tuple[str, list[Ring]]]:
    """Map ISO alpha-3 to name and projected rings."""
    lines, found = arcs(topology), {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        code = codes.get(geometry.get("id", ""), UNCODED.get(name, ""))
        if code and code not in LEFT_OUT:
            flat = [[equal_earth(*p) for p in unwrap(r)] for r in rings(geometry, lines)]
            found[code] = (name, flat)
    return found


def path(ring: Ring) -> str:
    """Write a ring as an SVG path in whole units, relative to each last point."""
    points = [(round(x), round(y)) for x, y in ring]
    kept = [points[0]]
    for point in points[1:]:
        if point != kept[-1]:
            kept.append(point)
    if len(kept) < 4:
        return ""
    (x, y), text = kept[0], [f"M{kept[0][0]} {kept[0][1]}l"]
    for a, b in kept[1:-1]:
        text.append(f"{a - x},{b - y} ".replace(",-", "-"))
        x, y = a, b
    return "".join(text).rstrip().replace(" -", "-") + "z"


def build(coarse: dict[str, Any], fine: dict[str, Any], codes: dict[str, str]) -> dict[str, Any]:
    """Scale everything to the drawing and return the prepared map."""
    drawn, small = shapes(coarse, codes), shapes(fine, codes)
    every = [point for _, parts in drawn.values() for ring in parts for point in ring]
    left, right = min(p[0] for p in every), max(p[0] for p in every)
    top, bottom = max(p[1] for p in every), min(p[1] for p in every)
    scale = (WIDTH - 2 * MARGIN) / (right - left)

    def place(point: Point) -> Point:
        return MARGIN + (point[0] - left) * scale, MARGIN + (top - point[1]) * scale

    countries = {
        code: {"name": name, "path": "".join(path([place(p) for p in ring]) for ring in parts)}
        for code, (name, parts) in sorted(drawn.items())
    }
    points = {}
    for code, (name, parts) in sorted(small.items()):
        if code not in drawn:
            largest = max(parts, key=lambda ring: abs(area(ring)))
            middle = tuple(sum(p[axis] for p in largest) / len(largest) for axis in (0, 1))
            x, y = place((middle[0], middle[1]))
            points[code] = {"name": name, "x": round(x), "y": round(y)}
    return {
        "note": NOTE,
        "projection": f"Equal Earth, central meridian {CENTRE:g} degrees east",
        "width": WIDTH,
        "height": round(2 * MARGIN + (top - bottom) * scale),
        "countries": countries,
        "points": points,
    }


def main() -> int:
    """Fetch, build, write; print the size."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = build(*fetch(Path(folder)))
    text = json.dumps(prepared, ensure_ascii=False, separators=(",", ":")) + "\n"
    part = TARGET.with_name(f".{TARGET.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(TARGET)
    shown = f"{len(prepared['countries'])} countries, {len(prepared['points'])} points"
    print(f"{TARGET}: {len(text.encode()) // 1024} KB, {shown}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
