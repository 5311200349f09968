"""Certificates that a test's Corefiles find by their names.

They are for dns.example, 127.0.0.1, 127.0.0.53 and ::1, and hold until 2126. The key is as public as this file: nothing
trusts it.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..light import regex

CERT = """\
-----BEGIN CERTIFICATE-----
MIIBnjCCAUWgAwIBAgIUQiRkLk3MpI1bgtXYFJZUqwugdWAwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwIBcNMjYxMTI5MTkxNzA4WhgPMjEyNjExMDUxOTE3MDha
MBYxFDASBgNVBAMMC2Rucy5leGFtcGxlMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEcb24QyDyz0AIUMPIT6H//Lz1JNpGVB2GJqdE1wBAMDbKD6w34jqitj6FxLAN
wD6xhJ+Jt2b4srDUNsvaUJ40gqN4MHYwNAYDVR0RBC0wK4ILZG5zLmV4YW1wbGWH
BH8AAAGHBH8AADWHEAAAAAAAAAAAAAAAAAAAAAEwHQYDVR0OBBYEFM/Jk4sIc1P/
nt9Mneg0he/is0SPMB8GA1UdIwQYMBaAFJ2DTpYiyKfpJhrX3JaVWv+uvi7JMAoG
CCqGSM49BAMCA0cAMEQCIFsGRByUvivlusj/t9Cf86TEaDJMfPqfYxWgxDnEHL2S
AiByFDgqL2HXNVIJ9YCwyuY2rOXzl8vQJ+3j/a5KGDj6fQ==
-----END CERTIFICATE-----
"""
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgWxA6pdTa9LKHcwNC
pfruiziMudEL1r3S5QEIOb4ztXmhRANCAARxvbhDIPLPQAhQw8hPof/8vPUk2kZU
HYYmp0TXAEAwNsoPrDfiOqK2PoXEsA3APrGEn4m3ZviysNQ2y9pQnjSC
-----END PRIVATE KEY-----
"""
CA = """\
-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUJdChmVlCp2XCFXlbYBngE7DNGCgwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwIBcNMjYxMTI5MTkxNzA4WhgPMjEyNjExMDUxOTE3MDha
MA0xCzAJBgNVBAMMAmNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEiwmV3p5c
2SoLL5q6Q42PUQgfXgmYp+ExMtevVTCucNt9S6caDHU+4aWfe6eOc6K1OwdhG/ZN
jeuaAuLijgZrLqNTMFEwHQYDVR0OBBYEFJ2DTpYiyKfpJhrX3JaVWv+uvi7JMB8G
A1UdIwQYMBaAFJ2DTpYiyKfpJhrX3JaVWv+uvi7JMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIhAL0r3H8S4YJnOciMxRCqD6Ux8V6rzgEMGJLg7ReF
wu0OAiBqEocIP26r0c2fJLQKVBcP9scQ/5OaLs3j5KDiAwpp2Q==
-----END CERTIFICATE-----
"""
OTHER_CA = """\
-----BEGIN CERTIFICATE-----
MIIBcTCCARegAwIBAgIUNopBLsvLfC2oAYEtsR7l9zpsP9gwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwIBcNMjYxMTI5MTkxNzA4WhgPMjEyNjExMDUxOTE3MDha
MA0xCzAJBgNVBAMMAmNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEe+U8tzpO
kZQUj/YWpmkJQwJztOs5ht03HKlTcL7dKR7Cjg5rxZcD28cgc6CEhv3KesCcrE8r
1HHz9GF+Oj8M0aNTMFEwHQYDVR0OBBYEFL9awcshTTR8RyHgRY55krnussPPMB8G
A1UdIwQYMBaAFL9awcshTTR8RyHgRY55krnussPPMA8GA1UdEwEB/wQFMAMBAf8w
CgYIKoZIzj0EAwIDSAAwRQIhAOGCYhINcm0zToJXEFH8ej8FcLcBpTH1mhyl7h8e
tpdPAiB9CQWCozysh9gR8E27A1qATAW/MB8bjfr2TuAW7+DOqw==
-----END CERTIFICATE-----
"""

NAMED = {"cert.pem": CERT, "key.pem": KEY, "ca.pem": CA, "other-ca.pem": OTHER_CA}
"""A certificate, its key, the authority that signed it, and one that has signed nothing."""

_NAME = regex(r"(?<![\w./-])(?:cert|key|ca|other-ca)\.pem(?![\w./-])")


def named_in(corefiles: Iterable[str]) -> dict[str, str]:
    """The files of which Corefiles have the name, without a folder."""
    return {name: NAMED[name] for text in corefiles for name in _NAME.findall(text)}


__all__ = ["CA", "CERT", "KEY", "NAMED", "OTHER_CA", "named_in"]
