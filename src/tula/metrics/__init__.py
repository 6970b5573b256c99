"""What is read off a solution: welfare, prices, output, trade, duties, rents, decomposition.

Every metric is a pure function from a ``Solution`` to an ``xarray.DataArray`` whose attributes
state unit, base and sign. Pairs are always importer first, exporter second. ``METRICS`` lists
them all.
"""

from tula.metrics.decomposition import decomposition, terms_of_trade, volume_of_trade
from tula.metrics.incidence import (
    UnchangedTariffError,
    duty_burden,
    incidence,
    pass_through,
    seller_share,
    tariff_incidence,
)
from tula.metrics.prices import cost, price_index, real_wage, sector_price, wage
from tula.metrics.production import (
    output,
    output_value,
    output_volume,
    real_value_added,
    value_added,
)
from tula.metrics.registry import METRICS, Metric, find_metric
from tula.metrics.registry import listing as list
from tula.metrics.scarcity import (
    corridor_remittances,
    employment,
    export_rent,
    idle_labour,
    limit_rent,
)
from tula.metrics.tables import OVERVIEW, TableShapeError, region_table, tidy
from tula.metrics.tariffs import (
    effective_tariff,
    export_tax_revenue,
    pair_effective_tariff,
    pair_goods_tariff,
    pair_statutory_tariff,
    tariff_revenue,
    tariff_revenue_share,
)
from tula.metrics.trade import (
    exports,
    exports_change,
    import_share,
    imports,
    imports_change,
    pair_trade,
    pair_trade_change,
    supplier_share,
    trade_balance,
    trade_value,
    trade_value_change,
    trade_volume_change,
)
from tula.metrics.welfare import ev, ev_gdp_share, real_gdp, real_income

__all__ = [
    "METRICS",
    "OVERVIEW",
    "Metric",
    "TableShapeError",
    "UnchangedTariffError",
    "corridor_remittances",
    "cost",
    "decomposition",
    "duty_burden",
    "effective_tariff",
    "employment",
    "ev",
    "ev_gdp_share",
    "export_rent",
    "export_tax_revenue",
    "exports",
    "exports_change",
    "find_metric",
    "idle_labour",
    "import_share",
    "imports",
    "imports_change",
    "incidence",
    "limit_rent",
    "list",
    "output",
    "output_value",
    "output_volume",
    "pair_effective_tariff",
    "pair_goods_tariff",
    "pair_statutory_tariff",
    "pair_trade",
    "pair_trade_change",
    "pass_through",
    "price_index",
    "real_gdp",
    "real_income",
    "real_value_added",
    "real_wage",
    "region_table",
    "sector_price",
    "seller_share",
    "supplier_share",
    "tariff_incidence",
    "tariff_revenue",
    "tariff_revenue_share",
    "terms_of_trade",
    "tidy",
    "trade_balance",
    "trade_value",
    "trade_value_change",
    "trade_volume_change",
    "value_added",
    "volume_of_trade",
    "wage",
]


def __dir__() -> tuple[str, ...]:
    return (*__all__,)
