"""Take the README's pictures off a report: its first screen, and what moves by hand.

    python tools/readme_picture.py RESULTS [docs/images]

RESULTS is a folder that ``tula run india-2025`` wrote; the pictures are ``answer.png`` and
``live.png``.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs/images"
#: What is switched on for the picture of what moves by hand.
MOVED = "Charges on services"


def taken(page: Page, part: str, target: Path) -> None:
    """Take a picture of one part of the page, with some room around it."""
    box = page.locator(part).bounding_box()
    assert box is not None
    clip = {"x": 0.0, "y": box["y"], "width": box["x"] * 2 + box["width"], "height": box["height"]}
    page.screenshot(path=target, full_page=True, clip=clip)
    print(target)


def main(arguments: list[str]) -> int:
    """Read the command line, take the pictures, say where they are."""
    if not 1 <= len(arguments) <= 2:
        print(__doc__)
        return 2
    folder = Path(arguments[1]) if len(arguments) == 2 else FOLDER
    with sync_playwright() as play:
        path = shutil.which("chromium")
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto((Path(arguments[0]) / "index.html").resolve().as_uri())
        taken(page, "#ahead", folder / "answer.png")
        page.locator("#live label", has_text=MOVED).first.click()
        page.locator("#live-said", has_text="than as it stands").wait_for()
        taken(page, "#live", folder / "live.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
