"""The tables of the ground floor, by noun."""

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
from crm.models.contact import BLOCKED, AlternativeAddress, Contact, ContactType
from crm.models.setup import (
    Coded,
    MarketingSetup,
    NumberSeries,
    OrganizationalLevel,
    Salesperson,
    Salutation,
    SalutationFormula,
    Territory,
)

__all__ = [
    "BLOCKED",
    "AlternativeAddress",
    "BusinessRelation",
    "Campaign",
    "CampaignStatus",
    "Coded",
    "Contact",
    "ContactBusinessRelation",
    "ContactIndustryGroup",
    "ContactJobResponsibility",
    "ContactMailingGroup",
    "ContactProfileAnswer",
    "ContactType",
    "IndustryGroup",
    "JobResponsibility",
    "MailingGroup",
    "MarketingSetup",
    "NumberSeries",
    "OrganizationalLevel",
    "ProfileAnswer",
    "ProfileQuestion",
    "ProfileQuestionnaire",
    "Purchase",
    "Salesperson",
    "Salutation",
    "SalutationFormula",
    "Territory",
]
