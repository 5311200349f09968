"""What Go's net/url says of text that it does not take for a URL."""

from __future__ import annotations


def control_error(text: str) -> str:
    """What url.Parse says of text with a control character in it, before it looks at anything else; '' for other text.

    >>> control_error("http://a"), control_error("http://a\\n")
    ('', 'net/url: invalid control character in URL')
    """
    if any(letter < " " or letter == "\x7f" for letter in text):
        return "net/url: invalid control character in URL"
    return ""


__all__ = ["control_error"]
