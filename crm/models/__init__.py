"""The tables of the ground floor, by noun."""

from crm.models.address import AlternativeAddress
from crm.models.audit import AuditEntry, AuditFixed, AuditVerb
from crm.models.campaign import Campaign, CampaignStatus, Purchase
from crm.models.classification import (
    BusinessRelation,
    ContactBusinessRelation,
    ContactIndustryGroup,
    ContactJobResponsibility,
    ContactMailingGroup,
    ContactProfileAnswer,
    IndustryGroup,
    JobResponsibility,
    MailingGroup,
    ProfileAnswer,
    ProfileQuestion,
    ProfileQuestionnaire,
)
from crm.models.consent import FORBIDDING, Channel, Consent, ConsentSource, ConsentState
from crm.models.contact import (
    BLOCKED,
    Contact,
    ContactQuerySet,
    ContactType,
    blocked,
    nowhere,
)
from crm.models.duplicate import DuplicateKey, DuplicatePair, FormerNumber
from crm.models.erasure import Erasure
from crm.models.exchange import ContactImport, RefusedRow, RememberedMapping
from crm.models.job import Job, JobFile, JobState, WorkerSign
from crm.models.saved_view import SavedView
from crm.models.setup import (
    Coded,
    MarketingSetup,
    NumberSeries,
    OrganizationalLevel,
    Salesperson,
    Salutation,
    SalutationFormula,
    Team,
    Territory,
    validate_number,
)

__all__ = [
    "BLOCKED",
    "FORBIDDING",
    "AlternativeAddress",
    "AuditEntry",
    "AuditFixed",
    "AuditVerb",
    "BusinessRelation",
    "Campaign",
    "CampaignStatus",
    "Channel",
    "Coded",
    "Consent",
    "ConsentSource",
    "ConsentState",
    "Contact",
    "ContactBusinessRelation",
    "ContactImport",
    "ContactIndustryGroup",
    "ContactJobResponsibility",
    "ContactMailingGroup",
    "ContactProfileAnswer",
    "ContactQuerySet",
    "ContactType",
    "DuplicateKey",
    "DuplicatePair",
    "Erasure",
    "FormerNumber",
    "IndustryGroup",
    "Job",
    "JobFile",
    "JobResponsibility",
    "JobState",
    "MailingGroup",
    "MarketingSetup",
    "NumberSeries",
    "OrganizationalLevel",
    "ProfileAnswer",
    "ProfileQuestion",
    "ProfileQuestionnaire",
    "Purchase",
    "RefusedRow",
    "RememberedMapping",
    "Salesperson",
    "Salutation",
    "SalutationFormula",
    "SavedView",
    "Team",
    "Territory",
    "WorkerSign",
    "blocked",
    "nowhere",
    "validate_number",
]
