"""Classes of questions that a server answers alike: what its plugins tell apart (their landmarks), put together, with one
witness for each."""

from .behaviour import Behaviour, RecordKind, Route, Step, differs
from .engine import Cell, Class, Classes
from .question import Question

__all__ = ["Behaviour", "Cell", "Class", "Classes", "Question", "RecordKind", "Route", "Step", "differs"]
