"""Whether questions near to landmarks fall into their cells: what the tests of this folder do."""

from __future__ import annotations

from random import Random

from corefile import Classes, Server
from corefile.classes.behaviour import Asked, differs
from corefile.classes.near import Near


def stray(server: Server, count: int = 1000, seed: int = 1, *, most: int = 1) -> list[str]:
    """Questions that are answered otherwise than the witness of their cell, with how: at most so many of them."""
    classes = Classes(server, alike=False)
    near, draw = Near(classes), Random(seed)
    own = classes.server.world.client
    wrong = []
    for _ in range(count):
        question = near.question(draw)
        cell = classes.cell(question)
        mine, yours = classes.ask(question), cell.behaviour
        if mine != yours:
            wrong.append(f"{question}: {mine}\n  {mine}\nbut {cell.witness}: {yours}\n {tuple(yours)}\n {tuple(mine)}")
        else:
            witness = cell.witness
            asked = [Asked(classes.message(q), q.client or own) for q in (question, witness)]
            how = differs(classes.reply(question), asked[0], classes.reply(witness), asked[1])
            if how:
                wrong.append(f"{question} and {witness}: {how}")
        if len(wrong) >= most:
            break
    return wrong
