"""The manifest of a run: what the study said, made into a record that travels with the numbers."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version

import xarray as xr

import tula
from tula.equilibrium import Calibration, Certificate, calibrate, compile_policy
from tula.file.address import address
from tula.file.grounds import Number
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
    AssumptionRecord,
    BeliefRecord,
    CertificateRecord,
    EvidenceRecord,
    FailureRecord,
    InstrumentRecord,
    Manifest,
    ScenarioRecord,
)
from tula.study.schema import Scenario
from tula.study.tie_records import Valued
from tula.study.weighing import Balance

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
        first = [_told(teller, item.id, ledgers[item.id]) for item in study.file.scenarios[:1]]
        return "\n\n".join(filter(None, (*first, ties)))
    titles = {item.id: item.title for item in study.file.scenarios}
    sets = {name: chosen.words for name, chosen in study.file.elasticities.items()}
    told = Balance(teller, weigh, titles, sets).answer()
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
        instruments=(*_laid_on(study, layers), *(_instrument(item) for item in grounded)),
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


def _instrument(item: Grounded) -> InstrumentRecord:
    line = describe(item.instrument)
    own = [_assumption(line, one, reason, f"{one.path[-1]} ") for one, reason in item.numbers]
    if item.reason and not own:
        own = [AssumptionRecord(text=line, reason=item.reason)]
    return InstrumentRecord(
        text=title(item.instrument), evidence=item.evidence, assumptions=tuple(own)
    )


def _assumption(text: str, number: Number, reason: str, name: str = "") -> AssumptionRecord:
    ends = (number.low, number.high) if number.ranged else ()
    return AssumptionRecord(
        text=text,
        value=name + _written(number.value),
        range=tuple(map(_written, ends)),
        reason=reason,
    )


def _written(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _beliefs(study: Study) -> tuple[BeliefRecord, ...]:
    """The beliefs of the study, with what they rest on."""
    grounds, found = study.grounds, []
    for name, stated in study.file.beliefs.items():
        path = ("beliefs", name)
        number = grounds.numbers.get(path, Number(path, stated))
        ground = grounds.at(path)
        found.append(
            BeliefRecord(
                id=name,
                title=stated.title,
                value=number.text,
                evidence=ground.evidence,
                reason=ground.reason,
                fitted=stated.fitted,
            )
        )
    return tuple(found)


def _assumptions(study: Study) -> tuple[AssumptionRecord, ...]:
    """Every assumed number of the study by its address, but for those of ties, told there."""
    grounds = study.grounds
    return tuple(
        _assumption(address(study.document.content, one.path), one, grounds.at(one.path).reason)
        for one in grounds.numbers.values()
        if one.path[0] != "ties" and grounds.at(one.path).reason
    )


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
    later = " (Dated after the study: for comparison only.)"
    return EvidenceRecord(
        id=fact.id,
        text=fact.fact + (later if is_later(fact, study.file.on) else ""),
        date=fact.date,
        source_title=", ".join(filter(None, (fact.source, fact.locator))),
        source_url=fact.url,
        grade=fact.grade,
    )


def _versions() -> dict[str, str]:
    libraries = {name: version(name) for name in LIBRARIES}
    return {"tula": tula.__version__, "python": platform.python_version(), **libraries}
