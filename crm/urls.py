"""Addresses of contacts and campaigns."""

from django.urls import path

from crm.filters import CampaignFilter, ContactFilter
from crm.models import Campaign, Contact
from crm.pages import DetailPage, ListPage

app_name = "crm"
urlpatterns = [
    path(
        "contacts/",
        ListPage.as_view(
            model=Contact,
            filterset_class=ContactFilter,
            columns=("number", "name", "type", "city"),
            sorts={"number": ("number",), "name": ("sort_key",)},
        ),
        name="contacts",
    ),
    path(
        "contacts/<str:number>/",
        DetailPage.as_view(model=Contact, template_name="crm/contact.html"),
        name="contact",
    ),
    path(
        "campaigns/",
        ListPage.as_view(
            model=Campaign,
            filterset_class=CampaignFilter,
            columns=("number", "description", "status", "starting_date", "ending_date"),
            sorts=("number", "description", "status", "starting_date", "ending_date"),
        ),
        name="campaigns",
    ),
    path(
        "campaigns/<str:number>/",
        DetailPage.as_view(model=Campaign, template_name="crm/campaign.html"),
        name="campaign",
    ),
]
