"""Resolution tests: a Corefile, the world around it, and steps with what is expected of each.

The format is described in docs/testing.md. `run` never raises for what a test file says wrong: the result's `problem`
tells, with the line.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from .. import releases
from ..api import Server
from ..chain import rdata, wire
from ..chain.message import CH, A, Edns, Msg
from ..chain.names import fqdn
from ..chain.network import split_address
from ..chain.rdata.presentation import normal_name
from ..chain.reply import Reply
from ..chain.world import World
from ..diagnostics import CorefileError, Source
from ..files import DictFiles

SECTIONS = ("answer", "authority", "additional")
KEYS = ("about", "coredns", "corefile", "env", "files", "cluster", "upstreams", "addresses", "client", "steps", "error",
        "hostname")  # fmt: skip
STEP_KEYS = ("query", "get", "metrics", "at", "write", "to", "from", "transport", "flags", "edns", "opcode", "after",
             "timeout", "expect", "about")  # fmt: skip
EXPECT_KEYS = (
    "reply",
    "rcode",
    "flags",
    *SECTIONS,
    "edns",
    "question",
    "log",
    "status",
    "body",
    "samples",
    "wire",
    "only",
)
HOSTNAME = "oracle"
"""What `{$HOSTNAME}` reads in a test that sets nothing else; recorded cases have it."""
WAIT = 8.0
"""Seconds that a client waits for a reply, unless the step says otherwise."""


class BadTest(Exception):
    """A test file that cannot be run. `path` leads to the culprit: keys and indexes."""

    def __init__(self, message: str, path: tuple[Any, ...] = ()) -> None:
        super().__init__(message)
        self.path = path


def seconds(text: Any) -> float:
    """Seconds in `2s`, `1m30s`, `500ms` or a bare number. Raises BadTest."""
    word = str(text)
    if not re.fullmatch(r"(?:[\d.]+(?:ms|s|m|h)?)+", word):
        raise BadTest(f"`{word}` is not a time (such as 2s, 1m30s or 500ms)")
    units = {"ms": 0.001, "s": 1, "": 1, "m": 60, "h": 3600}
    return sum(float(n) * units[u] for n, u in re.findall(r"([\d.]+)(ms|s|m|h)?", word))


class Case:
    """One test file, read."""

    def __init__(self, path: str, data: dict[str, Any]) -> None:
        self.path = path
        self.data = data
        self._check()
        try:
            self.release = releases.find(str(data.get("coredns", releases.LATEST.version)))
        except (ValueError, CorefileError) as e:
            raise BadTest(str(e), ("coredns",)) from None

    @classmethod
    def read(cls, path: str) -> Case:
        """Read a test file. Raises BadTest."""
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            with open(path, encoding="utf-8") as f:
                text = f.read()
            try:
                data = yaml.load(text, Loader=loader)
            except yaml.YAMLError:  # libyaml refuses a tab in a block scalar, which YAML allows
                data = yaml.load(text, Loader=yaml.SafeLoader)
        except OSError as e:
            raise BadTest(f"cannot be read: {e.strerror or e}") from None
        except (yaml.YAMLError, UnicodeDecodeError) as e:
            mark = getattr(e, "problem_mark", None)
            raise BadTest(
                f"is not YAML: {getattr(e, 'problem', None) or e}", ("@", mark.line + 1) if mark else ()
            ) from None
        if not isinstance(data, dict):
            raise BadTest("is not a resolution test: a mapping with `corefile` and `steps` is needed")
        return cls(path, data)

    def _check(self) -> None:
        data = self.data
        _known(data, KEYS, ())
        if not isinstance(data.get("corefile"), str):
            raise BadTest("`corefile` is missing: the text of a Corefile, or its path")
        steps = data.get("steps") or []
        if not isinstance(steps, list):
            raise BadTest("`steps` is a list", ("steps",))
        for i, step in enumerate(steps):
            at = ("steps", i)
            if not isinstance(step, dict):
                raise BadTest("a step is a mapping with one of query, get, metrics or write", at)
            _known(step, STEP_KEYS, at)
            if sum(k in step for k in ("query", "get", "metrics", "write")) != 1:
                raise BadTest("a step has exactly one of query, get, metrics or write", at)
            expect = step.get("expect")
            if expect is not None and not isinstance(expect, dict):
                raise BadTest("`expect` is a mapping, such as {rcode: NOERROR}", (*at, "expect"))
            _known(expect or {}, EXPECT_KEYS, (*at, "expect"))

    def _text(self, value: str) -> str:
        """A value that may be a path relative to the test instead of text."""
        if value and "\n" not in value and "{" not in value:
            path = Path(self.path).parent / value
            if path.is_file():
                return path.read_text(encoding="utf-8")
        return value

    def source(self) -> Source:
        """The Corefile. A path is kept, for messages."""
        value: str = self.data["corefile"]
        text = self._text(value)
        if text is value:
            return Source("Corefile", text)
        from .. import manifests

        return manifests.sources(os.path.join(os.path.dirname(self.path), value), text)[0]

    def world(self) -> World:
        """The world around the Corefile."""
        data = self.data
        files = {str(k): self._text(str(v)) for k, v in (data.get("files") or {}).items()}
        files["Corefile"] = self.source().text
        upstreams: dict[str, Any] = {}
        for where, spec in (data.get("upstreams") or {}).items():
            if isinstance(spec, str):
                upstreams[str(where)] = self._text(spec)
            elif isinstance(spec, dict) and isinstance(spec.get("corefile"), str):
                upstreams[str(where)] = {**spec, "corefile": self._text(spec["corefile"])}
            else:
                upstreams[str(where)] = spec
        cluster = data.get("cluster")
        return World(
            files=DictFiles(files),
            env={"HOSTNAME": HOSTNAME, **{k: str(v) for k, v in (data.get("env") or {}).items()}},
            cluster=self._text(cluster) if isinstance(cluster, str) else cluster,
            upstreams=upstreams,
            addresses=self._addresses(),
            client=str(data.get("client", "127.0.0.1:40212")),
            hostname=str(data.get("hostname", HOSTNAME)),
        )

    def _addresses(self) -> list[str]:
        # A client's address exists on the machine too.
        out = [str(a) for a in self.data.get("addresses") or []]
        clients = [self.data.get("client"), *(s.get("from") for s in self.data.get("steps") or [])]
        out += [split_address(str(c))[0] for c in clients if c]
        return list(dict.fromkeys(out))

    def server(self) -> Server:
        """The server of this case, not started."""
        return Server(self.source(), self.release, self.world())


def _known(mapping: dict[str, Any], keys: tuple[str, ...], at: tuple[Any, ...]) -> None:
    for key in mapping:
        if key not in keys:
            from difflib import get_close_matches

            close = get_close_matches(str(key), keys, n=1)
            raise BadTest(f"`{key}` is not known here" + (f": did you mean `{close[0]}`?" if close else
                          f" (one of {', '.join(keys)})"), (*at, key))  # fmt: skip


LEVEL = re.compile(r"\[(INFO|ERROR|WARNING|DEBUG|PANIC|FATAL)\]")


def observe(server: Server, step: dict[str, Any]) -> tuple[dict[str, Any], Reply | None]:
    """What happens in one step, in the shape of `expect`, and the reply if it is a query."""
    if step.get("after"):
        server.advance(seconds(step["after"]))
    reply = None
    if "write" in step:
        for path, text in step["write"].items():
            server.world.files.write(path, text)  # type: ignore[attr-defined]
        out: dict[str, Any] = {}
    elif "get" in step:
        status, body = server.get(step["get"])
        out = {"status": status, "body": body}
    elif "metrics" in step:
        out = {"samples": server.samples(list(step["metrics"]), step.get("at", ":9153"))}
    else:
        reply = ask(server, step)
        wait = float(step.get("timeout", WAIT))
        late = reply.msg is None or reply.elapsed > wait
        out = {"reply": "none"} if late else describe(reply, step["query"])
        log = reply.log
        server.advance(wait if late else reply.elapsed)
        if log:
            out["log"] = recorded(log)
    rest = server.instance.take_log()
    if rest:
        out["log"] = out.get("log", []) + recorded(rest)
    if not out.get("log"):
        out.pop("log", None)
    return out, reply


def recorded(lines: list[str]) -> list[str]:
    """The log lines that a test looks at: those with a level. The query log of releases before 1.2.6 has none."""
    return [clean(part) for line in lines for part in line.splitlines() if LEVEL.match(part)]


def clean(line: str) -> str:
    """A log line with what differs from run to run made uniform: ephemeral ports and durations."""
    line = re.sub(r":\d{4,5}->", ":<port>->", line)
    return re.sub(r"\b\d+\.\d+(ms|µs|s)\b", "<duration>", line)


def ask(server: Server, step: dict[str, Any]) -> Reply:
    """Send a step's query."""
    words = str(step["query"]).split()
    name, rest = words[0], words[1:]
    edns = step.get("edns")
    option = None
    if edns is not None and edns is not False:
        option = _edns({} if edns is True else edns)
    return server.query(
        name, rest[-1] if rest else "A", cls=rest[0] if len(rest) == 2 else "IN", flags=str(step.get("flags", "rd")),
        edns=option, opcode=step.get("opcode", "QUERY"), client=str(step["from"]) if step.get("from") else None,
        to=str(step.get("to", "127.0.0.1:53")), transport=step.get("transport", "udp"), trace=True,
    )  # fmt: skip


def _edns(given: dict[str, Any]) -> Edns:
    options: list[tuple[int, bytes]] = []
    if given.get("nsid"):
        options.append((3, b""))
    if given.get("subnet"):
        import ipaddress

        net = ipaddress.ip_network(str(given["subnet"]), strict=False)
        octets = (net.prefixlen + 7) // 8
        packed = net.network_address.packed[:octets]
        options.append((8, bytes((0, 1 if net.version == 4 else 2, net.prefixlen, 0)) + packed))
    for code, data in (given.get("options") or {}).items():
        options.append((int(code), bytes.fromhex(str(data))))
    return Edns(int(given.get("udp", 1232)), bool(given.get("do")), int(given.get("version", 0)), tuple(options))


def describe(reply: Reply, query: str) -> dict[str, Any]:
    """A reply in the shape of `expect`."""
    msg = reply.msg
    assert msg is not None
    if _unreadable(msg):
        return {"wire": wire.pack(msg).hex()}
    out: dict[str, Any] = {"rcode": reply.rcode, "flags": " ".join(reply.flags)}
    for section, rrs in zip(SECTIONS, (msg.answer, msg.ns, msg.extra), strict=True):
        if rrs:
            out[section] = [rdata.rr_to_text(rr) for rr in rrs]
    if msg.edns is not None:
        out["edns"] = {"udp": msg.edns.udp}
        if msg.edns.do:
            out["edns"]["do"] = True
        if msg.edns.options:
            out["edns"]["options"] = {code: data.hex() for code, data in msg.edns.options}
    asked = normal_name(fqdn(query.split()[0]))
    if msg.question is None or msg.question.name != asked:
        out["question"] = [] if msg.question is None else [
            f"{msg.question.name} {rdata.class_name(msg.question.cls)} {rdata.type_name(msg.question.type)}"
        ]  # fmt: skip
    return out


def _unreadable(msg: Msg) -> bool:
    """Whether readers of DNS messages give up on it: an empty question, or an address in class CH (RFC 1035 §3.4 has
    it only for IN; elsewhere its RDATA means something else)."""
    if msg.question is not None and not msg.question.name:
        return True
    return any(rr.type == A and rr.cls == CH for rr in (*msg.answer, *msg.ns, *msg.extra))


def differences(expect: dict[str, Any], actual: dict[str, Any]) -> list[dict[str, Any]]:
    """Where they differ: sections and log lines as multisets, the rest exactly. `only: true` in `expect` leaves out
    what it does not mention."""
    out = []
    only = bool(expect.get("only"))
    for field in dict.fromkeys([*expect, *actual]):
        if field == "only" or (only and field not in expect):
            continue
        want, have = expect.get(field), actual.get(field)
        if field in (*SECTIONS, "log", "samples"):
            wanted = sorted(_even(str(w)) for w in want or [])
            same = wanted == sorted(_now_free(_even(str(h)), wanted) for h in have or [])
        elif field == "flags":
            same = sorted(str(want or "").split()) == sorted(str(have or "").split())
        elif field == "edns" and isinstance(want, dict) and isinstance(have, dict):
            same = _plain(want) == _plain(have)
        else:
            same = want == have
        if not same:
            out.append({"field": field, "expect": want, "actual": have})
    return out


def _even(text: str) -> str:
    return re.sub(r"\s+", " ", text.strip())


def _now_free(text: str, wanted: list[str]) -> str:
    """`text`, with an SOA's serial written `<now>` where the expectation says so."""
    free = re.sub(r"( SOA \S+ \S+ )\d+ ", r"\1<now> ", text)
    return free if free in wanted else text


def _plain(edns: dict[str, Any]) -> dict[str, Any]:
    return {str(k): {str(c): str(d) for c, d in v.items()} if isinstance(v, dict) else str(v) for k, v in edns.items()
            if v not in ({}, False)}  # fmt: skip


def run(path: str) -> dict[str, Any]:
    """Run one test file.

    The result has `path`, `passed`, `error` and `line` (what CoreDNS says of a Corefile that it refuses, and where),
    `problem` (why the test could not run), `findings`, and `steps`, each with `passed`, `expect`, `actual`,
    `differences`, and what a reader wants to know: `at` (its line), `title`, `trace`, `came_from`.
    """
    result: dict[str, Any] = {"path": path, "passed": False, "error": None, "line": None, "problem": None,
                              "findings": [], "steps": []}  # fmt: skip
    try:
        case = Case.read(path)
        _run(case, result)
    except BadTest as e:
        result["error"] = result["problem"] = str(e)
        result["error_at"] = _line_of(path, e.path)
    except CorefileError as e:  # an upstream's Corefile, or the cluster's objects
        result["error"] = result["problem"] = "the world around the Corefile is broken"
        result["findings"] = list(e.findings)
    except ValueError as e:
        result["error"] = result["problem"] = str(e)
    except Exception as e:  # one broken file must not hide what the others say
        if os.environ.get("COREFILE_DEBUG"):
            raise
        result["error"] = result["problem"] = f"internal error, please report it: {type(e).__name__}: {e}"
    return result


def _run(case: Case, result: dict[str, Any]) -> None:
    server = case.server()
    errors = server.instance.errors
    if not errors:
        server.start()
    refused = server.instance.fatal or (errors and (errors[0].coredns or errors[0].message))
    if refused:
        result["error"] = refused
        line = re.search(r":(\d+) - ", str(refused))
        span = errors[0].span if errors else None
        result["line"] = int(line[1]) if line else span.line if span else None
        result["findings"] = errors
        result["passed"] = "error" in case.data
        result["problem"] = None if result["passed"] else "CoreDNS would not start"
        return
    for number, step in enumerate(case.data.get("steps") or []):
        try:
            actual, reply = observe(server, step)
        except (BadTest, ValueError, KeyError) as e:
            raise BadTest(str(e), ("steps", number)) from None
        expect = step.get("expect")
        found = differences(expect, actual) if expect is not None else []
        shown: dict[str, Any] = {"passed": not found, "expect": expect, "actual": actual, "differences": found}
        if found:
            shown["at"] = _line_of(case.path, ("steps", number))
            shown["title"] = _title(step, found)
            shown["trace"] = str(reply.trace) if reply is not None else ""
            shown["came_from"] = _came_from(reply)
        result["steps"].append(shown)
    result["passed"] = "error" not in case.data and all(s["passed"] for s in result["steps"])
    if "error" in case.data:
        result["problem"] = f"CoreDNS was expected to refuse it: {case.data['error']}"


def _title(step: dict[str, Any], found: list[dict[str, Any]]) -> str:
    what = str(step.get("query") or step.get("get") or f"metrics {', '.join(step.get('metrics') or [])}")
    return f"{what}   {', '.join(d['field'] for d in found)} differ{'s' if len(found) == 1 else ''}"


def _came_from(reply: Reply | None) -> str:
    """Which plugin the answer came from, and where it stands in the Corefile."""
    if reply is None or not reply.trace.hops:
        return ""
    last = reply.trace.hops[-1]
    where = last.span.source.locate(last.span.start) if last.span else None
    at = f" ({where.path}:{where.line})" if where else ""
    back = "; ".join(f"{h.plugin} {text}" for h in reply.trace.hops for text in h.back)
    return f"{last.plugin}{at}: {last.why}" + (f"; {back}" if back else "")


def _line_of(path: str, keys: tuple[Any, ...]) -> int | None:
    """The line of a test file at which what `keys` lead to begins."""
    if keys[:1] == ("@",):
        return int(keys[1])
    import yaml

    try:
        with open(path, encoding="utf-8") as f:
            node = yaml.compose(f, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (OSError, ValueError, yaml.YAMLError):
        return None
    line = 1
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            for k, v in node.value:
                if k.value == str(key):
                    line, node = k.start_mark.line + 1, v
                    break
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line = node.start_mark.line + 1
    return line


def as_json(result: dict[str, Any]) -> dict[str, Any]:
    """What `corefile test --format json` prints of a file."""
    steps = [{k: s[k] for k in ("passed", "expect", "actual", "differences")} for s in result["steps"]]
    return {"path": result["path"], "error": result["error"], "line": result["line"], "steps": steps}
