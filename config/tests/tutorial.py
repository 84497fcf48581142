"""Walks docs/tutorial.md and docs/tutorial.fi.md in a browser, and takes their pictures.

`make pictures` runs it in each language on a site of its own that has nothing but a first user. A
step that cannot be taken raises, so the tutorial cannot promise what the pages do not do.
Arguments: the address of the site, the folder for the pictures, the language.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from config.tests.camera import Camera

if TYPE_CHECKING:
    from playwright.sync_api import Page

CONTACTS = Path(__file__).parents[2] / "docs" / "tutorial" / "contacts.csv"
FIRST_USER, PASSWORD = "admin", "a-first-password"
SALUTATIONS = {
    "MS": {"fi": ("Hyvä rouva {surname}", "Hei {first_name}"),
           "en": ("Dear Ms {surname}", "Dear {first_name}")},
    "MR": {"fi": ("Hyvä herra {surname}", "Hei {first_name}"),
           "en": ("Dear Mr {surname}", "Dear {first_name}")},
}  # fmt: skip
# What the tutorial writes itself: a mailing group, a group of templates, a template, its subject.
WORDS = {
    "en": ("Customers", "Letters", "Thanks for the year", "Thank you for the year"),
    "fi": ("Asiakkaat", "Kirjeet", "Kiitos vuodesta", "Kiitos kuluneesta vuodesta"),
}


class Walk:
    """One person on the road from an empty site to a follow-up."""

    def __init__(self, page: "Page", camera: Camera, bring_in: Callable[[Path], object]) -> None:
        self.page, self.shoot, self.bring_in = page, camera.shoot, bring_in
        words = WORDS[camera.language]
        self.customers, self.letters, self.thanks, _subject = words
        self.language = camera.language

    def all(self) -> None:
        """Every step, in the order of the tutorial."""
        for step in STEPS:
            step(self)

    def go(self, selector: str) -> None:
        """Follows a link, or sends a form, and waits for the page that comes."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def save(self) -> None:
        self.go("main form .btn-primary")

    def pick(self, name: str, text: str) -> None:
        """Chooses from a list that one can search in."""
        self.page.click(f".field:has([name={name}]) .ts-control")
        self.page.keyboard.type(text)
        self.page.click(f".ts-dropdown:visible [data-selectable]:has-text('{text}')")
        self.page.keyboard.press("Escape")

    def table(self, its: str, /, **fields: str) -> None:
        """Opens the form of a set-up table for a new row, and fills in the plain fields."""
        self.page.goto(f"/admin/{its}/add/")
        for field, value in fields.items():
            self.page.fill(f"#id_{field}", value)


def sign_in(walk: Walk) -> None:
    page = walk.page
    page.goto("/")
    page.fill("[name=username]", FIRST_USER)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".first-steps")
    walk.shoot("01-home")


def say_who_we_are(walk: Walk) -> None:
    walk.go(".first-steps li:nth-child(1) a")
    ours = {
        "company_name": "Kukkatukku Oy", "address": "Torikatu 1", "post_code": "40100",
        "city": "Jyväskylä", "phone": "+358 14 000 100", "email": "info@kukkatukku.example",
    }  # fmt: skip
    for field, value in ours.items():
        walk.page.fill(f"#id_{field}", value)
    walk.page.select_option("#id_country", "FI")
    walk.page.select_option("#id_default_language", walk.language)
    walk.shoot("02-marketing-set-up")
    walk.save()
    walk.page.wait_for_selector("#messages .success")


def let_people_in(walk: Walk) -> None:
    walk.table(
        "auth/user", username="aino", password1="roses-and-tulips", password2="roses-and-tulips"
    )
    walk.go("[name=_save]")
    walk.page.fill("#id_first_name", "Aino")
    walk.page.fill("#id_last_name", "Kallio")
    walk.page.dblclick("#id_groups_from option:text-is('marketer')")
    walk.page.wait_for_selector("#id_groups_to option:text-is('marketer')", state="attached")
    walk.shoot("03-user")
    walk.go("[name=_save]")


def name_the_salesperson(walk: Walk) -> None:
    walk.table(
        "crm/salesperson", code="AK", name="Aino Kallio", job_title="Account manager",
        phone="+358 14 000 101", email="aino.kallio@kukkatukku.example",
    )  # fmt: skip
    walk.page.click(".field-user .select2-selection")
    walk.page.keyboard.type("aino")
    walk.page.click(".select2-results__option:has-text('aino')")
    walk.go("[name=_save]")


def write_salutations(walk: Walk) -> None:
    for code, formulas in SALUTATIONS.items():
        walk.table("crm/salutation", code=code, description=code.title())
        for row, (language, (formal, informal)) in enumerate(formulas.items()):
            if row:
                walk.page.click("#formulas-group .add-row a")
            walk.page.select_option(f"#id_formulas-{row}-language", language)
            walk.page.fill(f"#id_formulas-{row}-formal", formal)
            walk.page.fill(f"#id_formulas-{row}-informal", informal)
        if code == "MS":
            walk.shoot("04-salutation")
        walk.go("[name=_save]")
    walk.table("crm/mailinggroup", code="CUSTOMERS", description=walk.customers)
    walk.go("[name=_save]")
    walk.table("interactions/interactiongroup", code="LETTERS", description=walk.letters)
    walk.go("[name=_save]")


def bring_in_contacts(walk: Walk) -> None:
    """Tried in the browser; the last press waits for a worker, so the command does its work."""
    walk.page.goto("/contacts/")
    walk.go(".empty a[href='/contacts/import/']")
    walk.page.set_input_files("[name=file]", CONTACTS)
    walk.save()
    walk.save()
    walk.page.wait_for_selector("form[action$='/start/'] button:has-text('10')")
    walk.bring_in(CONTACTS)
    walk.page.goto("/contacts/")
    assert walk.page.locator("main tbody tr").count() == 10
    walk.shoot("05-contacts")


def make_a_template(walk: Walk) -> None:
    page = walk.page
    page.goto("/templates/new/")
    page.fill("[name=code]", "THANKS")
    page.fill("[name=description]", walk.thanks)
    page.select_option("#id_group", label=walk.letters)
    page.select_option("#id_language", walk.language)
    page.select_option("#id_correspondence_type", "hard_copy")
    walk.save()
    with tempfile.TemporaryDirectory() as folder:
        for language in ("fi", "en"):
            letter = Path(folder) / f"letter-{language}.docx"
            page.goto("/merge-fields/")
            with page.expect_download() as coming:
                page.click(f"a[href$='letter-{language}.docx']")
            coming.value.save_as(letter)
            page.goto("/templates/THANKS/languages/new/")
            page.select_option("#id_language", language)
            page.fill("[name=subject]", WORDS[language][3])
            page.set_input_files("[name=letter]", letter)
            walk.save()
    page.wait_for_selector(".letter-row:has-text('letter-en.docx')")
    walk.shoot("06-template")


def begin_a_segment(walk: Walk) -> None:
    walk.page.goto("/segments/new/")
    walk.page.fill("[name=description]", walk.thanks)
    walk.pick("salesperson", "Aino Kallio")
    walk.pick("template", walk.thanks)
    walk.shoot("07-new-segment")
    walk.save()
    walk.page.wait_for_selector("#worksheet")


def choose_contacts(walk: Walk) -> None:
    page = walk.page
    walk.go(".choose-verbs a[href$='/add/']")
    page.click(".card-section:has([name=mailing_groups-group]) summary")
    walk.pick("mailing_groups-group", walk.customers)
    page.wait_for_selector("#found button[type=submit]:has-text('7')")
    walk.shoot("08-add-contacts")
    walk.go("#found button[type=submit]:has-text('7')")
    assert page.locator("td.who").count() == 7
    walk.shoot("09-worksheet")


def personalise(walk: Walk) -> None:
    page = walk.page
    page.click("td.who >> text=Kaisa Metsola")
    page.fill("#panel #comment textarea", "Tervetuloa kevätjuhlaan!")
    page.click("#panel #comment button[type=submit]")
    page.wait_for_selector("#panel .letter-text:has-text('kevätjuhlaan')")
    walk.shoot("10-line")
    page.click("#panel [data-close-panel]")


def check(walk: Walk) -> None:
    walk.go(".worksheet-foot a[href$='/check/']")
    assert walk.page.locator(".notice.error").count() == 0
    walk.shoot("11-check")


def log(walk: Walk) -> None:
    walk.go("a[href$='/log/']")
    walk.page.uncheck("[name=send]")
    walk.shoot("12-log")
    walk.go("main form .btn-primary")
    walk.page.wait_for_selector("#messages .success")
    walk.shoot("13-logged-segment")


def evaluate(walk: Walk) -> None:
    logged = walk.page.url
    walk.page.goto("/interactions/")
    walk.go("main tbody tr:has-text('Emily Shaw') a[href^='/interactions/']")
    walk.page.select_option("[name=evaluation]", "positive")
    walk.go("form[action$='/evaluate/'] button[type=submit]")
    walk.page.goto(logged)


def follow_up(walk: Walk) -> None:
    walk.go("main a[href$='/follow-up/']")
    walk.page.check("[name=everybody][value=some]")
    walk.page.check("[name=evaluations][value=positive]")
    walk.shoot("14-follow-up")
    walk.save()
    walk.page.wait_for_selector("#worksheet")
    assert walk.page.locator("td.who").count() == 1


STEPS: tuple[Callable[[Walk], None], ...] = (
    *(sign_in, say_who_we_are, let_people_in, name_the_salesperson, write_salutations),
    *(bring_in_contacts, make_a_template, begin_a_segment, choose_contacts, personalise),
    *(check, log, evaluate, follow_up),
)


def by_command(file: Path) -> None:
    """As the tutorial says it: on the server, by the command."""
    command = [sys.executable, "manage.py", "import_contacts", str(file)]
    subprocess.run(command, check=True)


def main(address: str, folder: Path, language: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        camera = Camera(browser, address, folder, language)
        Walk(camera.page, camera, by_command).all()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
