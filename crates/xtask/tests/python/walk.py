"""A data manager's walk through the local page, in Chromium.

walk.py alone|pairs ADDRESS: logs in as mina (and jun), password in SUMGIL_PASSWORD, and does what a person does.
Prints what was seen as JSON. SUMGIL_SCREENSHOTS names a folder for pictures of it.
"""

import json
import os
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

CHROMIUM = os.environ.get("SUMGIL_CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 120_000
PASSWORD = os.environ["SUMGIL_PASSWORD"]


class Walker:
    """One person at one browser."""

    def __init__(self, browser, address, language="en-GB"):
        self.address = address
        self.tab = browser.new_context(
            viewport={"width": 1366, "height": 768}, locale=language, timezone_id="Asia/Seoul"
        ).new_page()
        self.tab.set_default_timeout(PATIENCE_MS)
        self.elsewhere, self.troubles = [], []
        self.tab.on("request", self.asked)
        self.tab.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.tab.on("console", self.said)

    def asked(self, request):
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.elsewhere.append(request.url)

    def said(self, message):
        if "Content Security Policy" in message.text:
            self.troubles.append(message.text)

    def go(self, path):
        self.tab.goto(self.address + path)

    def shot(self, name):
        folder = os.environ.get("SUMGIL_SCREENSHOTS")
        if folder:
            self.settle()
            self.tab.screenshot(path=str(Path(folder) / f"edge-{name}.png"))

    def settle(self):
        """Until every picture is there."""
        self.tab.wait_for_function(
            "() => [...document.querySelectorAll('.canvas:not([hidden]) img')]"
            ".every(i => i.complete && !i.classList.contains('waiting'))"
        )

    def log_in(self, name, password):
        self.go("/login?next=/review")
        self.tab.fill("input[name=name]", name)
        self.tab.fill("input[name=password]", password)
        self.tab.click("main button.main")

    def open(self, words, but="no such device"):
        """Opens the first that waits for a reason with these words, and is not of the device `but`."""
        self.go("/review")
        self.tab.click(f"tbody tr:has-text('{words}'):not(:has-text('{but}')) a.item")
        self.tab.wait_for_selector("#stage, .texts")

    def decide(self, key, dialog, note):
        self.tab.keyboard.press(key)
        self.tab.wait_for_selector(f"#{dialog}[open]")
        self.tab.fill(f"#{dialog} textarea", note)

    def confirm(self, dialog):
        self.tab.click(f"#{dialog} button.main")
        self.tab.wait_for_selector("#done")
        return self.tab.inner_text("#done")

    def drag(self, box):
        """Draws a mask over a part of the left picture, in shares of the view."""
        view = self.tab.locator("#view-before").bounding_box()
        points = [(view["x"] + view["width"] * box[n], view["y"] + view["height"] * box[n + 1]) for n in (0, 2)]
        self.tab.mouse.move(*points[0])
        self.tab.mouse.down()
        self.tab.mouse.move(*points[1], steps=6)
        self.tab.mouse.up()

    def masks(self):
        return self.tab.locator("#mask-list li input").count()

    def number(self):
        return int(self.tab.url.split("?")[0].rsplit("/", 1)[1])


def alone(browser, address):
    seen = {}
    mina = Walker(browser, address)
    tab = mina.tab
    mina.go("/review")
    expect(tab).to_have_url(f"{address}/login?next=%2Freview")
    mina.log_in("mina", "not the password")
    expect(tab.locator("[role=alert]")).to_contain_text("wrong")
    mina.shot("login-en")
    mina.log_in("mina", PASSWORD)
    expect(tab).to_have_url(f"{address}/review")
    seen["waiting"] = tab.locator("table >> nth=0 >> tbody tr").count()
    mina.shot("list-en")
    tab.keyboard.press("j")
    tab.keyboard.press("j")
    assert tab.evaluate("document.activeElement.className") == "item", "j goes through the list"

    mina.open("modality is absent", but="Reporter")
    mina.settle()
    seen["patient"] = tab.inner_text(".facts tbody tr:nth-child(1) td:nth-child(2)")
    seen["found"] = mina.masks()
    mina.shot("review-en")
    before = tab.get_attribute("#picture-after", "src")
    tab.keyboard.press("m")
    mina.drag((0.06, 0.70, 0.40, 0.82))
    tab.keyboard.press("Escape")
    assert mina.masks() == seen["found"] + 1, "a mask was drawn"
    tab.wait_for_function("b => document.querySelector('#picture-after').getAttribute('src') !== b", arg=before)
    mina.shot("mask-en")
    tab.locator("#mask-list input").last.uncheck()
    tab.locator("#mask-list input").last.check()
    seen["masks"] = tab.input_value("#dialog-release .masks-field")
    seen["released"] = mina.number()
    mina.decide("r", "dialog-release", "name at the top left, looked at all of it")
    mina.shot("release-en")
    seen["said_released"] = mina.confirm("dialog-release")

    mina.open("Photograph or video")
    mina.settle()
    seen["frames"] = int(tab.get_attribute("#frame", "max"))
    tab.locator("#frame").focus()
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    expect(tab.locator("#frame-number")).to_have_text("4")
    tab.wait_for_function("() => document.querySelector('#picture-before').src.includes('frame=3')")
    mina.settle()
    mina.shot("frames-en")
    seen["discarded"] = mina.number()
    mina.decide("d", "dialog-discard", "no chest in it")
    seen["said_discarded"] = mina.confirm("dialog-discard")

    mina.go("/review")
    tab.click("tbody tr:has-text('Chest Reporter') a.item")
    tab.wait_for_selector(".texts")
    assert tab.locator(".texts[open]").count() == 1, "a report shows its text at once"
    mina.tab.check("#only-changed")
    mina.shot("report-en")

    tab.click("header button[value=ko]")
    expect(tab.locator("html")).to_have_attribute("lang", "ko")
    seen["korean"] = tab.inner_text("h1")
    mina.go("/review")
    mina.shot("list-ko")
    tab.click("tbody tr:has-text('검사 종류가 없음') a.item")
    mina.settle()
    mina.shot("review-ko")

    mina.go("/samples")
    seen["samples"] = tab.locator("tbody tr").count()
    mina.shot("samples-ko")
    tab.click("tbody tr a.item")
    mina.settle()
    mina.shot("sample-ko")
    mina.decide("g", "dialog-good", "")
    seen["said_good"] = mina.confirm("dialog-good")
    tab.click("header button[value=en]")
    mina.go("/samples")
    tab.click("tbody tr a.item")
    mina.settle()
    mina.shot("sample-en")
    seen["missed"] = mina.number()
    mina.decide("t", "dialog-text-missed", "a name is left in")
    seen["said_missed"] = mina.confirm("dialog-text-missed")

    mina.go("/log")
    seen["log"] = tab.inner_text("table")
    mina.shot("log-en")
    mina.go("/")
    mina.shot("counts-en")
    tab.click("header form[action='/logout'] button")
    mina.go("/review")
    expect(tab).to_have_url(f"{address}/login?next=%2Freview")
    seen["elsewhere"], seen["troubles"] = mina.elsewhere, mina.troubles
    return seen


def pairs(browser, address):
    seen = {}
    mina, jun = Walker(browser, address), Walker(browser, address, "ko-KR")
    mina.log_in("mina", PASSWORD)
    jun.log_in("jun", PASSWORD)
    mina.open("modality is absent", but="Reporter")
    place = mina.tab.url.replace(address, "")
    seen["number"] = mina.number()
    mina.tab.keyboard.press("m")
    mina.drag((0.06, 0.05, 0.60, 0.18))
    seen["masks"] = mina.tab.input_value("#dialog-release .masks-field")
    mina.decide("r", "dialog-release", "top left")
    seen["said_first"] = mina.confirm("dialog-release")
    mina.go(place)
    seen["can_second_own"] = mina.tab.locator("[data-dialog=dialog-second]").count()
    mina.shot("waits-en")
    jun.go(place)
    jun.settle()
    seen["masks_shown"] = jun.tab.input_value("#dialog-release .masks-field")
    jun.shot("second-ko")
    jun.decide("r", "dialog-second", "")
    seen["said_second"] = jun.confirm("dialog-second")
    jun.go("/log")
    seen["log"] = jun.tab.inner_text("table")
    jun.shot("log-ko")
    seen["elsewhere"] = mina.elsewhere + jun.elsewhere
    seen["troubles"] = mina.troubles + jun.troubles
    return seen


def main(part, address):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        walk = {"alone": alone, "pairs": pairs}[part]
        print(json.dumps(walk(browser, address.rstrip("/"))))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
