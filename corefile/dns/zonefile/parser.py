"""The grammar of master files: records and directives."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes import IN
from ..escapes import latin, utf8
from ..rdata import RdataError, Token
from ..rdata.tokens import BLANK, CLASS, DIRECTIVE, END, EOF, ERROR, NEWLINE, OWNER, RRTYPE, STRING, slurp
from ..rr import RR
from .error import ZoneError
from .generate import BadTemplate, expanded, range_of, template
from .plain import PlainCursor

DEFAULT_TTL = 3600
MAX_DEPTH = 7


class Parser(PlainCursor):
    """One file, or what one `$GENERATE` makes."""

    def records(self) -> Iterator[RR]:
        """All records up to the first error, which is raised."""
        following, mark = self.lexer.__next__, self.mark
        name, ttl, cls = "", 0, IN
        while True:
            if mark.at >= 0 and not self.ahead:
                last = yield from self.plain_records(name)
                if last is not None:
                    name, ttl = last[0], last[3]
                following = self.lexer.__next__
            if self.ttl >= 0:
                ttl = self.ttl
            cls = IN
            try:
                token = self.ahead.pop() if self.ahead else following()
            except StopIteration:
                return
            value = token[0]
            # The owner, or what stands for it.
            if value in (NEWLINE, BLANK):
                continue
            if value == OWNER:
                name = self.name(token, "bad owner name")
                token = self.next()
                if token is END:
                    return
                self.expect(token, BLANK, "no blank after owner")
                token = self.next()
                value = token[0]
                if value == RRTYPE and self.ttl < 0:
                    raise self.error("missing TTL with no previous value", token)
                if value not in (RRTYPE, CLASS, STRING):
                    if token is END:
                        return
                    self.expect(token, RRTYPE, "expecting RR type, TTL or class, not this...")
            elif value == DIRECTIVE:
                if self.budget is not None:
                    self.budget.take_tokens(1)
                yield from self.directive(token)
                continue
            elif value not in (RRTYPE, CLASS, STRING):
                self.expect(token, RRTYPE, "syntax error at beginning")
            # TTL and class in either order, then the type.
            if value == CLASS:
                cls = token[2]
                token = self.next()
                if token is END:
                    return
                self.expect(token, BLANK, "no blank before class")
                token = self.next()
                if token[0] == STRING:
                    ttl = self.remember(self.seconds(token, "not a TTL"))
                    token = self.the_type(self.next())
                elif token[0] != RRTYPE:
                    if token is END:
                        return
                    self.expect(token, RRTYPE, "expecting RR type or TTL, not this...")
            elif value == STRING:
                ttl = self.remember(self.seconds(token, "not a TTL"))
                token = self.next()
                if token is END:
                    return
                self.expect(token, BLANK, "no blank before TTL")
                token = self.next()
                if token[0] == CLASS:
                    cls = token[2]
                    token = self.the_type(self.next())
                elif token[0] != RRTYPE:
                    if token is END:
                        return
                    self.expect(token, RRTYPE, "expecting RR type or class, not this...")
            if token is END:
                return
            type = token[2]
            token = self.next()
            if token is END:
                return
            if token[0] == ERROR:
                raise self.error(token[1], token)
            if self.budget is not None:
                self.budget.take_tokens()
            yield RR(name, type, cls, ttl, self.rdata(type, token))

    def directive(self, token: Token) -> Iterator[RR]:
        """What a directive's line does or brings. Raises ZoneError."""
        what = token[1]
        token = self.next()
        if token is END:
            return
        self.expect(token, BLANK, f"no blank after {what}-directive")
        token = self.next()
        if token is END:
            return
        if what == "$GENERATE":
            if token[0] == ERROR:
                raise self.error(token[1], token)
            if self.generated and self.rules.refuses_nesting:
                raise self.error("nested $GENERATE directive not allowed", token)
        self.expect(token, STRING, f"expecting {what} value, not this...")
        if what == "$INCLUDE":
            yield from self.included(token)
        elif what == "$GENERATE":
            yield from self.generate(token)
        else:
            try:
                slurp(self.next)
            except RdataError as error:
                raise self.error(error.message, error.token) from None
            if what == "$TTL":
                self.ttl = self.seconds(token, "expecting $TTL value, not this...")
                self.by_directive = True
            else:
                self.origin = self.name(token, "bad origin name")

    def included(self, token: Token) -> Iterator[RR]:
        """The records of another file, whose origin may follow its name."""
        origin = self.origin
        after = self.next()
        if after[0] == BLANK:
            after = self.next()
            if after[0] == STRING:
                origin = self.name(after, "bad origin name")
        elif after[0] not in (NEWLINE, EOF):
            raise self.error("garbage after $INCLUDE", after)
        if self.include is None:
            raise self.error("$INCLUDE directive not allowed", token)
        if self.depth >= MAX_DEPTH:
            raise self.error("too deeply nested $INCLUDE", token)
        name = utf8(token[1])
        path = _joined(self.path, name)
        text = self.include(path)
        if text is None:
            shown = f" as `{path}'" if (path != name if self.rules.shows_path else not name.startswith("/")) else ""
            why = f": open {path}: no such file or directory" if self.rules.says_why else ""
            raise self.error(f"failed to open `{name}'{shown}{why}", token)
        if self.budget is not None:
            self.budget.take_text(len(text))
        sub = Parser(latin(text), origin, path, self.include, self.release)
        sub.depth, sub.spelled, sub.budget = self.depth + 1, self.spelled, self.budget
        sub.ttl, sub.by_directive = self.ttl, self.by_directive
        yield from sub.records()

    def generate(self, token: Token) -> Iterator[RR]:
        """The records of `$GENERATE start-stop[/step] line`, where `$` in the line is the running number."""
        try:
            first, last, step = range_of(token[1])
        except ValueError as error:
            raise self.error(str(error), token) from None
        given, blank = token, self.next()
        if blank[0] != BLANK:
            raise self.error("garbage after $GENERATE range", blank)
        line = ""
        while True:
            token = self.next()
            if token[0] == ERROR:
                raise self.error("bad data in $GENERATE directive", token)
            if token[0] in (NEWLINE, EOF):
                break
            line += token[1]
        try:
            parts = template(line, first, last, blank, self.path, whole=self.rules.whole_modifiers)
        except BadTemplate as bad:
            if not self.rules.breaks_off:
                raise self.error(bad.error.message, given) from None
            raise self.broken_off(bad.before, bad.error) from None
        if self.budget is not None:
            size = sum(len(x) if isinstance(x, str) else _width(x[0]) for x in parts)
            self.budget.take_text((size + 1) * ((last - first) // step + 1))
        lines = "".join([expanded(parts, number) for number in range(first, last + 1, step)])
        yield from self.generated_records(lines)

    def generated_records(self, lines: str) -> Iterator[RR]:
        """The records of what `$GENERATE` makes."""
        sub = Parser(lines, self.origin, self.path, self.include, self.release)
        sub.spelled, sub.budget = self.spelled, self.budget
        sub.depth, sub.generated, sub.ttl = self.depth, True, DEFAULT_TTL
        yield from sub.records()

    def broken_off(self, line: str, error: ZoneError) -> ZoneError:
        """What is wrong with a line that breaks off with an error: it is said of what its whole words lack, unless they are a
        record, which may be one without data."""
        words = line[: max(line.rfind(" "), line.rfind("\t")) + 1]
        try:
            error.after_record = next(self.generated_records(words), None) is not None
        except ZoneError as lacking:
            return lacking
        return error


def _width(form: str) -> int:
    """The characters that a number takes at least, in a format such as `%08d`."""
    return int(form[1:-1] or 1)


def _joined(path: str, name: str) -> str:
    """Where an included file is: below the directory of the file that includes it."""
    import posixpath

    return name if name.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
