"""What a text is a template of, by the marks that it has, and what to check in its place."""

from __future__ import annotations

from ..light import regex

OPENING = "{{"
"""How a template begins what it puts in, of Go's text/template, Jinja and others."""
_ACTION = regex(r"\{\{[^}\n]*+")
_HELM = regex(r"\.(?:Values|Release|Chart|Capabilities)\b|\b(?:include|tpl|toYaml|nindent)\b")
STATEMENT = regex(r"\{%[-+]?(?!\S)")
"""How a statement of Jinja begins; `{%NAME%}` is a variable of CoreDNS's environment."""
_OF_ANSWERS = regex(
    r"\{\{[^{}\n]*?(?<![\w)])\.(?:Zone|Name|Regex|Class|Type|Match|Group|Message|Question|Meta|Remote)\b[^{}\n]*+\}\}"
    r"|\{\{-?\s*(?:end|else)\s*-?\}\}"
)
"""What CoreDNS's plugin `template` fills in itself (`templateData` in plugin/template/template.go)."""
K3S = "%{"
OF_K3S = "this is a template of k3s, which fills in what stands between `%`: give what `kubectl get configmap` prints"


def of_file(text: str) -> str:
    """What to check in the place of a file that is a template; '' for one in which nothing is filled in but by CoreDNS.

    >>> of_file('answer "{{ .Name }} 60 IN A 10.0.0.1"')
    ''
    >>> of_file("name: {{ .Release.Name }}")
    'this is a template of Helm: give the output of `helm template`'
    """
    return rendered(_OF_ANSWERS.sub("", text) if OPENING in text else text)


def rendered(text: str) -> str:
    """What to check in the place of a template; '' for a text that is none.

    >>> rendered("zone: {{ .Values.zone }}")
    'this is a template of Helm: give the output of `helm template`'
    >>> rendered("bind {{ listen_ip }}")
    'this is a template: give what is made of it'
    >>> rendered("bind 10.0.0.5")
    ''
    """
    if OPENING in text or STATEMENT.search(text):
        if any(_HELM.search(action[0]) for action in _ACTION.finditer(text)):
            return "this is a template of Helm: give the output of `helm template`"
        return "this is a template: give what is made of it"
    return OF_K3S if K3S in text else ""


__all__ = ["K3S", "OF_K3S", "OPENING", "STATEMENT", "of_file", "rendered"]
