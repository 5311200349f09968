"""A CoreDNS process that sees a root folder of its own, with the files that a pod would have."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from functools import cache

from ...light import regex
from ..observe import recorded
from .machines import Machine
from .probes import GIVEN_UP, SOON, Probes

FOLDER = "/etc/coredns"
START = 15.0
"""Seconds that CoreDNS may take to start."""
WRITTEN = 0.02
"""Seconds after an answer until its line in the log is written."""

_STARTED = regex(r"^(?:\[INFO\] )?CoreDNS-\d", re.M)
_STAMP = regex(r"^\d{4}[-/]\d\d[-/]\d\d[T ]\S+ ", re.M)  # up to 1.5.2, in two forms


class CannotRun(Exception):
    """What keeps a CoreDNS from being run here, in words."""


def printed(octets: bytes) -> str:
    """What a CoreDNS has printed, without the date and time at which lines of its log begin in old releases."""
    return _STAMP.sub("", octets.decode("utf-8", "replace"))


def has_started(text: str) -> bool:
    """Whether a CoreDNS that has printed this is at work."""
    return _STARTED.search(text) is not None


def last_words(text: str, code: int) -> str:
    """Why a CoreDNS that has printed this and ended with this exit code did not start: its last line that says something."""
    lines = [line for line in text.splitlines() if line.strip() and "[INFO]" not in line and "maxprocs" not in line]
    return lines[-1] if lines else f"it ended with exit code {code}"


@cache
def libraries(binary: str) -> dict[str, str]:
    """The shared libraries that a binary needs, by the path at which it looks for them; none of one linked statically."""
    try:
        done = subprocess.run(["ldd", binary], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return {}
    return {path: os.path.realpath(path) for path in re.findall(r"(?<!\S)(/\S+) \(0x", done.stdout)}


class Process:
    """A CoreDNS with these files, relative ones in /etc/coredns, one of which is its Corefile. machine: the one that it runs
    on, if it is another. probes: how many questions `loop` asks it in the beginning, which are waited for.

    error: what it said where it did not start. lead: how many seconds ago a probe was sent that has no answer, which is when
    the simulation begins.
    """

    def __init__(
        self,
        binary: str,
        files: Mapping[str, bytes],
        environment: Mapping[str, str],
        machine: Machine | None = None,
        probes: int = 0,
    ) -> None:
        self.machine = machine
        seen = Probes() if probes else None
        self.root = tempfile.mkdtemp(prefix="corefile-")
        self._read = 0
        self.lead = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        try:
            os.makedirs(self.root + FOLDER)
            for path, local in {"/coredns": binary, **libraries(binary)}.items():
                os.makedirs(os.path.dirname(self.root + path), exist_ok=True)
                try:
                    os.link(local, self.root + path)
                except OSError:
                    shutil.copy2(local, self.root + path)
            for path, octets in files.items():
                self.write(path, octets)
            self.output = open(os.path.join(self.root, "output"), "w+b")  # noqa: SIM115 - closed by stop()
            self.process = subprocess.Popen(
                ["/coredns", "-conf", "Corefile"],
                stdin=subprocess.DEVNULL,
                stdout=self.output,
                stderr=subprocess.STDOUT,
                env=dict(environment),
                preexec_fn=self._enter,
            )
        except (OSError, subprocess.SubprocessError) as e:
            self.stop()
            raise CannotRun(
                f"the binary does not start in a folder of its own ({e}); one that is linked statically does"
            ) from None
        try:
            self.error = self._started()
            if seen is not None and self.error is None:
                self.error = self._probed(seen, probes)
        except CannotRun:
            self.stop()  # or it would keep its ports
            raise
        finally:
            if seen is not None:
                seen.close()
        if not self.lead:
            self.log()

    def _enter(self) -> None:
        if self.machine is not None:
            self.machine.enter()
        os.chroot(self.root)
        os.chdir(FOLDER)

    def _started(self) -> str | None:
        assert self.process is not None
        end = time.monotonic() + START
        while time.monotonic() < end:
            ended = self.process.poll()
            text = self.text()
            if has_started(text):
                return None
            if ended is not None:
                return last_words(text, ended)
            time.sleep(0.01)
        raise CannotRun(f"it did not start within {START:.0f} seconds")

    def _probed(self, seen: Probes, number: int) -> str | None:
        """Wait for the probes of `loop`, one of which may end the process; what it says then."""
        process = self.process
        assert process is not None
        for slow in (SOON, GIVEN_UP):  # what is printed later belongs to a step, unless all are answered
            self.lead = seen.wait(number, lambda: process.poll() is not None, slow)
            time.sleep(WRITTEN)
            if slow == SOON:
                self.log()
        ended = process.poll()
        return None if ended is None else last_words(self.text(), ended)

    def write(self, path: str, octets: bytes) -> None:
        """Put a file there, or another in its place."""
        at = os.path.normpath(os.path.join(FOLDER, path))
        target = self.root + at
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(octets)

    def text(self) -> str:
        """What it has printed."""
        with open(self.output.name, "rb") as file:
            return printed(file.read())

    def log(self) -> list[str]:
        """The lines of its log since the last call, as tests look at them."""
        lines = self.text().splitlines()
        new, self._read = lines[self._read :], len(lines)
        return recorded(new, time.time())

    def stop(self) -> None:
        """End it, and remove its files."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.output.close()
        shutil.rmtree(self.root, ignore_errors=True)


__all__ = ["FOLDER", "WRITTEN", "CannotRun", "Process", "has_started", "last_words", "printed"]
