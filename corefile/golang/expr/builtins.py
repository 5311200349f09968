"""Functions that expressions have of their own, by version."""

from __future__ import annotations

OLD = ("len",)
FEW = ("len", "abs", "int", "float")
MANY = (
    *FEW,
    "type",
    "ceil",
    "floor",
    "round",
    "string",
    "trim",
    "trimPrefix",
    "trimSuffix",
    "upper",
    "lower",
    "split",
    "splitAfter",
    "replace",
    "repeat",
    "join",
    "indexOf",
    "lastIndexOf",
    "hasPrefix",
    "hasSuffix",
    "max",
    "min",
    "sum",
    "first",
    "last",
    "keys",
    "values",
)
ABSENT = (
    *("mean", "median", "toJSON", "fromJSON", "toBase64", "fromBase64", "now", "duration", "date", "timezone", "get"),
    *("take", "toPairs", "fromPairs", "reverse", "uniq", "concat", "flatten", "sort", "bitnot", "bitand", "bitor"),
    *("bitxor", "bitnand", "bitshl", "bitshr", "bitushr"),
)
"""Known, and not modelled."""

FIRST_PREDICATES = frozenset(("all", "none", "any", "one", "filter", "map", "count"))
PREDICATES = FIRST_PREDICATES | {"find", "findIndex", "findLast", "findLastIndex"}
ABSENT_PREDICATES = frozenset(("groupBy", "sortBy", "reduce"))


def functions_of(version: tuple[int, int]) -> tuple[str, ...]:
    """The functions of a version that are modelled."""
    return MANY if version >= (1, 15) else FEW if version >= (1, 12) else OLD


def predicates_of(version: tuple[int, int]) -> frozenset[str]:
    """Those that take an expression for each element."""
    return PREDICATES | ABSENT_PREDICATES if version >= (1, 15) else FIRST_PREDICATES


__all__ = ["ABSENT", "ABSENT_PREDICATES", "OLD", "functions_of", "predicates_of"]
