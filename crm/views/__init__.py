"""What the ground floor's pages do beyond the plain ones."""

from crm.views.addresses import EditAddressPage, NewAddressPage, delete_address
from crm.views.contacts import (
    CampaignListPage,
    CampaignPage,
    ContactPage,
    NewContactPage,
    add_link,
    remove_link,
)
from crm.views.profiles import profile
from crm.views.purchases import import_purchases
from crm.views.search import choose_contacts, search

__all__ = [
    "CampaignListPage",
    "CampaignPage",
    "ContactPage",
    "EditAddressPage",
    "NewAddressPage",
    "NewContactPage",
    "add_link",
    "choose_contacts",
    "delete_address",
    "import_purchases",
    "profile",
    "remove_link",
    "search",
]
