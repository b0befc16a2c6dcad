"""What a person may be called: every name and login that is stored can be stored by every database."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jialiang.kernel.text import Text
from jialiang.security.accounts.errors import BadPerson, PasswordTooWeak
from jialiang.security.accounts.models import Person
from jialiang.security.accounts.services import LONGEST_NAME, USERNAME, create_person
from jialiang.security.tenancy.errors import BadTenant
from jialiang.security.tenancy.models import Tenant
from jialiang.security.tenancy.services import SLUG, create_tenant

PASSWORD = "brass-vessel-AD-9"


pytestmark = pytest.mark.usefixtures("quick_hashing")


LOGINS = {
    # login: may it be used?
    "zhang.wei": True,
    "abc": True,
    "a" * 60: True,
    "0.0": True,
    "z_w": True,
    "li-si_2.b": True,
    "a--b": True,
    "007": True,
    "ab": False,
    "a" * 61: False,
    "": False,
    "Zhang.wei": False,
    "zhang wei": False,
    " zhang": False,
    "zhang ": False,
    "zhang\n": False,
    ".zhang": False,
    "zhang.": False,
    "-zhang": False,
    "zhang_": False,
    "zhang@wei": False,
    "张伟伟": False,
    "zhäng": False,
    "zhang٣x": False,
    "a/../b": False,
    "a\x00b": False,
}


@pytest.mark.parametrize(("login", "usable"), LOGINS.items(), ids=[repr(login) for login in LOGINS])
def test_which_logins_may_be_used(login: str, usable: bool) -> None:
    assert (USERNAME.fullmatch(login) is not None) is usable


SHORT_NAMES = {
    "hangzhou-institute": True,
    "abc": True,
    "a" * 40: True,
    "a1-2": True,
    "ab": False,
    "a" * 41: False,
    "1abc": False,
    "-abc": False,
    "abc-": False,
    "Abc": False,
    "a_b": False,
    "a.b": False,
    "a/b": False,
    "杭州院": False,
    "abc\n": False,
}


@pytest.mark.parametrize(("slug", "usable"), SHORT_NAMES.items(), ids=[repr(s) for s in SHORT_NAMES])
def test_which_short_names_may_be_used(slug: str, usable: bool, db: None, now: datetime) -> None:
    if usable:
        assert create_tenant(slug=slug, name=Text("院"), now=now).slug == slug
        return
    with pytest.raises(BadTenant) as refused:
        create_tenant(slug=slug, name=Text("院"), now=now)
    assert refused.value.facts["member"] == "slug"


NAMES = {
    "the longest": (Text("张" * 100, "x" * 100), ""),
    "one too long in Chinese": (Text("张" * 101), "name.zh"),
    "one too long in English": (Text("张", "x" * 101), "name.en"),
    "no Chinese": (Text(en="Zhang Wei"), "name.zh"),
    "blanks for Chinese": (Text(" \u3000\t"), "name.zh"),
    "a zero byte": (Text("张\x00伟"), "name.zh"),
    "a line end": (Text("张", "Zhang\nWei"), "name.en"),
    "a paragraph separator": (Text("张\u2029伟"), "name.zh"),
    "half a letter": (Text("张\ud83d"), "name.zh"),
    "a rare character of four bytes": (Text("𠮷野"), ""),
    "a dot and an apostrophe": (Text("阿依古丽·买买提", "O'Brien-Smith"), ""),
    "a blank of Chinese width": (Text("张　伟"), ""),
}


@pytest.mark.parametrize(("name", "member"), NAMES.values(), ids=NAMES)
def test_which_names_a_person_may_have(name: Text, member: str, in_tenant: Tenant, now: datetime) -> None:
    def add() -> Person:
        return create_person(
            tenant_id=in_tenant.id, username="zhang.wei", password=PASSWORD, name=name, now=now
        )

    if not member:
        assert Person.objects.get(pk=add().pk).name == name
        return
    with pytest.raises(BadPerson) as refused:
        add()
    assert refused.value.facts["member"] == member
    assert len(str(refused.value.facts["given"])) <= LONGEST_NAME
    str(refused.value).encode()


@pytest.mark.parametrize(
    ("name", "member"),
    [
        (Text("院" * 200, "I" * 200), ""),
        (Text("院" * 201), "name.zh"),
        (Text("院", "I" * 201), "name.en"),
        (Text("院\r\n"), "name.zh"),
        (Text("院", "I\x7f"), "name.en"),
    ],
)
def test_which_names_an_institute_may_have(name: Text, member: str, db: None, now: datetime) -> None:
    if not member:
        assert create_tenant(slug="an-institute", name=name, now=now).name == name
        return
    with pytest.raises(BadTenant) as refused:
        create_tenant(slug="an-institute", name=name, now=now)
    assert refused.value.facts["member"] == member
    assert not Tenant.objects.exists()


PASSWORDS = {
    # password: does it hold for zhang.wei, Zhang Wei, zhang.wei@example.cn?
    "brass-vessel-AD-9": True,
    "铜量器新莽始建国元年九月": True,
    "correct horse battery": True,
    "brass-9": False,
    "": False,
    "123456789012": False,
    "password12345": False,
    "zhang.wei": False,
    "zhang.wei123": False,
    "zhang.wei@example.cn": False,
}


@pytest.mark.parametrize(("password", "holds"), PASSWORDS.items(), ids=[repr(p) for p in PASSWORDS])
def test_which_passwords_hold(password: str, holds: bool, in_tenant: Tenant, now: datetime) -> None:
    facts = {
        "tenant_id": in_tenant.id, "username": "zhang.wei", "email": "zhang.wei@example.cn",
        "name": Text("张伟", "Zhang Wei"), "now": now,
    }  # fmt: skip
    if holds:
        assert create_person(password=password, **facts).check_password(password)
        return
    with pytest.raises(PasswordTooWeak) as refused:
        create_person(password=password, **facts)
    if password:
        assert password not in str(refused.value.facts["rules"])


@given(st.from_regex(USERNAME, fullmatch=True))
def test_no_login_needs_escaping_in_an_address_or_a_log(login: str) -> None:
    assert login.isascii()
    assert login.isprintable()
    assert not set(login) & set("/?#&%\\\"'<> @:")


@given(st.from_regex(SLUG, fullmatch=True))
def test_no_short_name_needs_escaping_in_a_key_file_or_an_address(slug: str) -> None:
    assert slug == slug.lower().strip("-")
    assert slug.replace("-", "").isalnum()
