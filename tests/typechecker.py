"""The run-time type checker of the tests: beartype, which takes an int where a float stands."""

from beartype import BeartypeConf, beartype

checked = beartype(conf=BeartypeConf(is_pep484_tower=True))
