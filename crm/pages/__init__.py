"""The plain pages - list, card, create, edit, delete - each declared by one line in urls.py.

    path("campaigns/", ListPage.as_view(model=Campaign, filterset_class=CampaignFilter,
         columns=("number", "description"), sorts=("number",), create="crm:campaign_create"),
         name="campaigns"),
    path("campaigns/<str:number>/", DetailPage.as_view(model=Campaign,
         template_name="crm/campaign.html"), name="campaign"),
    path("campaigns/<str:number>/edit/", EditPage.as_view(model=Campaign,
         form_class=CampaignForm), name="campaign_edit"),

Every page derives its right from its model (view_, add_, change_, delete_): 403 without it.
The record is looked up by `lookup` ("number" unless said), which is also the keyword in the
address: 404 where there is none. `queryset` narrows or widens what may be looked up.
What their templates get: `title`, `model`, `labels` (the model's _meta: labels.verbose_name),
`may` (add, change, delete: true or false), `view`, and

| page   | template                    | context besides                                           |
|--------|-----------------------------|-----------------------------------------------------------|
| list   | generic/list.html           | rows, page_obj, paginator, filterset, chips, is_filtered, |
|        |                             | columns, sort, orderings, create_url, list_actions,       |
|        |                             | saved_views                                               |
| detail | yours                       | object                                                    |
| create | generic/form.html           | form, cancel_url, parent (in words, for the crumb)        |
| edit   | generic/form.html           | form, cancel_url, parent, object, delete_url              |
| delete | generic/confirm_delete.html | object, cancel_url, kept_by (what keeps it, in words)     |
"""

from crm.pages.base import DetailPage, ModelPage
from crm.pages.forms import CreatePage, DeletePage, EditPage
from crm.pages.lists import ListPage

__all__ = ["CreatePage", "DeletePage", "DetailPage", "EditPage", "ListPage", "ModelPage"]
