"""Settings are read once, checked at the start, and secrets have no default outside the demo."""

from pathlib import Path

import pytest

from jialiang.kernel.settings import DEMO_SECRET, SHORTEST_SECRET, BadSetting, Settings, read_settings

SECRETS = {"JIALIANG_SECRET_KEY": "s" * 40, "JIALIANG_KEY_PASSPHRASE": "p" * 40}


def test_without_secrets_nothing_starts():
    with pytest.raises(BadSetting) as refused:
        read_settings({})
    assert refused.value.facts["name"] == "JIALIANG_SECRET_KEY"
    with pytest.raises(BadSetting):
        read_settings({"JIALIANG_SECRET_KEY": "s" * 40, "JIALIANG_KEY_PASSPHRASE": "short"})


def test_the_demo_brings_its_own_secrets():
    settings = read_settings({"JIALIANG_DEMO": "1"})
    assert settings.demo
    assert len(settings.secret_key) >= 32


def test_every_kind_of_value_is_read():
    settings = read_settings(
        SECRETS
        | {
            "JIALIANG_DATA_DIR": "/srv/jialiang",
            "JIALIANG_PORT": "9000",
            "JIALIANG_TRUSTED_PROXIES": "10.0.0.1, ::1",
            "JIALIANG_PUBLIC_URL": "https://check.example.org",
        }
    )
    assert settings.data_dir == Path("/srv/jialiang")
    assert settings.object_dir == Path("/srv/jialiang/objects")
    assert settings.port == 9000
    assert settings.trusted_proxies == ("10.0.0.1", "::1")
    assert settings.domain == "check.example.org"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIALIANG_PORT", "eighty"),
        ("JIALIANG_PORT", "0"),
        ("JIALIANG_PORT", "70000"),
        ("JIALIANG_DEMO", "perhaps"),
        ("JIALIANG_PUBLIC_URL", "check.example.org"),
        ("JIALIANG_PUBLIC_URL", "https://example.org/deep/path"),
        ("JIALIANG_COLOUR", "blue"),
        ("JIALIANG_MISSES_PER_MINUTE", "0"),
        ("JIALIANG_WEB_PROCESSES", "0"),
        ("JIALIANG_ANSWER_MEMORY_BYTES", "1000"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_the_mend(name, value):
    with pytest.raises(BadSetting) as refused:
        read_settings(SECRETS | {name: value})
    assert refused.value.facts["name"] == name
    assert refused.value.way_out.zh


def test_settings_cannot_be_changed_later():
    with pytest.raises(AttributeError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize("number", ["²", "٣", "１２", "-1", "+1", "1.0", "1e3", "", " 8000"])
def test_a_number_of_strange_digits_is_no_number(number):
    with pytest.raises(BadSetting) as refused:
        read_settings(SECRETS | {"JIALIANG_PORT": number})
    assert refused.value.facts["known"] == "0, 1, 2 …"


@pytest.mark.parametrize(
    ("text", "truth"),
    [("1", True), ("true", True), ("TRUE", True), ("0", False), ("false", False), ("False", False)],
)
def test_a_switch_is_on_or_off(text, truth):
    assert read_settings(SECRETS | {"JIALIANG_DEMO": text}).demo is truth


@pytest.mark.parametrize("port", ["1", "65535"])
def test_the_first_and_the_last_port_may_be_used(port):
    assert read_settings(SECRETS | {"JIALIANG_PORT": port}).port == int(port)


@pytest.mark.parametrize(("length", "enough"), [(SHORTEST_SECRET - 1, False), (SHORTEST_SECRET, True)])
@pytest.mark.parametrize("name", ["JIALIANG_SECRET_KEY", "JIALIANG_KEY_PASSPHRASE"])
def test_secrets_have_at_least_32_characters_each(name, length, enough):
    environment = SECRETS | {name: "x" * length}
    if enough:
        assert read_settings(environment)
    else:
        with pytest.raises(BadSetting) as refused:
            read_settings(environment)
        assert refused.value.facts["name"] == name
        assert "x" * length not in str(refused.value.to_json()), "a refusal must not repeat the secret"


def test_the_demo_does_not_replace_secrets_that_are_given():
    settings = read_settings(SECRETS | {"JIALIANG_DEMO": "1"})
    assert (settings.secret_key, settings.key_passphrase) == ("s" * 40, "p" * 40)


def test_outside_the_demo_nobody_gets_the_secret_of_the_demo():
    assert DEMO_SECRET not in (Settings().secret_key, Settings().key_passphrase)


@pytest.mark.parametrize(
    ("url", "domain"),
    [("https://check.example.org/", "check.example.org"), ("http://localhost:8000", "localhost:8000"),
     ("https://[::1]:8443", "[::1]:8443")],
)  # fmt: skip
def test_the_domain_is_that_of_the_public_address_with_its_port(url, domain):
    assert read_settings(SECRETS | {"JIALIANG_PUBLIC_URL": url}).domain == domain


@pytest.mark.parametrize("url", ["ftp://example.org", "https://", "javascript:alert(1)", "", "//example.org"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(BadSetting):
        read_settings(SECRETS | {"JIALIANG_PUBLIC_URL": url})


def test_variables_of_other_programs_do_not_matter_and_ours_are_known_exactly():
    assert read_settings(
        SECRETS | {"PATH": "/bin", "JIALIANGX": "1", "JIALIANG_ORACLES": "/x"}
    ) == read_settings(SECRETS)
    with pytest.raises(BadSetting) as refused:
        read_settings(SECRETS | {"JIALIANG_port": "1"})
    assert "JIALIANG_PORT" in refused.value.facts["known"]


def test_folders_lie_under_the_data_folder_and_limits_are_those_of_the_documentation():
    settings = read_settings(SECRETS | {"JIALIANG_DATA_DIR": "/srv/d", "JIALIANG_FONT_DIR": "/fonts"})
    assert (settings.object_dir, settings.key_dir) == (Path("/srv/d/objects"), Path("/srv/d/keys"))
    assert settings.font_dir == Path("/fonts")
    assert settings.max_upload_bytes == 20 * 2**20
    assert settings.answer_memory_bytes == 64 * 2**20
    assert settings.host == "127.0.0.1", "nobody from outside until somebody says so"


def test_a_list_of_proxies_may_be_empty_or_have_blanks():
    assert read_settings(SECRETS | {"JIALIANG_TRUSTED_PROXIES": ""}).trusted_proxies == ()
    assert read_settings(SECRETS | {"JIALIANG_TRUSTED_PROXIES": " a ,, b,"}).trusted_proxies == ("a", "b")
