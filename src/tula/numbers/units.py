"""Scales and currencies of money, in the spellings that tables and texts use."""

from __future__ import annotations

from collections.abc import Mapping

#: Scale -> how it is written beside a currency.
SCALES: Mapping[float, str] = {
    1.0: "1 unit units",
    1e3: "k th tsd thous thousand thousands 000 1000 1e3 10^3",
    1e5: "lakh lakhs",
    1e6: "m mm mn mil mill mln mio million millions 1000000 1e6 10^6",
    1e7: "crore crores",
    1e9: "b bn bil bill bln mrd milliard billion billions 1000000000 1e9 10^9",
    1e12: "tn trn tril trillion trillions 1e12 10^12",
}
_OTHERS = (
    "AED ARS AUD BDT BRL CAD CHF CLP COP CZK DKK EGP HKD HUF IDR ILS KES KRW KZT MXN MYR NGN NOK "
    "NZD PHP PKR PLN RON SAR SEK SGD THB TRY TWD UAH VND ZAR"
)
#: Currency -> how it is written, the longest form first.
CURRENCIES: Mapping[str, str] = {
    "USD": "usdollars usdollar dollars dollar usd us$ $",
    "EUR": "euros euro eur €",
    "GBP": "gbp £",
    "JPY": "jpy yen ¥",
    "CNY": "cny rmb yuan renminbi",
    "INR": "inr rupees rupee rs. rs ₹",
    "RUB": "rub roubles rouble rubles ruble ₽",
    **{code: code.lower() for code in _OTHERS.split()},
}
#: What each way to write it stands for.
SCALE_OF = {"": 1.0} | {word: x for x, words in SCALES.items() for word in words.split()}
CURRENCY_OF = {word: code for code, words in CURRENCIES.items() for word in words.split()}
