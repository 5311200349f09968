"""The same packets to a real CoreDNS and to us: the same octets, or the same silence.

    COREDNS=/path/to/coredns python -m tests.fuzz.against_binary --count 50000 --seed 1

The binary is one of 1.14.7. It listens at 127.0.0.1, at ports of its own.
"""

from __future__ import annotations

import argparse
import os
import selectors
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corefile.api import loads
from corefile.world import World

from .draw import Draw
from .packets import ZONE, corefile, packet

TOGETHER = 64
"""Packets on their way at the same time."""
QUIET = 0.3
"""Seconds without a reply after which those that are left have none."""


def free_ports() -> list[int]:
    """Two ports where nothing listens."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [s.getsockname()[1] for s in sockets]
    for s in sockets:
        s.close()
    return ports


def start(binary: str, folder: str, text: str, port: int) -> subprocess.Popen[bytes]:
    """A CoreDNS with this Corefile, once it answers."""
    Path(folder, "Corefile").write_text(text, encoding="utf-8")
    Path(folder, "db.example").write_text(ZONE, encoding="utf-8")
    with Path(folder, "output").open("wb") as output:
        process = subprocess.Popen([binary, "-conf", "Corefile"], cwd=folder, stdout=output, stderr=output)
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return process
        except OSError:
            time.sleep(0.05)
    raise SystemExit(Path(folder, "output").read_text(encoding="utf-8"))


def sockets_for(octets: list[bytes], tcp: list[bool], port: int) -> list[socket.socket]:
    """A socket for each packet, which has been sent."""
    out = []
    for data, stream in zip(octets, tcp, strict=True):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM if stream else socket.SOCK_DGRAM)
        one.connect(("127.0.0.1", port))
        one.sendall(struct.pack("!H", len(data)) + data if stream else data)
        out.append(one)
    return out


def replies(sockets: list[socket.socket], tcp: list[bool], quiet: float = QUIET) -> list[bytes | None]:
    """What comes back at each."""
    out: list[bytes | None] = [None] * len(sockets)
    with selectors.DefaultSelector() as selector:
        for number, one in enumerate(sockets):
            selector.register(one, selectors.EVENT_READ, number)
        while selector.get_map():
            ready = selector.select(quiet)
            if not ready:
                break
            for key, _ in ready:
                one = sockets[key.data]
                selector.unregister(one)
                try:
                    if tcp[key.data]:
                        size = one.recv(2, socket.MSG_WAITALL)
                        out[key.data] = one.recv(struct.unpack("!H", size)[0], socket.MSG_WAITALL) if size else None
                    else:
                        out[key.data] = one.recv(65535)
                except (OSError, struct.error):
                    pass
    return out


def main(argv: list[str]) -> int:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--first", type=int, default=0, help="the number of the first packet")
    args = parser.parse_args(argv)
    binary = os.environ.get("COREDNS", "")
    if not binary:
        parser.error("COREDNS has to name a CoreDNS binary, of 1.14.7")
    port, upstream = free_ports()
    text = corefile(port, upstream)
    ours = loads(text, release="1.14.7", world=World(files={"db.example": ZONE}))
    silent = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        process = start(binary, folder, text, port)
        try:
            for first in range(args.first, args.first + args.count, TOGETHER):
                numbers = range(first, min(first + TOGETHER, args.first + args.count))
                octets = [packet(Draw(f"packets/{args.seed}/{number}")) for number in numbers]
                tcp = [number % 8 == 0 for number in numbers]
                sockets = sockets_for(octets, tcp, port)
                clients = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
                theirs = replies(sockets, tcp)
                for number, data, stream, client, said in zip(numbers, octets, tcp, clients, theirs, strict=True):
                    reply = ours.send(
                        data, client=client, to=f"127.0.0.1:{port}", transport="tcp" if stream else "udp", wait=False
                    )
                    if said is None and reply.octets is not None:  # it may have been lost on the way
                        again = sockets_for([data], [stream], port)
                        said = replies(again, [stream], 2.0)[0]
                        again[0].close()
                    silent += said is None
                    if said != reply.octets:
                        wrong += 1
                        words = [x.hex() if x is not None else "nothing" for x in (data, said, reply.octets)]
                        print(f"{number}: {words[0]}\n  binary    {words[1]}\n  simulator {words[2]}", flush=True)
                for one in sockets:
                    one.close()
        finally:
            process.kill()
            process.wait()
    print(f"{args.count} packets with seed {args.seed}, {silent} without a reply, {wrong} answered otherwise")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
