"""Functions that expressions have of their own, by version."""

from __future__ import annotations

from .lexer import Version

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
MORE = ("mean", "median", "toJSON", "fromJSON", "toBase64", "fromBase64", "get", "take", "toPairs", "fromPairs", "sort")
BITS = ("bitand", "bitor", "bitxor", "bitnand", "bitshl", "bitshr", "bitushr", "bitnot")
CAME = {
    **dict.fromkeys(MORE, (1, 15)),
    **dict.fromkeys(("reverse", "concat", *BITS), (1, 16)),
    **dict.fromkeys(("uniq", "flatten"), (1, 17)),
}
"""Further functions, and the version that has brought each."""
ABSENT = ("now", "duration", "date", "timezone")
"""Known, and not modelled: times."""

FIRST_PREDICATES = frozenset(("all", "none", "any", "one", "filter", "map", "count"))
PREDICATES = FIRST_PREDICATES | {"find", "findIndex", "findLast", "findLastIndex", "groupBy", "reduce"}
LATE_PREDICATES = PREDICATES | {"sortBy", "sum"}


def functions_of(version: Version) -> tuple[str, ...]:
    """The functions of a version that are modelled."""
    if version < (1, 15):
        return FEW if version >= (1, 12) else OLD
    return (*MANY, *[name for name, came in CAME.items() if version >= came])


def predicates_of(version: Version) -> frozenset[str]:
    """Those that take an expression for each element."""
    if version < (1, 15):
        return FIRST_PREDICATES
    return LATE_PREDICATES if version >= (1, 16) else PREDICATES


__all__ = ["ABSENT", "OLD", "functions_of", "predicates_of"]
