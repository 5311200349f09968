"""What each release of `geoip` does otherwise."""

from __future__ import annotations

from ...plugin import ReleaseRules, changed, since


class GeoipRules(ReleaseRules):
    """The rules of one release."""

    redacted = since("1.12.2", "databases of the types Redacted-US are read")
    anycast = since("1.11.4", "`traits` may say of an address that it is anycast, and has to say so rightly")
    context = changed(
        "none", {"1.11.4": "names", "1.13.2": "path"}, "how an error tells which value has another type than its field"
    )
    second_library = since(
        "1.13.2",
        "a missing latitude or longitude is an empty text, not 0; there are subdivisions, and databases of autonomous systems; "
        "an address of IPv4 in `edns-subnet` is looked up as one of IPv6 (::ffff:192.0.2.1)",
    )


__all__ = ["GeoipRules"]
