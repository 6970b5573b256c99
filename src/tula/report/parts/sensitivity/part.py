"""How far the answer depends on the model: every closure with every set of elasticities."""

from __future__ import annotations

from tula.numbers import write
from tula.report.part import Part
from tula.report.table import Row, Table


class Sensitivity(Part):
    """Real income of pivot and rivals under every variant of the model."""

    link = "Sensitivity"

    @property
    def actors(self) -> list[tuple[str, list[tuple[str, Table]]]]:
        """Name of pivot and rivals -> title of each scenario with its table."""
        view = self.view
        return [
            (view.region_names[code], [(one.title, self.table(one.id, code)) for one in view.moves])
            for code in view.actors
        ]

    def table(self, scenario: str, region: str) -> Table:
        """Real income of a region in a scenario by closure and elasticity set."""
        found = self.view.solves["real_income"][scenario, region]
        rows = found.reshape(len(self.view.closures), -1)
        return Table(
            tuple(
                Row(
                    closure,
                    tuple(write.change(float(value)) for value in values),
                    strong=closure == self.view.manifest.headline_closure,
                )
                for closure, values in zip(self.view.closures, rows, strict=True)
            )
        )
