"""What a test runs: a table of names as one step a line, and a list of releases, clients or Corefiles as one run each."""

from __future__ import annotations

from itertools import product
from typing import Any

from ..light import NamedTuple
from .format import NO_REPLY, NODATA, BadTest, is_outcome, kind_of, title

AXES = ("coredns", "client", "corefile")
"""The keys of a test that may have several values."""


class Step(NamedTuple):
    """One step: its keys with what is expected, and where it stands in the test."""

    data: dict[str, Any]
    keys: tuple[str | int, ...]

    @property
    def what(self) -> str:
        """What it does, in a few words."""
        return title(self.data)

    @property
    def kind(self) -> str:
        """The type that it asks for."""
        words = str(self.data.get("query") or "").split()
        return words[-1].upper() if len(words) > 1 else "A"


class Variant(NamedTuple):
    """One of the runs of a test: its values by key, with the index of each in its list; none of a test that has no list."""

    values: tuple[tuple[str, str, int], ...]

    @property
    def label(self) -> str:
        """What tells it apart: `1.11.3`, `client 10.0.0.7`."""
        words = [("" if key == "coredns" else f"{key} ", f"#{i + 1}" if "\n" in v else v) for key, v, i in self.values]
        return ", ".join(map("".join, words))

    def of(self, data: dict[str, Any]) -> dict[str, Any]:
        """The test with one value in place of each list."""
        return {**data, **{key: data[key][index] for key, _, index in self.values}}

    def place(self, *keys: str | int) -> tuple[str | int, ...]:
        """Where the value of a key stands in the test."""
        index = next((i for key, _, i in self.values if key == keys[0]), None)
        return keys if index is None else (keys[0], index, *keys[1:])


ONLY = Variant(())
"""The one run of a test that has no list."""


def short_text(value: str) -> str:
    """A value for a label: of a text its first line."""
    first = value.strip().partition("\n")[0]
    return first if len(first) <= 40 else first[:37] + "..."


def variants(data: dict[str, Any]) -> list[Variant]:
    """The runs of a test, the last list changing fastest."""
    axes = [[(key, str(v), i) for i, v in enumerate(data[key])] for key in AXES if isinstance(data.get(key), list)]
    return [Variant(values) for values in product(*axes)]


def steps_of(data: dict[str, Any], variant: Variant = ONLY) -> list[Step]:
    """The steps of a test as they run, those of `names` first. Raises BadTest for an `expect-for` of no run."""
    known = {str(v) for key in AXES for v in (data[key] if isinstance(data.get(key), list) else ())}
    own = {value for _, value, _ in variant.values}
    out: list[Step] = []
    if data.get("names"):
        out += _table({}, data["names"], ("names",))
    for index, step in enumerate(data.get("steps") or []):
        keys = ("steps", index)
        for value in step.get("expect-for") or ():
            if value not in known:
                has = ", ".join(map(short_text, sorted(known))) or "no list of releases, clients or Corefiles"
                raise BadTest(
                    f"`{short_text(value)}` is none of the runs of this test: it has {has}",
                    (*keys, "expect-for", value),
                )
        special = next((e for value, e in (step.get("expect-for") or {}).items() if value in own), None)
        step = step if special is None else {**step, "expect": special}
        if step.get("names") is not None:
            rest = {key: value for key, value in step.items() if key not in ("names", "expect")}
            out += _table(rest, step["names"], (*keys, "names"))
        else:
            out.append(Step(step, keys))
    return out


def _table(rest: dict[str, Any], names: dict[Any, Any], keys: tuple[str | int, ...]) -> list[Step]:
    out = []
    for number, (name, value) in enumerate(names.items()):
        step = rest if not number else {key: v for key, v in rest.items() if key != "after"}
        query = f"{name} {kind_of(str(name), value)}" if len(str(name).split()) == 1 else str(name)
        out.append(Step({**step, "query": query, "expect": expectation(value)}, (*keys, str(name))))
    return out


def expectation(value: Any) -> dict[str, Any]:
    """The `expect` that a line of a table stands for."""
    if isinstance(value, dict):
        return {"compare": "mentioned", **value}
    word = str(value)
    if isinstance(value, list) or not is_outcome(word):
        return {"compare": "mentioned", "rcode": "NOERROR", "data": value if isinstance(value, list) else [word]}
    if word == NO_REPLY:
        return {"reply": "none", "compare": "mentioned"}
    if word == NODATA:
        return {"compare": "mentioned", "rcode": "NOERROR", "data": []}
    return {"compare": "mentioned", "rcode": word}


__all__ = ["AXES", "ONLY", "Step", "Variant", "expectation", "short_text", "steps_of", "variants"]
