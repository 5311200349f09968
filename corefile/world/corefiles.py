"""The Corefiles in files and folders, each with its folder and what its cluster mounts beside it."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from ..findings import LIMITS, MADE_UP, Finding, Limits, Source, Span
from ..language.files import Reach, below, join, led_out, outside, read_file, top_of
from ..language.templates import of_file
from ..language.words import decode
from ..light import NamedTuple, regex
from .files import Pod, is_at

if TYPE_CHECKING:
    from ..language.configmap import ConfigMap
    from .workloads import Workload

COREFILE = 200
"""How many values of YAML a Corefile counts as, so that a file cannot have any number of them."""
MANIFESTS = (".yaml", ".yml", ".json")
TERRAFORM = ".tf"

_COREFILE = regex(r"corefile(?:[.-].*)?|.*\.corefile|coredns\.conf", re.I)
_ADDITION = regex(r".*\.(?:server|override)")
_NO_COREFILE = regex(
    r".*\.(?:py|go|js|ts|md|rst|html|lark|toml|lock|sh|png|svg|j2|jinja2?|tpl|tmpl|template|gotmpl|mustache|erb|in|bak|orig|rej"
    r"|diff|patch|swp|gz|tgz|zip|bz2|xz|zst|tar|[1-9])",
    re.I,
)
"""Names that say what else a file is: a program, a page (`.5` is one of a manual), a template."""
KUBE_DNS = "kube-dns"
STUBS = ("stubDomains", "upstreamNameservers", "federations")
"""What the ConfigMap of kube-dns has."""
_VALUES = regex(r"""(?:^\ufeff?|[{,])[ \t]*["']?(?:[Cc]orefile|externalCoreFile)["']?[ \t]*:""", re.M)
_ADDON = regex(r"""["']?[cC]onfigurationValues["']?[ \t]*:""")
_CHART = regex(r"^\ufeff?[ \t]*servers[ \t]*:", re.M)
_ENTRY = regex(
    r"""\ufeff?(?:[^\S\n]*+(?:\#[^\n]*+)?\n)*+(?:---[^\n]*+\n)?(?:[^\S\n]*+(?:\#[^\n]*+)?\n)*+"""
    r"""(?:[{]\s*"|["']?[A-Za-z][\w.-]*(?:[ ][\w.-]+)*["']?[ \t]*:(?:\s|$))"""
)
"""How YAML and JSON begin that are a mapping: what is named without saying so, such as standard input, may be values. What
helm prints begins with words: `USER-SUPPLIED VALUES:`."""
_GENERATOR = regex(r"^\ufeff?(?:configMapGenerator|patches\w*)[ \t]*:", re.M)
_HAVING = (_VALUES, _GENERATOR, _CHART, _ADDON)
"""What YAML has in it that has a Corefile otherwise than as a ConfigMap."""


class Corefile(NamedTuple):
    """A Corefile. files: what stands beside it in the cluster, by its path from there. root: its folder on disk.
    mounted: whether it is in a ConfigMap rather than in that folder. alone: whether only additions to it are given, and
    it is made up around them. workload: the container that runs it, where it is found with it. pod: the files of that
    container, where it is known to read this Corefile."""

    source: Source
    files: dict[str, Source]
    root: str
    mounted: bool = False
    alone: bool = False
    workload: Workload | None = None
    pod: Pod | None = None

    @property
    def around(self) -> dict[str, Source]:
        """The files, those of a pod by their whole paths, too."""
        if self.pod is None:
            return self.files
        return {**self.files, **{join(self.pod.folder, path): entry for path, entry in self.files.items()}}


class Corefiles(NamedTuple):
    """What was found in some paths.

    findings: what is no YAML. without: files that were named and have no Corefile in them. errors: why others could not be
    read. passed: files of folders that were passed over, and why. instead: sentences that say what the files in `without`
    have in place of a Corefile.
    """

    found: list[Corefile]
    findings: list[Finding]
    without: list[str]
    errors: list[OSError]
    passed: list[tuple[str, str]]
    instead: list[str]


def read_text(path: str) -> str:
    """The text of a file that the user names. Raises OSError, TooLarge."""
    return text_of(read_file(path, pipes=True))


_MARKS = ((b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
"""Byte order marks, and the encodings that they are of."""


def text_of(data: bytes) -> str:
    """The text of a file that may be YAML: that is also read in UTF-16 and UTF-32 with a byte order mark (YAML 1.1, chapter
    5.2), as PowerShell's `>` writes it; a Corefile is not."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "")
    if encoding:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            return decode(data)
        if looks_like_manifest(text) or _may_be_yaml(text):
            return text
    return decode(data)


def corefiles(
    paths: Iterable[str],
    read: Callable[[str], str] = read_text,
    within: str | None = None,
    limits: Limits = LIMITS,
    *,
    handed: bool = False,
) -> Corefiles:
    """The Corefiles in files, and in folders with all below them.

    In a folder a Corefile is named `Corefile`, `Corefile.prod`, `Corefile-dev`, `*.corefile` or `coredns.conf`, additions
    to one are `*.server` and `*.override`, and YAML and JSON are looked at: ConfigMaps, generators of them, and values with a
    `corefile`. ConfigMaps in several files are of one cluster: see `language.configmap.together`. `read` is for files that
    are named themselves; others are read where they are inside of `within` (see `World`). handed: whether files are named
    by a program that does not look into them, as pre-commit does: templates and bad YAML are passed over then, as they are
    in folders.
    """
    search = _Search(limits, handed)
    for number, (path, reach) in enumerate(_files(paths, within, search.out.errors)):
        named = reach is None
        try:
            if reach is not None and not reach.has(path):
                raise outside(path, reach.root)
            text = read(path) if named else text_of(read_file(path, most=limits.file_size))
        except OSError as error:
            search.out.errors.append(error)
            continue
        search.look(number, path, reach, text)
    return search.done()


class Images:
    """The images that containers have, and those that values name: which one is nearest to a Corefile."""

    def __init__(self, workloads: Iterable[Workload]) -> None:
        self._first: dict[tuple[bool, str], Workload] = {}  # by whether it is of no known release, and by file
        places: dict[str, dict[tuple[int, int], tuple[bool, Workload]]] = {}
        for one in workloads:
            unknown = one.known is None and one.series is None
            self._first.setdefault((unknown, one.path), one)
            of_file = places.setdefault(one.path, {})
            before = of_file.get((one.start, one.end))
            if one.end and (before is None or before[0] > unknown):
                of_file[one.start, one.end] = (unknown, one)
        self._places = {
            path: sorted(found.values(), key=lambda place: (place[1].start, -place[1].end))
            for path, found in places.items()
        }
        self._outer: dict[str, list[int]] = {}
        for path, found in self._places.items():
            outer = self._outer.setdefault(path, [])
            for number, (_, one) in enumerate(found):
                above = number - 1
                while above >= 0 and found[above][1].end <= one.start:
                    above = outer[above]
                outer.append(above)

    def nearest(self, path: str, at: int) -> Workload | None:
        """For what stands in a file, at a place there: what values around it say, or else the file that is the closest. One
        of a known release comes first."""
        from ..language.configmap import distance

        around = [*self._around(path, at)]
        if around:
            return min(around, key=lambda found: (found[0], found[1].end - found[1].start))[1]
        key = min(self._first, key=lambda key: (key[0], distance(key[1], path)), default=None)
        return None if key is None else self._first[key]

    def _around(self, path: str, at: int) -> Iterator[tuple[bool, Workload]]:
        """Those whose values have a place in them; these lie in each other."""
        found = self._places.get(path, [])
        number = bisect_right(found, at, key=lambda place: place[1].start) - 1
        while number >= 0:
            if at < found[number][1].end:
                yield found[number]
            number = self._outer[path][number]


class _Search:
    """What has been found so far. numbers: of files, by name, in their order. unread: those of them that are no YAML
    somewhere. mounted: what generators of ConfigMaps put beside Corefiles, by their paths."""

    def __init__(self, limits: Limits, handed: bool = False) -> None:
        self.limits = limits
        self.handed = handed
        self.out = Corefiles([], [], [], [], [], [])
        self.found: list[tuple[int, Corefile]] = []
        self.maps: list[ConfigMap] = []
        self.numbers: dict[str, int] = {}
        self.named: set[str] = set()
        self.additions: list[tuple[int, str, Source]] = []
        self.workloads: list[Workload] = []
        self.seen: set[str] = set()
        self.unread: set[str] = set()
        self.filled_by_terraform: set[str] = set()
        self.mounted: dict[str, dict[str, Source]] = {}

    def look(self, number: int, path: str, reach: Reach | None, text: str) -> None:
        """Look at a file; `reach` is None for one that is named itself."""
        named = reach is None
        name = "<stdin>" if path == "-" else path
        if os.path.normpath(path) in self.seen and path != "-":
            return
        if self.handed and _NO_COREFILE.fullmatch(os.path.basename(path)):
            self.out.passed.append((name, "by its name no Corefile"))
            return
        self.numbers[name] = number
        if named:
            self.named.add(name)
        if path.endswith(TERRAFORM):
            from ..language.terraform import heredocs

            for one in heredocs(name, text):
                if "${" in one.text or "%{" in one.text:
                    self.filled_by_terraform.add(name)
                else:
                    self.found.append((number, Corefile(one, {}, _folder(path), True)))
            return
        if looks_like_manifest(text) and self._manifest(name, reach, text):
            return
        if path.endswith(MANIFESTS) and "\0" not in text:
            if self._is_read(name, reach, text):
                self._take_workloads(name, reach, text)
                self._values(number, name, reach, text)
        elif named and _may_be_yaml(text) and self._are_values(number, name, text):
            return
        elif _ADDITION.fullmatch(os.path.basename(path)):
            self.additions.append((number, path, Source(name, text)))
        else:
            self.seen.add(os.path.normpath(path))
            self.found.append((number, Corefile(Source(name, text), {}, _folder(path))))

    def _manifest(self, name: str, reach: Reach | None, text: str) -> bool:
        """Take what is in Kubernetes YAML; whether the text is meant as that."""
        from ..language.configmap import config_maps_above, is_manifest

        if not is_manifest(text):
            return False
        maps, wrong = config_maps_above(name, text, self.limits)
        if wrong is not None and not self._take_unread(
            name, reach, text, [wrong], ours=re.search(r"\bCorefile\b", text) is not None
        ):
            return True
        self.maps += maps
        self._take_workloads(name, reach, text)
        if any(pattern.search(text) for pattern in _HAVING):
            self._values(self.numbers[name], name, reach, text)
        return True

    def _take_workloads(self, name: str, reach: Reach | None, text: str) -> None:
        """Take what YAML says of the CoreDNS that runs."""
        from .workloads import workloads

        self.workloads += workloads(name, text, self.limits)
        if "services" in text:
            from .compose import services

            within = reach or Reach(top_of(_folder(name)))
            for service in services(name, text, self.limits):
                binds = {inside: here if within.has(here) else "" for inside, here in service.binds.items()}
                self.workloads.append(service._replace(binds=binds))

    def _take_unread(
        self, name: str, reach: Reach | None, text: str, findings: Iterable[Finding], *, ours: bool
    ) -> bool:
        """Take what is wrong with a file that cannot be read: of one that is named itself, and of one in a folder that has a
        Corefile in it (`ours`) and is no template. Whether the documents above it count, too: those of a template say
        nothing, and neither do those of a file that is passed over."""
        self.unread.add(name)
        template = of_file(text)
        if (reach is None and not self.handed) or (not template and ours):
            self.out.findings.extend(
                f._replace(hint=template) if template and f.code == "bad-yaml" else f for f in findings
            )
            return not template and all(f.code != "too-large" for f in findings)
        self.out.passed.append((name, "a template" if template else "no YAML"))
        return False

    def _is_read(self, name: str, reach: Reach | None, text: str) -> bool:
        """Whether YAML without Kubernetes objects can be read, as far as it is looked at."""
        ours = any(pattern.search(text) for pattern in _HAVING)
        if not ours and (reach is not None or self.handed):
            return True
        from ..language.configmap import unread
        from ..language.documents import DocumentError, nodes

        try:
            for _ in nodes(text, limits=self.limits):
                pass
        except DocumentError as error:
            self._take_unread(name, reach, text, [unread(name, text, error)], ours=_VALUES.search(text) is not None)
            return False
        return True

    def _are_values(self, number: int, name: str, text: str) -> bool:
        """Whether a text that may be a Corefile as well is values, which are taken then."""
        broken = _VALUES.search(text) is not None and not self._is_read(name, None, text)
        if broken or self._values(number, name, None, text):
            self._take_workloads(name, None, text)
            return True
        return False

    def _values(self, number: int, path: str, reach: Reach | None, text: str) -> bool:
        """Take Corefiles in values of charts and add-ons, and those that a generator of ConfigMaps names. Whether there are
        any."""
        if not any(pattern.search(text) for pattern in _HAVING):
            return False
        from ..language.configmap import values

        before = len(self.found)
        if "servers" in text:
            from ..language.charts import charts

            for made in charts(path, text, self.limits):
                self.found.append((number, Corefile(made.source, made.files, _folder(path), True)))
        for source in values(path, text, self.limits):
            self.found.append((number, Corefile(source, {}, _folder(path), True)))
        if not _GENERATOR.search(text):
            return len(self.found) > before
        from ..language.kustomize import generated, inline

        for source in sorted(inline(path, text, self.limits), key=lambda source: source.locate(0)[1:3]):
            self.found.append((number, Corefile(source, {}, _folder(path), True)))
        reach = reach or Reach(top_of(_folder(path)))
        for name, keys in generated(text, self.limits):
            main = self._generated(path, name, reach)
            if main is None:
                continue
            files = {key: self._generated(path, beside, reach) for key, beside in keys.items()}
            self.mounted[main.path] = {key: source for key, source in files.items() if source is not None}
            if main.path not in self.seen:
                self.seen.add(main.path)
                self.found.append((number, Corefile(main, {}, _folder(main.path))))
        return len(self.found) > before

    def _generated(self, path: str, name: str, reach: Reach) -> Source | None:
        """A file that a generator names; None where there is none."""
        beside = os.path.normpath(os.path.join(_folder(path), name))
        if not os.path.isfile(beside) or not reach.has(beside):
            return None
        try:
            return Source(beside, decode(read_file(beside, most=self.limits.file_size)))
        except OSError as error:
            self.out.errors.append(error)
            return None

    def done(self) -> Corefiles:
        """All that was found, in the order of the files."""
        if self.maps:
            self._take_maps()
        binding = [workload for workload in self.workloads if workload.binds and workload.conf]
        if binding:
            places = {os.path.normpath(c.source.path): n for n, (_, c) in enumerate(self.found) if not c.mounted}
            for workload in binding:
                self._take_bound(workload, places)
        self._take_additions()
        for place, (number, corefile) in enumerate(self.found):
            files = self.mounted.get(os.path.normpath(corefile.source.path))
            if files:
                self.found[place] = (number, corefile._replace(files={**corefile.files, **files}))
        self.found.sort(key=lambda pair: pair[0])
        self._leave_out()
        out = self.out
        out.found.extend(self._with_tag(self._with_workload(corefile)) for _, corefile in self.found)
        having = {c.source.path for c in out.found} | {s.path for c in out.found for s in c.files.values()}
        having |= {c.workload.path for c in out.found if c.workload is not None and c.pod is not None}
        for name in self.numbers:
            if name in having or name in self.unread:
                continue
            if name in self.named:
                out.without.append("-" if name == "<stdin>" else name)
                out.instead.extend(self._instead(name))
            else:
                why = "Terraform fills it in" if name in self.filled_by_terraform else "no Corefile in it"
                out.passed.append((name, why))
        return out

    def _leave_out(self) -> None:
        """Leave out the Corefiles of a file that has too many of them."""
        most = max(self.limits.yaml_values // COREFILE, 1)
        if len(self.found) <= most:
            return
        counted: dict[str, int] = {}
        kept: list[tuple[int, Corefile]] = []
        for place in self.found:
            source = place[1].source
            counted[source.path] = counted.get(source.path, 0) + 1
            if counted[source.path] <= most or source.path == MADE_UP:
                kept.append(place)
            elif counted[source.path] == most + 1:
                embedding = source.embedding
                at = embedding.offset(0) if embedding is not None else 0
                whole = Source(source.path, embedding.text if embedding is not None else source.text)
                said = f"This is not read: there are {most:,} Corefiles above (the limit `yaml-values`)"
                hint = "--limit yaml-values=NUMBER raises the limit"
                self.out.findings.append(Finding("too-large", said, Span(whole, at, at + 1), hint))
        self.found = kept

    def _take_maps(self) -> None:
        """Take the Corefiles of all ConfigMaps."""
        from .mounts import read_by

        for one, workload, pod in read_by(self.maps, self.workloads):
            path = next(iter(one.files.values())).path if one.alone else one.source.path
            corefile = Corefile(one.source, one.files, _folder(path), True, one.alone, workload, pod)
            self.found.append((self.numbers[path], corefile))

    def _take_bound(self, workload: Workload, places: dict[str, int]) -> None:
        """Take the Corefile of the disk that a container reads. places: of those that are found, by their paths."""
        from .workloads import is_own

        has_more = workload.is_built or not is_own(workload.image)
        inside = max((path for path in workload.binds if is_at(workload.conf, path)), key=len, default=None)
        if inside is None and not has_more:
            self._miss(workload, places)
        if inside is None or not workload.binds[inside]:
            return
        here = os.path.normpath(os.path.join(workload.binds[inside], workload.conf[len(inside) :].lstrip("/")))
        mounts = dict.fromkeys(workload.binds, False)
        folder = os.path.dirname(workload.conf)
        pod = Pod(
            folder,
            mounts,
            binds=workload.binds,
            has_more=has_more,
            cwd=workload.folder,
            dns_port=workload.dns_port,
        )
        place = places.get(here)
        if place is not None:
            self._has(place, workload, pod)
            return
        if here in self.seen or not os.path.isfile(here) or not Reach(top_of(_folder(workload.path))).has(here):
            return
        try:
            source = Source(here, decode(read_file(here, most=self.limits.file_size)), os.path.basename(workload.conf))
        except OSError as error:
            self.out.errors.append(error)
            return
        self.seen.add(here)
        places[here] = len(self.found)
        corefile = Corefile(source, {}, _folder(here), workload=workload, pod=pod)
        self.found.append((self.numbers[workload.path], corefile))

    def _miss(self, workload: Workload, places: Mapping[str, int]) -> None:
        """Note at a Corefile that a container has it, and does not look for it there."""
        for inside, here in workload.binds.items():
            place = places.get(os.path.normpath(here)) if here else None
            if place is not None:
                pod = Pod(os.path.dirname(inside), {}, workload.conf, workload.is_told, workload.binds)
                self._has(place, workload, pod)

    def _has(self, place: int, workload: Workload, pod: Pod) -> None:
        """Note the container that has a Corefile, unless another one is noted."""
        number, corefile = self.found[place]
        if corefile.pod is None:
            self.found[place] = (number, corefile._replace(workload=workload, pod=pod))

    def _instead(self, name: str) -> Iterator[str]:
        """What a file without a Corefile has that is about CoreDNS."""
        if name in self.filled_by_terraform:
            yield "Terraform fills in its `${...}`: give what it makes"
        if not self.maps and not self.workloads:
            return
        from ..language import configmap

        for one in self.maps:
            if one.path == name and one.name == KUBE_DNS and {*STUBS} & {*one.entries}:
                yield f"ConfigMap {KUBE_DNS} is for kube-dns and NodeLocal DNSCache: --cluster FILE takes it"
            elif one.path == name and one.name == configmap.CUSTOM:
                yield f"ConfigMap {one.name} has no additions"
        for workload in self.workloads:
            if workload.path == name and workload.conf:
                over = [mount for mount in workload.mounts if is_at(workload.conf, mount.path)]
                names = [part.name for mount in over[-1:] for part in mount.parts]
                yield f"its container of {workload.image} reads {workload.conf}" + (
                    f": give ConfigMap {' and '.join(names)}, too" if names else ""
                )

    def _take_additions(self) -> None:
        """Additions that no Corefile beside them imports are checked alone, those of a folder together."""
        if not self.additions:
            return
        from ..language.configmap import around

        importing = {os.path.normpath(c.root) for _, c in self.found if "import" in c.source.text}
        alone: dict[str, dict[str, Source]] = {}
        for number, path, source in self.additions:
            folder = os.path.normpath(_folder(path))
            if source.path not in self.named and importing & {folder, os.path.dirname(folder) or "."}:
                self.out.passed.append((source.path, "imported by the Corefile beside it"))
                del self.numbers[source.path]
                continue
            files = alone.setdefault(folder, {})
            if not files:
                corefile = Corefile(Source(MADE_UP, ""), files, folder, True, True)
                self.found.append((number, corefile))
            files[f"custom/{os.path.basename(path)}"] = source
        for place, (number, corefile) in enumerate(self.found):
            if corefile.alone and not corefile.source.text:
                self.found[place] = (number, corefile._replace(source=around(corefile.files)))

    def _with_workload(self, corefile: Corefile) -> Corefile:
        """The Corefile with what says most nearly of which release it is."""
        if not self.workloads or corefile.workload is not None:
            return corefile
        source = corefile.source
        at = source.embedding.offset(0) if source.embedding is not None else 0
        return corefile._replace(workload=self._images.nearest(source.path, at))

    @cached_property
    def _images(self) -> Images:
        """What says of which release Corefiles are."""
        from .workloads import NODE_CACHE

        return Images(workload for workload in self.workloads if NODE_CACHE not in workload.image)

    @cached_property
    def _replacing(self) -> dict[str, list[Workload]]:
        """The images that kustomizations have in place of others, by the names of these: the first of each file."""
        found: dict[str, dict[str, Workload]] = {}
        for one in self.workloads:
            if one.replaces:
                found.setdefault(one.replaces, {}).setdefault(one.path, one)
        return {name: [*by_path.values()] for name, by_path in found.items()}

    def _with_tag(self, corefile: Corefile) -> Corefile:
        """The Corefile with the image that the nearest kustomization has in place of that of its container."""
        workload = corefile.workload
        if workload is None or not self._replacing:
            return corefile
        from ..language.configmap import distance
        from .workloads import name_of

        given = self._replacing.get(name_of(workload.image))
        if not given or workload.replaces:
            return corefile
        nearest = min(given, key=lambda one: distance(one.path, corefile.source.path))
        return corefile._replace(workload=workload._replace(path=nearest.path, image=nearest.image))


def _may_be_yaml(text: str) -> bool:
    """Whether a text begins as YAML or JSON do that are a mapping."""
    return (": " in text or ":\n" in text or '":' in text) and _ENTRY.match(text) is not None


def looks_like_manifest(text: str) -> bool:
    """Whether it is worth loading the YAML reader: a Corefile has none of these words followed by a colon."""
    return re.search(r"""["']?(?:apiVersion|kind)["']?[ \t]*:""", text) is not None


def _folder(path: str) -> str:
    return "." if path in ("-", "<stdin>") else os.path.dirname(path) or "."


def _files(paths: Iterable[str], within: str | None, errors: list[OSError]) -> Iterator[tuple[str, Reach | None]]:
    """The files that paths stand for, and what may be read of those that are not named themselves."""
    for path in paths:
        if path == "-" or not os.path.isdir(path):
            yield path, None
            continue
        top = led_out(path, within)
        if top:
            errors.append(outside(path, top))
            continue
        reach = Reach(top_of(path) if within is None else within)
        for folder, names in below(path, errors):
            for name in names:
                if name.endswith((*MANIFESTS, TERRAFORM)) or is_name_of_one(name):
                    yield os.path.normpath(os.path.join(folder, name)), reach


def is_name_of_one(name: str) -> bool:
    """Whether a file of this name is taken for a Corefile, or for an addition to one, where it lies in a folder."""
    if _NO_COREFILE.fullmatch(name):
        return False
    return _COREFILE.fullmatch(name) is not None or _ADDITION.fullmatch(name) is not None


__all__ = ["Corefile", "Corefiles", "corefiles", "is_name_of_one", "looks_like_manifest", "read_text", "text_of"]
