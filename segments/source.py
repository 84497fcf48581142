"""Where a line's inherited value comes from, in words: its contact, the segment, the template."""

from typing import Any

from django.utils.translation import gettext as _

from segments.models import Segment

# The header calls some of them by another name.
HEADER_NAMES = {"cost": "unit_cost", "duration": "unit_duration"}
# Who may have said what a line inherits, first come first; the template says the rest.
ASKED = {"language": ("contact", "segment"), "salesperson": ("segment", "contact")}
# What no template says.
NOT_OF_TEMPLATE = ("template", "description", "salesperson", "date", "send_word_as_attachment")


def inherited(segment: Segment, line: Any, name: str, text: str) -> dict[str, str]:
    """What a line inherits with its source, as forms show it in an empty control; {} for nothing.

    The line carries what it says (EffectiveLines.lines) and says nothing of this name itself.
    """
    if not text:
        return {}
    where = _source(segment, line, name)
    return {name: f"{text} ({where})" if where else text}


def _source(segment: Segment, line: Any, name: str) -> str:
    said = getattr(line, f"says_{name}", None) or getattr(line, f"says_{name}_id", None)
    asked = ASKED.get(name, ("segment",))
    if name == "correspondence_type":
        forced = segment.ignore_contact_correspondence_type
        asked = ("segment", "contact") if forced else ("contact", "segment")
    for who in asked:
        if said is not None and said == _value(segment if who == "segment" else line.contact, name):
            return _("from the segment") if who == "segment" else _("from the contact")
    if name in NOT_OF_TEMPLATE or not line.says_template_id:
        return ""
    if segment.template and segment.template_id == line.says_template_id:
        return _("from template %(code)s") % {"code": segment.template.code}
    return _("from the template")


def _value(row: Any, name: str) -> Any:
    """What a segment or a contact says of this name, rows as their ids."""
    name = HEADER_NAMES.get(name, name) if isinstance(row, Segment) else name
    return getattr(row, f"{name}_id", None) or getattr(row, name, None)
