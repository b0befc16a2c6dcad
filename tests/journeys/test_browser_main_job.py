"""The whole main job at the browser, once in Chinese and once in English, and what a stranger sees of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from jialiang.business.demonstration.data import PASSWORD, world
from tests.journeys.browsing import Opened, Window, address_of_record, row_with, symbols_printed
from tests.journeys.conftest import Demonstration

pytestmark = [pytest.mark.browser, pytest.mark.slow]

INSTRUMENTS = {"zh": "T2104-0388", "en": "T2104-0394"}
CUSTOMER = "91370000DEM000003G"
WHY = "第 7 行的示值请再核对一次原始显示"
AT_22 = "0.1668"  # |b(22 °C)| by the line of GUM H.3: −0.1712 + 0.00218 · 2, to four places
LIVE_AT_22 = re.compile(rf"^\s*22\s*[−-]{AT_22}")
GENUINE = {"zh": "真实，且有效", "en": "Genuine and in force"}


@dataclass
class Job:
    """What one step hands to the next."""

    language: str
    serial: str
    record: str = ""
    certificate: str = ""
    number: str = ""
    files: Path = Path()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_from_the_desk_to_a_verdict_that_a_stranger_sees(
    language: str, opened: Opened, installation: str, demonstration: Demonstration, tmp_path: Path
):
    job = Job(language, INSTRUMENTS[language], files=tmp_path)
    (take_in_at_once if language == "zh" else take_in_step_by_step)(opened, job)
    calibrate(opened, job)
    return_it(opened, job)
    submit_again(opened, job)
    pass_on(opened, job)
    issue(opened, job)
    download(opened, job)
    scan(opened, job, installation)
    withdraw_another(opened, job, installation, urlsplit(demonstration.report["check_url"]).path)
    hand_in_files(opened, job)


def take_in_at_once(opened: Opened, job: Job) -> None:
    """Order, agreement and receipt on one page."""
    with opened(job.language, "reception") as desk:
        desk.see("01-home", everywhere=True)
        _order(desk, job)
        _agree(desk)
        desk.page.locator("input[name=accept_now]").check()
        desk.page.locator("input[name=is_here]").check()
        desk.see("03-intake", everywhere=True)
        desk.main_action()
        desk.see("04-commission", everywhere=True)
        desk.go("/commissions/")
        desk.see("02-commissions", everywhere=True)


def take_in_step_by_step(opened: Opened, job: Job) -> None:
    """Open, then accept, then receive."""
    with opened(job.language, "reception") as desk:
        desk.see("01-home", everywhere=True)
        _order(desk, job)
        for name in ("accept_now", "is_here"):
            desk.page.locator(f"input[name={name}]").uncheck()
        desk.see("03-intake", everywhere=True)
        desk.main_action()
        desk.press_and_wait(desk.page.locator("a[href$='/accept']"))
        _agree(desk)
        desk.see("03b-acceptance")
        desk.main_action()
        desk.press_and_wait(desk.page.locator("a[href$='/receive']"))
        desk.page.locator("[name=condition_zh]").fill("外观完好")
        desk.page.locator("[name=condition_en]").fill("Sound")
        desk.see("03c-receipt")
        desk.main_action()
        desk.see("04-commission", everywhere=True)
        desk.go("/commissions/")
        desk.see("02-commissions", everywhere=True)


def _order(desk: Window, job: Job) -> None:
    desk.go("/commissions/")
    desk.press_and_wait(desk.page.locator("main a[href='/commissions/new']").first)
    desk.page.locator("main input[name=q]").fill(CUSTOMER)
    desk.page.locator("main input[name=q]").press("Enter")
    desk.page.wait_for_url("**q=*")
    desk.press_and_wait(desk.page.locator("main a[href*='customer=']").first)
    line = row_with(desk.page, job.serial)
    line.get_by_role("checkbox").check()
    line.locator("input[name^=condition_]").fill("外观完好，示值稳定")
    line.locator("input[name^=points_]").fill("22 24 26")
    desk.page.locator("input[name=kind][value=calibration]").check()


def _agree(desk: Window) -> None:
    for name, value in (("decision_rule", "guard_band_u"), ("due_date", "yes"), ("fee_kind", "charged")):
        desk.page.locator(f"input[name={name}][value={value}]").check()
    desk.page.locator("input[name=agreed_interval_months]").fill("12")


def calibrate(opened: Opened, job: Job) -> None:
    """Start the record, enter what GUM H.3 prints, see the figures while entering, submit."""
    with opened(job.language, "technician") as bench:
        bench.go("/calibrations/start")
        bench.see("05-waiting-items")
        bench.press_and_wait(row_with(bench.page, job.serial).get_by_role("link").first)
        for name, text in (("method_zh", "标准恒温槽中的比较法"), ("method_en", "Comparison in a bath")):
            bench.page.locator(f"[name={name}]").fill(text)
        bench.page.locator("[name=points]").fill("22 24 26")
        bench.page.locator("input[name=reference]:not([disabled])").first.check()
        bench.see("06-start")
        bench.main_action()
        job.record = address_of_record(bench.page)
        _enter_readings(bench)
        expect(bench.page.locator("main tr").filter(has_text=LIVE_AT_22)).to_be_visible()
        bench.see("07-record", everywhere=True)
        bench.main_action()
        bench.go(job.record)
        bench.see("08-submitted")


def _enter_readings(bench: Window) -> None:
    _enter_conditions(bench)
    readings = world()["gum_h3"]
    for number, pair in enumerate(zip(readings["indication"], readings["correction"], strict=True), start=1):
        for column, text in zip(("indication", "correction"), pair, strict=True):
            cell = bench.page.locator(f"[name='c-{number}-{column}']")
            cell.fill(text)
            cell.press("Enter")


def _enter_conditions(bench: Window) -> None:
    conditions = {"temperature": ("22.9", "23.3"), "humidity": ("43", "47")}
    for name, ends in conditions.items():
        for end, text in zip(("minimum", "maximum"), ends, strict=True):
            bench.page.locator(f"[name='{name}-{end}']").fill(text)
    today = bench.page.evaluate("new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)")
    for name in ("begin_date", "end_date"):
        bench.page.locator(f"[name={name}]").fill(today)


def return_it(opened: Opened, job: Job) -> None:
    """Send the record back, with a reason."""
    with opened(job.language, "reviewer") as reviewer:
        reviewer.go(f"{job.record}review")
        reviewer.see("09-review", everywhere=True)
        reviewer.page.locator("select[name=reason]").select_option(index=1)
        reviewer.page.locator("input[name=note]").fill(WHY)
        reviewer.press_and_wait(reviewer.page.locator("button[name=act][value=return]"))
        reviewer.see("10-records", everywhere=True)


def submit_again(opened: Opened, job: Job) -> None:
    """Read the reason and hand the record in once more."""
    with opened(job.language, "technician") as bench:
        bench.go(job.record)
        expect(bench.page.locator("main")).to_contain_text(WHY)
        bench.see("11-returned")
        bench.main_action()


def pass_on(opened: Opened, job: Job) -> None:
    """Pass the review; look at the uncertainty first."""
    with opened(job.language, "reviewer") as reviewer:
        reviewer.go(f"{job.record}uncertainty")
        reviewer.see("12-uncertainty", everywhere=True)
        reviewer.go(f"{job.record}review")
        reviewer.main_action()


def issue(opened: Opened, job: Job) -> None:
    """Look at the final page, approve it with the password, and watch until it is in force."""
    with opened(job.language, "signatory") as signatory:
        signatory.go(f"{job.record}approval")
        expect(signatory.page.locator("main")).to_contain_text(AT_22)
        expect(signatory.page.locator("main")).to_contain_text(job.serial)
        signatory.see("13-approval", everywhere=True)
        signatory.page.locator("input[name=password]").fill(PASSWORD)
        signatory.press_and_wait(signatory.page.locator("button[name=act][value=approve]"))
        assert signatory.page.url.endswith("/issuing")
        signatory.see("14-issuing")
        done = signatory.page.locator("main a.btn-primary[href^='/certificates/']")
        done.wait_for(timeout=180_000)
        signatory.see("15-issued")
        signatory.press_and_wait(done)
        job.certificate = urlsplit(signatory.page.url).path
        found = re.search(r"YZ-\d{4}-C-\d{6}", signatory.words())
        assert found
        job.number = found.group()
        signatory.see("16-certificate", everywhere=True)
        signatory.go("/certificates/")
        expect(row_with(signatory.page, job.number)).to_be_visible()
        signatory.see("17-certificates", everywhere=True)
        signatory.go("/numbers/")
        signatory.see("18-numbers")


def download(opened: Opened, job: Job) -> None:
    """The customer takes the files home."""
    with opened(job.language, "customer") as customer:
        customer.go(job.certificate)
        customer.see("19-certificate-of-the-customer")
        for kind, name in (("xml", "c.xml"), ("pdf_zh", "c.zh.pdf"), ("pdf_en", "c.en.pdf")):
            with customer.page.expect_download() as coming:
                customer.page.locator(f"a[download][href$='/files/{kind}']").first.click()
            coming.value.save_as(job.files / name)


def scan(opened: Opened, job: Job, installation: str) -> None:
    """Read the QR symbol from the page as printed, and open its address as a stranger."""
    (address,) = symbols_printed(job.files / f"c.{job.language}.pdf")
    assert address.startswith(f"{installation}/c/")
    with opened(job.language) as stranger:
        stranger.go(address)
        words = stranger.words()
        assert GENUINE[job.language] in words
        assert job.number in words
        assert job.serial in words
        assert AT_22 in words
        stranger.see("20-verdict", everywhere=True)


def withdraw_another(opened: Opened, job: Job, installation: str, shown: str) -> None:
    """Withdraw a certificate of before: who looks at it a second later sees that.

    ``shown`` is the path of the one that the demonstration shows: other journeys look at it in force.
    """
    with opened(job.language, "signatory") as signatory, opened(job.language) as stranger:
        signatory.go("/certificates/")
        signatory.page.locator("main a[href^='/certificates/']").first.wait_for()
        links = signatory.page.locator("main table a[href^='/certificates/']").evaluate_all(
            "all => [...new Set(all.map(a => a.getAttribute('href')))]"
        )
        public = _first_that_may_be_withdrawn(signatory, [link for link in links if link != job.certificate], shown)
        own = installation + public.partition("/c/")[1] + public.partition("/c/")[2]
        stranger.go(own)
        assert GENUINE[job.language] in stranger.words()
        signatory.press_and_wait(signatory.page.locator("a[href$='/withdraw']"))
        signatory.page.locator("[name=reason_zh]").fill("所用标准器事后发现失准")
        signatory.page.locator("[name=reason_en]").fill("The standard used was found out of tolerance")
        signatory.page.locator("[name=password]").fill(PASSWORD)
        signatory.see("21-withdrawal")
        signatory.main_action()
        stranger.sees_within_a_second(own, GENUINE[job.language])
        stranger.go(own)
        stranger.see("23-verdict-withdrawn", everywhere=True)
        signatory.see("22-withdrawn")


def _first_that_may_be_withdrawn(signatory: Window, links: list[str], shown: str) -> str:
    for link in links:
        signatory.go(link)
        if signatory.page.locator("a[href$='/withdraw']").count():
            public = signatory.page.locator("a[href*='/c/'][href*='k=']").first.get_attribute("href")
            assert public
            if urlsplit(public).path != shown:
                return public
    raise AssertionError("no other certificate is in force")


def hand_in_files(opened: Opened, job: Job) -> None:
    """Hand in the XML as issued, and the same with one digit changed."""
    issued = (job.files / "c.xml").read_text(encoding="utf-8")
    tampered = job.files / "tampered.xml"
    tampered.write_text(issued.replace(AT_22, "0.1660"), encoding="utf-8")
    assert tampered.read_text(encoding="utf-8") != issued
    with opened(job.language) as stranger:
        stranger.go("/check")
        stranger.see("24-check", everywhere=True)
        for file, name in (("c.xml", "25-file-genuine"), (f"c.{job.language}.pdf", "26-pdf-genuine")):
            _hand_in(stranger, job.files / file)
            assert GENUINE[job.language] in stranger.words()
            stranger.see(name)
        _hand_in(stranger, tampered)
        assert GENUINE[job.language] not in stranger.words()
        stranger.see("27-file-altered", everywhere=True)


def _hand_in(stranger: Window, file: Path) -> None:
    stranger.go("/check")
    stranger.page.locator("input[type=file]").set_input_files(file)
    stranger.press_and_wait(stranger.page.locator("form[enctype] button"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_certificate_is_checked_without_script(language: str, opened: Opened, demonstration: Demonstration):
    address = urlsplit(demonstration.report["check_url"])
    number = address.path.rpartition("/")[2].upper()
    code = address.query.partition("=")[2]
    with opened(language, java_script_enabled=False) as stranger:
        stranger.go("/check")
        stranger.page.locator("input[name=number]").fill(number)
        stranger.page.locator("input[name=code]").fill(code)
        stranger.press_and_wait(stranger.page.locator("form:has(input[name=number]) button"))
        assert number in stranger.words()
        assert AT_22 in stranger.words()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_record_is_entered_without_script(language: str, opened: Opened):
    with opened(language, "technician", java_script_enabled=False) as bench:
        bench.go("/calibrations/?view=draft")
        hrefs = [link.get_attribute("href") or "" for link in bench.page.locator("main a").all()]
        bench.go(next(href for href in hrefs if re.fullmatch(r"/calibrations/[0-9a-f-]{36}/", href)))
        text = {"zh": "26.511", "en": "26.512"}[language]
        bench.page.locator("[name='c-11-indication']").fill(text)
        bench.page.locator("[name='c-11-correction']").fill("-0.160")
        bench.press_and_wait(bench.page.locator("button[name=act][value=save]").last)
        assert bench.page.locator("[name='c-11-indication']").input_value() == text
        bench.page.locator("[name='c-11-indication']").fill("26,5x")
        bench.page.locator("button[name=act][value=save]").last.click()
        assert bench.page.locator("[name='c-11-indication']").input_value() == "26,5x"
        assert bench.page.locator("[name='c-11-indication']").get_attribute("aria-invalid") == "true"
