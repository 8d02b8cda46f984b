"""Each role walks its day in a real browser without JavaScript, on the demo's own PostgreSQL, over accessible pages."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.desk.conftest import PROGRAM

PASSWORD = "loket-om-te-oefenen"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The address of a demo, started as a user starts it: without settings that other tests left in this process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", PROGRAM, "desk", "demo", "--port", str(port), "--actions", "120"]
    own = {key: value for key, value in os.environ.items() if not key.startswith(("UITSTROOM_DESK_", "DJANGO_"))}
    said = tmp_path_factory.mktemp("demo") / "said"
    with said.open("w") as out:
        server = subprocess.Popen(command, stdout=out, stderr=out, env={**own, "PYTHONUNBUFFERED": "1"})
    until = time.monotonic() + 120
    while "http://" not in said.read_text() and server.poll() is None and time.monotonic() < until:
        time.sleep(0.2)
    assert "http://" in said.read_text(), said.read_text()
    yield f"http://127.0.0.1:{port}"
    server.send_signal(signal.SIGTERM)
    server.wait(30)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Walk:
    """A person at a browser; what they saw is looked at again with axe at the end."""

    def __init__(self, browser, desk, account):
        self._browser, self._desk = browser, desk
        self.context = browser.new_context(
            java_script_enabled=False, base_url=desk, viewport={"width": 1200, "height": 900}
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.seen = []
        self.go("/")
        self.page.fill("#username", account)
        self.page.fill("#password", PASSWORD)
        self.press("main button")

    def go(self, address):
        answer = self.page.goto(address)
        assert answer.status < 400, (address, answer.status)
        self._look()

    def press(self, what):
        self.page.locator(what).first.click()
        self._look()

    def _look(self):
        self.seen.append((self.page.url, self.page.content()))
        assert self.page.locator("h1").count() == 1

    def fill(self, **values):
        for name, value in values.items():
            field = self.page.locator(f"#id_{name}")
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def text(self):
        return self.page.inner_text("main")

    def faults(self):
        """What axe finds on each page that was seen, in both languages and at both widths."""
        context = self._browser.new_context(
            bypass_csp=True, base_url=self._desk, viewport={"width": 400, "height": 800}
        )
        context.add_cookies(self.context.cookies())
        page, found = context.new_page(), []
        for url, html in {re.sub(r"\d+", "0", url): (url, html) for url, html in self.seen}.values():
            page.goto("/gezond/")
            page.set_content(html.replace('href="/static', f'href="{self._desk}/static'))
            wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1")
            found += [] if wide else [(url, "wider than the window")]
            result = Axe().run(page)
            found += [(url, one["id"], one["nodes"][0]["html"][:120]) for one in result.response["violations"]]
        context.close()
        return found


def test_a_mediator_s_day(browser, desk):
    walk = Walk(browser, desk, "bemiddelaar")
    assert "Mijn werk vandaag" in walk.text()
    walk.go("/zoeken/?q=85.04.65-001.24")
    assert "controlecijfers" in walk.text()
    head = 850465001
    walk.go(f"/zoeken/?q={head}{97 - head % 97:02d}")
    walk.press("a.button")
    walk.fill(given_name="Proef", family_name="Persoon")
    walk.press("button.main")
    walk.press("a.button")
    walk.page.locator(".cards a", has_text="Beroepsverkennende").click()
    walk.fill(start_date="2017-06-12", employer="0403.091.220", employer_name="Proefbedrijf")
    walk.fill(planned_end_date="2017-09-12")
    walk.press("button.main")
    assert walk.page.locator("#warnings").count() == 1
    for box in walk.page.locator("input[name=confirm]").all():
        box.check()
    walk.page.fill("#confirmed_reason", "afgesproken met de trajectbegeleider")
    walk.press("button.main")
    assert "geregistreerd" in walk.text()
    for kind, values in (
        ("started", {"on": "2017-06-12"}), ("interrupted", {"on": "2017-06-13", "end_reason": "interrupted"}),
        ("resumed", {"on": "2017-06-14"}), ("ended", {"on": "2017-06-15", "end_reason": "found_work"}),
        ("corrected", {"education": "low", "reason": "het diploma is bekend"}),
    ):  # fmt: skip
        walk.press(f'a.button[href$="/{kind}/"]')
        walk.fill(**values)
        walk.press("button.main")
        for box in walk.page.locator("input[name=confirm]").all():
            box.check()
        if walk.page.locator("#confirmed_reason").count():
            walk.page.fill("#confirmed_reason", "afgesproken")
            walk.press("button.main")
        assert walk.page.url.count("/") == 5, walk.text()
    assert "het diploma is bekend" in walk.text()
    assert "13 juni 2017" in walk.text()
    walk.press('a[href^="/personen/"]')
    walk.press('nav a[href^="/kantoren/"]')
    walk.press("header form button")
    assert "My office" in walk.page.inner_text("nav")
    walk.go("/")
    assert walk.faults() == []


def test_an_approver_s_and_a_partner_s_day(browser, desk):
    approver = Walk(browser, desk, "goedkeurder")
    approver.press("tbody th a")
    approver.press('a.button[href$="/approved/"]')
    approver.press("button.main")
    assert "goedgekeurd" in approver.text()
    approver.go("/")
    approver.press("tbody th a")
    approver.press('a.button[href$="/refused/"]')
    approver.press("button.main")
    assert "Vul dit in." in approver.text()
    approver.fill(reason="Het plan noemt geen competenties.")
    approver.press("button.main")
    assert "geweigerd" in approver.text()
    assert approver.faults() == []
    partner = Walk(browser, desk, "partner")
    partner.go("/acties/nieuw/")
    partner.press(".cards a")
    partner.fill(planned_days="60", plan="PLAN-1")
    partner.press("button.main")
    assert "voorgesteld" in partner.text()
    assert partner.faults() == []


def test_the_days_of_those_who_register_nothing(browser, desk):
    auditor = Walk(browser, desk, "auditor")
    auditor.press('nav a[href="/logboek/"]')
    auditor.press("main button.main")
    assert "Alles klopt" in auditor.text()
    auditor.go("/inzage/?q=70016500111")
    assert "Wie het bekeek" in auditor.text()
    assert auditor.faults() == []
    statistician = Walk(browser, desk, "statisticus")
    statistician.press('nav a[href="/leveringen/"]')
    with statistician.page.expect_download() as download:
        statistician.page.locator("button.main").click()
    assert download.value.suggested_filename == "delivery-2017-06-15.zip"
    statistician.go("/leveringen/")
    assert "Al geleverd" in statistician.text()
    assert statistician.faults() == []
    administrator = Walk(browser, desk, "beheerder")
    administrator.press('nav a[href="/accounts/"]')
    administrator.press("main a.button")
    administrator.fill(username="nieuw", name="Nieuw", role="mediator", password="een lang wachtwoord")
    administrator.press("button.main")
    assert "heeft een kantoor" in administrator.text()
    administrator.fill(office="GNT", password="een lang wachtwoord")
    administrator.press("button.main")
    assert "nieuw" in administrator.text()
    assert administrator.faults() == []
