"""The authors that `chaos` names unless some are given, by the release since which it does (plugin/chaos/zowners.go)."""

from __future__ import annotations

CHANGES = {
    "1.5.0": "+bradbeam +chrisohaver +dilyevsky +ekleiner +fastest963 +fturib +greenpau +grobie +inigohu +isolus +johnbelamaric +miekg +nchrisdk +nitisht +pmoroney +rajansandeep +rdrozhdzh +rtreffer +stp-ip +superq +varyoo +yongtang",
    "1.5.1": "-fturib",
    "1.6.2": "+darshanime",
    "1.6.4": "+ihac",
    "1.6.6": "+ykhr53",
    "1.7.0": "+zouyee -grobie",
    "1.8.5": "+mqasimsarfraz +snebel29",
    "1.9.4": "+Tantalor93 +jameshartig -fastest963",
    "1.14.0": "+thevilledev",
    "1.14.7": "+houyuwushang",
}
"""Who came (+) and went (-)."""


def _by_release() -> dict[str, tuple[str, ...]]:
    now: set[str] = set()
    found = {}
    for release, changes in CHANGES.items():
        for change in changes.split():
            (now.add if change[0] == "+" else now.discard)(change[1:])
        found[release] = tuple(sorted(now))
    return found


OWNERS = _by_release()
