"""The whole journey by keys alone, and what a phone can do; nothing is clicked or pointed at."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import User

from config.tests.hands import Hands
from crm.models import Contact
from interactions.models import InteractionGroup, InteractionTemplate, LoggedSegment
from segments.models import LineOverride, Segment, SegmentLine

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def hands(open_page: Callable[..., "Page"], flowers: None, manager: User) -> Hands:
    """On the page where one signs in; a template is there."""
    InteractionTemplate.objects.create(
        code="CALL", description="A call", group=InteractionGroup.objects.get(), language="en"
    )
    page = open_page(reduced_motion="reduce")  # else the window is still on its way
    page.goto("/")
    return Hands(page)


def test_the_whole_journey_by_keys(hands: Hands) -> None:
    sign_in(hands)
    make_segment(hands)
    add(hands)
    remove_and_go_back(hands)
    line = SegmentLine.objects.get(contact__number="K3")
    in_the_grid(hands, line)
    on_the_panel(hands, line)
    the_list_of_keys(hands)
    check_and_mend(hands)
    log(hands)
    follow_up(hands)


def sign_in(hands: Hands) -> None:
    hands.fill("[name=username]", "manager")
    hands.fill("[name=password]", "secret")
    with hands.page.expect_navigation():
        hands.press("Enter")


def make_segment(hands: Hands) -> None:
    """Past the navigation by the link for it, which comes first."""
    hands.go_to("a.skip")
    hands.follow(".navigation a[href='/segments/']")
    hands.follow(".actions .btn-primary")
    hands.fill("#id_description", "Calls")
    hands.pick("salesperson", "Aino Kallio")
    hands.pick("template", "A call")
    hands.follow("main button[type=submit]")
    assert Segment.objects.get().description == "Calls"


def add(hands: Hands) -> None:
    """A card is opened by its head; what would happen is told before it does."""
    hands.follow("a[href$='/add/']")
    hands.go_to("details:has([name='mailing_groups-group']) summary")
    hands.press("Enter")
    hands.pick("mailing_groups-group", "Gifts")
    hands.page.wait_for_selector("button:has-text('Add 4 contacts')")
    assert not SegmentLine.objects.exists()
    hands.follow("button[value=apply]")
    hands.said("4 lines were added.")


def remove_and_go_back(hands: Hands) -> None:
    """After a part of the page was drawn anew the focus stands where it stood."""
    hands.follow("a[href$='/remove/']")
    hands.fill("[name='contact-number']", "K3")
    hands.page.wait_for_selector("button:has-text('Remove 1 line')")
    hands.follow("button[value=apply]")
    hands.said("1 line was removed.")
    hands.go_to("#trail-back")
    hands.press("Enter")
    hands.said("Step 2 was undone")
    hands.is_at("#trail-back")
    assert SegmentLine.objects.present(Segment.objects.get()).count() == 4


def in_the_grid(hands: Hands, line: SegmentLine) -> None:
    """One stop of Tab for the whole table; arrows inside, Escape leaves a cell as it was."""
    hands.go_to(".lines-grid *")
    hands.press("Control+Home")
    page, cell = hands.page, f"#e-{line.pk}-description"
    below = page.evaluate("(id) => document.querySelector(id).closest('tr').rowIndex - 1", cell)
    hands.press(*["ArrowDown"] * below)
    while not page.evaluate("(id) => document.activeElement.matches(id)", cell):
        hands.press("ArrowRight")
    hands.press("Enter")
    hands.is_at(f"#c-{line.pk}-description input")
    hands.type("Never mind")
    hands.press("Escape")
    hands.is_at(cell)
    hands.press("F2")
    hands.is_at(f"#c-{line.pk}-description input")
    hands.type("Violets")
    hands.press("Enter")
    hands.is_at(cell)
    page.wait_for_selector(f"#c-{line.pk}-description.own:not(.saving)")
    assert LineOverride.objects.get().description == "Violets"


def on_the_panel(hands: Hands, line: SegmentLine) -> None:
    """The panel takes the focus when it opens, and gives it back to the line."""
    hands.press("Alt+Enter")
    hands.is_at("#panel h2")
    hands.fill("#panel #comment textarea", "See you soon")
    hands.go_to("#panel #comment button[type=submit]")
    with hands.page.expect_response(lambda answer: answer.request.method == "POST"):
        hands.press("Enter")
    hands.is_at("#panel *")
    assert LineOverride.objects.get().personal_comment == "See you soon"
    hands.press("Escape")
    hands.is_at(f"#l-{line.pk} .who a")
    assert hands.page.locator("#panel").is_hidden()


def the_list_of_keys(hands: Hands) -> None:
    """A dialog keeps the keys, Escape closes it, and one is back where one was."""
    hands.press("?")
    hands.page.wait_for_selector("dialog[open] :focus")
    hands.press("Escape")
    hands.is_at(".lines-grid .who a")


def check_and_mend(hands: Hands) -> None:
    """One is blocked meanwhile, another wants e-mails and has no address."""
    Contact.objects.filter(number="K2").update(privacy_blocked=True)
    Contact.objects.filter(number="K5").update(correspondence_type="email", email="")
    hands.follow(".worksheet-foot a[href$='/check/']")
    hands.follow("li.notice.error button")
    hands.said("1 line was removed.")
    hands.go_to("select[name=correspondence_type]")
    hands.page.keyboard.type("Hard")
    hands.follow("form:has([name=correspondence_type]) button[type=submit]")
    hands.said("says its correspondence type itself now.")
    assert LineOverride.objects.get(line__contact__number="K5").correspondence_type == "hard_copy"


def log(hands: Hands) -> None:
    """There is nothing to send; what is doubtful is accepted with the space bar."""
    hands.follow("a[href$='/log/']")
    for tick in ("#id_send", "#id_accept"):
        hands.go_to(tick)
        hands.press("Space")
    hands.follow("form.sheet button[type=submit]")
    assert LoggedSegment.objects.get().entry_count == 3


def follow_up(hands: Hands) -> None:
    hands.follow("a[href$='/follow-up/']")
    hands.follow("main button[type=submit]")
    hands.said("with 3 lines.")
    made: Any = Segment.objects.get()
    assert made.follows == LoggedSegment.objects.get()
