"""What the ground floor's pages do beyond the plain ones."""

from crm.views.addresses import EditAddressPage, NewAddressPage, delete_address
from crm.views.contacts import CampaignPage, ContactPage, NewContactPage, add_link, remove_link
from crm.views.jobs import JobsPage, job, job_badge, job_cancel, job_file, job_retry
from crm.views.search import choose_contacts, search

__all__ = [
    "CampaignPage",
    "ContactPage",
    "EditAddressPage",
    "JobsPage",
    "NewAddressPage",
    "NewContactPage",
    "add_link",
    "choose_contacts",
    "delete_address",
    "job",
    "job_badge",
    "job_cancel",
    "job_file",
    "job_retry",
    "remove_link",
    "search",
]
