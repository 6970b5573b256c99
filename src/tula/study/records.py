"""The manifest of a run: what the study said, made into a record that travels with the numbers."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING

import tula
from tula.equilibrium import Calibration, Certificate, calibrate, compile_policy
from tula.file.address import address
from tula.file.grounds import BARE, Number
from tula.policy.describe import describe, title
from tula.policy.notices import unnotified
from tula.policy.shock import LedgerEntry
from tula.say.words import capital
from tula.study.answers import Teller, without_effect
from tula.study.citations import is_later
from tula.study.collect import Axes, Case, Solved
from tula.study.instruments import Grounded
from tula.study.load import Study
from tula.study.manifest import (
    CertificateRecord,
    EvidenceRecord,
    FailureRecord,
    InstrumentRecord,
    Manifest,
    NumberRecord,
    ScenarioRecord,
)
from tula.study.schema import Scenario
from tula.study.tie_records import Valued
from tula.study.weighing import Balance

if TYPE_CHECKING:
    import xarray as xr

Ledger = Sequence[LedgerEntry]
Ledgers = dict[str, Ledger]

#: Libraries whose version can move a number.
LIBRARIES = ("numpy", "scipy", "xarray")


def manifest_of(
    study: Study,
    base: Calibration,
    solved: Solved,
    data: xr.Dataset,
    axes: Axes,
    valued: Valued,
) -> Manifest:
    """Return the account of a run."""
    file = study.file
    teller = Teller(data, file.pivot, file.rivals, *axes.headline)
    ledgers = {scenario.id: _ledger(study, scenario, base) for scenario in file.scenarios}
    standing = study.standing.told(base.provenance)
    return Manifest(
        id=file.id,
        title=file.called,
        question=file.question,
        answer=_answer(study, teller, valued, ledgers),
        pivot=file.pivot,
        rivals=file.rivals,
        world=base.provenance,
        before=standing,
        versions=_versions(),
        settings=study.settings.told,
        study_hash=study.content_hash,
        seed=file.seed,
        headline_closure=axes.headline[0],
        headline_elasticity=axes.headline[1],
        horizon=file.horizon,
        closures={name: CLOSURE_WORDS[name] for name in axes.closures},
        elasticities={name: solved.sources[name] for name in axes.elasticities},
        scenarios=tuple(
            _scenario(study, one, ledgers[one.id], solved, teller) for one in file.scenarios
        ),
        evidence=tuple(_fact(study, name) for name in study.evidence),
        assumptions=_assumptions(study),
        published=file.published,
        ties=valued.records,
        beliefs=_beliefs(study),
    )


#: What each closure assumes, in one line.
CLOSURE_WORDS = {
    "fixed": "each country's imbalance stays at its base value in units of world value added",
    "proportional": "each country's imbalance keeps its ratio to the country's value added",
    "balanced": "imbalances are first removed from the base; trade balances before and after",
}


def _answer(study: Study, teller: Teller, valued: Valued, ledgers: Ledgers) -> str:
    weigh, accounts = study.file.weigh, valued.accounts
    ties = teller.ties(accounts, [one.title for one in valued.records[: len(accounts)]])
    if weigh is None:
        acting = (
            f"{item.title}: {_told(teller, item.id, ledgers[item.id])}"
            for item in study.file.scenarios
            if study.instruments[item.id] or study.layers(item.id)
        )
        return "\n\n".join(filter(None, (next(acting, ""), ties)))
    titles = {item.id: item.title for item in study.file.scenarios}
    sets = {name: chosen.words for name, chosen in study.file.elasticities.items()}
    told = Balance(teller, weigh, titles, sets, study.file.answer is not None).answer()
    unheeded = [
        f"Of '{titles[way]}': {without_effect(ledgers[way])}"
        for way in (weigh.keep, weigh.give_way)
        if without_effect(ledgers[way])
    ]
    return "\n\n".join(filter(None, (*told, *unheeded, ties, _reach(study))))


def _told(teller: Teller, scenario: str, ledger: Ledger) -> str:
    return " ".join(filter(None, (teller.scenario(scenario), without_effect(ledger))))


def _reach(study: Study) -> str:
    """Over what time the numbers hold and what they leave out."""
    left_out = study.file.not_counted
    return f"{study.file.horizon}{f' Not counted: {left_out}' if left_out else ''}"


def _ledger(study: Study, scenario: Scenario, base: Calibration) -> Ledger:
    instruments = [item.instrument for item in study.instruments[scenario.id]]
    met = study.standing.with_layers(calibrate(study.economy), base, study.layers(scenario.id))
    with unnotified():
        return compile_policy(met, instruments, study.file.on).ledger


def _scenario(
    study: Study, scenario: Scenario, ledger: Ledger, solved: Solved, teller: Teller
) -> ScenarioRecord:
    grounded = study.instruments[scenario.id]
    layers = study.layers(scenario.id)
    still = not (grounded or layers)
    return ScenarioRecord(
        id=scenario.id,
        title=scenario.title,
        hook=scenario.hook,
        answer=teller.state() if still else _told(teller, scenario.id, ledger),
        after=study.standing.after(layers),
        instruments=(*_laid_on(study, layers), *(_instrument(study, item) for item in grounded)),
        combined_of=scenario.combine,
        notes=(*scenario.notes, *_warnings(scenario.id, solved)),
        evidence=scenario.facts,
        ledger=tuple(": ".join(filter(None, (entry.instrument, entry.note))) for entry in ledger),
        certificates=tuple(
            _certificate(case, certificate)
            for case, certificate in solved.certificates.items()
            if case.scenario == scenario.id
        ),
        failures=tuple(
            FailureRecord(closure=case.closure, elasticity=case.elasticity, message=message)
            for case, message in solved.failures.items()
            if case.scenario == scenario.id
        ),
    )


def _warnings(scenario: str, solved: Solved) -> list[str]:
    """What the solver warned of, each once, with the cases it holds for."""
    cases: dict[str, list[str]] = {}
    for case, said in solved.warnings.items():
        for text in said if case.scenario == scenario else ():
            cases.setdefault(text, []).append(f"{case.elasticity}, {case.closure} closure")
    return [f"{capital(text)} ({'; '.join(where)})." for text, where in cases.items()]


def _laid_on(study: Study, layers: Sequence[str]) -> tuple[InstrumentRecord, ...]:
    """Layers of duty that a scenario lays on, with their law."""
    return tuple(InstrumentRecord(text=study.standing.laid_on(name)) for name in layers)


def _instrument(study: Study, item: Grounded) -> InstrumentRecord:
    own = tuple(study.number(one) for one, _ in item.numbers)
    if item.reason and not own:
        key = address(study.document.content, item.path)
        own = (NumberRecord(key=key, title=describe(item.instrument), reason=item.reason),)
    return InstrumentRecord(text=title(item.instrument), evidence=item.evidence, assumed=own)


def _beliefs(study: Study) -> tuple[NumberRecord, ...]:
    """The beliefs of the study, a parameter that is no number among them."""
    known = study.grounds.numbers
    paths = {("beliefs", name): stated for name, stated in study.file.beliefs.items()}
    return tuple(
        study.number(known.get(path, Number(path, one))).model_copy(update={"fitted": one.fitted})
        for path, one in paths.items()
    )


def _assumptions(study: Study) -> tuple[NumberRecord, ...]:
    """Every assumed number of the study, but for those of ties, told there; then what is assumed
    and is no number, such as a demand that nobody has made."""
    grounds = study.grounds
    bare = (Number(path, "") for path in grounds.idle if not (grounds.within(path) or BARE in path))
    told = (study.number(one) for one in (*grounds.numbers.values(), *bare))
    return tuple(one for one in told if one.reason and not one.key.startswith("ties."))


def _certificate(case: Case, certificate: Certificate) -> CertificateRecord:
    worst = certificate.worst
    return CertificateRecord(
        closure=case.closure,
        elasticity=case.elasticity,
        iterations=certificate.iterations,
        tolerance=certificate.tolerance,
        worst_residual=worst.value,
        equation=worst.equation,
        region=worst.region,
        sector=worst.sector,
        walras=certificate.walras,
    )


def _fact(study: Study, name: str) -> EvidenceRecord:
    fact = study.evidence[name]
    return EvidenceRecord(**dict(fact), later=is_later(fact, study.file.on))


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in LIBRARIES}
    return {"tula": tula.__version__, "python": platform.python_version(), **libraries}
