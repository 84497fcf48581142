"""A small world for the model of the worksheet: contacts, and a segment logged to some of them."""

from django.contrib.auth.models import User

from crm.models import Contact, ContactMailingGroup, ContactType, MailingGroup, Salesperson
from interactions.models import InteractionGroup, InteractionTemplate, LoggedSegment
from segments import log, worksheet
from segments.criteria import Criteria
from segments.models import Segment

GROUPS = ("A", "B", "C")


def of_group(code: str) -> Criteria:
    """The contacts in a mailing group."""
    return Criteria({"mailing_groups": {"group": [code]}})


class World:
    """Twelve contacts in two companies and three groups, some excluded, one blocked."""

    def __init__(self) -> None:
        self.user = User.objects.create_user("model")
        groups = {code: MailingGroup.objects.create(code=code) for code in GROUPS}
        self.contacts: list[Contact] = []
        self.groups: dict[str, set[int]] = {code: set() for code in GROUPS}
        for index in range(12):
            company = self.contacts[index // 4 * 4] if index % 4 and index < 8 else None
            made = Contact.objects.create(
                number=f"M{index:02}",
                name=f"Name {index * 7 % 12:02}",
                type=ContactType.COMPANY if index in (0, 4) else ContactType.PERSON,
                company=company,
                exclude_from_segment=index in (2, 9),
                privacy_blocked=index == 6,
            )
            self.contacts.append(made)
            for place, code in enumerate(GROUPS):
                if index >> place & 1:
                    ContactMailingGroup.objects.create(contact=made, group=groups[code])
                    self.groups[code].add(made.pk)
        self.order = list(Contact.objects.by_name().values_list("pk", flat=True))
        self.blocked = {one.pk for one in self.contacts if one.is_blocked}
        self.excluded = {one.pk for one in self.contacts if one.exclude_from_segment}
        self.house = {one.pk: one.company_id or one.pk for one in self.contacts}
        self.logged, self.written_to = self._log()

    def _log(self) -> tuple[LoggedSegment, set[int]]:
        """A logged segment of all who are in group A or excluded; one entry was cancelled."""
        group = InteractionGroup.objects.create(code="MODEL")
        template = InteractionTemplate.objects.create(
            code="MODEL",
            group=group,
            correspondence_type="hard_copy",
            language="en",
            information_flow="outbound",
            initiated_by="us",
        )
        segment = Segment.objects.create(
            number="LOGGED",
            description="Logged",
            template=template,
            salesperson=Salesperson.objects.create(code="MODEL", name="Model"),
        )
        worksheet.add_contacts(segment, of_group("A"), by=self.user, ignore_exclusion=True)
        worksheet.add_contacts(
            segment, of_group("C"), by=self.user, allow_existing=True, ignore_exclusion=True
        )
        logged = log.log_segment(segment, by=self.user)
        cancelled = self.contacts[1].pk
        logged.entries.filter(contact=cancelled).update(cancelled=True)
        return logged, (self.groups["A"] | self.groups["C"]) - self.blocked - {cancelled}

    def houses(self, wanted: set[int]) -> set[int]:
        """Everybody at the companies of these."""
        mine = {self.house[pk] for pk in wanted}
        return {pk for pk, house in self.house.items() if house in mine}

    def employers(self, wanted: set[int]) -> set[int]:
        """These and the companies of the persons among them."""
        return wanted | {self.house[pk] for pk in wanted}
