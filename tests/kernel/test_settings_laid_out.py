"""Every setting: what may be given, what is made of it, and what is refused with which words."""

from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.settings import DEMO_SECRET, LEAST, BadSetting, Settings, read_settings

SECRET = "s" * 32
SECRETS = {"JIALIANG_SECRET_KEY": SECRET, "JIALIANG_KEY_PASSPHRASE": SECRET}


def read(**given_settings: str) -> Settings:
    return read_settings(
        SECRETS | {f"JIALIANG_{name.upper()}": text for name, text in given_settings.items()}
    )


# name: text, value
READ = [
    ("data_dir", "/srv/jialiang", Path("/srv/jialiang")),
    ("data_dir", "", Path()),
    ("data_dir", "var/数据", Path("var/数据")),
    ("database_url", "postgresql://u:p@h/db?sslmode=require", "postgresql://u:p@h/db?sslmode=require"),
    ("identifier_prefix", "88.999.1", "88.999.1"),
    ("host", "0.0.0.0", "0.0.0.0"),
    ("host", "::1", "::1"),
    ("port", "1", 1),
    ("port", "65535", 65535),
    ("port", "08000", 8000),
    ("demo", "1", True),
    ("demo", "TRUE", True),
    ("demo", "0", False),
    ("demo", "False", False),
    ("web_processes", "1", 1),
    ("front_processes", "64", 64),
    ("front_connections", "64", 64),
    ("misses_per_minute", "1", 1),
    ("answer_memory_bytes", "1048576", 1048576),
    ("max_upload_bytes", "65536", 65536),
    ("session_idle_minutes", "1", 1),
    ("trusted_proxies", "", ()),
    ("trusted_proxies", " , ,", ()),
    ("trusted_proxies", "10.0.0.1", ("10.0.0.1",)),
    ("trusted_proxies", "10.0.0.1, 10.0.0.2 ,::1", ("10.0.0.1", "10.0.0.2", "::1")),
    ("font_dir", "/usr/share/fonts", Path("/usr/share/fonts")),
    ("schemas", "/srv/schemas", Path("/srv/schemas")),
]


@pytest.mark.parametrize(("name", "text", "value"), READ, ids=[f"{n}={t!r}" for n, t, _ in READ])
def test_each_setting_is_read_as_its_kind(name: str, text: str, value: object) -> None:
    assert getattr(read(**{name: text}), name) == value


# name: text that is refused, what the reason says
REFUSED = [
    ("port", "0", "0"),
    ("port", "65536", "65536"),
    ("port", "", "whole number"),
    ("port", "80.0", "whole number"),
    ("port", "-80", "whole number"),
    ("port", "+80", "whole number"),
    ("port", " 80", "whole number"),
    ("port", "８０", "whole number"),
    ("port", "1e3", "whole number"),
    ("demo", "yes", "not 0 or 1"),
    ("demo", "", "not 0 or 1"),
    ("demo", "on", "not 0 or 1"),
    ("demo", "2", "not 0 or 1"),
    ("secret_key", "s" * 31, "31 characters, at least 32"),
    ("secret_key", "", "0 characters"),
    ("key_passphrase", "s" * 31, "31 characters, at least 32"),
    *((name, str(least - 1), f"{least - 1} < {least}") for name, least in LEAST.items()),
    *((name, "many", "whole number") for name in LEAST),
]


@pytest.mark.parametrize(("name", "text", "reason"), REFUSED, ids=[f"{n}={t!r}"[:40] for n, t, _ in REFUSED])
def test_each_refusal_names_the_variable_and_the_reason(name: str, text: str, reason: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read(**{name: text})
    assert refused.value.facts["name"] == f"JIALIANG_{name.upper()}"
    assert reason in str(refused.value.facts["reason"])
    assert refused.value.facts["known"]


def test_a_secret_that_is_refused_is_not_told() -> None:
    short = "a-secret-that-is-too-short"
    with pytest.raises(BadSetting) as refused:
        read(secret_key=short)
    assert short not in str(refused.value.to_json())


ADDRESSES = {
    # address: the domain, or None where it is refused
    "https://check.example.cn": "check.example.cn",
    "https://check.example.cn/": "check.example.cn",
    "http://localhost:8000": "localhost:8000",
    "https://example.cn:8443/": "example.cn:8443",
    "https://[::1]:8443": "[::1]:8443",
    "https://192.0.2.1": "192.0.2.1",
    "https://计量.中国": "计量.中国",
    "HTTPS://EXAMPLE.CN": "EXAMPLE.CN",
    "": None,
    "example.cn": None,
    "//example.cn": None,
    "ftp://example.cn": None,
    "file:///etc": None,
    "javascript:alert(1)": None,
    "https://": None,
    "https:///path": None,
    "https://:8443": None,
    "https://example.cn/app": None,
    "https://example.cn/app/": None,
    "https://example.cn?x=1": None,
    "https://example.cn/?": None,
    "https://example.cn#top": None,
    "https://user@example.cn": None,
    "https://user:password@example.cn": None,
    "https://example.cn:0": None,
    "https://example.cn:99999": None,
    "https://example.cn:port": None,
    "https://exa mple.cn": None,
    "https://example.cn ": None,
}


@pytest.mark.parametrize(("address", "domain"), ADDRESSES.items())
def test_the_public_address_is_scheme_host_and_port_alone(address: str, domain: str | None) -> None:
    if domain is not None:
        assert read(public_url=address).domain == domain
        return
    with pytest.raises(BadSetting) as refused:
        read(public_url=address)
    assert refused.value.facts["name"] == "JIALIANG_PUBLIC_URL"


UNKNOWN = [
    "JIALIANG_",
    "JIALIANG_PORTS",
    "JIALIANG_port",
    "JIALIANG_DATA_DIR ",
    "JIALIANG_SECRET",
    "JIALIANG_DEBUG",
]


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_variable_of_ours_that_nobody_reads_stops_the_start_and_lists_those_that_are_read(
    name: str,
) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings(SECRETS | {name: "x"})
    assert refused.value.facts["reason"] == "unknown"
    known = str(refused.value.facts["known"]).split(", ")
    assert known == sorted(f"JIALIANG_{member.name.upper()}" for member in fields(Settings))


@pytest.mark.parametrize(
    ("environment", "secret", "passphrase"),
    [
        ({"JIALIANG_DEMO": "1"}, DEMO_SECRET, DEMO_SECRET),
        ({"JIALIANG_DEMO": "1", "JIALIANG_SECRET_KEY": SECRET}, SECRET, DEMO_SECRET),
        ({"JIALIANG_DEMO": "1", "JIALIANG_KEY_PASSPHRASE": SECRET}, DEMO_SECRET, SECRET),
        ({"JIALIANG_DEMO": "0", **SECRETS}, SECRET, SECRET),
    ],
)
def test_the_demo_brings_only_the_secrets_that_are_missing(
    environment: dict[str, str], secret: str, passphrase: str
) -> None:
    found = read_settings(environment)
    assert (found.secret_key, found.key_passphrase) == (secret, passphrase)


@pytest.mark.parametrize("name", ["JIALIANG_SECRET_KEY", "JIALIANG_KEY_PASSPHRASE"])
def test_a_short_secret_is_refused_in_the_demo_too(name: str) -> None:
    with pytest.raises(BadSetting):
        read_settings({"JIALIANG_DEMO": "1", name: "short"})


@pytest.mark.parametrize("missing", SECRETS)
def test_outside_the_demo_each_secret_has_to_be_given(missing: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings({name: text for name, text in SECRETS.items() if name != missing})
    assert refused.value.facts["name"] == missing


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_address_does_anything_but_be_read_or_refused(address: str) -> None:
    try:
        found = read(public_url=address)
    except BadSetting:
        return
    assert found.public_url.rstrip("/").endswith(found.domain)


@given(st.text(max_size=12))
def test_no_number_does_anything_but_be_read_or_refused(text: str) -> None:
    try:
        found = read(port=text)
    except BadSetting:
        return
    assert 1 <= found.port <= 65535
    assert int(text) == found.port
