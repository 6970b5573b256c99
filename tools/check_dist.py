"""Tell whether what `make dist` built is fit to be published.

    python tools/check_dist.py dist

One wheel and one sdist of this version, each below the limit, typed, with nothing but the package.
"""

from __future__ import annotations

import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

#: Bytes that each of the two files may take.
MOST = 6_000_000
ROOT = Path(__file__).resolve().parents[1]


def problems(folder: Path) -> Iterator[str]:
    """Everything that is wrong with a folder of built files."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    name = f"tula-{project['version']}"
    wheel, sdist = folder / f"{name}-py3-none-any.whl", folder / f"{name}.tar.gz"
    built = sorted(folder.iterdir()) if folder.is_dir() else []
    if built != sorted((wheel, sdist)):
        yield f"{folder} holds {[one.name for one in built]}, not {wheel.name} and {sdist.name}"
        return
    for file in built:
        size = file.stat().st_size
        print(f"{file.name}: {size / 1e6:.2f} MB of {MOST / 1e6:.0f}")
        if size > MOST:
            yield f"{file.name} takes {size} bytes, at most {MOST}"
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
        told = Parser().parsestr(archive.read(f"{name}.dist-info/METADATA").decode())
    above = {file.split("/")[0] for file in files}
    if above != {"tula", f"{name}.dist-info"}:
        yield f"the wheel holds {sorted(above)}"
    if "tula/py.typed" not in files:
        yield "the wheel says nothing of its types: tula/py.typed is missing"
    if told["License-Expression"] != project["license"]:
        yield f"the wheel's licence is {told['License-Expression']}"
    missing = {*project["optional-dependencies"]} ^ {*(told.get_all("Provides-Extra") or ())}
    if missing:
        yield f"extras that only one of project and wheel has: {sorted(missing)}"
    with tarfile.open(sdist) as packed:
        odd = {one.split("/")[1] for one in packed.getnames() if "/" in one} & {"tests", ".ci"}
    if odd:
        yield f"the sdist holds {sorted(odd)}"


if __name__ == "__main__":
    found = list(problems(Path(sys.argv[1])))
    sys.exit("\n".join(found) if found else None)
