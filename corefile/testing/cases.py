"""Resolution tests: a Corefile, the world around it, and steps with what is expected of each.

The format is described in docs/testing.md. `run` never raises for what a test file says wrong: the result's `problem`
tells, with the line.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from .. import releases
from ..api import Server
from ..chain.reply import Reply
from ..findings import LIMITS, CorefileError, Finding, Limits, Source, Span, TooLarge
from ..findings.layout import visible
from ..language.documents import DocumentError, Node, nodes
from ..language.files import Reach, led_out, outside, read_file, top_of
from ..language.words import decode
from ..plugins import failed_in, with_plugins
from ..world import HOSTNAME, Assumed, World
from ..world.corefiles import Corefile, corefiles
from ..world.manifests import ManifestError
from ..world.upstreams import checked, ip_of, wrong_zone
from . import format
from .certificates import named_in
from .compare import differences
from .format import BadTest
from .observe import observe
from .steps import ONLY, Variant, steps_of, variants


class Case:
    """One test file, read. times: at which second since the start each step happens, for a clock that is not `after`'s; None
    for one of which nothing is known."""

    def __init__(
        self,
        path: str,
        data: dict[str, Any],
        within: str | os.PathLike[str] | None = None,
        limits: Limits = LIMITS,
        variant: Variant = ONLY,
    ) -> None:
        self.path = path
        self.data = variant.of(data)
        self.variant = variant
        self.steps = steps_of(data, variant)
        data = self.data
        self.reach = Reach(top_of(os.path.dirname(path) or ".") if within is None else within)
        self.limits = limits
        self.times: list[float | None] = []
        self.use(str(data.get("coredns") or releases.LATEST.version))

    def use(self, version: str) -> None:
        """Have it run on this release of CoreDNS, whatever the test says. Raises BadTest for a plugin that it cannot have."""
        release, added = releases.find(version), [str(x) for x in self.data.get("plugins") or ()]
        try:
            self.release = with_plugins(release, added)
        except ValueError as e:
            raise BadTest(str(e), ("plugins",)) from None

    @classmethod
    def read(cls, path: str, within: str | os.PathLike[str] | None = None, limits: Limits = LIMITS) -> Case:
        """Read a test file; `within` and `limits` are those of `World`. Of a test of several runs the first. Raises BadTest."""
        return cls.runs(path, within, limits)[0]

    @classmethod
    def runs(cls, path: str, within: str | os.PathLike[str] | None = None, limits: Limits = LIMITS) -> list[Case]:
        """The runs of a test file: one, or one for each release, client and Corefile that it has a list of. Raises BadTest."""
        top = led_out(path, within)
        if top:
            raise BadTest(str(outside(path, top).strerror))
        return cls.in_text(path, format.text_at(path), within, limits)

    @classmethod
    def in_text(
        cls, path: str, text: str, within: str | os.PathLike[str] | None = None, limits: Limits = LIMITS
    ) -> list[Case]:
        """The runs of a test file that has this text. Raises BadTest."""
        data = format.read_text(text, limits)
        return [cls(path, data, within, limits, variant) for variant in variants(data)]

    def text(self, value: str, *keys: Any, limits: Limits | None = None) -> str:
        """A value that may be a path relative to the test instead of text. Raises BadTest for a missing file. One word
        as the Corefile is a path, too: as text it would be a zone without directives."""
        if value and "\n" not in value and "{" not in value:
            path = Path(self.path).parent / value
            try:
                if path.is_file():
                    self._look_at(str(path), value, keys)
                    return decode(read_file(path, most=(limits or self.limits).file_size))
            except TooLarge as e:
                raise BadTest(f"{e.message}: {e.hint}", keys) from None
            except BadTest:
                raise
            except (OSError, ValueError) as e:  # no path at all, or one that may not be read
                if not isinstance(e, OSError) or not e.filename:
                    return value
                raise BadTest(f"{value}: {e.strerror}", keys) from None
            if value.startswith(("./", "../")) or ("corefile" in keys and len(value.split()) == 1):
                raise BadTest(f"there is no file {path}", keys)
        return value

    def _look_at(self, path: str, value: str, keys: tuple[Any, ...]) -> None:
        if not self.reach.has(path):
            raise BadTest(
                f"{value} lies outside of {os.path.relpath(self.reach.root)}, so it is not read: `--allow-outside` lets it",
                keys,
            )

    @cached_property
    def corefile(self) -> Corefile:
        """The Corefile. A path is kept, for messages."""
        value: str = self.data["corefile"]
        folder = os.path.dirname(self.path) or "."
        path = os.path.normpath(os.path.join(folder, value))
        is_folder = len(value.split()) == 1 and os.path.isdir(path)
        keys = self.variant.place("corefile")
        if not is_folder and self.text(value, *keys) is value:
            return Corefile(Source("Corefile", value), {}, "")
        if is_folder:
            self._look_at(path, value, keys)
        given = corefiles([path], within=self.reach.root, limits=self.limits)
        if given.findings:
            raise CorefileError(tuple(given.findings))
        if not given.found:
            raise BadTest(f"there is no Corefile in {value}", keys)
        return given.found[0]

    def as_written(self, findings: list[Finding]) -> list[Finding]:
        """The findings, those about a Corefile inside the test with their place in the test."""
        written = self._written(*self.variant.place("corefile"))
        if written is None:
            return findings

        def moved(span: Span | None) -> Span | None:
            inline = span is not None and (span.source.path, span.source.text) == ("Corefile", written.text)
            return Span(written, span.start, span.end) if span is not None and inline else span

        return [
            f._replace(span=moved(f.span), related=tuple((moved(s) or s, words) for s, words in f.related))
            for f in findings
        ]

    def world(self, *, assume: bool = True) -> World:
        """The world around the Corefile. assume: whether what the test does not give is as everywhere, see `World`."""
        data = self.data
        files: dict[str, Any] = {
            str(k): None if v is None else self.text(str(v), "files", k) for k, v in (data.get("files") or {}).items()
        }
        written = [str((s.get("write") or {}).get("Corefile") or "") for s in data.get("steps") or []]
        if assume:
            files = {**named_in([self.corefile.source.text, *map(str, files.values()), *written]), **files}
        if not self.corefile.mounted:
            files["Corefile"] = self.corefile.source.text
        upstreams = self._upstreams(data.get("upstreams"), "upstreams")
        addresses = [ip_of(str(a)) or "" for a in data.get("addresses") or []]
        interfaces = {str(k): [str(a) for a in v or ()] for k, v in (data.get("interfaces") or {}).items()}
        own = [*addresses, *(a for of in interfaces.values() for a in of)]
        known = not assume or bool(own)
        world = World(
            files=files,
            within=self.reach.root,
            limits=self.limits,
            env={str(k): str(v) for k, v in (data.get("env") or {}).items() if v is not None},
            cluster=self._cluster() if "cluster" in data else Assumed.CLUSTER,
            upstreams=upstreams,
            stores=self._stores(data.get("stores"), "stores"),
            addresses=addresses,
            interfaces=interfaces,
            listenable=[*own, *(ip_of(str(x)) or "" for x in upstreams)] if known else None,
            client=str(data.get("client") or "127.0.0.1:40212"),
            hostname=str(data.get("hostname") or HOSTNAME),
            assume=assume,
        )
        world.terms = "test"
        world.env.setdefault("HOSTNAME", HOSTNAME)
        if self.corefile.root:
            world.settle(self.corefile.root, self.corefile.files, mounted=self.corefile.mounted, pod=self.corefile.pod)
        return world

    def step(self, index: int) -> dict[str, Any]:
        """A step, with the objects and upstreams that it names by their paths. Raises BadTest."""
        step, keys = dict(self.steps[index].data), self.steps[index].keys
        if step.get("apply") is not None:
            step["apply"] = self._objects(step["apply"], *keys, "apply")
        if step.get("upstream"):
            step["upstream"] = self._upstreams(step["upstream"], *keys, "upstream")
        if step.get("store"):
            step["store"] = self._stores(step["store"], *keys, "store")
        return step

    def _stores(self, given: dict[Any, Any] | None, *keys: Any) -> dict[str, Any]:
        """Stores; text may be a path. Raises BadTest for what is none."""
        from ..world.stores import Stores

        out = {}
        for name, store in (given or {}).items():
            out[str(name)] = self.text(store, *keys, name) if isinstance(store, str) else store
            try:
                Stores({str(name): out[str(name)]})
            except (TypeError, ValueError) as e:
                raise BadTest(str(e), (*keys, name)) from None
        return out

    def _upstreams(self, given: dict[Any, Any] | None, *keys: Any) -> dict[str, Any]:
        """Upstreams by address; text may be a path. Raises BadTest for what is none."""
        out: dict[str, Any] = {}
        for where, spec in (given or {}).items():
            if spec is not None and not isinstance(spec, dict):
                spec = _zone(self.text(str(spec), *keys, where), *keys, where)
            elif spec is not None and spec.get("corefile") is not None:
                corefile = self.text(str(spec["corefile"]), *keys, where, "corefile")
                files = {str(k): None if v is None else str(v) for k, v in (spec.get("files") or {}).items()}
                spec = {**spec, "corefile": corefile, "files": {**named_in([corefile]), **files}}
            try:
                out.update(checked({str(where): spec}))
            except (TypeError, ValueError) as e:
                raise BadTest(str(e), (*keys, where)) from None
        return out

    def _cluster(self) -> Any:
        given = self.data.get("cluster")
        return None if given is None else self._objects(given, "cluster")

    def _objects(self, given: Any, *keys: Any) -> Any:
        """Kubernetes objects: text, the path of a file, or as they are. Raises BadTest."""
        from ..world.cluster import Cluster

        text = self.text(given, *keys, limits=self.limits.cluster) if isinstance(given, str) else given
        try:
            return Cluster.load(text, self.limits)
        except ManifestError as e:
            if text is not given:
                raise BadTest(f"{given}:{e.line}:{e.column}: {e.message}", keys) from None
            if isinstance(given, str) and e.line:
                raise BadTest(e.message, keys, self._inside(keys, e.line, e.column)) from None
            words = f"{text!r:.40} is neither a file nor Kubernetes objects" if isinstance(text, str) else e.message
            raise BadTest(f"not Kubernetes objects: {words}", keys) from None
        except TypeError as e:
            raise BadTest(f"not Kubernetes objects: {e}", keys) from None

    def _inside(self, keys: tuple[Any, ...], line: int, column: int) -> tuple[int, int] | None:
        """Where the test file has the place of a text that stands in it."""
        written = self._written(*keys)
        if written is None:
            return None
        lines = written.text.splitlines(keepends=True)
        position = written.locate(sum(map(len, lines[: line - 1])) + column - 1)
        return position.line, position.column

    def _written(self, *keys: Any) -> Source | None:
        """A text of the test, with its place there."""
        from ..language import configmap as manifests

        try:
            text = format.text_of(self.path)
            node: Node | None = next(nodes(text))
        except (OSError, DocumentError, StopIteration):
            return None
        for key in keys:
            node = node and (node.items[key] if isinstance(key, int) else node.fields().get(key))
        if node is None or node.kind != "scalar":
            return None
        name = next(str(key) for key in reversed(keys) if isinstance(key, str))
        return manifests.embedded(self.path, text, "resolution test", name, node)

    def server(self, *, assume: bool = True) -> Server:
        """The server of this case, not started."""
        return Server(self.corefile.source, self.release, self.world(assume=assume))


def _zone(text: str, *keys: Any) -> str:
    """A zone file, looked at before anybody asks for it. Raises BadTest."""
    wrong = wrong_zone(text)
    if wrong is not None:
        raise BadTest(f"not records of a zone file, {wrong}", keys)
    return text


def run(
    test: str | Case,
    within: str | os.PathLike[str] | None = None,
    limits: Limits = LIMITS,
    chosen: re.Pattern[str] | None = None,
) -> dict[str, Any]:
    """Run one test, given as its file or as a `Case`; for a file, `within` and `limits` are those of `World`. chosen: only
    steps whose path, `about` or words it finds something in are compared (all happen).

    The result has `path`, `passed`, `error` and `line` (what CoreDNS says of a Corefile that it refuses, and where),
    `problem` (why the test could not run, or not pass as a whole), `place` (its line and column in the test), `raised`
    (Python's traceback, where a plugin of one's own has failed),
    `findings`, `assumed` (what the test does not give, and was used; see `World`), `elsewhere` (the notices about files that
    it does not give), and `steps`, each with `passed`,
    `expect`, `actual`, `differences`, `keys` (where it stands in the test), `what`, `variant` (the run it is of),
    `skipped`, and for one that failed what a reader wants to know: `place`, `trace` (a `Trace`, or None), `came_from`. A
    test of several runs has the steps of all, and in `between` where the later ones answer otherwise than the first.
    """
    path = test if isinstance(test, str) else test.path
    try:
        cases = Case.runs(test, within, limits) if isinstance(test, str) else [test]
    except Exception as e:
        result = _empty(path)
        _wrong(e, result, path)
        return result
    return run_all(cases, chosen)


def run_all(cases: list[Case], chosen: re.Pattern[str] | None = None) -> dict[str, Any]:
    """Run all runs of a test; the result of them as one."""
    results = [_result(case, case.path, chosen) for case in cases]
    return results[0] if len(results) == 1 else _together(results, cases)


def _empty(path: str) -> dict[str, Any]:
    return {
        "path": path,
        "passed": False,
        "error": None,
        "line": None,
        "problem": None,
        "place": None,
        "raised": None,
        "findings": [],
        "notices": [],
        "assumed": [],
        "elsewhere": [],
        "steps": [],
        "between": [],
    }


def _result(case: Case, path: str, chosen: re.Pattern[str] | None) -> dict[str, Any]:
    """The result of one run."""
    result = _empty(path)
    try:
        _run(case, result, chosen)
    except Exception as e:
        _wrong(e, result, path)
    return result


def _wrong(error: Exception, result: dict[str, Any], path: str) -> None:
    """Put into the result why a test could not run: one broken file must not hide what the others say."""
    words = str(error)
    if (plugin := failed_in(error)) is not None:
        if os.environ.get("COREFILE_DEBUG"):
            raise error
        from traceback import format_exception

        words = f"the plugin `{plugin.name}` has failed: {type(error).__name__}: {visible(words)}"
        result["raised"] = "".join(format_exception(type(error), error, plugin.traceback))
    elif isinstance(error, BadTest):
        result["place"] = error.place or format.place_of(path, error.path)
    elif isinstance(error, CorefileError):
        words = "an upstream's Corefile, or the ConfigMap, cannot be used"
        result["findings"] = list(error.findings)
    elif isinstance(error, TooLarge):
        words = f"{error.message}: {error.hint}"
    elif not isinstance(error, ValueError):
        if os.environ.get("COREFILE_DEBUG"):
            raise error
        words = f"internal error, please report it: {type(error).__name__}: {error}"
    result["error"] = result["problem"] = words


def _together(results: list[dict[str, Any]], cases: list[Case]) -> dict[str, Any]:
    """One result of several runs."""
    wrong = next((i for i, r in enumerate(results) if not r["passed"] and r["problem"]), None)
    out = dict(results[wrong or 0])
    if wrong is not None:
        out["problem"] = f"{cases[wrong].variant.label}: {out['problem']}"
    out["passed"] = all(r["passed"] for r in results)
    out["steps"] = [step for r in results for step in r["steps"]]
    for key in ("notices", "assumed", "elsewhere"):
        out[key] = list({str(x): x for r in results for x in r[key]}.values())
    first = results[0]["steps"]
    for result, case in zip(results[1:], cases[1:], strict=True):
        for one, other, step in zip(first, result["steps"], case.steps, strict=False):
            kept = [
                {k: v for k, v in s["actual"].items() if k != "log" or "log" in (s["expect"] or {})}
                for s in (one, other)
            ]
            found = [] if other["skipped"] else differences(kept[0], kept[1], kind=step.kind)
            if found:
                out["between"].append(
                    {
                        "place": format.place_of(case.path, step.keys),
                        "what": step.what,
                        "differences": found,
                        "runs": [cases[0].variant.label, case.variant.label],
                    }
                )
    return out


def _is_expected(expected: Any, errors: list[Finding]) -> bool:
    """Whether the first of these errors is the one that a test expects."""
    return bool(errors) and str(expected).strip() in str(errors[0].coredns or errors[0].message)


def _run(case: Case, result: dict[str, Any], chosen: re.Pattern[str] | None = None) -> None:
    expected = case.data.get("error")
    server, errors = _judged(case, expected)
    result["assumed"] = list(server.world.assumed)
    if errors:
        _refused(case, errors, expected, result)
        return
    result["notices"] = [f for f in server.findings if f.code == "not-simulated"]
    result["elsewhere"] = [
        f for f in server.findings if f.severity == "notice" and f.code in ("missing-file", "missing-directory")
    ]
    began = server.world.clock.now
    for index in range(len(case.steps)):
        now = case.times[index] if case.times else None
        waits = {} if now is None else {"after": f"{max(now - server.world.clock.now + began, 0):.6f}"}
        actual, reply = _observed(server, case, index, waits, result)
        if reply is not None:
            known = [f.span for f in result["notices"]]
            result["notices"] += [f for f in reply.notices if f.span not in known]
        result["steps"].append(_compared(case, index, actual, reply, chosen))
    result["passed"] = expected is None and all(s["passed"] for s in result["steps"])
    if expected is not None:
        result["problem"] = f"CoreDNS was expected to refuse the Corefile, and starts\n   - {expected}"
        result["place"] = format.place_of(case.path, ("error",))
    elif not result["steps"]:
        result["passed"] = False
        result["problem"] = (
            "there is nothing to test: it has no `steps` or `names`, and no `error` that CoreDNS should refuse it with"
        )


def _judged(case: Case, expected: str | None) -> tuple[Server, list[Finding]]:
    """A server that has been started, and what keeps it from running. What is assumed must not keep it from being refused
    as expected."""
    server = case.server()
    errors = _started(server)
    if expected is not None and not _is_expected(expected, errors):
        strict = case.server(assume=False)
        refusals = _started(strict)
        if refusals and (not errors or _is_expected(expected, refusals)):
            return strict, refusals
    return server, errors


def _refused(case: Case, errors: list[Finding], expected: str | None, result: dict[str, Any]) -> None:
    """Put into the result that CoreDNS does not start."""
    refused = errors[0].coredns or errors[0].message
    line = re.search(r":(\d+) - (?:Error during parsing|Syntax error): ", refused)
    span = errors[0].span
    result["error"] = refused
    result["line"] = int(line[1]) if line else span.line if span else None
    result["passed"] = expected is not None and _is_expected(expected, errors)
    if not result["passed"]:
        result["findings"] = case.as_written(errors)
        result["problem"] = "CoreDNS would not start" + _but(expected, refused)
        result["place"] = format.place_of(case.path, ("error",)) if expected else None


def _observed(
    server: Server, case: Case, index: int, waits: dict[str, str], result: dict[str, Any]
) -> tuple[dict[str, Any], Reply | None]:
    """What a step gives, and the reply that it is. waits: `after`, where it is not the step's own."""
    keys = case.steps[index].keys
    try:
        return observe(server, {**case.step(index), **waits})
    except BadTest as e:
        raise (e if e.path[:1] == keys[:1] else BadTest(str(e), (*keys, *e.path))) from None
    except Exception as e:
        if isinstance(e, ValueError) and failed_in(e) is None:
            raise BadTest(str(e), keys) from None
        result["place"] = format.place_of(case.path, keys)
        raise


def _compared(
    case: Case, index: int, actual: dict[str, Any], reply: Reply | None, chosen: re.Pattern[str] | None
) -> dict[str, Any]:
    """The result of one step."""
    step = case.steps[index]
    expect = step.data.get("expect")
    skipped = chosen is not None and not chosen.search(words_of(case, index))
    found: list[dict[str, Any]] = []
    if expect is not None and not skipped:
        mentioned = case.data.get("compare") == "mentioned"
        found = differences(expect, actual, kind=step.kind, mentioned=mentioned)
    shown: dict[str, Any] = {"passed": not found, "expect": expect, "actual": actual, "differences": found}
    shown |= {"keys": step.keys, "what": step.what, "variant": case.variant.label, "skipped": skipped}
    shown |= {"kind": step.kind, "asks": tuple(step.data)}
    if found:
        shown["place"] = format.place_of(case.path, step.keys)
        shown["trace"] = reply.trace if reply is not None else None
        shown["came_from"] = _came_from(reply)
    return shown


def words_of(case: Case, index: int | None = None) -> str:
    """What a step (or the test as a whole) is chosen by: the path, `about`, and what it does."""
    step = case.steps[index] if index is not None else None
    own = [str(step.data.get("about") or ""), step.what] if step else []
    return " ".join(filter(None, (case.path, str(case.data.get("about") or ""), case.variant.label, *own)))


def _started(server: Server) -> list[Finding]:
    """Start it. What keeps it from starting, or ends it; empty where it runs."""
    try:
        server.start()
    except CorefileError as e:
        return server.process.instance.errors or list(e.findings)
    return []


def _but(expected: str | None, refused: str) -> str:
    """What else there is to say about a Corefile that is refused, and should not be, or not for this."""
    return f", but for another reason than expected\n   - {expected}\n   + {refused}" if expected else ""


def _came_from(reply: Reply | None) -> str:
    """Which plugin the answer came from, where it stands in the Corefile, and what others made of it on its way."""
    last = None if reply is None else reply.trace.last
    if reply is None or last is None:
        return ""
    where = last.span.locate() if last.span else None
    at = f" ({where.path}:{where.line})" if where else ""
    back = "; ".join(f"{h.plugin} {text}" for h in reply.trace.hops for text in h.back)
    return f"{last.plugin}{at}: {last.why}" + (f"; {back}" if back else "")


def as_json(result: dict[str, Any]) -> dict[str, Any]:
    """What `corefile test --format json` prints of a file."""
    several = any(s["variant"] for s in result["steps"])
    keys = ("passed", "expect", "actual", "differences", *(("variant",) if several else ()))
    steps = [{k: s[k] for k in keys} for s in result["steps"] if not s["skipped"]]
    places = [(f.directive, f.span.locate()) for f in result["notices"] if f.span is not None]
    left_out = [{"directive": name, "path": at.path, "line": at.line} for name, at in places]
    return {
        "path": result["path"],
        "passed": result["passed"],
        "problem": None if result["passed"] else result["problem"],
        "error": result["error"],
        "line": result["line"],
        "steps": steps,
        "not_simulated": left_out,
    }
