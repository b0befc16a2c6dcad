"""The addresses of the control plane: every door brings its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("jialiang.integration.idhub.addresses")),
    path("", include("jialiang.integration.api.door")),
    path("", include("jialiang.integration.api.native_handle")),
    path("", include("jialiang.integration.snms.addresses")),
    path("", include("jialiang.integration.handle_api.addresses")),
    path("", include("jialiang.console.urls")),
]
handler400 = "jialiang.console.messages.bad_request"
handler403 = "jialiang.console.messages.page_refused"
handler404 = "jialiang.console.messages.page_not_found"
handler429 = "jialiang.console.messages.too_many_attempts"
handler500 = "jialiang.console.messages.unexpected_fault"
