"""From nodes back to text."""

from corefile.language.printer import to_text
from corefile.language.tree import parse


def test_nodes_of_several_texts_print_together() -> None:
    one, two = parse("a {\n}\n").document, parse("b {\n}\n").document
    assert to_text(one._replace(items=two.items + one.items)) == "b {\n}\na {\n}\n"


def test_a_part_prints_with_what_stands_before_it() -> None:
    (block,) = parse("# first\na { # one\n log # two\n}\n# last\n").document.blocks
    assert to_text(block) == "# first\na { # one\n log # two\n}"
    assert to_text(block.lines[0]) == " # one\n log"
