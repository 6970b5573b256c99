"""How the site is built: ``make docs``. Nothing of the network is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generated  # noqa: E402

import tula  # noqa: E402

project = "Tula"
author = copyright = "The Tula authors"
version = release = tula.__version__
extensions = ["myst_nb", "sphinx.ext.autodoc"]
root_doc = "docs/index"
include_patterns = ["docs/**", "[A-Z]*.md"]
exclude_patterns = [
    ".*",
    "docs/_build",
    "src",
    "tests",
    "benchmarks",
    "tools",
    "build",
    "dist",
    "report",
    "runs",
]
language = "en_GB"

html_theme = "furo"
html_title = f"Tula {release}"
html_show_sphinx = False
html_copy_source = False
html_extra_path = ["start"]

myst_enable_extensions = ["attrs_inline"]
myst_heading_anchors = 4
myst_links_external_new_tab = True

#: A notebook that goes wrong ends the build; ``-D nb_execution_mode=off`` leaves them out.
nb_execution_mode = "inline"
#: Figures in the prose are expressions: {eval}`...`.
nb_eval_name_regex = ".+"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_merge_streams = True

python_use_unqualified_type_names = True
add_module_names = False
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"


def setup(app: Any) -> None:
    """Fill the reference while pages are read."""
    app.connect("source-read", generated.fill)
