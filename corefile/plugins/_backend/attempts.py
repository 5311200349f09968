"""What came of the servers that were asked, for a trace."""

from __future__ import annotations

from ...plugin import Reason, Why

ANSWERED = Reason("answered", "{} answered")
ANSWERED_AT_LAST = Reason("answered-after-failures", "{}; {} answered")
WRONG_ANSWER = Reason("wrong-answer", "{} answered another question: FORMERR")
FAILED = Reason("all-failed", "{}")
TIME_IS_UP = Reason("time-is-up", "{}; no further server is tried after {:g} s")


class Attempts(dict[tuple[str, str, float], int]):
    """The servers that were asked in vain for one question, or passed over: how often, by what is said of them, the error, and
    the seconds that it took. `failures`: how many failed.

    >>> attempts = Attempts()
    >>> for _ in range(2):
    ...     attempts.failed("10.0.0.1:53", "i/o timeout", 2.0)
    >>> attempts.down("10.0.0.2:53")
    >>> str(attempts)
    '10.0.0.1:53 failed 2 times, after 2 s each: i/o timeout; 10.0.0.2:53 is down'
    """

    failures = 0

    def failed(self, address: str, error: str, took: float) -> None:
        """A server has failed, after `took` seconds."""
        self.failures += 1
        self._count(address, error, took)

    def down(self, address: str) -> None:
        """A server has not been asked, since it is down."""
        self._count(f"{address} is down", "", 0.0)

    def all_down(self) -> None:
        """None is up, and one is asked."""
        self._count("all are down, so one of them is asked all the same", "", 0.0)

    def answered(self, address: str, rcode: str) -> None:
        """A server has answered with an rcode for which another one is asked."""
        self._count(f"{address} answered {rcode}, which `failover` names", "", 0.0)

    def _count(self, what: str, error: str, took: float) -> None:
        key = (what, error, took)
        self[key] = self.get(key, 0) + 1

    def then(self, address: str) -> Why:
        """That another server has answered after these."""
        return (ANSWERED_AT_LAST, str(self), address) if self else (ANSWERED, address)

    def __str__(self) -> str:
        out = []
        for (what, error, took), times in self.items():
            text = what
            if error:
                often = f" {times} times" if times > 1 else ""
                after = f"{',' if often else ''} after {took:g} s{' each' if often else ''}" if took else ""
                text += f" failed{often}{after}: {error}"
            out.append(text)
        return "; ".join(out)


__all__ = ["FAILED", "TIME_IS_UP", "WRONG_ANSWER", "Attempts"]
