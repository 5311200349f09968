"""The lexer against one that goes letter by letter, as CoreDNS's does."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corefile.findings import Source
from corefile.language.words import breaks, continues, decode, words

SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2006\u200a\u2028\u2029\u202f\u205f\u3000"
LETTERS = 'ab"\\#{},' + SPACES + "\ufeff\x1c\x1f\u200b\u180eé"


def letter_by_letter(text: str) -> list[tuple[str, int]]:
    """A second, slow lexer: the rules as words.py states them."""
    found = []
    line, at = 1, 1 if text.startswith("\ufeff") else 0
    while at < len(text):
        word, begun, comment = "", 0, False
        while at < len(text):
            letter = text[at]
            if not word and not comment and letter == '"':
                begun, at, closed = line, at + 1, False
                while at < len(text) and not closed:
                    if text.startswith('\\"', at):
                        word, at = word + '"', at + 2
                    elif text[at] == "\\":
                        pair = text[at : at + 2]
                        line += pair.count("\n")
                        word, at = word + (pair if len(pair) == 2 else ""), at + 2
                    elif text[at] == '"':
                        closed, at = True, at + 1
                    else:
                        line += text[at] == "\n"
                        word, at = word + text[at], at + 1
                if closed or word:
                    found.append((word, begun))
                word = ""
                break
            at += 1
            if letter == "\r":
                continue
            if letter in SPACES:
                if word:
                    found.append((word, begun))
                    word = ""
                    line += letter == "\n"
                    break
                line += letter == "\n"
                comment = comment and letter != "\n"
                continue
            comment = comment or letter == "#"
            if comment:
                continue
            if not word:
                begun = line
            word += letter
        else:
            if word:
                found.append((word, begun))
    return found


@given(st.text(alphabet=LETTERS, max_size=40))
def test_words_and_lines(text: str) -> None:
    assert [(token.text, token.line) for token in words(Source("f", text))[:-1]] == letter_by_letter(text)


@given(st.text(alphabet=LETTERS, max_size=40))
def test_a_text_is_its_words_and_what_belongs_to_them(text: str) -> None:
    found = words(Source("f", text))
    assert [word.before for word in found] == [0, *(word.end for word in found[:-1])]
    assert found[-1].end == len(text)
    assert all(word.written == word.text for word in found)
    assert [breaks(*pair) for pair in pairwise(found[:-1])] == [
        "\n" in text[a.end : b.start] for a, b in pairwise(found[:-1])
    ]
    assert [continues(*pair) for pair in pairwise(found)] == [not breaks(*pair) for pair in pairwise(found)]


@given(st.text())
def test_any_text_has_words(text: str) -> None:
    assert [(token.text, token.line) for token in words(Source("f", text))[:-1]] == letter_by_letter(text)


@given(st.binary(max_size=20))
def test_bytes_become_one_character_for_each_bad_byte(data: bytes) -> None:
    kept = decode(data).replace("\ufffd", "")
    assert kept == data.decode("utf-8", "ignore").replace("\ufffd", "")
    assert decode(b"\xe2\x82\xff\xed\xa0\x80a\xc3") == "\ufffd" * 6 + "a\ufffd"


def test_comments_belong_to_words() -> None:
    a, x, end = words(Source("f", "# one\n#two \n\na#glued x\t# three\r\n# four"))
    assert (a.comments, a.comment_behind) == (("one", "two"), "glued")
    assert (x.comments, x.comment_behind) == (("glued",), "three")
    assert (end.comments, end.comment_behind) == (("three", "four"), "")
