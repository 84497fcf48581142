"""Which tables of this floor, and of Django's own, the audit trail watches."""

from django.contrib.auth.models import User

from crm import models
from crm.audit import register

# What changes with every save, or is computed from what is watched.
OF_CONTACTS = (
    *("sort_key", "search_name", "search_text"),
    *("created_at", "changed_at", "changed_by"),
)


def register_all() -> None:
    """Set-up, contacts with all that is theirs, campaigns, users."""
    _register_set_up()
    _register_contacts()
    register(models.Campaign, label="number")
    register(User, label="username", leave_out=("last_login", "date_joined"), secret=("password",))
    for through in (User.groups.through, User.user_permissions.through):
        register(through, subject="user", label="user__username")


def _register_set_up() -> None:
    for coded in (
        *(
            models.Territory,
            models.OrganizationalLevel,
            models.Salutation,
            models.Team,
            models.Salesperson,
        ),
        *(models.MailingGroup, models.IndustryGroup, models.BusinessRelation),
        *(models.JobResponsibility, models.ProfileQuestionnaire),
    ):
        register(coded, label="code")
    register(models.NumberSeries, label="code", leave_out=("last_number",))
    register(models.MarketingSetup, label="company_name")
    register(models.SalutationFormula, subject="salutation", label="salutation__code")
    register(models.ProfileQuestion, subject="questionnaire", label="questionnaire__code")
    register(models.ProfileAnswer, label="code")


def _register_contacts() -> None:
    """Of a new and of a deleted contact only the number is put down: the rest is personal."""
    register(models.Contact, label="number", leave_out=OF_CONTACTS, values=False)
    for own in (
        *(models.AlternativeAddress, models.FormerNumber),
        *(models.ContactMailingGroup, models.ContactIndustryGroup),
        *(models.ContactBusinessRelation, models.ContactJobResponsibility),
    ):
        register(own, subject="contact", label="contact__number", leave_out=("contact",))
    register(
        models.ContactProfileAnswer,
        subject="contact",
        label="contact__number",
        fields=("answer",),
    )
