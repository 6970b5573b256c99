"""The questions the page asks of a study's results, each answered with labels."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
import xarray as xr

from tula.errors import UnknownNameError
from tula.numbers.estimate import Estimate
from tula.report.drawing import Drawings
from tula.say import words
from tula.study.answers import before
from tula.study.manifest import Manifest, ScenarioRecord
from tula.study.results import StudyResults
from tula.study.variables import EVERY
from tula.study.verdict import called, grounded, verdict


@dataclass(frozen=True)
class View:
    """Reads one study: headline numbers, spans over closures and elasticities, names.

    ``drawings`` draws the charts of its page.
    Raises ``UnknownNameError`` if manifest or ties name a region, scenario, closure or elasticity
    set that the numbers do not have.
    """

    results: StudyResults
    drawings: Drawings = field(default_factory=Drawings)

    def __post_init__(self) -> None:
        told = self.manifest
        for kind, names in (
            (
                "region",
                (*self.actors, *(c for t in self.results.ties for c in (t.pivot, t.partner))),
            ),
            ("scenario", tuple(record.id for record in told.scenarios)),
            ("closure", (told.headline_closure,)),
            ("elasticity", (told.headline_elasticity,)),
        ):
            valid = [str(code) for code in self.data[kind].values]
            for name in names:
                if name not in valid:
                    raise UnknownNameError(kind, name, valid)

    @property
    def manifest(self) -> Manifest:
        """The account of the run."""
        return self.results.manifest

    @property
    def data(self) -> xr.Dataset:
        """The numbers of the run."""
        return self.results.data

    @property
    def citation(self) -> str:
        """How to cite the page: its title, the version, the study, and the day it speaks of."""
        told, answer = self.manifest, self.results.answer
        parts = [f"Tula {told.versions.get('tula', '')}".strip(), f"study {self.stem}"]
        parts += [f"seed {told.seed}", *([f"{told.draws} draws"] if told.draws else [])]
        if answer:
            parts.append(f"as of {words.day(answer.announced)}")
        return f"{told.title}. {', '.join(parts)}."

    @property
    def stem(self) -> str:
        """The study with the head of its hash, as in the name of a file."""
        return f"{self.manifest.id}-{self.manifest.study_hash[:8]}"

    @property
    def verdict(self) -> list[str]:
        """Paragraphs of the answer, the first of them the label; none where nothing is asked."""
        found, titles = self.results.answer, called(self.manifest)
        says = grounded(self.manifest)
        return verdict(found, self.named, titles, says) if found else []

    @property
    def pivot(self) -> str:
        """Code of the middle power."""
        return self.manifest.pivot

    @property
    def actors(self) -> tuple[str, ...]:
        """Codes of the pivot and its rivals, in that order."""
        return (self.manifest.pivot, *self.manifest.rivals)

    @cached_property
    def moves(self) -> tuple[ScenarioRecord, ...]:
        """Scenarios in which somebody does something; all of them if nobody ever does."""
        every = self.manifest.scenarios
        return tuple(record for record in every if record.instruments) or every

    @cached_property
    def still(self) -> tuple[ScenarioRecord, ...]:
        """Scenarios without an instrument: the world before any move."""
        return tuple(record for record in self.manifest.scenarios if record not in self.moves)

    @property
    def closures(self) -> dict[str, str]:
        """Closure -> what it assumes, in the order of the numbers."""
        told = self.manifest.closures
        return {str(name): told.get(str(name), "") for name in self.data.closure.values}

    @property
    def elasticities(self) -> dict[str, str]:
        """Elasticity set -> its source, in the order of the numbers."""
        told = self.manifest.elasticities
        return {str(name): told.get(str(name), "") for name in self.data.elasticity.values}

    @property
    def variants(self) -> int:
        """Number of variants of the model: every closure with every elasticity set."""
        return len(self.closures) * len(self.elasticities)

    def colour(self, region: str) -> str:
        """Name of a region's colour: that of its place among the actors, or of all others."""
        known = self.actors[:4]
        return f"actor{known.index(region)}" if region in known else "other"

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Codes of all regions in axis order."""
        return tuple(str(code) for code in self.data.region.values)

    @cached_property
    def region_names(self) -> dict[str, str]:
        """Region code -> plain name."""
        return dict(zip(self.regions, map(str, self.data.region_name.values), strict=True))

    def named(self, region: str) -> str:
        """Name of a region inside a sentence, with its article."""
        return words.named(self.region_names[region])

    def spelled(self, text: str) -> str:
        """A line with the codes of regions and sectors replaced by their names."""
        words = {code: name[:1].lower() + name[1:] for code, name in self.sector_names.items()}
        words |= {code: self.named(code) for code in self.regions}
        codes = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        line = re.sub(rf"\b(?:{codes})\b", lambda match: words[match[0]], text)
        return line[:1].upper() + line[1:]

    @cached_property
    def sector_names(self) -> dict[str, str]:
        """Sector code -> plain name."""
        codes, names = self.data.sector.values, self.data.sector_name.values
        return {str(code): str(name) for code, name in zip(codes, names, strict=True)}

    @cached_property
    def before(self) -> xr.Dataset:
        """Levels before any scenario."""
        return before(self.data)

    @cached_property
    def places(self) -> dict[str, dict[str, int]]:
        """Dimension of the numbers -> label -> place along it."""
        labels = {str(dim): self.data[dim].values.tolist() for dim in self.data.dims}
        return {dim: {code: n for n, code in enumerate(codes)} for dim, codes in labels.items()}

    def headline(self, variable: str, scenario: str, **where: str | tuple[str, ...]) -> np.ndarray:
        """One variable of one scenario under the headline closure and elasticities.

        ``where`` says what else is chosen, one label or several, along what dimensions the
        variable has of these; the others stay in their order.
        """
        every, told = self.data.variables[variable], self.manifest
        where |= {"scenario": scenario, "closure": told.headline_closure}
        where |= {"elasticity": told.headline_elasticity}
        found = every.values
        for axis, dim in reversed(list(enumerate(map(str, every.dims)))):
            if dim in where:
                at, codes = self.places[dim], where[dim]
                one = at[codes] if isinstance(codes, str) else [at[code] for code in codes]
                found = found.take(one, axis)
        return np.asarray(found)

    def real_income(self, scenario: str, region: str) -> float:
        """Headline change in real income, % of base final spending."""
        return self._headlines["real_income"][scenario, region]

    def ev(self, scenario: str, region: str) -> float:
        """Headline equivalent variation, million USD."""
        return self._headlines["ev"][scenario, region]

    def span(self, variable: str, scenario: str, region: str) -> Estimate:
        """Headline value with its range over the solves that gave an equilibrium."""
        value = self._headlines[variable][scenario, region]
        every = self.solves[variable][scenario, region]
        solved = every[np.isfinite(every)]
        if not solved.size:
            return Estimate(value, float("nan"), float("nan"))
        return Estimate(value, float(solved.min()), float(solved.max()))

    @cached_property
    def _headlines(self) -> dict[str, dict[tuple[str, str], float]]:
        """Variable -> (scenario, region) -> headline number."""
        told = self.manifest
        chosen = self.data.sel(
            closure=[told.headline_closure], elasticity=[told.headline_elasticity]
        )
        return {
            name: {pair: float(only) for pair, (only,) in found.items()}
            for name, found in _by_pair(chosen).items()
        }

    @cached_property
    def solves(self) -> dict[str, dict[tuple[str, str], np.ndarray]]:
        """Variable -> (scenario, region) -> the number of every solve."""
        return _by_pair(self.data)


def _by_pair(data: xr.Dataset) -> dict[str, dict[tuple[str, str], np.ndarray]]:
    """Variable of every solve -> (scenario, region) -> its numbers."""
    found = {}
    for name in EVERY:
        rows = data[name].transpose("scenario", "region", ...)
        pairs = product(map(str, rows.scenario.values), map(str, rows.region.values))
        numbers = rows.values.reshape(rows.sizes["scenario"] * rows.sizes["region"], -1)
        found[name] = dict(zip(pairs, numbers, strict=True))
    return found
