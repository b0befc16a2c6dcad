"""How allauth signs people in here: no sign-up, home by role, secrets of one-time codes encrypted at rest."""

from __future__ import annotations

import base64
import hashlib
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import account_inactive, login, logout, password_change, reauthenticate
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.urls import include, path
from django.utils.translation import gettext_lazy

from jialiang.console.shell import landing_url
from jialiang.kernel.clock import local_date, utc_now
from jialiang.kernel.errors import Unavailable
from jialiang.security.accounts.selectors import actor_of
from jialiang.security.tenancy.scope import scope
from jialiang.security.tenancy.selectors import tenant as tenant_of


class SecretUnreadable(Unavailable):
    """A stored secret of one-time codes was encrypted under another passphrase."""

    code = "JL-CON-007"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the administrator; after sign-in everyone arrives where the work of the role is."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy(
            "User name or password is wrong. Five failures in a row lock the account for 15 minutes."
        ),
        "too_many_login_attempts": gettext_lazy("Too many failed attempts. Wait 15 minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an administrator adds people."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the first page of the person's roles."""
        person: Any = request.user
        tenant = tenant_of(person.tenant_id)
        now = utc_now()
        with scope(tenant.id):
            return landing_url(actor_of(person.pk, on=local_date(now, tenant.time_zone), door="console"))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing about signing in and out: the page that follows says it."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of one-time codes are encrypted under the installation's passphrase; the symbol is drawn by segno."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret before it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return a stored secret. Raises :class:`SecretUnreadable` where the passphrase was changed."""
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as problem:
            raise SecretUnreadable from problem

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR symbol that an authenticator reads."""
        drawn = BytesIO()
        segno.make(url, error="m").save(
            drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False
        )
        return drawn.getvalue().decode()


def _cipher() -> Fernet:
    key = hashlib.scrypt(
        settings.JIALIANG.key_passphrase.encode(), salt=b"jialiang second factor", n=2**12, r=8, p=1, dklen=32
    )
    return Fernet(base64.urlsafe_b64encode(key))


urlpatterns = [
    path("sign-in/", login, name="account_login"),
    path("sign-out/", logout, name="account_logout"),
    path("account/inactive/", account_inactive, name="account_inactive"),
    path("account/password/", password_change, name="account_change_password"),
    path("account/confirm/", reauthenticate, name="account_reauthenticate"),
    path("account/security/", include("allauth.mfa.urls")),
]
