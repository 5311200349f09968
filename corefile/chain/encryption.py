"""What `tls` sets up for the servers of a block: a certificate, and which clients may come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..light import NamedTuple
from .query import Reason, Why

if TYPE_CHECKING:
    from ..golang.x509 import Certificate

NO_CLIENT_CERTIFICATE = Reason("no-client-certificate", "the server at {} takes only clients that show a certificate")
STRANGE_CLIENT = Reason(
    "strange-client-certificate", "the certificate of the client is from no authority that {} trusts"
)


class AuthoritiesElsewhere(tuple["Certificate", ...]):
    """Stands for the authorities in a file that is not here: any certificate may be theirs."""

    def __bool__(self) -> bool:
        return True


def signed_by_one_of(authorities: tuple[Certificate, ...], shown: Certificate) -> bool:
    """Whether one of the authorities has signed a certificate."""
    return isinstance(authorities, AuthoritiesElsewhere) or any(shown.is_signed_by(x) for x in authorities)


class Encryption(NamedTuple):
    """What `tls` sets up. `client_auth`: whether clients have to show a certificate, in `tls`'s words; `authorities`: those
    that may have signed it. certificate: None where it is not known (ACME, files that are not here)."""

    certificate: Certificate | None = None
    client_auth: str = "nocert"
    authorities: tuple[Certificate, ...] = ()

    def refuses(self, shown: str | None, label: str) -> Why | None:
        """Why a client with this certificate is refused; None where it is not."""
        if shown is None:
            return None if self.admits(None) else NO_CLIENT_CERTIFICATE(label)
        if self.client_auth in ("nocert", "request", "require"):
            return None
        from ..golang.x509 import pool

        found = pool(shown.encode())
        return None if found and self.admits(found[0]) else STRANGE_CLIENT(label)

    def admits(self, shown: Certificate | None) -> bool:
        """Whether a client that shows this certificate, or none, may come."""
        if self.client_auth in ("nocert", "request"):
            return True
        if shown is None:
            return self.client_auth == "verify_if_given"
        return self.client_auth == "require" or signed_by_one_of(self.authorities, shown)


__all__ = ["AuthoritiesElsewhere", "Encryption", "signed_by_one_of"]
