"""What the ground floor's pages do beyond the plain ones."""

from crm.views.addresses import EditAddressPage, NewAddressPage, delete_address
from crm.views.bulk import bulk_change
from crm.views.consent import consent
from crm.views.contacts import (
    CampaignPage,
    ContactPage,
    EditContactPage,
    NewContactPage,
    add_link,
    remove_link,
)
from crm.views.duplicates import DuplicateListPage, compare, dismiss, merge_with
from crm.views.history import HistoryPage, RecordHistoryPage
from crm.views.importing import (
    import_contacts,
    import_delete,
    import_map,
    import_refused,
    import_report,
    import_start,
)
from crm.views.jobs import JobsPage, job, job_badge, job_cancel, job_file, job_retry
from crm.views.listing import CampaignListPage, ContactListPage
from crm.views.privacy import erase, person_data, person_json, person_zip
from crm.views.profiles import profile
from crm.views.purchases import import_purchases
from crm.views.saved import delete_view, save_view
from crm.views.search import choose_contacts, search
from crm.views.setup import marketing_setup

__all__ = [
    "CampaignListPage",
    "CampaignPage",
    "ContactListPage",
    "ContactPage",
    "DuplicateListPage",
    "EditAddressPage",
    "EditContactPage",
    "HistoryPage",
    "JobsPage",
    "NewAddressPage",
    "NewContactPage",
    "RecordHistoryPage",
    "add_link",
    "bulk_change",
    "choose_contacts",
    "compare",
    "consent",
    "delete_address",
    "delete_view",
    "dismiss",
    "erase",
    "import_contacts",
    "import_delete",
    "import_map",
    "import_purchases",
    "import_refused",
    "import_report",
    "import_start",
    "job",
    "job_badge",
    "job_cancel",
    "job_file",
    "job_retry",
    "marketing_setup",
    "merge_with",
    "person_data",
    "person_json",
    "person_zip",
    "profile",
    "remove_link",
    "save_view",
    "search",
]
