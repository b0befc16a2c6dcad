"""The page of scanning: photograph, typed code and hand-held scanner; where one arrives and what one is told."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html
from PIL import Image

from jialiang.base.identifiers.selectors import identifier_of
from jialiang.console.middleware import SECURITY_HEADERS
from jialiang.console.scans import POLICY
from jialiang.formats.carriers.photographs import LARGEST
from jialiang.formats.carriers.printed import printed_symbol
from jialiang.kernel.text import Text
from tests.console.browsing import ROOT
from tests.console.registers.conftest import Registers
from tests.console.whole import faults_of
from tests.formats.carriers.test_photographs import bomb, encoded

As = Callable[..., Client]
SCAN = reverse("scan")
MODULE = ROOT / "src/jialiang/console/static/jialiang/scan.js"


def photographed(*pictures: tuple[str, str]) -> SimpleUploadedFile:
    """A photograph of symbols, one below the other."""
    desk, top = Image.new("L", (1000, 1000), 160), 40
    for kind, text in pictures:
        drawn = Image.open(BytesIO(printed_symbol(kind, text).png(4))).convert("L")
        desk.paste(drawn, (60, top))
        top += drawn.height + 40
    return SimpleUploadedFile("IMG_0001.jpg", encoded(desk), content_type="image/jpeg")


def sent(client: Client, **given):
    return client.post(SCAN, given)


def words(answer) -> str:
    return " ".join(html.fromstring(answer.content).text_content().split())


@pytest.mark.parametrize("role", ["receptionist", "technician", "instrument_manager", "customer", "regulator"])
def test_a_typed_or_scanned_number_opens_its_instrument(registers: Registers, as_: As, role: str) -> None:
    answer = sent(as_(role), text="T-1\r\n")
    assert (answer.status_code, answer["Location"]) == (303, reverse("instrument", args=[registers.thermometer.id]))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_photograph_of_a_label_opens_its_instrument(registers: Registers, as_: As, settings, language: str) -> None:
    name = identifier_of("instrument", registers.gauge.id).text
    photograph = photographed(("qr", f"{settings.JIALIANG.public_url}/{name}"))
    answer = sent(as_("technician", language=language), photograph=photograph)
    assert (answer.status_code, answer["Location"]) == (303, reverse("instrument", args=[registers.gauge.id]))


def test_several_symbols_of_a_photograph_are_all_listed(registers: Registers, as_: As) -> None:
    answer = sent(as_("technician"), photograph=photographed(("code_128", "T-1"), ("qr", "P-1"), ("qr", "none")))
    page = answer.content.decode()
    assert answer.status_code == 200
    for row in (registers.thermometer, registers.gauge):
        assert f'href="{reverse("instrument", args=[row.id])}"' in page
    assert "Nothing that you may see has this code." in words(answer)
    assert page.index(">T-1<") < page.index(">P-1<") < page.index(">none<")


def test_two_makers_with_one_number_are_listed_to_choose_from(registers: Registers, as_: As) -> None:
    registers.world.instrument(serial_number="T-1", manufacturer=Text("近水仪表厂", "Jinshui Instruments"))
    answer = sent(as_("technician"), text="T-1")
    assert "Several things have this code" in words(answer)
    assert "Jinshui Instruments" in words(answer)
    assert answer.content.decode().count('href="/instruments/') >= 2


def test_another_customers_instrument_is_not_told(registers: Registers, as_: As) -> None:
    answer = sent(as_("customer"), text="M-1")
    assert answer.status_code == 200
    assert str(registers.mill_scale.id) not in answer.content.decode()
    assert "Nothing that you may see has this code." in words(answer)


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "none", "Nothing that you may see has this code."),
        ("zh-hans", "none", "您可查看的范围内没有使用这一编码的对象"),
        ("en", "https://evil.example/x", "This is an address of evil.example, which is not this platform."),
        ("zh-hans", "https://evil.example/x", "这是 evil.example 的网址，不属于本平台"),
        ("en", "WIFI:S:x;P:y;;", "This is no code of an instrument, a certificate or a label."),
        ("zh-hans", "WIFI:S:x;P:y;;", "这不是器具、证书或标签的编码"),
        ("en", "{home}/c/88.1/none?k=A", "The public page says what anyone may know."),
        ("zh-hans", "{home}/c/88.1/none?k=A", "公开页面给出任何人都可了解的内容"),
        ("en", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_what_leads_nowhere_is_explained_on_a_whole_page(
    registers: Registers, as_: As, settings, language: str, text: str, said: str
) -> None:
    given = text.format(home=settings.JIALIANG.public_url)
    answer = sent(as_("technician", language=language), text=given)
    assert answer.status_code == 200
    assert said in words(answer)
    assert given in words(answer)  # what was read is shown
    assert "<script>alert" not in answer.content.decode()
    assert 'href="https://evil' not in answer.content.decode()
    assert faults_of(answer.content.decode(), language) == []


def test_the_public_page_is_one_click_away(registers: Registers, as_: As, settings) -> None:
    answer = sent(as_("customer"), text=f"{settings.JIALIANG.public_url}/c/88.1/none?k=A")
    assert f'href="{settings.JIALIANG.public_url}/c/88.1/none?k=A"' in answer.content.decode()


REFUSED = {
    "JL-SCN-001": SimpleUploadedFile("x.jpg", b"no picture", content_type="image/jpeg"),
    "JL-SCN-002": SimpleUploadedFile("x.png", bomb(20_000, 20_000), content_type="image/png"),
    "JL-SCN-003": SimpleUploadedFile("x.png", encoded(Image.new("L", (300, 300), 255), "PNG")),
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("code", REFUSED)
def test_a_photograph_that_cannot_be_read_is_explained(registers: Registers, as_: As, code: str, language: str) -> None:
    REFUSED[code].seek(0)
    answer = sent(as_("technician", language=language), photograph=REFUSED[code])
    assert answer.status_code == (413 if code == "JL-SCN-002" else 422)
    assert code in words(answer)
    assert ("type what stands below the code" if language == "en" else "手工输入码下的文字") in words(answer)
    assert faults_of(answer.content.decode(), language) == []


def test_a_file_that_is_too_large_is_not_even_read(registers: Registers, as_: As) -> None:
    large = SimpleUploadedFile("x.jpg", b"\xff" * (LARGEST + 1), content_type="image/jpeg")
    answer = sent(as_("technician"), photograph=large)
    assert (answer.status_code, "JL-SCN-002" in words(answer)) == (413, True)


@pytest.mark.parametrize("given", [{}, {"text": " "}, {"text": "x" * 5000}])
def test_nothing_is_refused(registers: Registers, as_: As, given: dict[str, str]) -> None:
    answer = sent(as_("technician"), **given)
    assert (answer.status_code, "JL-SCN-004" in words(answer)) == (422, True)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_is_whole_and_works_without_script(registers: Registers, as_: As, language: str) -> None:
    page = as_("technician", language=language).get(SCAN).content.decode()
    assert faults_of(page, language) == []
    root = html.fromstring(page)
    [photograph] = root.xpath("//input[@type='file']")
    assert (photograph.get("accept"), photograph.get("capture")) == ("image/*", "environment")
    [typed] = root.xpath("//input[@name='text' and @type='text']")
    assert typed.get("autofocus") is not None
    assert root.xpath("//*[@data-scan-live]")[0].get("hidden") is not None
    assert [form.get("method") for form in root.xpath("//main//form")] == ["post", "post"]


def test_only_this_page_may_ask_for_the_camera(registers: Registers, as_: As) -> None:
    client = as_("technician")
    allowed = SECURITY_HEADERS[POLICY].replace("camera=()", "camera=(self)")
    assert client.get(SCAN)[POLICY] == sent(client, text="none")[POLICY] == allowed
    assert "microphone=()" in allowed and "geolocation=()" in allowed
    for path in ("/", reverse("instruments"), reverse("search"), reverse("instrument", args=[registers.gauge.id])):
        assert client.get(path)[POLICY] == SECURITY_HEADERS[POLICY]
    assert "camera=()" in SECURITY_HEADERS[POLICY]
    assert client.get(SCAN)["Content-Security-Policy"] == SECURITY_HEADERS["Content-Security-Policy"]


def test_strangers_sign_in_first_and_other_methods_are_refused(registers: Registers, as_: As) -> None:
    assert Client().get(SCAN).status_code == 302
    assert Client().post(SCAN, {"text": "T-1"}).status_code == 302
    assert as_("technician").delete(SCAN).status_code == 405


def test_a_form_of_another_site_is_refused(registers: Registers, hire) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(hire("li.xiaoliang", "technician"))
    assert client.post(SCAN, {"text": "T-1"}).status_code == 403


def test_the_search_leads_to_the_camera(registers: Registers, as_: As) -> None:
    assert f'href="{SCAN}"' in as_("technician").get(reverse("search")).content.decode()


def test_the_module_lets_the_camera_go() -> None:
    text = MODULE.read_text(encoding="utf-8")
    assert "track.stop()" in text and '"pagehide", release' in text and "audio: false" in text
