"""Sending again: as it was logged, by another way, or with what is known of the contacts today.

The correspondence type is delivery's to change: what an interaction said stays as it was logged.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat, Left
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import addresses
from crm.choices import CorrespondenceType
from crm.models import BLOCKED, Channel, Consent, Contact
from crm.sql import insert_from
from interactions import mergefields, proofs, targets
from interactions.delivery import claims
from interactions.delivery.deciding import begin, put_in_queue, some
from interactions.delivery.scope import WANTS_NO_LETTERS, Entries, Scope
from interactions.models import Delivery, InteractionLogEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import User

RESENDABLE = (Delivery.DELIVERED, Delivery.FAILED, Delivery.UNCERTAIN, Delivery.CANCELLED)
# Among the states: logged, and never queued until now.
UNSENT = "unsent"


def meant(scope: Scope, states: Sequence[str], way: str = "") -> Entries:
    """The entries in these states that have a letter and a way to go: `way`, else their own."""
    wanted = [
        "" if state == UNSENT else state for state in states if state in (UNSENT, *RESENDABLE)
    ]
    rows = scope.entries().filter(delivery__in=wanted).exclude(document=None)
    return rows if way else rows.exclude(correspondence_type="")


def reachable(rows: Entries, way: str = "") -> Entries:
    """Those whose contact may be written to and wants it; by e-mail only at an address."""
    blocked = Contact.whole.filter(BLOCKED, pk=OuterRef("contact"))
    rows = rows.exclude(contact=None).filter(~Exists(blocked))
    without = addresses.without_email("", timezone.localdate())
    mute = Contact.whole.filter(Q(email_opt_out=True) | without, pk=OuterRef("contact"))
    unwilling = {
        CorrespondenceType.EMAIL: Q(Exists(mute)),
        CorrespondenceType.HARD_COPY: WANTS_NO_LETTERS,
    }
    for one, of_these in unwilling.items():
        if way in ("", one):
            goes_so = Q() if way else Q(correspondence_type=one)
            rows = rows.exclude(goes_so & of_these)
    return rows


def out_of_reach(scope: Scope, states: Sequence[str], way: str = "") -> int:
    """How many of those meant are left out, because their contact cannot be reached so."""
    rows = meant(scope, states, way)
    return rows.count() - reachable(rows, way).count()


def why_not(entry: InteractionLogEntry, way: str = "") -> str:
    """Why an entry cannot be sent this way, in a sentence; "" where it can."""
    way = way or entry.correspondence_type
    if not way:
        return _("Say how it is sent: on paper or by e-mail.")
    if way == CorrespondenceType.EMAIL:
        return claims.addressed(entry)[1]
    no_post = Consent.objects.forbidding(Channel.POST).filter(contact=entry.contact)
    why = claims.refusal(entry)
    return why or (_("The contact wants no letters.") if no_post.exists() else "")


@transaction.atomic
def resend(
    scope: Scope, *, by: "User | None", states: Sequence[str] = RESENDABLE, way: str = ""
) -> int:
    """Queues entries in these states again, with the letter that was logged, and begins.

    With `way` (a correspondence type) they go that way. Who cannot be reached is left as it is.
    """
    columns = {"correspondence_type": way} if way else {}
    return put_in_queue(scope, reachable(meant(scope, states, way), way), by, **columns)


@transaction.atomic
def refresh(scope: Scope, *, by: "User", states: Sequence[str] = RESENDABLE, way: str = "") -> int:
    """Says it once more, with what is known of the contacts today: new entries, sent like the old.

    What was logged stays as it was. The new entries carry the segment's number and none of its
    log. Who cannot be reached is left out. Raises Nothing. The statements do not grow with them.
    """
    rows = reachable(meant(scope, states, way), way)
    last = InteractionLogEntry.whole.order_by("-pk").values_list("pk", flat=True).first() or 0
    count = some(insert_from(InteractionLogEntry, rows.order_by("position", "pk"), _anew(by, way)))
    # Not what the same user writes elsewhere meanwhile: that has its proof, or was kept for later.
    made = InteractionLogEntry.whole.filter(
        pk__gt=last, by=by, logged_segment=None, postponed=False, proof=None
    )
    if scope.entry is not None:
        begun = Scope(entry=made.latest("pk").pk)
    else:
        begun = Scope(number=rows.order_by().values_list("segment_number", flat=True)[0])
    targets.add(made)
    proofs.write_proofs(None, made)
    begin(begun, by=by)
    return count


KEPT = (
    "contact", "segment_number", "position", "template", "group", "salesperson",
    "correspondence_type", "information_flow", "initiated_by", "cost", "duration", "campaign",
    "campaign_entry", "campaign_target", "campaign_response", "language", "subject", "document",
    "own_document", "send_word_as_attachment",
)  # fmt: skip


def _anew(by: "User", way: str) -> dict[str, Any]:
    """The columns of an entry that says an old one again today."""
    today = timezone.localdate()
    again = Concat(Value(_("Sent again:") + " "), F("description"), output_field=TextField())
    facts = mergefields.facts_expression(
        segment_number=F("segment_number"),
        segment_description=_fact("segment_description"),
        date=Value(today),
        description=F("description"),
        subject=F("subject"),
        personal_comment=_fact("personal_comment"),
        language="language",
        salesperson="salesperson_id",
        campaign="campaign_id",
    )
    kept: dict[str, Any] = {
        name: F(getattr(InteractionLogEntry, name).field.attname) for name in KEPT
    }
    if way:
        kept["correspondence_type"] = Value(way)
    return kept | {
        "logged_segment": Value(None, output_field=InteractionLogEntry._meta.pk),
        "date": today,
        "description": Left(again, 100),
        "merge_values": facts,
        "delivery": Delivery.QUEUED,
        "delivery_error": "",
        "evaluation": "",
        "cancelled": False,
        "postponed": False,
        "attempt_failed": False,
        "by": Value(by.pk),
        "created_at": timezone.now(),
    }


def _fact(name: str) -> Coalesce:
    return Coalesce(KeyTextTransform(name, "merge_values"), Value(""), output_field=TextField())
