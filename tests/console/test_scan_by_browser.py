"""Scanning by browser: a photograph of a label lands on the instrument; the live camera is asked for there alone."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.conf import settings
from django.urls import reverse
from PIL import Image

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.formats.carriers.printed import printed_symbol
from jialiang.kernel.clock import utc_now
from jialiang.security.tenancy.scope import scope
from tests.console.measurement_science.test_desk_by_browser import sign_in
from tests.formats.carriers.test_photographs import encoded, on_desk
from tests.ledger import build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CAMERA = """
window.asked = 0; window.stopped = 0;
const track = { stop() { window.stopped += 1; } };
const opened = () => {
  const stream = document.createElement("canvas").captureStream();
  stream.getTracks = () => [track];
  return stream;
};
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia: async () => {
  window.asked += 1;
  if (sessionStorage.refuse) throw new DOMException("no", sessionStorage.refuse);
  return opened();
} } });
HTMLVideoElement.prototype.play = async () => {};
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return sessionStorage.seen ? [{ rawValue: sessionStorage.seen }] : []; }
};
"""
REFUSALS = {
    ("en", "NotAllowedError"): "The camera was refused.",
    ("en", "NotFoundError"): "There is no camera here.",
    ("zh-hans", "NotAllowedError"): "摄像头未获许可",
    ("zh-hans", "NotReadableError"): "摄像头正被其他程序占用",
}


def labelled(tenant):
    """An instrument and a photograph of its label."""
    with scope(tenant.id):
        row = build_world(tenant.id, utc_now()).instrument(serial_number="T2104-0387")
        address = f"{settings.JIALIANG.public_url}/{identifier_of('instrument', row.id).text}"
    label = Image.open(BytesIO(printed_symbol("qr", address).png(6))).convert("L")
    return row, encoded(on_desk(label).rotate(12, fillcolor=150))


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("zh-hans", "light", "phone"), ("en", "dark", "phone"), ("en", "light", "desktop")],
)
def test_a_photograph_of_a_label_lands_on_the_page_of_the_instrument(visit, tenant, add_person, language, theme, size):
    add_person("li.xiaoliang", "technician")
    row, photograph = labelled(tenant)
    window = visit(language, theme, size)
    sign_in(window)
    window.page.goto(window.server + reverse("scan"))
    assert window.findings() == []
    assert not window.is_wider_than_the_screen()
    window.shoot("scan")
    window.page.fill("#text", "https://evil.example/x")
    window.page.press("#text", "Enter")
    window.page.wait_for_selector("#scanned")
    assert window.findings() == []
    assert not window.is_wider_than_the_screen()
    window.shoot("scan-foreign")
    with window.page.expect_navigation():
        window.page.set_input_files(
            "#photograph", {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photograph}
        )
    window.page.wait_for_url(f"**{reverse('instrument', args=[row.id])}")
    assert "T2104-0387" in window.page.inner_text("main")
    assert window.wrong == []


def test_the_live_camera_reads_stops_and_says_why_not(visit, tenant, add_person):
    add_person("li.xiaoliang", "technician")
    row, _ = labelled(tenant)
    window = visit("en", "light", "phone")
    window.context.add_init_script(CAMERA)
    sign_in(window)
    page, home = window.page, window.server + reverse("scan")
    for (language, refusal), said in REFUSALS.items():
        window.context.add_cookies([{"name": "jialiang_language", "value": language, "url": window.server}])
        page.goto(home)
        page.evaluate("reason => { sessionStorage.refuse = reason; }", refusal)
        page.click("[data-scan-start]")
        told = "said => document.querySelector('[data-scan-status]').textContent.includes(said)"
        page.wait_for_function(told, arg=said)
        assert page.is_visible("[data-scan-start]") and not page.is_visible("video")
    page.evaluate("sessionStorage.removeItem('refuse')")
    page.click("[data-scan-start]")
    page.wait_for_selector("video:visible")
    page.click("[data-scan-stop]")
    assert page.evaluate("window.stopped") == 1
    assert not page.is_visible("video")
    page.evaluate("sessionStorage.seen = 'T2104-0387'")
    page.click("[data-scan-start]")
    page.wait_for_url(f"**{reverse('instrument', args=[row.id])}")
    assert window.wrong == []


def test_the_camera_is_allowed_on_this_page_and_nowhere_else(visit, tenant, add_person):
    add_person("li.xiaoliang", "technician")
    window = visit("en", "light", "desktop")
    sign_in(window)
    allowed = "document.featurePolicy.allowsFeature('camera')"
    for path in ("/", reverse("instruments"), reverse("search")):
        answer = window.page.goto(window.server + path)
        assert "camera=()" in answer.headers["permissions-policy"]
        assert window.page.evaluate(allowed) is False
    answer = window.page.goto(window.server + reverse("scan"))
    assert "camera=(self)" in answer.headers["permissions-policy"]
    assert window.page.evaluate(allowed) is True
    assert window.page.evaluate("document.featurePolicy.allowsFeature('microphone')") is False
