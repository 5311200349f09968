"""A rule's words: what they say, and what CoreDNS has against them, in its words (plugin/rewrite of each release)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from ...dns.codes import CLASSES, RCODES, TYPES, type_name
from ...golang import hexadecimal
from ...golang.domains import fqdn, lower
from ...golang.errors import GoError
from ...golang.numbers import parse_uint, to_int, to_uint
from ...golang.quoting import quote
from ...golang.regexp import Regexp
from ...golang.regexp import compile as compile_regexp
from ...language.words import Token
from ...plugin import Invalid, Release
from ._edns0 import ACTIONS, NSID, UNSET, VARIABLES, LocalRule, NsidRule, SubnetRule, VariableRule
from ._reply import Mapped, Rcode, Ttl
from ._rule import AnswerRule, ClassRule, CnameRule, NameRule, Rule, TypeRule
from ._rules import ANSWER_NAME, ANSWER_NAMES, ANSWERS, AUTO_SINCE, PLAIN, RewriteRules
from ._ways import EXACT, PREFIX, REGEX, SUBSTRING, SUFFIX, WAYS, Broken, Way

PANICS = "panic: runtime error: index out of range [1] with length 1"
CONTINUE, STOP, ANSWER = "continue", "stop", "answer"
MOST_TTL = 2147483647
KINDS = ("name", "class", "type", "edns0", "ttl", "cname", "rcode")
"""Of rules, in any release."""
HOW = f"write `rewrite [continue|stop] {'|'.join(KINDS)} ...`"
MATCHES = "supports only exact, prefix, suffix, substring, and regex name matching"


class Reader:
    """Reads one rule. tokens: its words. line: where it stands."""

    def __init__(self, tokens: list[Token], line: int, rules: RewriteRules) -> None:
        self.tokens = tokens
        self.texts = [token.text for token in tokens]
        self.line = line
        self.rules = rules
        self.release: Release = rules.release
        self.stop = True
        self.at = 0  # how many words stand before the arguments of the rule

    def refuse(self, coredns: str, message: str, *, word: int | None = None, **more: Any) -> NoReturn:
        """Complain, about the argument number `word` where that is to blame. more: as for `Invalid`."""
        at = self.tokens[self.at + word] if word is not None and self.at + word < len(self.tokens) else None
        if at is None and self.tokens:
            at = self.tokens[-1]
        raise Invalid(message, coredns=coredns, located=False, at=at, **more)

    def normal(self, word: str) -> str:
        """A name as plugin.Name.Normalize makes it of a word: in lower case, with a dot at its end."""
        return lower(fqdn(word, self.release))

    def rule(self) -> Rule:
        """The rule. Raises Invalid."""
        rules, texts = self.rules, self.texts
        if not texts:
            self.refuse("no rule type specified for rewrite", "`rewrite` has no rule", hint=HOW)
        kind = lower(texts[0])
        if kind in (CONTINUE, STOP):
            if len(texts) < 2:
                self.refuse(
                    f"{kind} rule must begin with a rule type" if rules.guards_mode else PANICS,
                    f"`{texts[0]}` has no rule behind it",
                    hint=HOW,
                    prefix=None if rules.guards_mode else "",
                )
            self.stop = kind == STOP
            kind = lower(texts[1])
            self.at = 1
        self.at += 1
        args = texts[self.at :]
        if kind == ANSWER and rules.answer_first:
            self.refuse(
                "response rewrites must begin with a name rule",
                "`answer` has no `name` rule before it",
                hint="write `rewrite name ... answer ...`, or both in one block",
                word=-1,
            )
        counted = kind not in ("edns0", *(("name",) if rules.ways else ()))
        if len(args) != 2 and (kind in ("class", "type") or (rules.counts_first and counted)):
            self.refuse(
                f"{kind} rules must have exactly two arguments", f"a `{kind}` rule takes two words, not {len(args)}"
            )
        kinds: dict[str, Callable[[list[str]], Rule]] = {
            "name": self.name if rules.ways else self.plain_name,
            "class": self.cls,
            "type": self.type,
            "edns0": self.edns0,
        }
        if rules.ttl:
            kinds["ttl"] = self.ttl
        if rules.cname:
            kinds["cname"] = self.cname
        if rules.rcode:
            kinds["rcode"] = self.rcode
        read = kinds.get(kind)
        if read is None:
            self.refuse(
                f"invalid rule type {quote(texts[0])}",
                f"there are no `{kind}` rules",
                hint=HOW,
                word=-1,
                expected="kind of rule",
                choices=(CONTINUE, STOP, *KINDS),
            )
        return read(args)

    # -- questions ----------------------------------------------------------------------------------------------------

    def stops(self) -> bool:
        """Whether a rule about the question stops."""
        return self.stop or not self.rules.modes

    def type(self, args: list[str]) -> Rule:
        """`type FROM TO`."""
        old, new = (self._number("type", i, args[i]) for i in (0, 1))
        return TypeRule(self.line, self.stops(), old, new)

    def cls(self, args: list[str]) -> Rule:
        """`class FROM TO`."""
        old, new = (self._number("class", i, args[i]) for i in (0, 1))
        return ClassRule(self.line, self.stops(), old, new)

    def _number(self, what: str, word: int, text: str) -> int:
        name = text.upper()
        number = (TYPES if what == "type" else CLASSES).get(name)
        if number is None or (what == "type" and type_name(number, self.release) != name):
            expected = "record type" if what == "type" else "class"
            self.refuse(f"invalid {what} {quote(name)}", f"`{text}` is no {what}", word=word, expected=expected)
        return number

    def plain_name(self, args: list[str]) -> Rule:
        """`name FROM TO`."""
        return NameRule(
            self.line, True, Way(EXACT, self.normal(args[0])), self.normal(args[1]), self.rules, auto=False, answers=()
        )

    def name(self, args: list[str]) -> Rule:
        """`name [WAY] FROM TO [answer ...]...`."""
        rules, count = self.rules, len(args)
        if count < 2:
            self.refuse(
                "too few arguments for a name rule",
                "a `name` rule needs two names",
                hint="such as `name a.example b.example`",
            )
        if rules.answers == PLAIN and count > 3:
            self._surplus(args)
        if not rules.counts_groups and count != 3:
            return self._old_name(args)
        kind = EXACT if count == 2 else lower(args[0])
        old, new = args[-2:] if count == 2 else args[1:3]
        first = 0 if count == 2 else 1
        if rules.answers in (PLAIN, ANSWER_NAME, ANSWER_NAMES) and rules.counts_groups:
            short = count > 3 and (count != 7 if rules.answers == ANSWER_NAME else (count - 3) % 4 != 0)
            if short:
                self._surplus(args)
            if count >= 7:
                return self._with_answers(kind, old, new, args)
        auto = False
        answers: tuple[Mapped, ...] = ()
        if count > 3:
            if args[2:] == [ANSWER, "auto"]:
                self.refuse(
                    f"invalid arguments for {kind} rule",
                    "before `answer`, the way to match a name has to stand",
                    hint=f"write `name {EXACT} {' '.join(args)}`",
                    word=3,
                )
            auto, answers = self._answers(kind, args[3:])
        if kind == REGEX:
            if rules.counts_groups:
                pattern = self.pattern(old, new, first)
            else:
                pattern = self._compiled(old, f"Invalid regex pattern in a name rule: {old}", first)
            return self._named(Way(REGEX, old, pattern), self.normal(new), auto=auto, answers=answers)
        if kind not in WAYS:
            article = "A " if rules.article else ""
            received = f", received: {kind}" if rules.received else ""
            self.refuse(
                f"{article}name rule {MATCHES}{received}",
                f"`{args[0]}` is no way to match a name",
                hint=f"names match {', '.join(WAYS)}",
                expected="way to match a name",
                choices=WAYS,
                word=0,
            )
        way, to = Way(kind, self.normal(old)), self.normal(new)
        if kind == EXACT and rules.counts_groups:
            meant = not frozenset("()[]\\*+?|^$").isdisjoint(old)
            hint = f"write `name regex {old} {new}`: without `regex`, a name is taken as it stands" if meant else ""
            regexp = self.pattern(to, way.text, first + 1, hint=hint)
            if rules.exact_pattern:
                answers = (Mapped(self.line, Way(REGEX, to, regexp), way.text),)
        return self._named(way, to, auto=auto, answers=answers)

    def _named(self, way: Way, to: str, *, auto: bool, answers: tuple[Mapped, ...]) -> Rule:
        return NameRule(self.line, self.stops(), way, to, self.rules, auto=auto, answers=answers)

    def _surplus(self, args: list[str]) -> NoReturn:
        """Complain about what stands behind a name rule."""
        rules = self.rules
        said = "a `name` rule has words that it does not take in this release"
        hint = "write `name [WAY] FROM TO`"
        if args[-2:] == [ANSWER, "auto"] and rules.answers != ANSWERS:
            said, hint = f"`{ANSWER} auto` came with CoreDNS {AUTO_SINCE}", "delete it"
            if len(args) == 4 or lower(args[0]) == EXACT:
                if rules.exact_pattern:
                    hint = "delete it: a rule about one exact name puts it back itself"
            elif rules.answers != PLAIN:
                start = "write" if lower(args[0]) == REGEX else "write a `name regex` with"
                hint = f"{start} `answer name FROM TO` in its place, which puts the client's name back"
        self.refuse(rules.of_name, said, hint=hint, word=3, expected="fewer words")

    def _old_name(self, args: list[str]) -> Rule:
        """A rule of more or less than three words, where groups were not counted."""
        if len(args) != 7:
            if len(args) > 3:
                self._surplus(args)
            return self._named(Way(EXACT, self.normal(args[0])), self.normal(args[1]), auto=False, answers=())
        if lower(args[0]) != REGEX:
            self.refuse(
                "the rewrite of response is supported only for name regex rule",
                "`answer` may only follow `name regex`",
                word=args.index(ANSWER) if ANSWER in args else 3,
            )
        self._answer_name(args)
        said = f"Invalid regex pattern in a name rule: [{' '.join(args)}]"
        own, of_answer = self._compiled(args[1], said, 1), self._compiled(args[5], said, 5)
        answer = Mapped(self.line, Way(REGEX, args[5], of_answer), self.normal(args[6]))
        return self._named(Way(REGEX, args[1], own), self.normal(args[2]), auto=False, answers=(answer,))

    def _answer_name(self, args: list[str], at: int = 3, kinds: tuple[str, ...] = ("name",)) -> str:
        kind = lower(args[at + 1])
        if args[at] != ANSWER or kind not in kinds:
            self.refuse(
                "exceeded the number of arguments for a regex name rule",
                f"`{args[at]} {args[at + 1]}` is not `answer {'|'.join(kinds)}`",
                word=at,
            )
        return kind

    def _with_answers(self, kind: str, old: str, new: str, args: list[str]) -> Rule:
        """A rule with one `answer` or several, each of four words."""
        if kind != REGEX:
            self.refuse(
                "the rewrite of response is supported only for name regex rule",
                "`answer` may only follow `name regex`",
                word=args.index(ANSWER) if ANSWER in args else 3,
            )
        several = self.rules.answers == ANSWER_NAMES
        if not several and args[3] != ANSWER:
            self._answer_name(args)
        own = self.pattern(old, new, 1)
        answers = []
        for at in range(3, len(args), 4):
            field = self._answer_name(args, at, ("name", "value") if several else ("name",))
            regexp = self.pattern(args[at + 2], args[at + 3], at + 2)
            answers.append(
                Mapped(self.line, Way(REGEX, args[at + 2], regexp), self.normal(args[at + 3]), values=field == "value")
            )
        return self._named(Way(REGEX, old, own), self.normal(new), auto=False, answers=tuple(answers))

    def _answers(self, kind: str, words: list[str]) -> tuple[bool, tuple[Mapped, ...]]:
        """What stands behind a name rule: whether `answer auto` does, and the others."""
        if len(words) < 2:
            self.refuse(
                f"invalid arguments for {kind} rule",
                f"`{words[0]}` is no `answer` rule",
                hint="write `answer auto`, `answer name FROM TO` or `answer value FROM TO`",
                word=3,
            )
        auto, answers, last, i = False, [], "", 0
        while i < len(words):
            if not last and words[i] != ANSWER:
                self.refuse(
                    f"exceeded the number of arguments for a non-answer rule argument for {kind} rule",
                    f"`{words[i]}` is not `answer`",
                    word=3 + i,
                    expected="answer",
                )
            if words[i] == ANSWER:
                i += 1
            if i == len(words):
                self.refuse(
                    f"type missing for answer rule for {kind} rule", "`answer` has nothing behind it", word=2 + i
                )
            last = words[i]
            i += 1
            if last == "auto":
                auto = True
                continue
            if last not in ("name", "value"):
                self.refuse(
                    f"invalid type {quote(last)} for answer rule for {kind} rule",
                    f"`{last}` is none of auto, name, value",
                    word=2 + i,
                )
            of = f"{last} answer rule for {kind} rule: "
            if len(words) - i < 2:
                self.refuse(
                    f"{of}2 arguments required", f"`answer {last}` needs a pattern and a replacement", word=2 + i
                )
            regexp = self.pattern(words[i], words[i + 1], 3 + i, of)
            answers.append(
                Mapped(self.line, Way(REGEX, words[i], regexp), self.normal(words[i + 1]), values=last == "value")
            )
            i += 2
        if auto and any(not answer.values for answer in answers):
            self.refuse(
                "auto name answer rule cannot be combined with explicit name anwer rules",
                "`answer auto` and `answer name` exclude each other",
                word=3,
            )
        return auto, tuple(answers)

    def pattern(self, pattern: str, to: str, word: int, of: str = "", *, hint: str = "") -> Regexp:
        """A pattern that has as many groups as its replacement uses. hint: what to write where it is none."""
        rules = self.rules
        self._short(pattern, of + "regex pattern too long", word)
        invalid = "Invalid" if rules.capital_pattern else "invalid"
        regexp = self._compiled(pattern, f"{of}{invalid} regex matching pattern: {pattern}", word, hint)
        used = sum([f"{{{i}}}" in to for i in range(101)])
        if used > regexp.groups:
            the = "The" if rules.capital_pattern else "the"
            self.refuse(
                f"{of}{the} rewrite regex pattern ({to}) uses more subexpressions than its corresponding matching regex "
                f"pattern ({pattern})",
                f"`{to}` uses {used} groups, and `{pattern}` has {regexp.groups}",
                hint="`{0}` counts as one",
                word=word + 1,
            )
        return regexp

    def _short(self, pattern: str, said: str, word: int) -> None:
        most, size = self.rules.longest_pattern, len(pattern.encode("utf-8", "surrogatepass"))
        if most and size > most:
            self.refuse(f"{said}: {size} > {most}", f"the pattern has {size} octets, {most} are the most", word=word)

    def _compiled(self, pattern: str, said: str, word: int, hint: str = "") -> Regexp:
        try:
            return compile_regexp(pattern)
        except GoError as error:
            self.refuse(said, error.message, word=word, hint=hint)

    # -- answers ------------------------------------------------------------------------------------------------------

    def ttl(self, args: list[str]) -> Rule:
        """`ttl [WAY] NAME TTL|MIN-MAX`."""
        if len(args) < 2:
            self.refuse(
                f"too few ({len(args)}) arguments for a ttl rule",
                "a `ttl` rule needs a name and a TTL",
                hint="such as `ttl a.example 60`",
            )
        text = args[-1] if len(args) < 4 else ""
        bounds = self._bounds(text)
        if bounds is None:
            self.refuse(
                f"invalid TTL '{text}' for a ttl rule",
                f"`{args[-1]}` is no TTL" if text else "a `ttl` rule has too many words",
                hint="such as `60`" + (", `30-60`, `30-` or `-60`" if self.rules.ttl_range else ""),
                word=len(args) - 1,
                expected="" if text else "fewer words",
            )
        return AnswerRule(self.line, self.stop, self._way("ttl", args[:-1]), Ttl(self.line, *bounds))

    def _bounds(self, text: str) -> tuple[int, int] | None:
        """The least and the most TTL."""
        if not self.rules.ttl_range:
            only = to_int(text)
            return (only, only) if only is not None and 0 <= only <= MOST_TTL else None
        low, dash, high = text.partition("-")
        least = to_uint(low, 32) if low or not dash else 0
        most = least if not dash else to_uint(high, 32) if high else MOST_TTL if low else None
        return None if least is None or most is None or least > most else (least, most)

    def _way(self, what: str, words: list[str]) -> Way:
        """The names that a rule about answers looks at."""
        if len(words) == 1:
            return Way(EXACT, self.normal(words[0]))
        kind = lower(words[0])
        if kind in (EXACT, PREFIX, SUFFIX, SUBSTRING):
            return Way(kind, self.normal(words[1]))
        if kind != REGEX:
            article = "A " if self.rules.article else ""
            self.refuse(
                f"{article}{what} rule {MATCHES}",
                f"`{words[0]}` is no way to match a name",
                hint=f"names match {', '.join(WAYS)}",
                expected="way to match a name",
                choices=WAYS,
                word=0,
            )
        self._short(words[1], f"regex pattern too long in a {what} rule", 1)
        invalid = "Invalid" if self.rules.capital_pattern else "invalid"
        return Way(
            REGEX, words[1], self._compiled(words[1], f"{invalid} regex pattern in a {what} rule: {words[1]}", 1)
        )

    def rcode(self, args: list[str]) -> Rule:
        """`rcode [WAY] NAME FROM TO`."""
        if len(args) < 3:
            self.refuse(
                f"too few ({len(args)}) arguments for a rcode rule",
                "an `rcode` rule needs a name and two rcodes",
                hint="such as `rcode a.example NXDOMAIN NOERROR`",
            )
        texts = args[-2:] if len(args) < 5 else ["", ""]
        codes = []
        for i, (what, text) in enumerate(zip(("matching", "replacement"), texts, strict=True)):
            code = self._rcode_number(text)
            if code is None:
                self.refuse(
                    f"invalid {what} RCODE '{text}' for a rcode rule",
                    f"`{text}` is no rcode" if text else "an `rcode` rule has too many words",
                    hint="such as NXDOMAIN, or a number up to 23",
                    word=len(args) - 2 + i,
                    expected="" if text else "fewer words",
                )
            codes.append(code)
        return AnswerRule(self.line, self.stop, self._way("rcode", args[:-2]), Rcode(self.line, *codes))

    def _rcode_number(self, text: str) -> int | None:
        number = to_uint(text, 32)
        if number is not None and number <= 23:
            return number
        name = text.upper()
        if name == "NOTIMPL":
            return 4
        return next((n for n, known in RCODES.items() if known == name and (n != 11 or self.rules.dso)), None)

    def cname(self, args: list[str]) -> Rule:
        """`cname [WAY] FROM TO`."""
        if len(args) not in (2, 3):
            self.refuse(
                f"too few ({len(args)}) arguments for a cname rule",
                f"a `cname` rule takes two or three words, not {len(args)}",
                hint="such as `cname old.example new.example`",
            )
        kind = lower(args[0]) if len(args) == 3 else EXACT
        if kind not in WAYS:
            self.refuse(
                f"unknown cname rewrite type: {kind}",
                f"`{args[0]}` is no way to match a name",
                hint=f"names match {', '.join(WAYS)}",
                expected="way to match a name",
                choices=WAYS,
                word=0,
            )
        old, new = lower(args[-2]), lower(args[-1])
        word = len(args) - 2
        if kind == EXACT and self.rules.normal_cname:
            old, new = self.normal(old), self.normal(new)
        regexp = None
        if kind == REGEX:
            self._short(old, "regex pattern too long in a cname rule", word)
            try:
                regexp = compile_regexp(old)
            except GoError as error:
                if self.rules.compiles_cname:
                    self.refuse(f"invalid cname rewrite regex pattern: {error.text}", error.message, word=word)
                regexp = Broken(old, error)
        return CnameRule(self.line, self.stop, Way(kind, old, regexp), new)

    # -- EDNS ---------------------------------------------------------------------------------------------------------

    def edns0(self, args: list[str]) -> Rule:
        """`edns0 local|nsid|subnet ACTION ...`."""
        rules = self.rules
        if len(args) < 2:
            self.refuse(
                "too few arguments for an EDNS0 rule",
                "an `edns0` rule needs an option and an action",
                hint="such as `edns0 nsid set`",
            )
        kind, action = lower(args[0]), lower(args[1])
        if action not in ACTIONS or (action == UNSET and not rules.unset):
            self.refuse(f"invalid action: {quote(action)}", f"`{args[1]}` is none of {', '.join(ACTIONS)}", word=1)
        revert = rules.revert and action != UNSET and args[-1] == "revert"
        if revert:
            args = args[:-1]
        if kind not in ("local", "nsid", "subnet"):
            self.refuse(f"invalid rule type {quote(kind)}", f"`{args[0]}` is none of local, nsid, subnet", word=0)
        most = {"local": 4, "nsid": 2, "subnet": 4}[kind] if action != UNSET else {"local": 3}.get(kind, 2)
        if len(args) != most:
            self._edns_count(kind, action, len(args))
        if kind == "nsid":
            return NsidRule(self.line, self.stop, action, NSID, revert=revert)
        if kind == "subnet":
            bits = (0, 0) if action == UNSET else (self._bits(args, 2, 32, "IPv4"), self._bits(args, 3, 128, "IPv6"))
            return SubnetRule(self.line, self.stop, action, bits, revert=revert)
        data = args[3] if action != UNSET else ""
        code = self._literal(args[2], 2)
        if data.startswith("{") and data.endswith("}"):
            return VariableRule(self.line, self.stop, action, code, self._variable(data), revert=revert)
        return LocalRule(self.line, self.stop, action, code, self._octets(data), revert=revert)

    def _edns_count(self, kind: str, action: str, count: int) -> NoReturn:
        rules = self.rules
        if action == UNSET:
            takes = "two arguments" if kind == "local" else "one argument"
            said = f"{kind} unset action requires exactly {takes}"
        elif kind == "nsid":
            said = "EDNS0 NSID rules " + ("can accept no more than one arg" if rules.revert else "do not accept args")
        else:
            said = f"EDNS0 {kind} rules require " + ("three or four args" if rules.revert else "exactly three args")
        usage = {"local": "local ACTION CODE DATA", "nsid": "nsid ACTION", "subnet": "subnet ACTION V4BITS V6BITS"}[
            kind
        ]
        if action == UNSET:
            usage = "local unset CODE" if kind == "local" else f"{kind} unset"
        self.refuse(
            said,
            f"an `edns0 {kind}` rule has too few or too many words",
            hint=f"write `edns0 {usage}`",
            word=count - 1,
            expected="fewer words",
        )

    def _literal(self, text: str, word: int) -> int:
        try:
            return parse_uint(text, 16, base=0)
        except GoError as error:
            self.refuse(error.text, error.message, word=word)

    def _bits(self, args: list[str], word: int, most: int, of: str) -> int:
        bits = self._literal(args[word], word)
        if bits > most:
            self.refuse(f"invalid {of} bit mask length {bits}", f"an {of} address has {most} bits", word=word)
        return bits

    def _variable(self, text: str) -> str:
        """A variable, or metadata's name in braces."""
        label = text[1:-1]
        slash = label.find("/")
        named = self.rules.metadata and 0 < slash < len(label) - 1
        if self.rules.one_slash and label.rfind("/") != slash:
            named = False
        if text not in VARIABLES and not named:
            self.refuse(
                f"unsupported variable name {quote(text)}",
                f"there is no variable `{text}`",
                hint=f"variables are {', '.join(VARIABLES)}"
                + (", and `{NAME/NAME}` for metadata" if self.rules.metadata else ""),
                word=3,
            )
        return text

    def _octets(self, text: str) -> bytes:
        """The data of an option: behind `0x` in hexadecimal, or the text itself."""
        if not text.startswith("0x"):
            return text.encode("utf-8", "surrogateescape")
        digits = text[2:].encode("utf-8", "surrogateescape")
        wrong = hexadecimal.syntax_error(digits)
        if wrong:
            self.refuse(wrong, f"`{text}` is not pairs of hexadecimal digits", word=3)
        return bytes.fromhex(digits.decode())


__all__ = ["Reader"]
