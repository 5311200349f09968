"""Records as a user compares them: types and classes by name, RDATA as text, the whole as a line of a zone file.

The chain itself works on `RR`, a tuple with numbers; a `Record` is made of one where a reply leaves the library.
"""

from __future__ import annotations

from typing import Any

from .codes import class_name
from .errors import WireError
from .escapes import dnspython_name
from .rdata import RdataError, dnspython_type, rr_from_text, rr_to_text, to_text
from .rr import RR


class BadRecord(ValueError):
    """A text is no record of a zone file. line: the text. reason: what is wrong with it."""

    def __init__(self, line: str, reason: str) -> None:
        super().__init__(line, reason)
        self.line = line
        self.reason = reason

    def __str__(self) -> str:
        return f"`{self.line}` is no record: {self.reason}"


class Record:
    """One resource record, which never changes.

    Its value is its line in a zone file, which `str()` gives: records are equal where their lines are, and a record is
    equal to that line, so that sections can be compared with lists of text, and put into sets with them. The TTL counts,
    and so does the case of names.

    >>> record = Record.parse("mail.example.org. 300 IN MX 10 mx.example.org.")
    >>> record.name, record.type, record.ttl, record.rdata
    ('mail.example.org.', 'MX', 300, '10 mx.example.org.')
    >>> record == "mail.example.org. 300 IN MX 10 mx.example.org."
    True
    """

    __slots__ = ("_line", "rr")

    _line: str | None
    rr: RR
    """The same record with numbers for type and class, as messages hold it."""

    def __init__(self, rr: RR) -> None:
        object.__setattr__(self, "rr", rr)
        object.__setattr__(self, "_line", None)

    @classmethod
    def parse(cls, line: str) -> Record:
        """The record of a line such as `www.example.org. 300 IN A 192.0.2.1`.

        The TTL (3600) and the class (IN) may be left out or change places; names without their last dot get it. Raises
        BadRecord, which is a ValueError.

        >>> Record.parse("www.example.org A 192.0.2.1")
        <Record www.example.org. 3600 IN A 192.0.2.1>
        """
        try:
            return cls(rr_from_text(line))
        except (RdataError, WireError) as error:
            bare = cls._without_quotes(line)
            if bare is None:
                raise BadRecord(line, str(error)) from None
            return bare

    @classmethod
    def _without_quotes(cls, line: str) -> Record | None:
        """The record of a line whose string is printed between quotes, and read without (X25); None where it is none."""
        try:
            rr = rr_from_text(line.replace('"', ""))
        except (RdataError, WireError):
            return None
        return cls(rr) if line.count('"') == to_text(rr.type, rr.data, rr.cls).count('"') > 0 else None

    @property
    def name(self) -> str:
        """The owner name, with its last dot, in the case in which it came."""
        return dnspython_name(self.rr.name)

    @property
    def type(self) -> str:
        """The type's mnemonic, such as `AAAA`, or `TYPE65400`."""
        return dnspython_type(self.rr.type)

    @property
    def type_number(self) -> int:
        """The type's number: 28 for AAAA."""
        return self.rr.type

    @property
    def cls(self) -> str:
        """The class's mnemonic: `IN`, `CH`, or `CLASS7`."""
        return class_name(self.rr.cls)

    @property
    def cls_number(self) -> int:
        """The class's number: 1 for IN."""
        return self.rr.cls

    @property
    def ttl(self) -> int:
        """The time to live in seconds."""
        return self.rr.ttl

    @property
    def rdata(self) -> str:
        """The data as a zone file has it: `192.0.2.1`, `10 mx.example.org.`, `"some text"`."""
        return to_text(self.rr.type, self.rr.data, self.rr.cls)

    @property
    def data(self) -> tuple[Any, ...]:
        """The data's fields: `('192.0.2.1',)`, `(10, 'mx.example.org.')`, `(b'some text',)`."""
        return self.rr.data

    def __str__(self) -> str:
        line = self._line
        if line is None:
            line = rr_to_text(self.rr)
            object.__setattr__(self, "_line", line)
        return line

    def __repr__(self) -> str:
        return f"<Record {self}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Record):
            return self.rr == other.rr or str(self) == str(other)
        if isinstance(other, str):
            return str(self) == other
        return NotImplemented

    def __lt__(self, other: Record | str) -> bool:
        """By their lines, so that `sorted` has one order for records and for text."""
        if not isinstance(other, (Record, str)):
            return NotImplemented
        return str(self) < str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a record never changes: `{name}` cannot be set")

    __delattr__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: object) -> Record:
        return self  # it never changes

    def __reduce__(self) -> tuple[Any, ...]:
        return Record, (self.rr,)
