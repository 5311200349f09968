"""Machines beside the one that CoreDNS has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import corefile

APART = """
import errno, socket, sys
from corefile.testing.real.isolation import NotIsolated, isolate
from corefile.testing.real.machines import Machine
try:
    isolate()
    machines = [Machine("10.0.0.53", "198.51.100.1"), Machine("fd00::53", "2001:db8::1")]
except (NotIsolated, OSError) as e:
    raise SystemExit(f"not here: {e}")
everywhere = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
everywhere.bind(("::", 53))  # as CoreDNS listens
def ask(machine, kind):
    sock = socket.socket(socket.AF_INET6 if machine.ip.version == 6 else socket.AF_INET, kind)
    sock.settimeout(0.2)
    try:
        sock.connect((str(machine.ip), 53))
        if kind == socket.SOCK_DGRAM:
            sock.send(b"x")
            sock.recv(10)
        return sock.getsockname()[0]
    except TimeoutError:
        return sock.getsockname()[0], "silent"
    except OSError as e:
        return errno.errorcode[e.errno]
for machine in machines:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        before = ask(machine, kind)
        machine.join()
        refused = {ask(machine, kind) for _ in range(30)}
        with machine.inside():
            silent = socket.socket(socket.AF_INET6 if machine.ip.version == 6 else socket.AF_INET, kind)
            silent.bind((str(machine.ip), 53))
            if kind == socket.SOCK_STREAM:
                silent.listen()
        print(before, refused, ask(machine, kind))
        silent.close()
        machine.leave()
    machine.stop()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has network namespaces")
def test_an_upstream_is_another_machine() -> None:
    """The kind: what stands for something outside is this machine itself, which listens everywhere. One that refuses does so
    at once and each time, and one that is silent is asked from the address that the simulation has."""
    environment = {**os.environ, "PYTHONPATH": str(Path(corefile.__file__).parent.parent)}
    done = subprocess.run([sys.executable, "-c", APART], capture_output=True, text=True, env=environment, check=False)
    if done.stderr.startswith("not here"):
        pytest.skip(done.stderr)
    assert (done.stdout.splitlines(), done.stderr) == (
        [
            "ENETUNREACH {'ECONNREFUSED'} ('198.51.100.1', 'silent')",
            "ENETUNREACH {'ECONNREFUSED'} 198.51.100.1",
            "ENETUNREACH {'ECONNREFUSED'} ('2001:db8::1', 'silent')",
            "ENETUNREACH {'ECONNREFUSED'} 2001:db8::1",
        ],
        "",
    )
