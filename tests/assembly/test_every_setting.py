"""Every setting: its default, what it takes, what it refuses and why, and where it arrives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from jialiang.assembly import cli, servers, serving
from jialiang.assembly.databases import SQLITE_PRAGMAS, database
from jialiang.assembly.front import BadServerSetting, front
from jialiang.assembly.serving import environment
from jialiang.assembly.settings import current_settings
from jialiang.kernel.settings import DEMO_SECRET, BadSetting, Settings, read_settings

SECRETS = {"JIALIANG_SECRET_KEY": "s" * 40, "JIALIANG_KEY_PASSPHRASE": "p" * 40}
ROOT = Path(__file__).resolve().parents[2]

DEFAULTS: dict[str, Any] = {
    "data_dir": Path("var"),
    "database_url": "",
    "secret_key": "",
    "key_passphrase": "",
    "public_url": "http://localhost:8000",
    "identifier_prefix": "88.999.1",
    "host": "127.0.0.1",
    "port": 8000,
    "demo": False,
    "web_processes": 1,
    "front_processes": 1,
    "front_connections": 10_000,
    "control_plane": "",
    "answer_memory_bytes": 67_108_864,
    "identifier_memory_bytes": 268_435_456,
    "misses_per_minute": 30,
    "unresolved_per_minute": 600,
    "region_header": "",
    "client_certificate_header": "",
    "native_port": 2641,
    "native_hosts": (),
    "native_addresses": (),
    "native_parent": "",
    "native_memory_bytes": 134_217_728,
    "trusted_proxies": (),
    "max_upload_bytes": 20_971_520,
    "session_idle_minutes": 60,
    "upper_node": "",
    "upper_node_token": "",
    "upper_node_account_token": "",
    "node_prefix": "",
    "node_addresses": (),
    "node_report_kinds": ("registrations", "resolutions", "templates", "routes"),
    "node_report_hour": 1,
    "font_dir": None,
    "schemas": None,
}


def test_the_table_has_every_setting() -> None:
    assert [field.name for field in fields(Settings)] == list(DEFAULTS)


@pytest.mark.parametrize(("name", "default"), DEFAULTS.items(), ids=DEFAULTS)
def test_every_setting_has_the_default_of_the_documentation(name: str, default: Any) -> None:
    assert getattr(Settings(), name) == default
    page = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    (part,) = [part for part in page.split("### JIALIANG_")[1:] if part.startswith(name.upper() + "\n")]
    shown = (
        "none" if default in ("", (), None) else f"`{int(default) if isinstance(default, bool) else default}`"
    )
    assert f"Default: {shown}." in part


GOOD: list[tuple[str, str, Any]] = [
    ("DATA_DIR", "/srv/jialiang", Path("/srv/jialiang")),
    ("DATA_DIR", "relative/folder", Path("relative/folder")),
    ("DATABASE_URL", "postgresql://jl:pw@db:5433/jl", "postgresql://jl:pw@db:5433/jl"),
    ("SECRET_KEY", "k" * 32, "k" * 32),
    ("SECRET_KEY", "密" * 32, "密" * 32),
    ("KEY_PASSPHRASE", " " * 32, " " * 32),
    ("PUBLIC_URL", "https://check.example.cn", "https://check.example.cn"),
    ("PUBLIC_URL", "https://check.example.cn/", "https://check.example.cn/"),
    ("PUBLIC_URL", "http://[::1]:8000", "http://[::1]:8000"),
    ("IDENTIFIER_PREFIX", "88.156.7", "88.156.7"),
    ("HOST", "::", "::"),
    ("PORT", "1", 1),
    ("PORT", "65535", 65535),
    ("PORT", "08000", 8000),
    ("DEMO", "0", False),
    ("DEMO", "TRUE", True),
    ("WEB_PROCESSES", "1", 1),
    ("FRONT_PROCESSES", "16", 16),
    ("FRONT_CONNECTIONS", "50000", 50_000),
    ("CONTROL_PLANE", "http://10.0.0.5:8000", "http://10.0.0.5:8000"),
    ("ANSWER_MEMORY_BYTES", "1048576", 1_048_576),
    ("IDENTIFIER_MEMORY_BYTES", "1048576", 1_048_576),
    ("MISSES_PER_MINUTE", "1", 1),
    ("UNRESOLVED_PER_MINUTE", "100000", 100_000),
    ("REGION_HEADER", "X-Client-Region", "X-Client-Region"),
    ("CLIENT_CERTIFICATE_HEADER", "X-Client-Cert", "X-Client-Cert"),
    ("NATIVE_PORT", "0", 0),
    ("NATIVE_PORT", "2641", 2641),
    ("NATIVE_HOSTS", "0.0.0.0,::", ("0.0.0.0", "::")),
    ("NATIVE_ADDRESSES", "192.0.2.1, 2001:db8::1", ("192.0.2.1", "2001:db8::1")),
    ("NATIVE_PARENT", "handle.example.cn:2641", "handle.example.cn:2641"),
    ("NATIVE_MEMORY_BYTES", "1048576", 1_048_576),
    ("TRUSTED_PROXIES", "", ()),
    ("TRUSTED_PROXIES", "10.0.0.1", ("10.0.0.1",)),
    ("TRUSTED_PROXIES", " 10.0.0.0/8 , ,2001:db8::/32,", ("10.0.0.0/8", "2001:db8::/32")),
    ("MAX_UPLOAD_BYTES", "65536", 65_536),
    ("SESSION_IDLE_MINUTES", "1", 1),
    ("UPPER_NODE", "https://node.example.cn", "https://node.example.cn"),
    ("UPPER_NODE", "https://node.example.cn:8443/", "https://node.example.cn:8443/"),
    ("UPPER_NODE", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    ("UPPER_NODE", "http://[::1]:8000", "http://[::1]:8000"),
    ("UPPER_NODE_TOKEN", "jl_abc_123", "jl_abc_123"),
    ("UPPER_NODE_ACCOUNT_TOKEN", "jl_abc_124", "jl_abc_124"),
    ("NODE_PREFIX", "88.111.5", "88.111.5"),
    ("NODE_PREFIX", "88", "88"),
    ("NODE_ADDRESSES", "192.0.2.7, 2001:db8::7", ("192.0.2.7", "2001:db8::7")),
    ("NODE_REPORT_KINDS", "", ()),
    ("NODE_REPORT_KINDS", "routes,registrations", ("routes", "registrations")),
    ("NODE_REPORT_HOUR", "0", 0),
    ("NODE_REPORT_HOUR", "23", 23),
    ("FONT_DIR", "/usr/share/fonts", Path("/usr/share/fonts")),
    ("SCHEMAS", "/srv/schemas", Path("/srv/schemas")),
]


@pytest.mark.parametrize(("name", "text", "meant"), GOOD, ids=[f"{n}={t[:24]}" for n, t, _ in GOOD])
def test_what_a_setting_takes_is_read_and_written_for_the_processes_alike(
    name: str, text: str, meant: Any
) -> None:
    settings = read_settings(SECRETS | {f"JIALIANG_{name}": text})
    assert getattr(settings, name.lower()) == meant
    assert type(getattr(settings, name.lower())) is type(meant)
    again = {name: text for name, text in environment(settings).items() if name.startswith("JIALIANG_")}
    assert read_settings(again) == settings


def test_every_setting_has_a_good_and_a_bad_value_in_these_tables_or_takes_any_text() -> None:
    any_text = {
        "DATA_DIR",
        "DATABASE_URL",
        "IDENTIFIER_PREFIX",
        "HOST",
        "CONTROL_PLANE",
        "REGION_HEADER",
        "CLIENT_CERTIFICATE_HEADER",
        "NATIVE_HOSTS",
        "NATIVE_ADDRESSES",
        "NATIVE_PARENT",
        "TRUSTED_PROXIES",
        "FONT_DIR",
        "SCHEMAS",
    }
    names = {name.upper() for name in DEFAULTS}
    assert {name for name, _, _ in GOOD} == names
    assert {name for name, _, _ in BAD} == names - any_text


BAD: list[tuple[str, str, str]] = [
    ("SECRET_KEY", "", "0 characters"),
    ("SECRET_KEY", "k" * 31, "31 characters"),
    ("KEY_PASSPHRASE", "p" * 31, "31 characters"),
    ("PUBLIC_URL", "check.example.cn", "'check.example.cn'"),
    ("PUBLIC_URL", "ftp://check.example.cn", "'ftp://check.example.cn'"),
    ("PUBLIC_URL", "https:///path", "'https:///path'"),
    ("PUBLIC_URL", "https://check.example.cn/jialiang", "'https://check.example.cn/jialiang'"),
    ("PORT", "0", "0"),
    ("PORT", "65536", "65536"),
    ("PORT", "-1", "'-1'"),
    ("PORT", "80 ", "'80 '"),
    ("PORT", "http", "'http'"),
    ("PORT", "8000.0", "'8000.0'"),
    ("DEMO", "yes", "'yes'"),
    ("DEMO", "", "''"),
    ("DEMO", "2", "'2'"),
    ("WEB_PROCESSES", "0", "0 < 1"),
    ("WEB_PROCESSES", "two", "'two'"),
    ("FRONT_PROCESSES", "0", "0 < 1"),
    ("FRONT_CONNECTIONS", "63", "63 < 64"),
    ("ANSWER_MEMORY_BYTES", "1048575", "1048575 < 1048576"),
    ("ANSWER_MEMORY_BYTES", "64M", "'64M'"),
    ("IDENTIFIER_MEMORY_BYTES", "1048575", "1048575 < 1048576"),
    ("NATIVE_MEMORY_BYTES", "1048575", "1048575 < 1048576"),
    ("NATIVE_PORT", "65536", "65536"),
    ("UNRESOLVED_PER_MINUTE", "0", "0 < 1"),
    ("MISSES_PER_MINUTE", "0", "0 < 1"),
    ("MISSES_PER_MINUTE", "0.5", "'0.5'"),
    ("MAX_UPLOAD_BYTES", "65535", "65535 < 65536"),
    ("SESSION_IDLE_MINUTES", "0", "0 < 1"),
    ("SESSION_IDLE_MINUTES", "", "''"),
    ("UPPER_NODE", "http://node.example.cn", "'http://node.example.cn'"),
    ("UPPER_NODE", "http://192.0.2.7:8000", "'http://192.0.2.7:8000'"),
    ("UPPER_NODE", "node.example.cn", "'node.example.cn'"),
    ("UPPER_NODE", "ftp://127.0.0.1", "'ftp://127.0.0.1'"),
    ("UPPER_NODE", "https://node.example.cn/api", "'https://node.example.cn/api'"),
    ("UPPER_NODE", "https://user:word@node.example.cn", "'https://user:word@node.example.cn'"),
    ("UPPER_NODE_TOKEN", "jl_abc 123", "a letter that stands in no token"),
    ("UPPER_NODE_TOKEN", "jl_abc\r\nX: 1", "a letter that stands in no token"),
    ("UPPER_NODE_ACCOUNT_TOKEN", "令牌", "a letter that stands in no token"),
    ("NODE_PREFIX", "88..5", "'88..5'"),
    ("NODE_PREFIX", "88.111.5/x", "'88.111.5/x'"),
    ("NODE_PREFIX", ".", "'.'"),
    ("NODE_ADDRESSES", "192.0.2.7,node.example.cn", "'node.example.cn'"),
    ("NODE_ADDRESSES", "192.0.2.7:2641", "'192.0.2.7:2641'"),
    ("NODE_REPORT_KINDS", "routes,weather,colours", "colours, weather"),
    ("NODE_REPORT_HOUR", "24", "24"),
    ("NODE_REPORT_HOUR", "-1", "'-1'"),
]


def test_a_token_that_is_refused_is_not_told() -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings(SECRETS | {"JIALIANG_UPPER_NODE_TOKEN": "jl_secret word"})
    assert "secret word" not in str(refused.value.to_json())


@pytest.mark.parametrize(
    ("given", "prefix"), [({}, "88.999.1"), ({"JIALIANG_NODE_PREFIX": "88.111"}, "88.111")], ids=["own", "named"]
)
def test_the_node_is_known_by_its_prefix_or_that_of_its_identifiers(given: dict[str, str], prefix: str) -> None:
    assert read_settings(SECRETS | given).own_prefix == prefix


@pytest.mark.parametrize(
    ("address", "door"),
    [
        ("http://localhost:8000", ("HTTP", 8000)),
        ("http://check.example.cn", ("HTTP", 80)),
        ("https://check.example.cn", ("HTTPS", 443)),
        ("https://check.example.cn:8443", ("HTTPS", 8443)),
    ],
)
def test_the_public_door_is_protocol_and_port_of_the_public_address(address: str, door: tuple[str, int]) -> None:
    assert read_settings(SECRETS | {"JIALIANG_PUBLIC_URL": address}).public_door == door


@pytest.mark.parametrize(("name", "text", "reason"), BAD, ids=[f"{n}={t[:24]}" for n, t, _ in BAD])
def test_what_a_setting_does_not_take_stops_the_start_with_name_reason_and_mend(
    name: str, text: str, reason: str
) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings(SECRETS | {f"JIALIANG_{name}": text})
    told = refused.value.to_json()
    assert told["code"] == "JL-SET-001"
    assert refused.value.facts["name"] == f"JIALIANG_{name}"
    assert reason in str(refused.value.facts["reason"])
    assert refused.value.facts["known"]
    for member in ("what", "rule", "way_out"):
        assert told[member]["zh"]
        assert told[member]["en"]


@pytest.mark.parametrize(
    "name", ["JIALIANG_SECRETKEY", "JIALIANG_", "JIALIANG_Port", "JIALIANG_DATA_DIRECTORY"]
)
def test_a_name_that_is_almost_one_of_ours_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(BadSetting) as refused:
        read_settings(SECRETS | {name: "1"})
    assert refused.value.facts["name"] == name
    assert all(f"JIALIANG_{known.upper()}" in str(refused.value.facts["known"]) for known in DEFAULTS)


def test_the_demonstration_s_secrets_are_for_the_demonstration_only() -> None:
    demo = read_settings({"JIALIANG_DEMO": "1"})
    assert (demo.secret_key, demo.key_passphrase) == (DEMO_SECRET, DEMO_SECRET)
    for switched_off in ({}, {"JIALIANG_DEMO": "0"}):
        with pytest.raises(BadSetting):
            read_settings(switched_off)
    mixed = read_settings({"JIALIANG_DEMO": "1", "JIALIANG_SECRET_KEY": "s" * 40})
    assert (mixed.secret_key, mixed.key_passphrase) == ("s" * 40, DEMO_SECRET)


# --- where they arrive ------------------------------------------------------------------------------------------

POSTGRES: list[tuple[str, dict[str, Any]]] = [
    ("postgresql://jl@db/jl", {"NAME": "jl", "USER": "jl", "PASSWORD": "", "HOST": "db", "PORT": ""}),
    ("postgres://jl:pw@db:5433/jl", {"NAME": "jl", "USER": "jl", "PASSWORD": "pw", "HOST": "db", "PORT": "5433"}),
    ("postgresql://a%40b:p%2Fw%3A@db/na%2Fme", {"NAME": "na/me", "USER": "a@b", "PASSWORD": "p/w:", "HOST": "db"}),
    ("postgresql:///jl?host=/run/postgresql", {"NAME": "jl", "HOST": "", "OPTIONS": {"host": "/run/postgresql"}}),
    ("postgresql://db/jl?sslmode=require&application_name=x",
     {"OPTIONS": {"sslmode": "require", "application_name": "x"}}),
    ("postgresql://[2001:db8::1]:5432/jl", {"HOST": "2001:db8::1", "PORT": "5432"}),
]  # fmt: skip


@pytest.mark.parametrize(("address", "facts"), POSTGRES)
def test_an_address_of_postgresql_is_taken_apart(address: str, facts: dict[str, Any]) -> None:
    described = database(Settings(database_url=address))
    assert described["ENGINE"] == "django.db.backends.postgresql"
    assert {name: described[name] for name in facts} == facts
    assert described["CONN_HEALTH_CHECKS"] is True


def test_without_an_address_the_database_is_a_file_of_the_data_folder_written_durably() -> None:
    described = database(Settings(data_dir=Path("/srv/d")))
    assert described["NAME"] == "/srv/d/jialiang.sqlite3"
    assert described["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in SQLITE_PRAGMAS
    assert "synchronous=FULL" in SQLITE_PRAGMAS
    assert (
        database(Settings(database_url="sqlite:///srv/other%20folder/x.db"))["NAME"]
        == "/srv/other folder/x.db"
    )


@pytest.mark.parametrize("address", ["mysql://db/jl", "db/jl", "http://db", "oracle:thin"])
def test_another_kind_of_database_is_refused_by_name(address: str) -> None:
    with pytest.raises(BadSetting) as refused:
        database(Settings(database_url=address))
    assert refused.value.facts["name"] == "JIALIANG_DATABASE_URL"
    assert "postgresql://" in refused.value.facts["known"]


SERVED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"bind_addr": "127.0.0.1", "bind_port": 8000, "workers": 1, "backpressure": 10_000}),
    ({"front_connections": 700, "front_processes": 4}, {"workers": 4, "backpressure": 700}),
    (
        {"host": "0.0.0.0", "port": 80, "front_processes": 3},
        {"bind_addr": "0.0.0.0", "bind_port": 80, "workers": 3},
    ),
    ({"web_processes": 5}, {"workers": 1}),
]


@pytest.mark.parametrize(("given", "facts"), SERVED)
def test_the_front_s_server_listens_where_it_was_told_with_as_many_processes(
    tmp_path: Path, given: dict[str, Any], facts: dict[str, Any]
) -> None:
    server = servers.front_server(Settings(data_dir=tmp_path, **given), "module:name")
    assert {name: getattr(server, name) for name in facts} == facts


def test_the_control_plane_s_server_listens_on_a_socket_of_this_user_alone(tmp_path: Path) -> None:
    server = servers.control_server(Settings(data_dir=tmp_path, web_processes=4), "module:name")
    assert server.workers == 4
    assert str(server.bind_uds) == str(tmp_path / "run" / "control-plane.sock")
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_limits_of_the_front_are_the_settings(tmp_path: Path) -> None:
    made = front(
        Settings(data_dir=tmp_path, answer_memory_bytes=2**21, misses_per_minute=7, max_upload_bytes=70_000)
    )
    assert made._answers._limit == 2**21
    assert made._misses._burst == 7
    assert made._handover is not None
    assert made._handover._max_body == 70_000 + 2**20


@pytest.mark.parametrize("proxies", [("localhost",), ("10.0.0.0/33",), ("10.0.0.1", "x"), ("10.0.0.1:80",)])
def test_a_proxy_that_is_no_network_is_refused_before_anything_is_started(
    tmp_path: Path, proxies: Any
) -> None:
    with pytest.raises(BadServerSetting) as refused:
        serving.serve(Settings(data_dir=tmp_path / "none", trusted_proxies=proxies))
    assert ",".join(proxies) in refused.value.what.en
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("address", ["", "https://main", "main", "unix"])
def test_a_front_alone_without_a_usable_control_plane_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadServerSetting) as refused:
        serving.serve(Settings(data_dir=tmp_path / "none", control_plane=address), front_only=True)
    assert "CONTROL_PLANE" in refused.value.what.en
    assert not (tmp_path / "none").exists()


def django_with(**given: str) -> dict[str, Any]:
    """Return what Django's settings become in a process of their own."""
    code = (
        "import json, jialiang.assembly.django_settings as s;"
        "print(json.dumps({n: getattr(s, n) for n in ('ALLOWED_HOSTS', 'CSRF_TRUSTED_ORIGINS', 'SESSION_COOKIE_SECURE',"
        " 'CSRF_COOKIE_SECURE', 'SESSION_COOKIE_AGE', 'DATA_UPLOAD_MAX_MEMORY_SIZE', 'DEBUG', 'MFA_TOTP_ISSUER',"
        " 'MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN', 'SECRET_KEY', 'PASSWORD_HASHERS')}))"
    )
    kept = {name: text for name, text in os.environ.items() if not name.startswith("JIALIANG_")}
    given = {f"JIALIANG_{name}": text for name, text in given.items()}
    run = subprocess.run(
        [sys.executable, "-c", code], env=kept | SECRETS | given, capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def test_django_follows_the_settings_of_real_work() -> None:
    told = django_with(
        PUBLIC_URL="https://check.example.cn:8443", SESSION_IDLE_MINUTES="5", MAX_UPLOAD_BYTES="70000"
    )
    assert told["ALLOWED_HOSTS"] == ["check.example.cn", "127.0.0.1", "localhost", "[::1]"]
    assert told["CSRF_TRUSTED_ORIGINS"] == ["https://check.example.cn:8443"]
    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is True
    assert told["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is told["DEBUG"] is False
    assert (told["SESSION_COOKIE_AGE"], told["DATA_UPLOAD_MAX_MEMORY_SIZE"]) == (300, 70000)
    assert told["MFA_TOTP_ISSUER"] == "嘉量 check.example.cn:8443"
    assert told["SECRET_KEY"] == "s" * 40
    assert told["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_django_lets_the_demonstration_be_reached_by_any_name_in_clear() -> None:
    told = django_with(DEMO="1")
    assert told["ALLOWED_HOSTS"] == ["*"]
    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is False
    assert told["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is True
    assert told["DEBUG"] is False


@pytest.mark.parametrize(("language", "word"), [("zh", "设置"), ("en", "setting")])
def test_a_command_with_a_bad_setting_ends_with_2_and_its_code(
    monkeypatch, capsys, language: str, word: str
) -> None:
    monkeypatch.setenv("JIALIANG_PORT", "http")
    current_settings.cache_clear()
    try:
        assert cli.main(["check", "--lang", language]) == 2
        out, err = capsys.readouterr()
        assert (out, err.startswith("JL-SET-001")) == ("", True)
        assert "JIALIANG_PORT" in err
        assert word in err
        assert cli.main(["check", "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "JL-SET-001"
    finally:
        monkeypatch.undo()
        current_settings.cache_clear()
