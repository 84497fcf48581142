"""Addresses of contacts and campaigns."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from crm import views
from crm.filters import CampaignFilter, ContactFilter, DuplicateFilter
from crm.forms import CampaignForm, ContactForm
from crm.models import Campaign, Contact, DuplicatePair
from crm.pages import CreatePage, DeletePage, EditPage

CONTACT_SORTS = {
    "name": ("sort_key",),
    "number": ("number",),
    "city": ("city", "sort_key"),
    "created": ("created_at",),
}
CAMPAIGN_SORTS = ("number", "description", "status", "starting_date", "ending_date")

app_name = "crm"
urlpatterns = [
    path(
        "contacts/",
        views.ContactListPage.as_view(
            model=Contact,
            filterset_class=ContactFilter,
            related=("company", "salesperson", "territory"),
            sorts=CONTACT_SORTS,
            template_name="crm/contacts.html",
            create="crm:contact_create",
            empty_text=_("Create the first contact, or import many from a CSV or Excel file."),
        ),
        name="contacts",
    ),
    path(
        "contacts/new/",
        views.NewContactPage.as_view(form_class=ContactForm, cancel="crm:contacts"),
        name="contact_create",
    ),
    path("contacts/import/", views.import_contacts, name="import_contacts"),
    path("contacts/import/<int:pk>/", views.import_map, name="import_map"),
    path("contacts/import/<int:pk>/report/", views.import_report, name="import_report"),
    path("contacts/import/<int:pk>/start/", views.import_start, name="import_start"),
    path("contacts/import/<int:pk>/refused.csv", views.import_refused, name="import_refused"),
    path("contacts/import/<int:pk>/delete/", views.import_delete, name="import_delete"),
    path("contacts/bulk/", views.bulk_change, name="bulk"),
    path("contacts/choose/", views.choose_contacts, name="choose_contacts"),
    path(
        "contacts/duplicates/",
        views.DuplicateListPage.as_view(
            model=DuplicatePair,
            title=_("Possible duplicates"),
            filterset_class=DuplicateFilter,
            related=("first", "second"),
            sorts=("score",),
            empty_text=_("An administrator looks for them with: manage.py find_duplicates"),
        ),
        name="duplicates",
    ),
    path("contacts/duplicates/<int:pk>/dismiss/", views.dismiss, name="dismiss_duplicate"),
    path("contacts/<str:number>/merge/", views.merge_with, name="merge_with"),
    path("contacts/<str:number>/merge/<str:other>/", views.compare, name="compare"),
    path("contacts/<str:number>/", views.ContactPage.as_view(), name="contact"),
    path(
        "contacts/<str:number>/edit/",
        views.EditContactPage.as_view(delete_page="crm:contact_delete"),
        name="contact_edit",
    ),
    path(
        "contacts/<str:number>/delete/",
        DeletePage.as_view(model=Contact, done="crm:contacts"),
        name="contact_delete",
    ),
    path(
        "contacts/<str:number>/addresses/new/",
        views.NewAddressPage.as_view(),
        name="address_create",
    ),
    path(
        "contacts/<str:number>/addresses/<int:pk>/",
        views.EditAddressPage.as_view(),
        name="address_edit",
    ),
    path(
        "contacts/<str:number>/addresses/<int:pk>/delete/",
        views.delete_address,
        name="address_delete",
    ),
    path("contacts/<str:number>/consent/", views.consent, name="consent"),
    path("contacts/<str:number>/data/", views.person_data, name="person_data"),
    path("contacts/<str:number>/data.json", views.person_json, name="person_json"),
    path("contacts/<str:number>/data.zip", views.person_zip, name="person_zip"),
    path("contacts/<str:number>/erase/", views.erase, name="erase"),
    path("contacts/<str:number>/profiles/<str:code>/", views.profile, name="profile"),
    path("contacts/<str:number>/<str:kind>/add/", views.add_link, name="link_add"),
    path(
        "contacts/<str:number>/<str:kind>/<int:pk>/remove/", views.remove_link, name="link_remove"
    ),
    path("purchases/import/", views.import_purchases, name="import_purchases"),
    path("views/", views.save_view, name="save_view"),
    path("views/<int:pk>/delete/", views.delete_view, name="delete_view"),
    path(
        "campaigns/",
        views.CampaignListPage.as_view(
            filterset_class=CampaignFilter,
            related=("salesperson",),
            sorts=CAMPAIGN_SORTS,
            create="crm:campaign_create",
            empty_text=_("A campaign gathers segments and interactions under one aim and time."),
        ),
        name="campaigns",
    ),
    path(
        "campaigns/new/",
        CreatePage.as_view(model=Campaign, form_class=CampaignForm, cancel="crm:campaigns"),
        name="campaign_create",
    ),
    path("campaigns/<str:number>/", views.CampaignPage.as_view(), name="campaign"),
    path(
        "campaigns/<str:number>/edit/",
        EditPage.as_view(
            model=Campaign, form_class=CampaignForm, delete_page="crm:campaign_delete"
        ),
        name="campaign_edit",
    ),
    path(
        "campaigns/<str:number>/delete/",
        DeletePage.as_view(model=Campaign, done="crm:campaigns"),
        name="campaign_delete",
    ),
    path("set-up/marketing/", views.marketing_setup, name="marketing_setup"),
    path("history/", views.HistoryPage.as_view(), name="history"),
    path("history/<str:kind>/<int:pk>/", views.RecordHistoryPage.as_view(), name="record_history"),
    path("jobs/", views.JobsPage.as_view(), name="jobs"),
    path("jobs/badge/", views.job_badge, name="job_badge"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/cancel/", views.job_cancel, name="job_cancel"),
    path("jobs/<int:pk>/retry/", views.job_retry, name="job_retry"),
    path("jobs/<int:pk>/files/<int:file>/", views.job_file, name="job_file"),
]
