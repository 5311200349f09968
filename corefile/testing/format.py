"""The format of resolution tests: which keys there are and what each takes. docs/testing.md describes it.

Each kind of value is a function that raises BadTest where a value is not of that kind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from .. import releases
from ..chain.network import split_address
from ..chain.transports import TRANSPORTS
from ..dns.codes import RCODES, class_number, opcode_number, rcode_number, type_number
from ..dns.tsig import Key
from ..findings import LIMITS, CorefileError, Limits, TooLarge
from ..language.documents import Document, DocumentError, Node, nodes, single
from ..language.documents import place_of as place_in
from ..language.files import read_file
from ..language.words import decode
from ..world.stores import KINDS
from .patterns import OPEN, Bound, Pattern, rdata_of

Kind = Callable[[Any], None]


class BadTest(Exception):
    """A test file that cannot be run. `path` leads to the culprit: keys and indexes; `place` is its line and column
    where that is known already."""

    def __init__(self, message: str, path: tuple[Any, ...] = (), place: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.path = path
        self.place = place


def seconds(text: Any) -> float:
    """Seconds in `2s`, `1m30s`, `500ms` or a bare number. Raises BadTest."""
    word = str(text)
    number = r"\d+(?:\.\d*)?|\.\d+"
    if not re.fullmatch(rf"(?:(?:{number})(?:ms|s|m|h))+|{number}", word):
        raise BadTest(f"`{short(word)}` is not a time (such as 2s, 1m30s or 500ms)")
    units = {"ms": 0.001, "s": 1, "": 1, "m": 60, "h": 3600}
    return sum(float(n) * units[u] for n, u in re.findall(rf"({number})(ms|s|m|h)?", word))


def short(value: Any) -> str:
    """A value for a message: what a test gives may be very long."""
    if isinstance(value, dict | list):
        return "{...}" if isinstance(value, dict) else "[...]"
    words = "null" if value is None else str(value)
    return words if len(words) <= 60 else words[:57] + "..."


# -- kinds of values --------------------------------------------------------------------------------------------------


def exact(value: Any) -> None:
    """Text of which every character counts, a whole number, or null."""
    text(value)
    if isinstance(value, (bool, float)):
        raise BadTest("YAML reads this as a value of its own, not as text: put it in quotes")


def text(value: Any) -> None:
    """Text, or a number or truth value that stands for itself."""
    if isinstance(value, (dict, list)):
        raise BadTest(f"this is text, not a {'mapping' if isinstance(value, dict) else 'list'}")


def many(kind: Kind) -> Kind:
    """A list of values of one kind."""

    def check(value: Any) -> None:
        if not isinstance(value, list):
            raise BadTest(
                f"this is a list: [{short(value)}]" if not isinstance(value, dict) else "this is a list, not a mapping"
            )
        for i, item in enumerate(value):
            _inside(i, kind, item)

    return check


def one_or_more(kind: Kind) -> Kind:
    """A value, or a list of them, which stands for a run with each."""

    def check(value: Any) -> None:
        if not isinstance(value, list):
            kind(value)
            return
        many(kind)(value)
        if not value:
            raise BadTest("this is an empty list")
        if len({str(item) for item in value}) < len(value):
            raise BadTest("this has the same value twice")

    return check


def table(kind: Kind, key: Kind = text) -> Kind:
    """A mapping from anything that `key` takes to values of one kind."""

    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise BadTest("this is a mapping, such as {NAME: value}")
        for name, item in value.items():
            _inside(name, key, name)
            _inside(name, kind, item)

    return check


def record(kinds: dict[str, Kind]) -> Kind:
    """A mapping with these keys, each of its kind."""

    def check(value: Any) -> None:
        if not isinstance(value, dict):
            raise BadTest(f"this is a mapping with keys such as {', '.join(list(kinds)[:3])}")
        for name, item in value.items():
            if name not in kinds:
                raise BadTest(f"`{short(name)}` is not known here" + _nearest(str(name), list(kinds)), (name,))
            if item is not None:
                _inside(name, kinds[name], item)

    return check


def one_of(*words: str) -> Kind:
    """One of these words."""

    def check(value: Any) -> None:
        if value not in words:
            raise BadTest(f"`{short(value)}` is not one of {', '.join(words)}" + _nearest(str(value), list(words), ""))

    return check


def time(value: Any) -> None:
    """A time."""
    seconds(value)


def number(value: Any) -> None:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadTest(f"`{short(value)}` is not a whole number")


def up_to(most: int) -> Kind:
    """A whole number from 0 to `most`."""

    def check(value: Any) -> None:
        number(value)
        if not 0 <= value <= most:
            raise BadTest(f"`{short(value)}` is not a number from 0 to {most}")

    return check


def truth(value: Any) -> None:
    """True or false."""
    if not isinstance(value, bool):
        raise BadTest(f"`{short(value)}` is neither true nor false")


def code(value: Any) -> None:
    """The code of an EDNS option."""
    if not str(value).isdigit() or int(value) > 65535:
        raise BadTest(f"`{short(value)}` is not an option's code (a number up to 65535)")


def address(value: Any) -> None:
    """`IP`, `IP:PORT` or `[IPv6]:PORT`."""
    import ipaddress

    try:
        ipaddress.ip_address(split_address(str(value))[0])
    except ValueError:
        raise BadTest(
            f"`{short(value)}` is not an address (such as 10.0.0.53, 10.0.0.53:5353 or '[fd00::1]:53')"
        ) from None


def release(value: Any) -> None:
    """A CoreDNS release."""
    try:
        releases.find(str(value))
    except (ValueError, CorefileError) as e:
        quote = "" if isinstance(value, str) else "; YAML reads 1.10 as a number: put it in quotes"
        raise BadTest(f"{e}{quote}") from None


def query(value: Any) -> None:
    """`NAME [CLASS] [TYPE]`."""
    words = str(value).split() if not isinstance(value, (dict, list)) else []
    if not 1 <= len(words) <= 3:
        raise BadTest("a query is NAME [CLASS] [TYPE], such as `www.example.com. A`")
    if len(words) > 1 and re.search(r"(?<!\\)(\\\\)*\\$", words[0]):
        raise BadTest(f"`{short(words[0])}` is cut at a blank: in a name, `\\032` stands for one")
    for find, what, given in ((type_number, "record type", words[-1:]), (class_number, "class", words[1:-1])):
        for word in given if len(words) > 1 else []:
            try:
                find(word)
            except (KeyError, ValueError):
                raise BadTest(f"`{short(word)}` is no {what}; a query is NAME [CLASS] [TYPE]") from None


FLAGS = ("qr", "aa", "tc", "rd", "ra", "ad", "cd")


def flags(value: Any) -> None:
    """Flags of a header, or `none`."""
    for word in str(value).split():
        if word not in (*FLAGS, "none"):
            raise BadTest(f"`{short(word)}` is no flag of a header ({', '.join(FLAGS)}, or none)")


def opcode(value: Any) -> None:
    """An opcode's name or number."""
    try:
        opcode_number(str(value))
    except ValueError:
        raise BadTest(f"`{short(value)}` is no opcode (QUERY, IQUERY, STATUS, NOTIFY, UPDATE or a number)") from None


def subnet_of(text: str) -> tuple[bytes, int, int]:
    """Address, prefix and scope of `ADDRESS/PREFIX/SCOPE`; the latter two may be left out. Raises ValueError."""
    import ipaddress

    words = text.split("/")
    if len(words) > 3:
        raise ValueError(text)
    ip = ipaddress.ip_address(words[0])
    # RFC 7871 §11.1 recommends these for clients that give no prefix.
    prefix = int(words[1]) if len(words) > 1 else 24 if ip.version == 4 else 56
    scope = int(words[2]) if len(words) > 2 else 0
    if not (0 <= prefix <= ip.max_prefixlen and 0 <= scope <= ip.max_prefixlen):
        raise ValueError(text)
    return ip.packed, prefix, scope


def subnet(value: Any) -> None:
    """A client's network, as in `subnet_of`."""
    try:
        subnet_of(str(value))
    except ValueError:
        raise BadTest(f"`{short(value)}` is not a network (such as 192.0.2.0/24)") from None


def octets(value: Any) -> None:
    """Octets in hexadecimal digits."""
    try:
        bytes.fromhex(str(value))
    except ValueError:
        raise BadTest(f"`{short(value)}` is not hexadecimal (such as 00ff, in quotes)") from None


def rcode(value: Any) -> None:
    """A response code's name."""
    try:
        rcode_number(str(value))
    except (KeyError, ValueError):
        raise BadTest(f"`{short(value)}` is no response code (such as SERVFAIL)") from None


def anything(value: Any) -> None:
    """Whatever it is."""


def edns(value: Any) -> None:
    """EDNS of a query: its settings, or true or false."""
    if not isinstance(value, bool):
        record(EDNS)(value)


def upstream(value: Any) -> None:
    """What answers at an address."""
    if isinstance(value, dict):
        record(UPSTREAM)(value)
        if not {"corefile", "fault", "rcode", "istio"} & set(value):
            raise BadTest("an upstream is zone text, or has one of corefile, fault, rcode or istio")
    else:
        text(value)


def store_name(value: Any) -> None:
    """A store: the name of a directive, or NAME@ADDRESS."""
    kind = str(value).partition("@")[0]
    if kind not in KINDS:
        raise BadTest(f"`{short(kind)}` is no store" + _nearest(kind, list(KINDS)))


def ref(value: Any) -> None:
    """An object of the cluster: KIND/NAMESPACE/NAME, or KIND/NAME."""
    words = str(value).split("/") if not isinstance(value, (dict, list)) else []
    if not 2 <= len(words) <= 3 or not all(words):
        raise BadTest(
            f"`{short(value)}` is no object: KIND/NAMESPACE/NAME, such as Service/shop/web, or Namespace/shop"
        )


def step(value: Any) -> None:
    """One step."""
    record(STEP)(value)
    actions = [k for k in ACTIONS if value.get(k) is not None]
    if len(actions) != 1 and actions != ["apply", "delete"]:
        raise BadTest(f"a step has exactly one of {', '.join(ACTIONS)}")
    if value.get("query") is not None:
        _, *more = str(value["query"]).split()
        kind = more[-1].upper() if more else "A"
        special = value.get("expect-for") or {}
        for path, expect in (
            (("expect",), value.get("expect")),
            *((("expect-for", run), e) for run, e in special.items()),
        ):
            expected_data(expect, kind, path)


def expected_data(expect: Any, kind: str, path: tuple[Any, ...] = ()) -> None:
    """The `data` of an `expect`, for records of the type that is asked for."""
    for index, item in enumerate((expect or {}).get("data") or ()):
        try:
            rdata_of(kind, item)
        except ValueError as e:
            raise BadTest(f"`{short(item)}` is no data of {kind} records{_reason(e)}", (*path, "data", index)) from None


def _reason(error: ValueError) -> str:
    """Why data is none, in brackets; '' where it is Go's reader that says it, in no more words than that."""
    reason = str(getattr(error, "reason", error))
    return "" if reason.startswith("bad ") else f" ({reason})"


# -- the keys ---------------------------------------------------------------------------------------------------------


def rcode_name(value: Any) -> None:
    """The name of a response code, as replies have it."""
    try:
        number_of = rcode_number(str(value))
    except ValueError:
        names = [name for name in RCODES.values() if name] + ["BADVERS"]
        if value == NODATA:  # RFC 2308 §2.2
            raise BadTest("`NODATA` is no response code: write `rcode: NOERROR` with `answer: []`") from None
        raise BadTest(f"`{short(value)}` is no response code" + _nearest(str(value).upper(), names)) from None
    if str(value) != str(value).upper():
        raise BadTest(f"response codes are in capitals: `{str(value).upper()}` ({number_of})")


def record_line(value: Any) -> None:
    """A record as a zone file has it, with what `patterns.Pattern` may leave open; `<now>` stands for the serial of an SOA
    record."""
    text(value)
    line = str(value).replace("<now>", "0").strip()
    try:
        pattern = Pattern.parse(line)
    except ValueError as e:
        raise BadTest(f"{e}; a record is NAME TTL CLASS TYPE DATA") from None
    if pattern.ttl is None:
        raise BadTest(f"`{short(value)}` has no TTL; write NAME TTL CLASS TYPE DATA, with `*` for any TTL")
    if pattern.data is None and not line.endswith(f" {OPEN}"):
        raise BadTest(f"`{short(value)}` has no data; write NAME TTL CLASS TYPE DATA, with `*` for any data")


def record_pattern(value: Any) -> None:
    """A record of which parts are left out, or open."""
    text(value)
    try:
        Pattern.parse(str(value))
    except ValueError as e:
        raise BadTest(str(e)) from None


def bound(value: Any) -> None:
    """A number, or a bound of it."""
    text(value)
    try:
        Bound.parse(value)
    except ValueError as e:
        raise BadTest(str(e)) from None


def lines_of(exact: Kind, loose: Kind) -> Kind:
    """A list, which is compared exactly, or a mapping that says a part of it."""
    parts = {"contains": many(loose), "any": many(loose), "count": bound}

    def check(value: Any) -> None:
        if not isinstance(value, dict):
            many(exact)(value)
            return
        record(parts)(value)
        if not any(value.get(key) is not None for key in parts):
            raise BadTest("a list given loosely has contains, any or count")

    return check


def body(value: Any) -> None:
    """A text, or what it contains."""
    (record({"contains": text}) if isinstance(value, dict) else text)(value)


SECTIONS = ("answer", "authority", "additional")
ACTIONS = ("query", "get", "metrics", "names", "write", "apply", "delete", "upstream", "store")

COMPARE = ("everything", "mentioned")
"""What is compared: all that came, or what `expect` mentions."""

EDNS: dict[str, Kind] = {
    "udp": up_to(65535),
    "do": anything,
    "nsid": anything,
    "version": up_to(255),
    "subnet": subnet,
    "options": table(octets, code),
}
UPSTREAM: dict[str, Kind] = {
    "corefile": text,
    "files": table(exact),
    "coredns": release,
    "rcode": rcode,
    "fault": one_of("timeout", "refused", "unreachable", "truncated"),
    "istio": anything,
    "cluster": anything,
}
TSIG: dict[str, Kind] = {"name": text, "secret": text, "algorithm": text}


def tsig_key(value: Any) -> None:
    """A key, and what it is called."""
    record(TSIG)(value)
    for name, what in (("name", "what the key is called"), ("secret", "the key, in base64")):
        if value.get(name) is None:
            raise BadTest(f"`{name}` is missing: {what}")
    try:
        Key(str(value["name"]), str(value["secret"]))
    except ValueError as e:
        raise BadTest(str(e), ("secret",)) from None


EXPECT: dict[str, Kind] = {
    "reply": one_of("none"),
    "rcode": rcode_name,
    "flags": flags,
    "answer": lines_of(record_line, record_pattern),
    "authority": lines_of(record_line, record_pattern),
    "additional": lines_of(record_line, record_pattern),
    "edns": anything,
    "question": many(text),
    "data": many(text),
    "ttl": bound,
    "log": lines_of(text, text),
    "status": anything,
    "body": body,
    "samples": lines_of(text, text),
    "wire": text,
    "tsig": text,
    "http": record({"status": number, "cache-control": text, "body": text}),
    "grpc": record({"status": number, "message": text}),
    "compare": one_of(*COMPARE),
    "only": anything,
}


def answer_in_brief(value: Any, kind: str) -> None:
    """What is expected of a name, in a table of them."""
    if isinstance(value, dict):
        record(EXPECT)(value)
        expected_data(value, kind)
        return
    if value is None or value == []:
        raise BadTest(
            "nothing is expected of it; write the data, NODATA, NXDOMAIN or another response code, or `no reply`"
        )
    if isinstance(value, list):
        for index, item in enumerate(value):
            if is_outcome(str(item)):
                raise BadTest(f"`{item}` stands alone, and not in a list", (index,))
            _inside(index, lambda x: data_of(x, kind), item)
    elif not is_outcome(str(value)):
        data_of(value, kind)


def data_of(value: Any, kind: str) -> None:
    """The data of a record of a type."""
    text(value)
    word = str(value)
    try:
        rdata_of(kind, word)
    except ValueError as e:
        if word.isupper():
            close = _nearest(word, [*(name for name in RCODES.values() if name), NODATA], "")
            raise BadTest(f"`{short(word)}` is neither {kind} data nor a response code{close}") from None
        raise BadTest(
            f"`{short(word)}` is neither data of {kind} records{_reason(e)} nor a word such as NXDOMAIN"
        ) from None


NODATA, NO_REPLY = "NODATA", "no reply"


def is_outcome(word: str) -> bool:
    """Whether a word of a table of names is none of data: a response code, NODATA or `no reply`."""
    return word in (NODATA, NO_REPLY) or (word.isupper() and word in RCODES.values())


def kind_of(name: str, value: Any) -> str:
    """The type that a line of a table asks for: the one it says, AAAA where all of the data is IPv6 addresses, or A."""
    import ipaddress

    words = name.split()
    if len(words) > 1:
        return words[-1].upper()
    try:
        versions = {ipaddress.ip_address(str(x)).version for x in (value if isinstance(value, list) else [value])}
    except ValueError:
        return "A"
    return "AAAA" if versions == {6} else "A"


def names(value: Any) -> None:
    """A table of names: what is expected of each, in one line."""
    if not isinstance(value, dict):
        raise BadTest("this is a mapping, such as {www.example.com: 192.0.2.80}")
    for name, item in value.items():
        _inside(name, query, name)
        try:
            answer_in_brief(item, kind_of(str(name), item))
        except BadTest as e:
            raise BadTest(str(e), (name, *e.path)) from None


STEP: dict[str, Kind] = {
    "query": query,
    "get": text,
    "metrics": many(text),
    "names": names,
    "write": table(exact),
    "apply": anything,
    "delete": many(ref),
    "upstream": table(upstream, address),
    "store": table(anything, store_name),
    "at": text,
    "to": address,
    "from": address,
    "transport": one_of(*TRANSPORTS),
    "tls": truth,
    "certificate": truth,
    "method": text,
    "path": text,
    "type": text,
    "tsig": tsig_key,
    "flags": flags,
    "edns": edns,
    "opcode": opcode,
    "after": time,
    "timeout": time,
    "expect": record(EXPECT),
    "expect-for": table(record(EXPECT)),
    "about": text,
}
CASE: dict[str, Kind] = {
    "about": text,
    "coredns": one_or_more(release),
    "plugins": many(text),
    "corefile": one_or_more(text),
    "compare": one_of(*COMPARE),
    "env": table(exact),
    "files": table(exact),
    "cluster": anything,
    "upstreams": table(upstream, address),
    "stores": table(anything, store_name),
    "addresses": many(address),
    "interfaces": table(many(address)),
    "client": one_or_more(address),
    "names": names,
    "steps": many(step),
    "error": text,
    "hostname": text,
}


def title(step: dict[str, Any]) -> str:
    """What a step does, in a few words: what it asks for, or what it changes."""
    action = next((key for key in ACTIONS if step.get(key) is not None), "")
    value = step.get(action)
    if action in ("query", "get"):
        return str(value)
    if action == "apply" or not isinstance(value, dict | list):
        return action
    return ("" if action in ("metrics", "names") else f"{action} ") + ", ".join(map(str, value))


def check(data: Any) -> None:
    """Check a whole test. Raises BadTest."""
    if not isinstance(data, dict):
        raise BadTest("is not a resolution test: a mapping with `corefile` and `steps` is needed")
    try:
        record(CASE)(data)
    except BadTest as e:
        named = next((f"`{k}`" for k in reversed(e.path) if isinstance(k, str)), "this")
        what = f"an item of {named} is" if e.path and isinstance(e.path[-1], int) else f"{named} is"
        raise BadTest(re.sub("^this is", lambda _: what, str(e)), e.path) from None
    given = data.get("corefile")
    if not all(isinstance(x, str) for x in (given if isinstance(given, list) else [given])):
        raise BadTest("`corefile` is missing: the text of a Corefile, or its path")


def read(path: str) -> dict[str, Any]:
    """Read and check a test file. Raises BadTest."""
    return read_text(text_at(path))


def text_at(path: str) -> str:
    """The text of a test file. Raises BadTest."""
    try:
        return text_of(path)
    except TooLarge as e:
        raise BadTest(f"{e.message}: {e.hint}") from None
    except OSError as e:
        raise BadTest(f"cannot be read: {e.strerror or e}") from None


def read_text(text: str, limits: Limits = LIMITS) -> dict[str, Any]:
    """Read and check the text of a test. Raises BadTest."""
    try:
        document = single(text, limits)
    except DocumentError as e:
        words = f"is {e.message}" if e.malformed else f"cannot be read: {e.message}"
        raise BadTest(words, place=(e.line, e.column)) from None
    data = None if document is None else document.value
    steps = data.get("steps") if isinstance(data, dict) else None
    if isinstance(steps, list) and len(steps) > limits.test_steps:
        words = f"has more than {limits.test_steps:,} steps, which are not run (the limit `test-steps`)"
        raise BadTest(words)
    if len(text) <= READ_TWICE:
        _refuse_twice(text, limits)
    check(data)
    assert isinstance(data, dict)
    return data


READ_TWICE = 500_000
"""Characters of the largest test in which keys are looked for that stand twice, for which it is read a second time."""


def _refuse_twice(text: str, limits: Limits) -> None:
    """Refuse a key that a mapping has twice, as after a merge of two branches: YAML forbids it, and only the last would count.
    Raises BadTest."""
    seen: set[int] = set()
    twice: list[tuple[int, Node, Node]] = []
    try:
        left = list(nodes(text, limits=limits))
    except DocumentError:  # what is JSON need not be YAML
        return
    while left:
        node = left.pop()
        if id(node) in seen:  # an alias
            continue
        seen.add(id(node))
        left += node.items
        first: dict[str, Node] = {}
        for key, value in node.pairs:
            left.append(value)
            other = first.setdefault(key.text, key)
            if other is not key and key.kind == "scalar" and key.text != "<<":
                twice.append((key.start, key, other))
    if twice:
        at, key, other = min(twice, key=lambda each: each[0])
        line, _ = place_in(text, other.start)
        raise BadTest(f"`{short(key.text)}` is there twice: also in line {line}", place=place_in(text, at))


def text_of(path: str) -> str:
    """The text of a test file. Raises OSError."""
    return decode(read_file(path))


def place_of(path: str, keys: tuple[Any, ...]) -> tuple[int, int] | None:
    """Line and column of a test file at which what `keys` lead to begins; None if the file cannot be read."""
    try:
        document = _document(text_of(path)) if keys else None
    except (OSError, DocumentError):
        return None
    return None if document is None else place_in(document.text, document.place(keys))


@lru_cache(maxsize=1)
def _document(text: str) -> Document | None:
    """The document of a text; kept, for many steps of one test may ask where they stand. Raises DocumentError."""
    return single(text)


def _inside(key: Any, kind: Kind, value: Any) -> None:
    try:
        kind(value)
    except BadTest as e:
        raise BadTest(str(e), (key, *e.path)) from None


def _nearest(word: str, words: list[str], otherwise: str | None = None) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, words, n=1)
    if close:
        return f": did you mean `{close[0]}`?"
    return f" (one of {', '.join(words)})" if otherwise is None else otherwise
