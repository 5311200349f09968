"""Templates, and what Go 1.26 made of them: drawn at random, one of each kind of error kept. `query` is the number of the query
in `queries`; `prints` is the output, `fails` the error of Execute, `refused` that of Parse."""

from __future__ import annotations

import json
from pathlib import Path

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data/gotemplate.jsonl").read_text(encoding="utf-8").splitlines()
]
