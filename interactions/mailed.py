"""A letter as the e-mail that it becomes, for a page of ours."""

import base64
import re

from django.utils.safestring import SafeString, mark_safe

from interactions import mailmerge

# The page has its own heading; those of the letter come below it.
HEADING = re.compile(r"(</?h)[1-6]\b")


def body(docx: bytes) -> SafeString:
    """The body of the e-mail, its pictures in it. Raises DocumentError as `mailmerge.to_html`.

    It is HTML that was cleaned: text, its shape, links, and pictures of the letter itself; no
    style, no script, nothing from elsewhere. So it may stand in a page.
    """
    made = mailmerge.to_html(docx)
    html = HEADING.sub(r"\g<1>2", made.body)
    for picture in made.pictures:
        data = base64.b64encode(picture.data).decode()
        html = html.replace(f"cid:{picture.cid}", f"data:image/{picture.subtype};base64,{data}")
    return mark_safe(html)  # noqa: S308 - cleaned by nh3
