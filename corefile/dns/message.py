"""DNS messages as the chain handles them: small, comparable, and made of octets or into them only at the edge (`wire`).

Names are presentation-form strings (see `names`). A record is never changed in place; a message may be, by whoever
made it, until it is handed on.
"""

from __future__ import annotations

from ..light import NamedTuple
from .codes import NOERROR, QUERY, rcode_name, type_name
from .rr import RR


class Question(NamedTuple):
    """The question section's one entry; `name` in the case in which it was asked."""

    name: str
    type: int
    cls: int


class FirstQuestion(Question):
    """The first of several questions, which alone is answered. others: the rest, which count for the length of a query
    and are passed on with it."""

    others: tuple[Question, ...] = ()

    @classmethod
    def of(cls, questions: list[Question]) -> FirstQuestion:
        """The first of several questions."""
        first = cls(*questions[0])
        first.others = tuple(questions[1:])
        return first


class Edns(NamedTuple):
    """An OPT record (RFC 6891).

    udp: the sender's UDP payload size, in octets. do: the DO bit. version: of EDNS. options: pairs of code and octets.
    flags: the other 15 flag bits. name: the owner, `.` unless something has renamed the record. last: whether it stands
    behind a TSIG record, which does not sign it then (RFC 8945 §5.1).
    """

    udp: int = 0
    do: bool = False
    version: int = 0
    options: tuple[tuple[int, bytes], ...] = ()
    flags: int = 0  # the other 15 flag bits, with DO masked out
    name: str = "."
    last: bool = False


class SharedEdns(Edns):
    """The OPT record of a request that a reply has, too: what changes it in one of them changes both."""

    __slots__ = ()


class Msg:
    """A DNS message. `extra` is without the OPT record, which is `edns`; `rcode` may be an extended one."""

    __slots__ = (
        "aa",
        "ad",
        "answer",
        "cd",
        "compress",
        "edns",
        "extra",
        "id",
        "ns",
        "opcode",
        "qr",
        "question",
        "ra",
        "rcode",
        "rd",
        "tc",
        "z",
    )

    def __init__(
        self, question: Question | None = None, *, id: int = 0, rd: bool = False, edns: Edns | None = None
    ) -> None:
        self.id = id
        self.qr = False
        self.opcode = QUERY
        self.aa = False
        self.tc = False
        self.rd = rd
        self.ra = False
        self.z = False
        self.ad = False
        self.cd = False
        self.rcode = NOERROR
        self.question = question
        self.answer: list[RR] = []
        self.ns: list[RR] = []
        self.extra: list[RR] = []
        self.edns = edns
        self.compress = False

    def reply(self, rcode: int = NOERROR) -> Msg:
        """A new reply to this message: its ID, opcode and question; RD and CD come back only for opcode QUERY."""
        m = Msg.__new__(Msg)
        m.id = self.id
        m.qr = True
        m.opcode = self.opcode
        m.aa = m.tc = m.ra = m.z = m.ad = False
        if self.opcode == QUERY:
            m.rd = self.rd
            m.cd = self.cd
        else:
            m.rd = m.cd = False
        m.rcode = rcode
        m.question = self.question
        m.answer = []
        m.ns = []
        m.extra = []
        m.edns = None
        m.compress = False
        return m

    def copy(self) -> Msg:
        """A copy whose sections can be changed without touching this one; the records themselves are shared."""
        m = Msg.__new__(Msg)
        m.id, m.qr, m.opcode, m.rcode = self.id, self.qr, self.opcode, self.rcode
        m.aa, m.tc, m.rd, m.ra = self.aa, self.tc, self.rd, self.ra
        m.z, m.ad, m.cd = self.z, self.ad, self.cd
        m.question, m.edns, m.compress = self.question, self.edns, self.compress
        m.answer = self.answer[:]
        m.ns = self.ns[:]
        m.extra = self.extra[:]
        return m

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Msg):
            return NotImplemented
        return all(getattr(self, s) == getattr(other, s) for s in Msg.__slots__ if s != "compress")

    def __repr__(self) -> str:
        asked = "" if self.question is None else f" for {self.question[0]} {type_name(self.question[1])}"
        sections = (("answer", self.answer), ("authority", self.ns), ("additional", self.extra))
        held = "".join(f", {name} {records}" for name, records in sections if records)
        return f"<Msg {rcode_name(self.rcode)}{asked}{held}{', with EDNS' if self.edns is not None else ''}>"

    __hash__ = None  # type: ignore[assignment]  # a message is mutable
