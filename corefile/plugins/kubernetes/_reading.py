"""From the lines of a block to its options, with CoreDNS's complaints (setup.go)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...chain.types import Invalid
from ...language.words import decode
from ._names import is_reverse
from ._options import ARGUMENT_ERROR, Options
from ._selector import Selector

if TYPE_CHECKING:
    from ...chain.declare import Given
    from ...chain.setup import Setup
    from ...releases import Release


def accept(line: Given, setup: Setup) -> None:
    """What CoreDNS looks at as it reads a line."""
    direction = line.words[0].text if line.name == "transfer" else "to"
    if direction not in ("to", "from") and len(line.words) > 1:  # it looks no further than at that word
        word = line.words[1]
        raise Invalid(
            f"`transfer` goes `to` somewhere, not `{direction}`", at=word, coredns=f"unknown property '{word.text}'"
        )
    if line.name == "upstream":
        _upstream(line, setup)
    if line.name in ("labels", "namespace_labels"):
        _selector_of(line.value, line.name.removesuffix("s"), setup.release)


def read(given: Given, setup: Setup) -> Options:
    """The options of a block, after what CoreDNS checks at its end."""
    zones = setup.origins(given.values["zones"])
    kubeconfig, tls = given.get("kubeconfig"), given.get("tls")
    urls: tuple[str, ...] = given.get("endpoint", ())
    multicluster = tuple(z for part in given.get("multicluster", ()) for z in part)
    config = Options(
        zones=zones,
        pods=given.get("pods", "disabled"),
        pod_names=bool(given.all("endpoint_pod_names")),
        namespaces=frozenset(n for line in given.all("namespaces") for n in line.value),
        labels=_selector(given, "labels", "label", setup),
        namespace_labels=_selector(given, "namespace_labels", "namespace_label", setup),
        fall=given.get("fallthrough"),
        upstream=next((_upstream(line, setup) for line in reversed(given.all("upstream"))), None),
        ttl=given.get("ttl", 5),
        transfer_to=_transfer_to(given),
        endpoints=not given.all("noendpoints"),
        zonal=bool(given.all("zonal")),
        ignore_empty=any(line.value for line in given.all("ignore")),
        multicluster=multicluster,
        startup_timeout=given.get("startup_timeout", 5.0),
    )
    _check(given, config, setup)
    if setup.failed:
        return config
    if len(urls) > 1:
        _several_endpoints(urls, setup)
    return config._replace(server=(urls[0] if urls else "", tls, kubeconfig and (kubeconfig[0], kubeconfig[1] or "")))


def _check(given: Given, config: Options, setup: Setup) -> None:
    release = setup.release

    def error(code: str, message: str, coredns: str, line: Given | None = None, hint: str = "") -> None:
        token = line.words[-1] if line is not None and line.words else given.end
        span = line.span if line is not None else token.span if token is not None else given.span
        setup.error(code, message, span, coredns=coredns, token=token, hint=hint)

    for line in given.all("fallthrough"):
        if line.words and release < "1.0.3":
            error(
                "newer-argument",
                "`fallthrough` takes no zones before CoreDNS 1.0.3",
                ARGUMENT_ERROR.format(line.words[-1].text),
                line,
            )
    for line in given.all("upstream"):
        if not line.words and release < "1.0.6":
            error(
                "argument-count",
                "`upstream` needs an address before CoreDNS 1.0.6",
                ARGUMENT_ERROR.format("upstream"),
                line,
            )
    for line in given.all("kubeconfig"):
        if len(line.words) < 2 and release < "1.8.2":
            error(
                "argument-count",
                "`kubeconfig` needs a context before CoreDNS 1.8.2",
                ARGUMENT_ERROR.format(line.words[-1].text),
                line,
            )
    if config.namespaces and config.namespace_labels is not None:
        error(
            "exclusive-properties",
            "`namespaces` and `namespace_labels` exclude each other",
            "namespaces and namespace_labels cannot both be set",
            hint="keep one of them",
        )
    for zone in config.multicluster:
        if zone not in config.zones:
            error(
                "zone-not-served",
                f"the multi-cluster zone {zone} is none of the plugin's zones",
                f"is not authoritative for the multicluster zone {zone} (authoritative zones: "
                f"[{' '.join(config.zones)}])",
                hint=f"add `{zone.rstrip('.')}` to the zones of `kubernetes`",
            )
    if config.zonal and not config.endpoints:
        error(
            "exclusive-properties",
            "`zonal` needs endpoints, and `noendpoints` leaves them out",
            "zonal requires the endpoint cache; remove noendpoints",
            hint="remove one of them",
        )


def primary_zone(zones: tuple[str, ...], setup: Setup) -> str | None:
    """The first zone that is no reverse zone: names of addresses are in it."""
    if setup.release < "1.1.0":
        return next((z for z in zones if not z.endswith(("in-addr.arpa.", "ip6.arpa."))), None)
    return next((z for z in zones if not is_reverse(z)), None)


def _selector(given: Given, name: str, what: str, setup: Setup) -> Selector | None:
    lines = given.all(name)
    return [_selector_of(line.value, what, setup.release) for line in lines][-1] if lines else None


def _upstream(line: Given, setup: Setup) -> tuple[str, ...] | None:
    from .._backend import destinations

    return tuple(destinations(line.value, setup)) if setup.release < "1.4.0" else None


def _transfer_to(given: Given) -> tuple[str, ...]:
    out: tuple[str, ...] = ()
    for line in given.all("transfer"):
        direction, words = line.value
        if direction == "from":
            raise Invalid(
                "the zone of `kubernetes` cannot be transferred from elsewhere",
                located=False,
                coredns="can't use `transfer from` when not being a secondary",
            )
        if direction == "to":
            out = tuple(w if w == "*" or w.count(":") != 1 else w.partition(":")[0] for w in words)
    return out


def _selector_of(words: tuple[str, ...], what: str, release: Release) -> Selector:
    """The label selector that `words` make. Raises Invalid with CoreDNS's words."""
    text = " ".join(words)
    try:
        return Selector.parse(text, (release >= "1.5.0") + (release >= "1.8.4"))
    except ValueError as error:
        raise Invalid(
            f"`{text}` is not a label selector: {error}",
            hint="such as `app=web, stage in (qa, prod)`",
            coredns=f"unable to parse {what} selector value: '{text}': {error}",
            located=False,
        ) from None


def _several_endpoints(urls: tuple[str, ...], setup: Setup) -> None:
    release = setup.release
    if release >= "1.3.1" and release < "1.4.0":
        bad = next((u for u in urls if "://" in u and not u.startswith("http://")), None)
        if bad is not None:
            raise Invalid(
                "several endpoints have to be http",
                coredns=f"multiple endpoints can only accept http, found: {bad}",
                located=False,
            )
    if release >= "1.4.0":
        setup.warn(
            "deprecated-argument", f"only the first endpoint, {urls[0]}, is used", setup.span, hint="remove the others"
        )
        setup.log(
            "[WARNING] plugin/kubernetes: Multiple endpoints have been deprecated, only the first specified endpoint "
            f"'{urls[0]}' is used"
        )


def search_path(setup: Setup) -> tuple[str, ...]:
    """The search path of the machine, which autopath's searches end with."""
    content = setup.world.files.read("/etc/resolv.conf")
    found: list[str] = []
    for line in decode(content).splitlines() if content else ():
        words = line.split()
        if words[:1] == ["domain"] and len(words) > 1:
            found = words[1:2]
        elif words[:1] == ["search"]:
            found = words[1:]
    return tuple(w.lower().rstrip(".") + "." for w in found)


__all__ = ["accept", "primary_zone", "read", "search_path"]
