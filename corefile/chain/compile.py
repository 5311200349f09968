"""From a `Program` to an `Instance`: each server block's chain of handlers in the release's plugin.cfg order, and for each
listening address the zones that are served there. Nothing is parsed after that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ..findings import Finding, Span, TooLarge
from ..language import keys
from ..language.expand import Program
from ..language.words import Token
from ..releases import Release
from ..releases.rules import at
from ..world import World
from . import listen
from .declare import Given
from .elsewhere import FilesElsewhere
from .handlers import Chain
from .instance import Instance
from .metrics import Metrics
from .query import Asks
from .reading import read, say_of_brace
from .setup import Setup
from .shapes import Plugin
from .site import Site
from .slots import Slots
from .types import Invalid

Registry = Callable[[str], "type[Plugin] | None"]

MOST_FOR_KEYS = 10_000_000
"""How many zones the directives of a server block may have for all of its keys together, where each key has its own."""


def compile_program(
    program: Program,
    *,
    release: Release,
    world: World,
    registry: Registry,
    network: Asks | None = None,
    metrics: Metrics | None = None,
    process: Slots | None = None,
) -> Instance:
    """Compile `program` for `release` in `world`. Never raises for what the user wrote: see `Instance.findings`."""
    instance = Instance(release, world, network, metrics or Metrics(), process)
    instance.findings.extend(program.findings)
    parsed = not instance.errors
    for index, block in enumerate(program.blocks):
        zones: list[keys.Zone] = []
        spans: list[Span] = []
        for token in block.keys:
            found, findings = keys.server_keys([token], release, world.dns_port)
            instance.findings.extend(findings)
            zones += found
            spans += [token.span] * len(found)
        site = Site(index, tuple(zones), block.span)
        site.key_spans = tuple(spans)
        site.has_tls = "tls" in block.directives
        site.has_view = "view" in block.directives and release.has("view")
        instance.sites.append(site)
    if not instance.errors:
        listen.zones_twice(instance)
    said = 0 if instance.errors else None  # how many lines there are when it is refused
    given = [(x, block, block.directives) for x, block in zip(instance.sites, program.blocks, strict=True)]
    for order, directive in enumerate(release.order, 1):
        for site, block, directives in given:
            tokens = directives.get(directive)
            if tokens and (site.keys or not block.keys):
                if (site.index, directive) in program.left_out:
                    _not_read(directive, order, site, instance, tokens, registry)
                    continue
                before = len(instance.findings)
                _set_up(directive, order, site, instance, tokens, registry)
                if said is None and len(instance.findings) > before and instance.errors:
                    said = len(instance.pending)
    if said is not None:
        del instance.pending[said:]
    for number, span in program.unknown:
        for site in instance.sites if number is None else instance.sites[number : number + 1]:
            site.in_doubt.append(("import", span))
    for number, span in (*program.unknown, *program.patterns):
        for site in [] if number is None else instance.sites[number : number + 1]:
            site.left_out.append(("import", span))
    for site in instance.sites:
        _chain(site)
        if instance.rules.sets_up_zones:
            _sites_by_key(site, instance)
    if parsed:
        listen.listen(instance)
    if not instance.errors:
        for handler in sorted((h for site in instance.sites for h in site.handlers), key=lambda h: h.order):
            handler.check()
    if not instance.errors:
        listen.started(instance)
    instance.get(FilesElsewhere).tell(instance)
    # A snippet that several blocks import is wrong in each of them, and a directive once for each key.
    instance.findings[:] = dict.fromkeys(instance.findings)
    if any("{$" in source.text or "{%" in source.text for source in program.sources):
        from ..language.unset import explained

        instance.findings[:] = explained(instance.findings, program.sources, world.env)
    return instance


def _not_built_in(directive: str, span: Span, instance: Instance) -> None:
    """A directive whose name the build knows, without having it (caddy.go, executeDirectives)."""
    release = instance.release
    coredns = f"no action found for directive '{directive}' with server type 'dns' (missing a plugin?)"
    words = f"{release.build} has no `{directive}`"
    hint = f"it has {', '.join(name for name in release.order if name not in release.missing)}"
    instance.findings.append(Finding("not-built-in", words, span, hint=hint, coredns=coredns))


def _chain(site: Site) -> None:
    acting = [h for h in site.handlers if h.IN_CHAIN]
    site.chain = Chain(acting) if acting else None


def _sites_by_key(site: Site, instance: Instance) -> None:
    """Give each zone but the first its own handlers of the plugins whose state would show otherwise."""
    several = [handler for handler in site.handlers if handler.STATE]
    if len(several) * len(site.keys) * len(site.zones) > MOST_FOR_KEYS:
        many = TooLarge(f"{len(site.keys):,} keys, for each of which it is set up with the zones of all, are not read")
        _too_large(many, several[0].setup)
        return
    if not several:
        return
    for number in range(1, len(site.keys)):
        other = site.copy_for_key(number)
        for handler in site.handlers:
            if handler.STATE:
                setup = Setup(handler.name, handler.order, other, instance, handler.span)
                setup.given, setup.slots = handler.setup.given, handler.setup.slots
                try:
                    handler = type(handler)(handler.config, setup)  # type: ignore[call-arg]
                except TooLarge as error:
                    _too_large(error, setup)
                    return
            other.handlers.append(handler)
        _chain(other)


def _set_up(
    directive: str, order: int, site: Site, instance: Instance, tokens: list[Token], registry: Registry
) -> None:
    setup = Setup(directive, order, site, instance, tokens[0].span)
    if directive in instance.release.missing:
        _not_built_in(directive, tokens[0].span, instance)
        return
    cls = registry(directive)
    if cls is None:
        _leave_out(setup)
        setup.notice(
            "not-simulated",
            f"the effect of `{directive}` is not simulated, and what it is given is not checked",
            tokens[0].span,
            hint="answers are those of the chain without it",
        )
        return
    setup.prefix = at(cls.PREFIX, instance.release).format(directive)
    several = at(cls.READS.several, instance.release)
    occurrences: list[Given] = []
    configs: list[Any] = []
    with _refusing(setup):
        for given in read(cls, tokens, setup):
            setup.span = given.span
            try:
                configs.append(cls.configure(given, setup))
                occurrences.append(given)
            except Invalid as error:
                setup.invalid(error)
                say_of_brace(cls, setup)
    if setup.unknown and not setup.failed:
        _leave_out(setup)
    if setup.failed or setup.unknown or not configs:
        return
    spans = [given.span for given in occurrences]
    if several != "each":
        setup.span, spans = spans[0], spans[:1]
        setup.given = occurrences[-1]
        together: list[Any] = []
        with _refusing(setup):
            together = [_together(cls, several, configs, occurrences, setup)]
        if not together:
            return
        configs = together
    slots = setup.slots
    for config, span, given in zip(configs, spans, occurrences[-len(configs) :], strict=True):
        setup = Setup(directive, order, site, instance, span)
        setup.slots = slots
        setup.given = Given(given.name, given.values, given.span, given.words, given.lines, end=given.end)
        setup.prefix = at(cls.PREFIX, instance.release).format(directive)
        with _refusing(setup):
            handler = cls(config, setup)
            if not setup.failed:
                site.handlers.append(handler)


@contextmanager
def _refusing(setup: Setup) -> Iterator[None]:
    """Make a finding of what the directive is refused for. Where that depends on a file that is not here, it is left out."""
    try:
        yield
    except Invalid as error:
        setup.invalid(error)
        if setup.unknown:
            _leave_out(setup)
    except TooLarge as error:
        _too_large(error, setup)


def _not_read(
    directive: str, order: int, site: Site, instance: Instance, tokens: list[Token], registry: Registry
) -> None:
    """A directive that the program leaves out: of one without a place in the chain no answer depends on it."""
    setup = Setup(directive, order, site, instance, tokens[0].span)
    cls = registry(directive)
    if cls is None or cls.IN_CHAIN:
        _leave_out(setup)
    else:
        site.left_out.append((directive, setup.span))


def _leave_out(setup: Setup) -> None:
    """Put in the directive's place what says that it is not simulated."""
    from .opaque import Opaque

    setup.site.left_out.append((setup.name, setup.span))
    setup.site.handlers.append(Opaque(setup.name, setup))


def _too_large(error: TooLarge, setup: Setup) -> None:
    setup.instance.findings.append(Finding("too-large", f"{setup.name}: {error.message}", setup.span, hint=error.hint))
    setup.failed = True


def _together(cls: type[Plugin], several: str, configs: list[Any], occurrences: list[Given], setup: Setup) -> Any:
    """One configuration of several occurrences."""
    if several == "all":
        return tuple(configs)
    if several == "fields" and len(configs) > 1:
        values: dict[str, Any] = {}
        for given in occurrences:
            taken = _given_arguments(cls, given)
            values.update({n: v for n, v in given.values.items() if n in taken or n not in values})
        lines = tuple(line for given in occurrences for line in given.lines)
        return cls.configure(occurrences[-1]._replace(values=values, lines=lines), setup)
    return cls.merge(configs, setup)


def _given_arguments(cls: type[Plugin], given: Given) -> set[str]:
    """The arguments that an occurrence has, also where they are given as their defaults are."""
    taken = {a.name for a in cls.ARGUMENTS if given.values.get(a.name, a.default) != a.default}
    for a, _ in zip(cls.ARGUMENTS, given.words, strict=False):
        if a.maybe:
            break
        taken.add(a.name)
    return taken


__all__ = ["Registry", "compile_program"]
