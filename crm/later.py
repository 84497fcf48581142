"""Numbers that take their time: the page comes first, and asks for them then.

Where there is little to count a page has its numbers at once. Where there is much it is drawn
without them (generic/_coming.html) and asks for itself once more, saying so in a header; without
JavaScript a link does, with `?counted=1`.
"""

from typing import Any

from django.http import HttpRequest

# So many rows are counted while somebody waits for the page.
AT_ONCE = 2_000
ASKED, HEADER = "counted", "X-Counted"


def is_coming(request: HttpRequest, rows: int) -> bool:
    """Whether the page leaves what is counted over so many rows for later."""
    return rows > AT_ONCE and is_first_look(request)


def is_first_look(request: HttpRequest) -> bool:
    """Whether the page is asked for and its numbers are not yet: it may come without them."""
    is_asked = ASKED in request.GET or HEADER in request.headers
    return request.method != "POST" and not is_asked


def up_to(rows: Any) -> int:
    """How many rows there are, where they are few: no more are read than it takes to tell."""
    counted: int = rows.order_by()[: AT_ONCE + 1].count()
    return counted
