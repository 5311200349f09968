"""How older releases of CoreDNS read some types in master files, by what changed in their DNS library."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ...golang.addresses import parse_ip
from ...releases import Release
from .kinds import IPv4, IPv6, Kind, Number, SigTime
from .spec import SPECS, Spec
from .special import Loc, LocForm
from .svcb import KEYS, SvcForm, SvcParams
from .tokens import ERROR, Next, RdataError

A, AAAA, SIG, LOC, RRSIG, SVCB, HTTPS, L32 = 1, 28, 24, 29, 46, 64, 65, 105


class AnyIPv4(IPv4):
    """An address of either family: one of IPv6 is sent as 0.0.0.0, since it has no four octets."""

    def read(self, next: Next, origin: str, label: str) -> str:
        """An address."""
        token = next()
        family, address = parse_ip(token[1]) or (0, "")
        if not family or token[0] == ERROR:
            raise RdataError("bad " + label, token)
        return address if family == 4 else "0.0.0.0"


class AnyIPv6(IPv6):
    """An address of either family: one of IPv4 is sent as IPv4-mapped."""

    def read(self, next: Next, origin: str, label: str) -> str:
        """An address."""
        token = next()
        family, address = parse_ip(token[1]) or (0, "")
        if family == 4 and token[0] != ERROR:
            return f"::ffff:{address}"
        return super().read(iter([token]).__next__, origin, label)


def older(type: int, release: Release | None) -> Spec | None:
    """How a type is read in a release; None where that is as in the newest, or where there is no release."""
    make = _MAKERS.get(type)
    return None if make is None or release is None else _older(type, release)


@lru_cache(256)
def _older(type: int, release: Release) -> Spec | None:
    made = _MAKERS[type](release)
    if isinstance(made, LocForm):
        return SPECS[type].reading(Loc(made))
    return SPECS[type].with_kinds(made) if made else None


def _a(release: Release) -> dict[str, Kind]:
    return {"A": AnyIPv4()} if release < "1.5.0" else {}


def _aaaa(release: Release) -> dict[str, Kind]:
    return {"AAAA": AnyIPv6()} if release < "1.5.0" else {}


def _l32(release: Release) -> dict[str, Kind]:
    return {"Locator": AnyIPv4()}


def _rrsig(release: Release) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {"Algorithm": Number(1)} if release < "1.11.0" else {}
    if release < "1.8.0":
        kinds |= {"Expiration": SigTime(4, bits=64), "Inception": SigTime(4, bits=64)}
    return kinds


def _svcb(release: Release) -> dict[str, Kind]:
    if release >= "1.11.4":
        return {}
    keys = KEYS[: 8 if release >= "1.9.3" else 7]
    if release < "1.9.2":
        keys = tuple("echconfig" if key == "ech" else key for key in keys)
    return {"-": SvcParams(SvcForm(keys, plain_alpn=release < "1.9.3"))}


def _loc(release: Release) -> LocForm | dict[str, Kind]:
    if release >= "1.8.4":
        return {}
    if release >= "1.8.0":
        return LocForm(seconds=32)
    sizes = LocForm().sizes if release >= "1.6.8" else (0x12, 0xA5, 0xA2)
    return LocForm(sizes, bounded=False, seconds=32, altitude=32, exact=False)


_MAKERS: dict[int, Callable[[Release], LocForm | dict[str, Kind]]] = {
    A: _a,
    AAAA: _aaaa,
    L32: _l32,
    SIG: _rrsig,
    RRSIG: _rrsig,
    SVCB: _svcb,
    HTTPS: _svcb,
    LOC: _loc,
}

__all__ = ["older"]
