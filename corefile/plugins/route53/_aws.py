"""Where AWS's library finds credentials and a region: in the Corefile, the environment, and the files that it looks at.

Source: aws-sdk-go, and aws-sdk-go-v2 from CoreDNS 1.12.3 on, which no longer takes `[PROFILE]` in a configuration file, but
`[profile PROFILE]`.
"""

from __future__ import annotations

from ...plugin import Setup
from ._rules import Route53Rules

Sections = dict[str, dict[str, str]]

KEYS = (
    "aws_access_key_id",
    "role_arn",
    "credential_process",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
)
ELSEWHERE = (
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
)
"""Variables of the environment that name another place where credentials are."""


class Aws:
    """What is there for a `route53`. profile, file: those of `credentials`. key: whether the Corefile has a key of its own."""

    def __init__(self, setup: Setup, profile: str | None, file: str | None, key: bool) -> None:
        self.env, self.files, self.key, self.named = setup.world.env, setup.world.files, key, profile
        rules = Route53Rules.of(setup.release)
        home = self.env.get("HOME") or "/root"
        self.profile = profile or self.env.get("AWS_PROFILE") or "default"
        credentials = self.env.get("AWS_SHARED_CREDENTIALS_FILE") or f"{home}/.aws/credentials"
        config = self.env.get("AWS_CONFIG_FILE") or f"{home}/.aws/config"
        if file is not None and rules.profiles:
            config = file
        elif file is not None:
            credentials = file
        names = {f"profile {self.profile}"} | (
            {self.profile} if self.profile == "default" or not rules.second_sdk else set()
        )
        self.has_files = any(self.files.read(path) is not None for path in (credentials, config))
        found = [self._sections(credentials).get(self.profile)]
        found += [values for name, values in self._sections(config).items() if name in names]
        self.sections = [values for values in found if values is not None]

    @property
    def has_profile(self) -> bool:
        """Whether there is the profile that the Corefile names, if it names one."""
        return self.named is None or bool(self.sections)

    @property
    def has_credentials(self) -> bool:
        """Whether there are any, apart from those that a machine of AWS's has."""
        env = self.env
        return (
            self.key
            or bool(env.get("AWS_ACCESS_KEY_ID") and env.get("AWS_SECRET_ACCESS_KEY"))
            or any(env.get(name) for name in ELSEWHERE)
            or any(values.get(key) for values in self.sections for key in KEYS)
        )

    @property
    def has_region(self) -> bool:
        """Whether there is one, apart from that of the machine."""
        named = (self.env.get("AWS_REGION"), self.env.get("AWS_DEFAULT_REGION"))
        return any(named) or any(values.get("region") for values in self.sections)

    def _sections(self, path: str) -> Sections:
        """The sections of a file; none where it is not there."""
        text = self.files.read(path)
        out: Sections = {}
        section: dict[str, str] = {}
        for line in (text or b"").decode("utf-8", "replace").splitlines():
            line = line.strip()
            if line.startswith("[") and line.endswith("]"):
                section = out.setdefault(" ".join(line[1:-1].split()), {})
            elif "=" in line and not line.startswith(("#", ";")):
                key, _, value = line.partition("=")
                section[key.strip().lower()] = value.strip()
        return out


__all__ = ["Aws"]
