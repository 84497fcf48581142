"""What the ground floor's pages do beyond the plain ones."""

from crm.views.addresses import EditAddressPage, NewAddressPage, delete_address
from crm.views.bulk import bulk_change
from crm.views.consent import consent
from crm.views.contacts import (
    CampaignListPage,
    CampaignPage,
    ContactListPage,
    ContactPage,
    EditContactPage,
    NewContactPage,
    add_link,
    remove_link,
)
from crm.views.duplicates import DuplicateListPage, compare, dismiss, merge_with
from crm.views.jobs import JobsPage, job, job_badge, job_cancel, job_file, job_retry
from crm.views.privacy import erase, person_data, person_json, person_zip
from crm.views.profiles import profile
from crm.views.purchases import import_purchases
from crm.views.saved import delete_view, save_view
from crm.views.search import choose_contacts, search

__all__ = [
    "CampaignListPage",
    "CampaignPage",
    "ContactListPage",
    "ContactPage",
    "DuplicateListPage",
    "EditAddressPage",
    "EditContactPage",
    "JobsPage",
    "NewAddressPage",
    "NewContactPage",
    "add_link",
    "bulk_change",
    "choose_contacts",
    "compare",
    "consent",
    "delete_address",
    "delete_view",
    "dismiss",
    "erase",
    "import_purchases",
    "job",
    "job_badge",
    "job_cancel",
    "job_file",
    "job_retry",
    "merge_with",
    "person_data",
    "person_json",
    "person_zip",
    "profile",
    "remove_link",
    "save_view",
    "search",
]
