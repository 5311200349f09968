"""The words of `corefile query`, as dig reads them: names, types and classes in any order, `@server`, `+option`, `-x`.

What stands before the first name holds for all questions, what stands behind a name for that one. A word is a record type
or a class where it names one, and a name otherwise; `-q` takes any word for a name.
Source: dig(1) and bin/dig/dig.c of BIND 9.18.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from difflib import get_close_matches

from ..api import WAIT
from ..chain.transports import PATH, PORTS, Via
from ..dns import codes
from ..dns.message import Edns
from ..golang.addresses import join_port
from ..golang.durations import parse_duration
from ..golang.errors import GoError
from ..light import NamedTuple, regex
from ._inputs import WrongPort, WrongUse, address_of

UDP_SIZE = 1232
"""The buffer in octets that dig advertises."""

COMMON = [
    "A",
    "AAAA",
    "ANY",
    "CAA",
    "CNAME",
    "DNSKEY",
    "DS",
    "HTTPS",
    "MX",
    "NAPTR",
    "NS",
    "PTR",
    "SOA",
    "SRV",
    "SVCB",
    "TXT",
]

Word = tuple[str, str]
"""An option of `WITH_VALUE` or '' for a plain word, and the text."""

WITH_VALUE = {
    "-t": "type",
    "-q": "name",
    "-x": "address",
    "-p": "port",
    "-b": "client",
    "-y": "key",
    "--after": "time",
}
"""Options whose place among the words matters, with a value behind them."""
ALONE = ("-4", "-6")

ELSEWHERE = {
    "-f": "several questions may stand in one call, one behind the other",
    "-k": "`-y [hmac-sha256:]NAME:SECRET` gives the key itself",
    "-i": "`-x` asks for the names of IPv6 addresses below ip6.arpa",
    "-m": "there is nothing of this kind here",
    "-r": "~/.digrc is not read here",
    "-u": "time is simulated here, and shown in seconds",
    "-v": "`corefile --version` is the one here",
}
"""Options of dig's that there are not here, and what to say of each."""

FLAGS = {
    "aaflag": "aa",
    "aaonly": "aa",
    "adflag": "ad",
    "cdflag": "cd",
    "raflag": "ra",
    "rdflag": "rd",
    "recurse": "rd",
    "tcflag": "tc",
    "zflag": "z",
}
"""`+` options that set a bit of the header."""

OPTIONS = {
    "LLQ": 1,
    "UL": 2,
    "NSID": 3,
    "DAU": 5,
    "DHU": 6,
    "N3U": 7,
    "ECS": 8,
    "EXPIRE": 9,
    "COOKIE": 10,
    "KEEPALIVE": 11,
    "PADDING": 12,
    "PAD": 12,
    "CHAIN": 13,
    "KEY-TAG": 14,
    "EDE": 15,
    "CLIENT-TAG": 16,
    "SERVER-TAG": 17,
    "DEVICEID": 26946,
}
"""Options of EDNS by the names that `+ednsopt` takes (bin/dig/dighost.c)."""

SECTIONS = ("comments", "question", "answer", "authority", "additional", "stats")
"""Parts of the output, which `+no...` leaves out."""

HTTP = {
    "https": (True, "POST"),
    "https-get": (True, "GET"),
    "https-post": (True, "POST"),
    "http-plain": (False, "POST"),
    "http-plain-get": (False, "GET"),
    "http-plain-post": (False, "POST"),
}
"""`+` options for DNS over HTTP: whether over TLS, and the method."""

SEND = (
    "bufsize",
    "cookie",
    "dnssec",
    "do",
    "edns",
    "ednsflags",
    "ednsopt",
    "nsid",
    "opcode",
    "padding",
    "subnet",
    "tcp",
    "time",
    "timeout",
    "tls",
    "vc",
    *HTTP,
)
SHOW = ("all", "class", "short", "trace", "ttlid", *SECTIONS)
LOOK = ("domain", "ndots", "search")
CUT = {"ad": "adflag", "defname": "search"}
"""Short forms that are not the beginning of one option alone."""

AS_IT_IS = {
    "besteffort": "what comes is shown",
    "cmd": "no line with the call is printed",
    "ednsnegotiation": "",
    "crypto": "",
    "expandaaaa": "",
    "fail": "one server is asked, once",
    "identify": "the last line names the server",
    "idnin": "names are sent in Punycode",
    "idnout": "names are shown in Punycode",
    "ignore": "a truncated answer is shown as it comes",
    "keepalive": "",
    "keepopen": "no connection is kept",
    "mapped": "",
    "multiline": "each record is one line",
    "onesoa": "",
    "qr": "the question is shown with the answer",
    "retry": "nothing is lost on the way, so nothing is sent again",
    "rrcomments": "",
    "showsearch": "`--pod` shows each step of the walk",
    "split": "",
    "tries": "nothing is lost on the way, so nothing is sent again",
    "ttlunits": "TTLs are in seconds",
    "unknownformat": "",
}
"""`+` options that change nothing here, and why."""

REFUSED = {
    "nssearch": "it asks many servers of the Internet, of which none is here",
    "proxy": "the PROXY protocol is not spoken here",
    "sigchase": "nothing is validated here; `+dnssec` asks for signatures",
    "topdown": "nothing is validated here; `+dnssec` asks for signatures",
    "yaml": "`--format json` is there for machines",
    "header-only": "a message without a question is not sent by this command; `Server.send` of the library sends any octets",
}
"""`+` options that ask for what is not there."""

PLUS = (*FLAGS, *SEND, *SHOW, *LOOK, *AS_IT_IS, *REFUSED)


class How:
    """How a question is asked: where, by whom, and with which bits."""

    def __init__(self) -> None:
        self.to: str | None = None
        self.port: int | None = None
        self.ipv6: bool | None = None
        self.client: str | None = None
        self.tcp: bool | None = None
        self.over: Via | None = None
        self.timeout = WAIT
        self.flags = {"rd"}
        self.opcode: str | int = "QUERY"
        self.wants_edns: bool | None = None
        self.size: int | None = None
        self.version = 0
        self.do = False
        self.edns_flags = 0
        self.options: dict[int, bytes] = {}
        self.key: tuple[str, ...] | None = None

    def copy(self) -> How:
        """The same, to be changed by itself."""
        other = How()
        other.__dict__.update(self.__dict__, flags=set(self.flags), options=dict(self.options))
        return other

    @property
    def edns(self) -> Edns | None:
        """What the OPT record of the question says; None where there is none."""
        needed = bool(self.do or self.size is not None or self.options or self.version or self.edns_flags)
        if self.wants_edns is False or not (needed or self.wants_edns):
            return None
        size = UDP_SIZE if self.size is None else self.size
        return Edns(size, self.do, self.version, tuple(self.options.items()), self.edns_flags)

    @property
    def flag_words(self) -> str:
        """The bits that are set, as `Server.query` takes them."""
        return " ".join(sorted(self.flags)) or "none"

    @property
    def transport(self) -> Via | None:
        """How it is asked, where that is said."""
        return Via("tcp") if self.over is None and self.tcp else self.over

    def address(self, default: str) -> str:
        """The server's address. `default` is where the Corefile listens."""
        if self.to is None and self.port is None and self.ipv6 is None:
            return default
        from ..chain.network import split_address

        scheme, named, rest = default.rpartition("://")
        host, port = split_address(rest)
        plain = not named
        if self.to is not None:
            scheme, named, rest = self.to.rpartition("://")
            host, port = split_address(rest, PORTS[scheme] if named else port if plain else 53)
        elif self.ipv6 is not None and (":" in host) is not self.ipv6:
            host = "::1" if self.ipv6 else "127.0.0.1"
        return scheme + named + join_port(host, port if self.port is None else self.port)


class Question(NamedTuple):
    """A question to ask. `name` as it was given; `after` are the seconds that pass before it is asked; serial: which one an
    incremental transfer (RFC 1995) begins at."""

    name: str
    type: str
    cls: str
    how: How
    after: float = 0.0
    serial: int | None = None

    @property
    def over_tcp(self) -> bool:
        """Whether it is asked over TCP unless its server's address says otherwise: some types are, as with dig."""
        return self.type in BY_TCP if self.how.tcp is None else self.how.tcp


BY_TCP = ("AXFR", "IXFR", "ANY")
"""The types that dig asks for over TCP unless `+notcp` is given."""
SERIAL = 0xFFFFFFFF
NUMBERED = regex(r"(?i)(TYPE|CLASS)[0-9]+")
ASSIGNED = regex(r"([A-Za-z-]+)=.*", re.S)
"""What looks as if it set something."""


class Asking(NamedTuple):
    """All that the words say: the questions, what to show, and a search list. hidden: the parts of the output that are
    left out. notes: what to say about options that mean nothing here."""

    questions: list[Question]
    notes: list[str]
    hidden: frozenset[str] = frozenset()
    short: bool = False
    trace: bool = False
    ttl: bool = True
    cls: bool = True
    searches: bool = False
    search: tuple[str, ...] = ()
    ndots: int | None = None


def cut(argv: list[str], parser: ArgumentParser) -> tuple[list[Word], list[str]]:
    """The words whose order matters, and the options that `parser` reads."""
    known = parser._option_string_actions
    words: list[Word] = []
    rest: list[str] = []
    waiting = list(argv)
    while waiting:
        word = waiting.pop(0)
        option, glued, value = word.partition("=")
        if word == "--":
            words += [("-q", x) for x in waiting]
            break
        if not word.startswith("-") or word == "-":
            words.append(("", word))
        elif option in WITH_VALUE and glued and option.startswith("--"):
            words.append((option, value))
        elif word in WITH_VALUE:
            if not waiting:
                raise WrongUse(f"{word} takes a value: {WITH_VALUE[word].upper()}")
            words.append((word, waiting.pop(0)))
        elif word[:2] in WITH_VALUE and not word.startswith("--"):
            words.append((word[:2], word[2:]))
        elif word in ("-46", "-64"):
            words += [("-4", ""), ("-6", "")]
        elif word in ALONE:
            words.append((word, ""))
        elif word[:2] in ELSEWHERE and not word.startswith("--") and word not in known:
            raise WrongUse(f"dig's `{word[:2]}` is not there: {ELSEWHERE[word[:2]]}")
        else:
            action = known.get(word)
            if action is None or action.nargs is not None or not waiting:
                rest.append(word)
            elif word.startswith("--"):
                rest.append(f"{word}={waiting.pop(0)}")
            else:
                rest += [word, waiting.pop(0)]
    return words, rest


class _Named:
    """A name that was given, and what was said about it. usual: the type that is asked for unless one is given."""

    def __init__(self, name: str, how: How, after: float, usual: str) -> None:
        self.name = name
        self.how = how
        self.after = after
        self.usual = usual
        self.types: list[str] = []
        self.cls = ""
        self.serial: int | None = None


class Reader:
    """Reads the words one by one."""

    def __init__(self, args: Namespace) -> None:
        self.base = How()
        self.base.to, self.base.client, self.base.tcp = args.to, args.client, args.tcp or None
        self.base.do, self.base.size = args.dnssec, args.bufsize
        if args.norecurse:
            self.base.flags.discard("rd")
        self.base_types: list[str] = []
        self.serial: int | None = None
        self.names_follow = False
        self.base_class = args.cls.upper()
        if not (_is_class(self.base_class) or self.base_class == "ANY"):
            raise WrongUse(f"`{args.cls}` is no class (IN, CH, HS, ANY or a number such as CLASS3)")
        self.named: list[_Named] = []
        self.waiting = 0.0
        self.taken: list[str] = []
        self.notes: list[str] = []
        self.hidden: set[str] = set()
        self.short, self.trace, self.ttl, self.cls = args.short, args.trace, True, True
        self.searches = bool(args.search)
        self.search: list[str] = [x for text in args.search for x in re.split(r"[\s,]+", text) if x]
        if self.searches and not self.search:
            raise WrongUse("--search takes a domain, such as example.org")
        self.ndots: int | None = args.ndots
        self.searching = self.searches or args.pod is not None

    @property
    def how(self) -> How:
        """What the options at hand are about: the last name's question, or all."""
        return self.named[-1].how if self.named else self.base

    @property
    def types(self) -> list[str]:
        """The types that are asked for by the last name, or by all."""
        return self.named[-1].types if self.named else self.base_types

    def read(self, words: list[Word]) -> Asking:
        """What they say. Raises WrongUse."""
        for option, text in words:
            if option:
                self._option(option, text)
            elif text.startswith("@"):
                self.how.to = self._address(text[1:], text)
                self.taken.append(f"`{text}` is the server")
            elif text.startswith("+"):
                self._plus(text[1:])
            elif text.lower().startswith("after="):
                self._after(text[6:], text)
            else:
                self._plain(text)
        if self.waiting:
            raise WrongUse(
                "no question follows the time that passes: `--after 31s` stands before the name that is asked then"
            )
        if not self.named:
            if not self.taken:
                raise WrongUse("there is no name to ask for: corefile query NAME [TYPE] (--help tells more)")
            raise WrongUse(
                f"there is no name to ask for: {', '.join(dict.fromkeys(self.taken))} (`-q NAME` takes any word for a name)"
            )
        questions = []
        for x in self.named:
            types = x.types or ([x.usual] if x.usual else self.base_types) or ["A"]
            serial = x.serial if x.serial is not None else self.serial
            for i, type in enumerate(dict.fromkeys(types)):
                of_type = serial if type == "IXFR" else None
                question = Question(x.name, type, x.cls or self.base_class, x.how, 0.0 if i else x.after, of_type)
                questions.append(question)
        return Asking(
            questions,
            self.notes,
            frozenset(self.hidden),
            self.short,
            self.trace,
            self.ttl,
            self.cls,
            self.searches,
            tuple(self.search),
            self.ndots,
        )

    def _plain(self, text: str) -> None:
        """A word without any mark: a type, a class, or a name."""
        kind = "type" if _is_type(text) else "class" if _is_class(text.upper()) else ""
        if kind and self.names_follow:
            option = "-t" if kind == "type" else "--class"
            raise WrongUse(
                f"`{text}` is a name behind `-t`, as with dig: `-q {text}` asks for it, `{option} {text}` is the {kind}"
            )
        if kind == "type":
            self._type(text, f"`{text}`")
            self.taken.append(f"`{text}` is a record type")
        elif kind == "class":
            self._class(text.upper())
            self.taken.append(f"`{text}` is a class")
        else:
            self._guard(text)
            self._name(text)

    def _type(self, text: str, shown: str) -> None:
        """A record type, or IXFR with a serial."""
        word, equals, serial = text.partition("=")
        if equals:
            number = int(serial) if re.fullmatch("[0-9]{1,10}", serial) else -1
            if not 0 <= number <= SERIAL:
                raise WrongUse(f"{shown}: a serial from 0 to {SERIAL} is needed")
            (self.named[-1] if self.named else self).serial = number
        self.types.append(word.upper())

    def _guard(self, text: str) -> None:
        """Refuse a word that was meant to be a type, a class or an option."""
        numbered, assigned = NUMBERED.fullmatch(text), ASSIGNED.fullmatch(text)
        if numbered is not None:
            kind = "record type" if numbered[1].upper() == "TYPE" else "class"
            raise WrongUse(f"`{text}` is no {kind}: their numbers go up to 65535 (`-q {text}` asks for a name)")
        if assigned is not None and assigned[1].upper() == "AXFR":
            raise WrongUse(f"`{text}`: a serial goes with IXFR (`-q {text}` asks for a name)")
        if assigned is not None and assigned[1].lower() in PLUS:
            raise WrongUse(f"`{text}`: did you mean `+{text}`? (`-q {text}` asks for a name)")
        if not text.isalpha() or not self.named:
            return
        near = get_close_matches(text.upper(), COMMON, 1, 0.8)
        if text.isupper() or (near and not self.searching):
            meant = f": did you mean {near[0]}?" if near else ""
            raise WrongUse(f"`{text}` is no record type{meant} (`-q {text}` asks for a name)")

    def _name(self, text: str, type: str = "") -> None:
        self.named.append(_Named(text, self.base.copy(), self.waiting, type))
        self.waiting = 0.0
        self.taken.append(f"`{text}` is a name")

    def _class(self, word: str) -> None:
        word = {"CHAOS": "CH", "HESIOD": "HS"}.get(word, word)
        if self.named:
            self.named[-1].cls = word
        else:
            self.base_class = word

    def _option(self, option: str, text: str) -> None:
        """An option whose place matters."""
        if option == "-4" or option == "-6":
            if self.how.ipv6 is (option == "-4"):
                raise WrongUse("-4 and -6 do not go together")
            self.how.ipv6 = option == "-6"
        elif option == "-t":
            if not _is_type(text):
                raise WrongUse(f"-t: {no_type(text)}")
            self._type(text, f"-t {text}")
            self.names_follow = True
        elif option == "-q":
            self._name(text)
        elif option == "-x":
            self._name(reverse(text), "PTR")
        elif option == "-p":
            self.how.port = _number(text, "-p", 1, 65535, "a port")
        elif option == "-y":
            self.how.key = _key(text)
        elif option == "-b":
            self.how.client = self._address(text.replace("#", ":") if "." in text else text, f"-b {text}")
        else:
            self._after(text, f"--after {text}")

    def _after(self, text: str, shown: str) -> None:
        try:
            seconds = float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else parse_duration(text)
        except GoError:
            seconds = -1.0
        if seconds < 0:
            raise WrongUse(f"`{shown}`: a time is written as 31s, 1m30s or 500ms")
        self.waiting += seconds

    def _address(self, text: str, shown: str) -> str:
        try:
            address_of(text, shown)
        except WrongPort:
            raise WrongUse(f"`{shown}`: {WrongPort.NEEDED}") from None
        except WrongUse:
            raise WrongUse(
                f"`{shown}`: an IP address is needed (@10.96.0.10, @10.96.0.10:5353, @[fd00::1]:53); names of servers are not "
                "looked up"
            ) from None
        return text

    # -- +option ------------------------------------------------------------------------------------------------------

    def _plus(self, text: str) -> None:
        """An option of dig's that begins with `+`."""
        word, equals, value = text.partition("=")
        name, on = _plus_name(word.lower())
        shown = f"+{text}"
        if name in REFUSED:
            raise WrongUse(f"`{shown}`: {REFUSED[name]}")
        if name == "cmd" and not on:
            pass  # that is as it is here
        elif name in AS_IT_IS:
            why = AS_IT_IS[name]
            self.notes.append(f"dig's `+{word}` changes nothing here" + (f": {why}" if why else ""))
        elif name in FLAGS:
            (self.how.flags.add if on else self.how.flags.discard)(FLAGS[name])
        elif name in SHOW:
            self._show(name, on)
        elif name in LOOK:
            self._look(name, on, value, shown)
        else:
            self._send(name, on, value if equals else None, shown)

    def _show(self, name: str, on: bool) -> None:
        if name == "short":
            self.short = on
        elif name == "trace":
            self.trace = on
        elif name == "ttlid":
            self.ttl = on
        elif name == "class":
            self.cls = on
        else:
            parts = SECTIONS if name == "all" else (name,)
            (self.hidden.difference_update if on else self.hidden.update)(parts)

    def _look(self, name: str, on: bool, value: str, shown: str) -> None:
        if name == "ndots":
            self.ndots = _number(value, shown, 0, 15, "a number of dots") if on else None
        elif name == "domain":
            if on and not value:
                raise WrongUse(f"`{shown}`: a domain is needed, as in +domain=example.org")
            self.search, self.searches = [value] if on else [], on
        else:
            self.searches = on

    def _send(self, name: str, on: bool, value: str | None, shown: str) -> None:
        how = self.how
        if name in ("tcp", "vc"):
            how.tcp = on
        elif name == "tls":
            how.over = Via("tls") if on else None
        elif name in HTTP:
            how.over = Via("https", HTTP[name][0], None, HTTP[name][1], value or PATH) if on else None
        elif name in ("time", "timeout"):
            how.timeout = max(float(_number(value, shown, 0, 86400, "a number of seconds")), 1.0) if on else WAIT
        elif name in ("dnssec", "do"):
            how.do = on
        elif name == "edns":
            how.wants_edns = on
            how.version = _number(value, shown, 0, 255, "a version") if value and on else 0
        elif name == "bufsize":
            how.size = _number(value, shown, 0, 65535, "a size in octets") if on and value is not None else None
        elif name == "ednsflags":
            how.edns_flags = _flags(value or "0", shown) if on else 0
        elif name == "opcode":
            how.opcode = self._opcode(value, shown) if on else "QUERY"
        else:
            self._edns_option(name, on, value, shown)

    def _edns_option(self, name: str, on: bool, value: str | None, shown: str) -> None:
        options = self.how.options
        try:
            if name == "ednsopt" and on:
                code, _, data = (value or "").partition(":")
                number = OPTIONS.get(code.upper())
                if number is None:
                    number = _number(code, shown, 0, 65535, "an option's name such as NSID, or its number")
                options[number] = bytes.fromhex(data)
                return
            code_of = {"nsid": 3, "subnet": 8, "cookie": 10, "padding": 12}
            if not on or name == "ednsopt":
                options.clear() if name == "ednsopt" else options.pop(code_of[name], None)
            elif name == "nsid":
                options[3] = b""
            elif name == "cookie":
                options[10] = bytes.fromhex(value or "0123456789abcdef")
            elif name == "padding":
                options[12] = bytes(_number(value, shown, 0, 512, "a number of octets"))
            else:
                options[8] = subnet(value or "")
        except ValueError:
            what = "a network (192.0.2.0/24, 2001:db8::/56, 0)" if name == "subnet" else "an even number of hex digits"
            raise WrongUse(f"`{shown}`: {what} is needed") from None

    @staticmethod
    def _opcode(value: str | None, shown: str) -> str | int:
        word = (value or "").upper()
        if word.isdigit() and int(word) < 16:
            return int(word)
        try:
            codes.opcode_number(word)
        except (KeyError, ValueError):
            raise WrongUse(f"`{shown}`: an opcode is needed, such as NOTIFY or a number below 16") from None
        return word


def _plus_name(word: str) -> tuple[str, bool]:
    """The full name of an option, which dig lets one cut short, and whether it is set."""
    word = CUT.get(word, "no" + CUT[word[2:]] if word.startswith("no") and word[2:] in CUT else word)
    for name, on in ((word, True), (word.removeprefix("no"), False)):
        if not on and not word.startswith("no"):
            break
        if name in PLUS:
            return name, on
        found = [x for x in PLUS if name and x.startswith(name)]
        meant = {FLAGS.get(x, x) for x in found}
        if len(meant) == 1:
            return found[0], on
        if len(meant) > 1 and not (on and word.startswith("no")):
            raise WrongUse(f"`+{word}` may be {', '.join(f'+{x}' for x in sorted(found))}")
    for prefix, why in REFUSED.items():
        if word.startswith(prefix):
            raise WrongUse(f"`+{word}`: {why}")
    known = [x for x in PLUS if x not in REFUSED]
    near = get_close_matches(word, [*known, *(f"no{x}" for x in known)], 1) if word != "no" else []
    raise WrongUse(
        f"there is no option `+{word}`" + (f": did you mean `+{near[0]}`?" if near else ", neither here nor of dig's")
    )


def _is_type(text: str) -> bool:
    """Whether a word is a record type, as `IXFR=` with a serial is, too."""
    word = text.upper()
    if word.startswith("IXFR="):
        return True
    try:
        codes.type_number(word)
    except (KeyError, ValueError):
        return False
    return word not in ("NONE", "RESERVED")


def _key(text: str) -> tuple[str, ...]:
    """Name, secret and algorithm of a key, as dig takes them. Raises WrongUse."""
    from ..dns.names import fqdn
    from ..dns.tsig import HASHES, Key

    *algorithm, name, secret = text.split(":") if text.count(":") in (1, 2) else ("", "", "")
    given = (name, secret, *algorithm)
    try:
        if not (name and secret):
            raise ValueError
        Key(*given)
        if algorithm and fqdn(algorithm[0].lower()) not in HASHES:
            raise WrongUse(
                f"`-y {text}`: there is no algorithm {algorithm[0]}, but {', '.join(x[:-1] for x in HASHES)}"
            )
    except ValueError:
        raise WrongUse(f"`-y {text}`: a key is written as [hmac-sha256:]NAME:SECRET, the secret in base64") from None
    return given


def _flags(text: str, shown: str) -> int:
    """The flags of EDNS without DO, as dig takes them: a number in any of C's notations."""
    try:
        number = int(text, 0)
    except ValueError:
        number = -1
    if not 0 <= number <= 0xFFFF:
        raise WrongUse(f"`{shown}`: a number is needed, such as 0x40, up to 0xffff")
    return number & 0x7FFF


def _is_class(word: str) -> bool:
    if word in ("CHAOS", "HESIOD"):
        return True
    try:
        codes.class_number(word)
    except (KeyError, ValueError):
        return False
    return word != "ANY"


def no_type(text: str) -> str:
    """That a word is no record type, and which one may have been meant."""
    near = get_close_matches(text.upper(), COMMON, 1)
    return f"`{text}` is no record type" + (f": did you mean {near[0]}?" if near else "")


def _number(text: str | None, shown: str, least: int, most: int, what: str) -> int:
    if text is None or not re.fullmatch("[0-9]{1,6}", text) or not least <= int(text) <= most:
        raise WrongUse(f"`{shown}`: {what} from {least} to {most} is needed")
    return int(text)


def reverse(text: str) -> str:
    """The name that stands for an address."""
    import ipaddress

    if re.fullmatch(r"\d{1,3}(\.\d{1,3}){0,2}\.?", text):  # a network of whole octets
        return ".".join(reversed(text.rstrip(".").split("."))) + ".in-addr.arpa."
    try:
        return ipaddress.ip_address(text).reverse_pointer + "."
    except ValueError:
        raise WrongUse(f"-x takes an IP address, not `{text}`") from None


def subnet(text: str) -> bytes:
    """The option for a client's network (RFC 7871 §6). `0` stands for no network. Raises ValueError."""
    import ipaddress

    network = ipaddress.ip_network("0.0.0.0/0" if text == "0" else text, strict=False)
    octets = network.network_address.packed[: (network.prefixlen + 7) // 8]
    return bytes((0, 1 if network.version == 4 else 2, network.prefixlen, 0)) + octets


__all__ = ["Asking", "How", "Question", "Reader", "cut", "no_type"]
