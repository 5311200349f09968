"""Settings of `corefile check` in `corefile.toml`, or in `pyproject.toml` below `[tool.corefile]`: the nearest file upward from
what is checked. What the command line says counts more."""

from __future__ import annotations

import os
from typing import Any

from ..findings import TooLarge
from ..language.files import Reach, led_out, read_file, top_of
from ..light import NamedTuple
from ._inputs import WrongUse

NAMES = ("corefile.toml", "pyproject.toml")
ADDED = ("env", "file", "address", "cluster", "upstream", "plugin")
"""Lists that the command line adds to."""
FILES = ("file", "cluster", "upstream")
"""Those that name files."""
LISTS = ("select", "ignore", "exclude", *ADDED)
TEXTS = ("release", "kubernetes-version", "format")
SWITCHES = ("strict", "exit-zero", "quiet")
TABLE = "per-file-ignores"


class Config(NamedTuple):
    """What a file says. root: its folder; path: '' without one."""

    values: dict[str, Any]
    root: str
    path: str


def nearest(start: str) -> Config:
    """The settings for a folder. Raises WrongUse for a file that is not as it should be."""
    folder = os.path.abspath(start)
    while True:
        for name in NAMES:
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                top = led_out(path)
                if top:
                    raise WrongUse(
                        f"{path}: it lies outside of {os.path.relpath(top)}, so it is not read: --config names it"
                    )
                values = _read(path, whole=name == NAMES[0])
                if values is not None:
                    return Config(_from_here(checked(values, path), folder), folder, path)
        above = os.path.dirname(folder)
        if above == folder:
            return Config({}, os.path.abspath(start), "")
        folder = above


def of_file(path: str) -> Config:
    """The settings in a file that is named. Raises WrongUse."""
    if not os.path.isfile(path):
        raise WrongUse(f"--config {path}: there is no such file")
    values = _read(path, whole=os.path.basename(path) != NAMES[1])
    folder = os.path.dirname(os.path.abspath(path))
    return Config(_from_here(checked(values or {}, path), folder), folder, path)


def _from_here(values: dict[str, Any], folder: str) -> dict[str, Any]:
    """The values, with paths that begin in the file's folder as they are from the folder of the call."""
    return {name: [_path(name, x, folder) for x in value] if name in FILES else value for name, value in values.items()}


def _path(name: str, text: str, folder: str) -> str:
    lead, equals, path = ("", "", text) if name == "cluster" else text.partition("=")
    if not path or path == "-" or path.startswith(("@", "/")):
        return text
    return f"{lead}{equals}{os.path.relpath(os.path.join(folder, path))}"


def guarded(config: Config, within: str | None) -> Config:
    """The settings, which come with what is checked: they may name no variable of this process, and no file that a Corefile may
    not name. Raises WrongUse."""
    reach = Reach(top_of(config.root) if within is None else within)
    for text in config.values.get("env", ()):
        if "=" not in text:
            raise WrongUse(
                f"{config.path}: `env` gives values, as in `{text}=VALUE`: only --env passes on what this process has"
            )
    for name in FILES:
        for text in config.values.get(name, ()):
            path = text.partition("=")[2] if name != "cluster" else text
            if path != "-" and not path.startswith("@") and not reach.has(path):
                raise WrongUse(
                    f"{config.path}: `{name}`: {path} lies outside of {os.path.relpath(reach.root)}, so it is not read: "
                    "--allow-outside lets it"
                )
    return config


def _read(path: str, *, whole: bool) -> dict[str, Any] | None:
    """What a file says; None where it says nothing to this tool."""
    try:
        data = read_file(path)
        if not whole and b"corefile" not in data:
            return None
        import tomllib

        found: Any = tomllib.loads(data.decode("utf-8-sig"))
        if not whole:
            found = found.get("tool", {}).get("corefile") if isinstance(found.get("tool", {}), dict) else None
    except OSError as e:
        raise WrongUse(f"{path}: {e.strerror or e}") from None
    except TooLarge as e:
        raise WrongUse(f"{e.message}: {e.hint}") from None
    except (ValueError, RecursionError) as e:  # what is neither UTF-8 nor TOML
        raise WrongUse(f"{path}: this is no TOML: {e}") from None
    if found is not None and not isinstance(found, dict):
        raise WrongUse(f"{path}: `tool.corefile` is a table")
    return found


def checked(values: dict[str, Any], path: str) -> dict[str, Any]:
    """The values, with `_` in names as `-`. Raises WrongUse for one that is not known or of another type."""
    out: dict[str, Any] = {}
    for given, value in values.items():
        name = given.replace("_", "-")
        if (
            (name in TEXTS and isinstance(value, str))
            or (name in SWITCHES and isinstance(value, bool))
            or (name in LISTS and isinstance(value, list) and all(isinstance(x, str) for x in value))
        ):
            out[name] = value
        elif name == TABLE and isinstance(value, dict) and all(_is_list(x) for x in value.values()):
            out[name] = {pattern: [words] if isinstance(words, str) else words for pattern, words in value.items()}
        else:
            raise WrongUse(f"{path}: {_why(given, name)}")
    return out


def _is_list(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(x, str) for x in value))


def _why(given: str, name: str) -> str:
    if name in TEXTS:
        return f"`{given}` is a text in quotes"
    if name in SWITCHES:
        return f"`{given}` is true or false"
    if name in LISTS:
        return f"`{given}` is a list of texts"
    if name == TABLE:
        return f'`{given}` is a table of lists, such as {{"legacy/*" = ["CF6"]}}'
    from difflib import get_close_matches

    close = get_close_matches(name, (*TEXTS, *SWITCHES, *LISTS, TABLE), n=1)
    if name == "tool":
        return "settings stand here without `[tool.corefile]`: that is for pyproject.toml"
    return f"there is no setting `{given}`" + (f": did you mean `{close[0]}`?" if close else "")


__all__ = ["Config", "checked", "guarded", "nearest", "of_file"]
