"""The data of a record in a master file."""

from __future__ import annotations

from ...golang import hexadecimal
from .. import rdata
from ..codes import SINCE
from ..errors import WireError
from ..escapes import is_spelled_otherwise
from ..names import absolute_name
from ..rdata import RdataError, Token
from ..rdata.older import older
from ..rdata.tokens import END, NEWLINE, slurp
from .cursor import Cursor
from .error import ZoneError

_TAKES_TOKEN_FOR_PATH = (104, 106)
"""NID and L64; see `MasterFileRules.names_path`."""


class DataCursor(Cursor):
    """A cursor that reads what stands behind a type."""

    def rdata(self, type: int, token: Token) -> tuple[object, ...]:
        """The data behind the type. `token` is what follows the type, a blank or a line break. Raises ZoneError."""
        peeked = self.next()
        self.ahead.append(peeked)
        try:
            if not peeked[1]:
                slurp(self.next)
                return ()
            if token[0] == NEWLINE and self.rules.refuses_no_data:
                raise self.error("unexpected newline", token)
            spec = rdata.SPECS.get(type)
            if peeked[1] == "\\#" and spec is not None and self.generic(type, spec.name):
                octets = rdata.generic_read(self.next)
                if isinstance(octets, str):
                    raise RdataError(hexadecimal.syntax_error(octets.encode("latin-1")), token)
                try:
                    return rdata.unpack(type, octets, 0, len(octets), strict=False)
                except WireError as error:
                    raise RdataError(error.told(self.rules.says_where), token) from None
            if type in self.rules.generic_alone:
                raise self.error("bad RFC3597 Rdata", peeked)
            if spec is not None and spec.named and (self.spelled or self.rules.leading_dots):
                return self.rdata_with_names(type)
            return rdata.parse(type, self.next, self.origin, older(type, self.release))
        except RdataError as error:
            said = self.error("" if error.lost else error.message, token if error.token == END else error.token)
            if type in _TAKES_TOKEN_FOR_PATH and not self.rules.names_path:
                said = ZoneError(said.message, said.text, said.line, said.column, said.text)
            raise said from None

    def rdata_with_names(self, type: int) -> tuple[object, ...]:
        """The data, in which names keep a dot in front, and where they should their escapes. Raises RdataError."""
        written: dict[str | None, str] = {}

        def following() -> Token:
            token = self.next()
            text = token[1]
            if self.dotted(text):
                text = text[1:]
                name = absolute_name(text, self.origin)
                if name is None:
                    return token
                written[name] = "." + name
            elif self.spelled and is_spelled_otherwise(text):
                written[absolute_name(text, self.origin)] = self.as_spelled(text)
            return token if text is token[1] else (token[0], text, *token[2:])

        data = rdata.parse(type, following, self.origin, older(type, self.release))
        if not written:
            return data
        return tuple([written[x] if x.__class__ is str and x in written else x for x in data])

    def generic(self, type: int, name: str) -> bool:
        """Whether the generic form is understood for a type: for known ones it was not always."""
        if self.rules.generic_of_all:
            return True
        assert self.release is not None
        unknown = name in SINCE and self.release < SINCE[name]
        return unknown or type in (10, 20, 30, 41, 250)
