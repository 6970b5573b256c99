"""The command line, called as a user does."""

from pathlib import Path

from typer.testing import CliRunner, Result

from tula.cli import app


def tula(*words: str | Path) -> Result:
    """Run a command; a traceback fails the test."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def plain(result: Result) -> str:
    """Everything said, with line breaks and table borders taken out."""
    return " ".join((result.stdout + result.stderr).split())
