"""Every address of the site with a sample in it, for tests that walk them all."""

import datetime
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from crm import consents
from crm.models import (
    AlternativeAddress,
    Campaign,
    Contact,
    ContactImport,
    DuplicatePair,
    Job,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)
from crm.work.files import attach
from interactions import delivery
from interactions.models import (
    CampaignEntry,
    CampaignTarget,
    InteractionLogEntry,
    InteractionTemplate,
    LogEntryComment,
    LoggedSegment,
    PrintPack,
    Task,
)
from segments.models import SavedCriteria, Segment, SegmentLine

# Of Django admin's own addresses, its lists are walked.
OF_ADMIN = ("index", "_changelist")


def every_address() -> Iterator[str]:
    """Each address of the URL table, with things of the database in its places."""
    yield from (address for _name, address in named_addresses())


def named_addresses() -> Iterator[tuple[str, str]]:
    """The same with the names.

    A KeyError means that a new address has a place of which nobody said what stands there: say it
    in `Samples`.
    """
    samples = Samples()
    for name, places in names(get_resolver().url_patterns):
        if name == "logout" or (name.startswith("admin:") and not name.endswith(OF_ADMIN)):
            continue
        yield name, reverse(name, kwargs={place: samples.of(name, place) for place in places})


def names(patterns: Any, namespace: str = "", places: tuple[str, ...] = ()) -> Any:
    """Names of addresses and the places in them, nested tables included."""
    for pattern in patterns:
        inner = (*places, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            spaces = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern.url_patterns, spaces, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield namespace + pattern.name, inner


class Samples:
    """What stands in the places of addresses: things of the demo's."""

    def __init__(self) -> None:
        logged = LoggedSegment.objects.earliest("pk")
        person = Contact.objects.filter(type="person", company__isnull=False).earliest("pk")
        self.known: dict[str, Any] = {
            **_of_crm(person),
            **_of_jobs(),
            **_of_imports(),
            **_of_interactions(logged),
            **_of_single(logged, person),
            **_of_segments(),
            **_of_saved_criteria(),
            "segments:follow_up:number": logged.segment_number,
            "segments:reuse:number": logged.segment_number,
            "segments:combine_logged:other": logged.segment_number,
            "segments:reuse_logged_play:other": logged.segment_number,
            "segments:add_to_segment:number": person.number,
        }

    def of(self, name: str, place: str) -> Any:
        """What stands in a place of this address, or of all addresses of its app."""
        general = f"{name.partition(':')[0]}:{place}"
        own = f"{name}:{place}"
        return self.known[own] if own in self.known else self.known[general]


def _of_crm(person: Contact) -> dict[str, Any]:
    """A contact with an address in summer, and a campaign."""
    address = AlternativeAddress.objects.create(
        contact=person, code="SUMMER", address="Rantatie 1", starts_on=datetime.date(2026, 6, 1)
    )
    others = Contact.objects.filter(type="person", pk__gt=person.pk)
    pair = DuplicatePair.objects.create(
        first=person, second=others.earliest("pk"), score=90, reasons="name,email"
    )
    consents.record(person, "phone", "opted_out", source="phone", words="Not at work")
    campaign = Campaign.objects.earliest("pk").number
    profile = ProfileQuestionnaire.objects.create(code="WALK", description="Of the walk")
    question = ProfileQuestion.objects.create(questionnaire=profile, text="Coffee?")
    ProfileAnswer.objects.create(question=question, code="WALK-YES", text="Yes")
    return {
        "crm:number": person.number,
        "crm:pk": address.pk,
        "crm:code": profile.code,
        "crm:kind": "mailing-groups",
        "crm:record_history:kind": "crm.contact",
        "crm:record_history:pk": person.pk,
        "crm:dismiss_duplicate:pk": pair.pk,
        "crm:compare:other": pair.second.number,
        **{f"crm:campaign{verb}:number": campaign for verb in ("", "_edit", "_delete")},
    }


def _of_jobs() -> dict[str, Any]:
    """A job that has made a file."""
    job = Job.objects.create(
        kind="test", user=User.objects.get(username="manager"), state="done", done=3, total=3
    )
    file = attach(job, "made.zip", ContentFile(b"made"))
    pages = ("", "_cancel", "_retry", "_file")
    return {"crm:job_file:file": file.pk, **{f"crm:job{page}:pk": job.pk for page in pages}}


def _of_imports() -> dict[str, Any]:
    """A file of contacts that was tried."""
    given = tried_import(User.objects.get(username="admin"), Contact.objects.earliest("pk"))
    pages = ("map", "report", "start", "refused", "delete")
    return {f"crm:import_{page}:pk": given.pk for page in pages}


def tried_import(user: User, stored: Contact) -> ContactImport:
    """A file of contacts whose report has something of each kind; all it says is the contact's."""
    word = stored.name
    said = {"line": 2, "number": stored.number, "name": word, "type": stored.type}
    given = ContactImport.objects.create(
        user=user,
        name=word,
        file=ContentFile(f"{word};{word}\n{stored.number};{word}\n".encode(), "contacts.csv"),
        head=[word, word],
        sample=[[stored.number, word]],
        mapping=["number", "city"],
        options={"identify": "number", "empty": "leave", "leave_similar": True},
        trial={
            "counts": {"new": 1, "changed": 1, "refused": 1, "alike": 1},
            "new": [said],
            "changed": [said | {"changes": [["city", "", word], ["minor", False, True]]}],
            "alike": [said | {"others": [{"number": stored.number, "name": word}]}],
        },
    )
    given.refused.create(line=3, name=word, columns=word, reasons=word)
    return given


def _of_interactions(logged: LoggedSegment) -> dict[str, Any]:
    """A template with a letter, and an entry of the log."""
    template = InteractionTemplate.objects.filter(languages__document__isnull=False)[0]
    letter = template.languages.exclude(document=None)[0]
    assert letter.document is not None
    entry = InteractionLogEntry.objects.filter(logged_segment=logged)[0]
    remark = LogEntryComment.objects.create(
        entry=entry,
        by=User.objects.get(username="admin"),
        date=logged.logged_at,
        text="Called back",
    )
    entries = {
        f"interactions:campaign_entry_{verb}:pk": CampaignEntry.objects.earliest("pk").pk
        for verb in ("cancel", "restore")
    }
    pack = _pack(logged)
    return {
        **entries,
        "interactions:comment": remark.pk,
        "interactions:by": "group",
        "interactions:code": template.code,
        "interactions:language": letter.language,
        "interactions:sha256": letter.document.sha256,
        "interactions:pk": entry.pk,
        "interactions:segment_number": logged.segment_number,
        "interactions:page": 1,
        "interactions:verb": "cancel",
        "interactions:pack:pk": pack.pk,
        "interactions:pack_anew:pk": pack.pk,
        "interactions:unsubscribe:token": delivery.token_of(entry),
    }


def _of_single(logged: LoggedSegment, person: Contact) -> dict[str, Any]:
    """An interaction kept for later, a task, and a target of a campaign."""
    entry = InteractionLogEntry.objects.filter(logged_segment=logged)[0]
    entry.pk, entry.logged_segment, entry.postponed = None, None, True
    entry.contact = person
    entry.save()
    task = Task.objects.create(contact=person, description="Call again")
    campaign = Campaign.objects.earliest("pk")
    target, _made = CampaignTarget.objects.get_or_create(campaign=campaign, contact=person)
    own = {f"interactions:task_{verb}:pk": task.pk for verb in ("edit", "delete", "done", "reopen")}
    own |= {f"interactions:{verb}:pk": entry.pk for verb in ("resume", "discard")}
    return {
        **own,
        "interactions:number": campaign.number,
        "interactions:target_verb:pk": target.pk,
        "interactions:target_verb:verb": "deactivate",
    }


def _pack(logged: LoggedSegment) -> PrintPack:
    """A print pack of a logged segment."""
    return PrintPack.objects.create(
        logged_segment=logged, name="pack.zip", file=ContentFile(b"pack", "pack.zip"), size=4,
        sha256="0" * 64, letters=1,
    )  # fmt: skip


def _of_segments() -> dict[str, Any]:
    """An open segment, a line and a step of it, and another segment."""
    segment = Segment.objects.filter(template__isnull=False).latest("current_step", "pk")
    return {
        "segments:number": segment.number,
        "segments:pk": SegmentLine.objects.present(segment)[0].pk,
        "segments:name": "description",
        "segments:language": "fi",
        "segments:step": 1,
        "segments:page": 1,
        "segments:code": "no_salesperson",
        "segments:part": "matched",
        "segments:keep_part:part": "kept",
        "segments:remove_part:part": "kept",
        "segments:other": Segment.objects.exclude(pk=segment.pk)[0].number,
    }


def _of_saved_criteria() -> dict[str, Any]:
    """Saved criteria, made where the demo has none."""
    saved = SavedCriteria.objects.first() or SavedCriteria.objects.create(
        code="NORTH", description="The north", steps=[]
    )
    pages = ("", "_edit", "_delete", "_export")
    own = {f"segments:saved_criteria{page}:pk": saved.pk for page in pages}
    return {"segments:saved_pk": saved.pk, **own}
