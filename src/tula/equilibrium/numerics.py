"""How jax is set up: double precision, and compiled code kept between runs."""

from __future__ import annotations

import os
from pathlib import Path

import jax
from platformdirs import user_cache_path


def compilation_cache() -> Path:
    """Return where compiled code is kept: ``TULA_CACHE_DIR``, or the user's cache directory."""
    chosen = os.environ.get("TULA_CACHE_DIR")
    return Path(chosen) if chosen else user_cache_path("tula") / "compiled"


def prepare_jax() -> None:
    """Switch on float64, and the compilation cache unless the user has set one."""
    update = jax.config.update
    update("jax_enable_x64", True)  # type: ignore[no-untyped-call]
    if getattr(jax.config, "jax_compilation_cache_dir", None) is None:
        update("jax_compilation_cache_dir", str(compilation_cache()))  # type: ignore[no-untyped-call]
        update("jax_persistent_cache_min_compile_time_secs", 0.0)  # type: ignore[no-untyped-call]
        update("jax_persistent_cache_min_entry_size_bytes", -1)  # type: ignore[no-untyped-call]
