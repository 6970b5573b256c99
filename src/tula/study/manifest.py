"""What a study was, and what it was computed on: everything a reader needs beside the numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tula.evidence import Fact
from tula.study.backtest.score import Scored
from tula.study.schema import Published
from tula.world.economy import Provenance


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, defer_build=True)


class NumberRecord(_Record):
    """A number that the study states: ``key`` is its address, ``title`` what it is in words.

    ``value`` is as written, with its range. It rests on facts by their ids, on a ``reason`` why it
    is assumed, or on both; ``fitted`` where a belief was set so that something else came out.
    """

    key: str
    title: str
    value: str = ""
    evidence: tuple[str, ...] = ()
    reason: str = ""
    fitted: bool = False

    @property
    def field(self) -> str:
        """The last step of its address."""
        return self.key.rpartition(".")[2]


class InstrumentRecord(_Record):
    """One instrument of a scenario in plain words, facts behind it, and what of it is assumed."""

    text: str
    evidence: tuple[str, ...] = ()
    assumed: tuple[NumberRecord, ...] = ()


class CertificateRecord(_Record):
    """Proof of one solve: worst equation residual (relative), where it stands, Walras' law."""

    closure: str
    elasticity: str
    iterations: int
    tolerance: float
    worst_residual: float
    equation: str
    region: str
    sector: str = ""
    walras: float


class FailureRecord(_Record):
    """A solve that gave no equilibrium; its numbers are missing (NaN) in the data."""

    closure: str
    elasticity: str
    message: str


class ScenarioRecord(_Record):
    """One scenario: what it asks, what it does, the answer in plain words, and the proofs.

    ``hook`` paraphrases the news the scenario answers; ``answer`` is one or two sentences made
    from the numbers; ``after`` says which duties its instruments meet, ``Manifest.before`` which
    stand before; ``combined_of`` names the scenarios it puts together.
    """

    id: str
    title: str
    hook: str
    answer: str
    after: str = ""
    instruments: tuple[InstrumentRecord, ...] = ()
    combined_of: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    ledger: tuple[str, ...] = ()
    certificates: tuple[CertificateRecord, ...] = ()
    failures: tuple[FailureRecord, ...] = ()


class TieRecord(_Record):
    """A tie of the study, what its numbers rest on, and why it has no account, if it has none.

    ``kind`` is the key it stands under in the study file. ``Manifest.ties`` is in the order of
    ``StudyResults.ties``; ties without an account come last.
    """

    id: str
    kind: str
    title: str
    partner: str
    notes: tuple[str, ...] = ()
    numbers: tuple[NumberRecord, ...] = ()
    failure: str = ""


class EvidenceRecord(Fact):
    """A fact the study rests on; ``later`` where it is dated after the study."""

    later: bool = False

    @property
    def text(self) -> str:
        """The fact in words, with a word where no number may rest on it."""
        return (
            f"{self.fact} (Dated after the study: for comparison only.)"
            if self.later
            else self.fact
        )

    @property
    def source_title(self) -> str:
        """The source, and where in it the fact stands."""
        return ", ".join(filter(None, (self.source, self.locator)))


class OptionsRecord(_Record):
    """What was asked of a run and moves numbers; ``quick``: the headline case only."""

    quick: bool = False


class Manifest(_Record):
    """The account of one run. Holds no time stamp: the same input gives the same bytes.

    ``before`` says which import duties stand before every scenario.
    ``settings`` are what the run set in place of the study's. ``draws`` are rows of the design
    behind odds and ranges, 0 if nothing is drawn. ``hashes`` are SHA-256 of every array by name,
    and of every file beside the manifest; ``StudyResults`` fills them in. ``seal``, of the
    manifest itself, stands in the file alone. ``answer_failure`` says why its
    question has no answer; ``since`` is what has happened since, losses first; ``undecided`` are
    numbers of a template, by address, for which none is given before its author decides them.
    """

    format: Literal[2] = 2
    id: str
    title: str
    question: str
    answer: str
    pivot: str
    rivals: tuple[str, ...]
    world: Provenance
    before: str = ""
    versions: dict[str, str]
    settings: tuple[str, ...] = ()
    study_hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    seed: int
    draws: int = 0
    options: OptionsRecord = OptionsRecord()
    headline_closure: str
    headline_elasticity: str
    horizon: str
    closures: dict[str, str]
    elasticities: dict[str, str]
    scenarios: tuple[ScenarioRecord, ...]
    evidence: tuple[EvidenceRecord, ...] = ()
    assumptions: tuple[NumberRecord, ...] = ()
    published: tuple[Published, ...] = ()
    ties: tuple[TieRecord, ...] = ()
    beliefs: tuple[NumberRecord, ...] = ()
    answer_failure: str = ""
    since: tuple[Scored, ...] = ()
    undecided: dict[str, str] = {}
    hashes: dict[str, str] = {}
    seal: str = ""

    def scenario(self, name: str) -> ScenarioRecord:
        """The record of one scenario by id; ``KeyError`` if there is none."""
        return {record.id: record for record in self.scenarios}[name]
