"""Who in the world gains and loses, on a map and in a table."""

from __future__ import annotations

from functools import cached_property

from markupsafe import Markup

from tula.numbers import write
from tula.report.part import Part, embedded
from tula.report.parts.map import world
from tula.report.table import Row, Table


class Map(Part):
    """Change in real income of every region in every scenario."""

    link = "Map"

    @cached_property
    def map(self) -> world.WorldMap:
        """The world map."""
        return world.build(self.view)

    @property
    def data(self) -> Markup:
        """Names and hover texts of the map's regions for the script."""
        rows = [[area.name, area.values] for area in self.map.areas]
        return embedded(rows)

    @property
    def everyone(self) -> Table:
        """Change in real income of every region in every scenario."""
        view = self.view
        return Table(
            tuple(
                Row(
                    view.region_names[code],
                    tuple(write.change(view.real_income(one.id, code)) for one in view.moves),
                    strong=code in view.actors,
                )
                for code in view.regions
            )
        )
