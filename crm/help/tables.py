"""What each table of Django admin on this floor is for."""

from django.utils.translation import gettext_lazy as _

from crm.manual import Page, To, tell

tell(
    {
        "admin:index": Page(
            _(
                "Tables that are set up once and kept up now and then. Contacts, segments and "
                "templates are worked on in the site itself."
            ),
            To("set_up", _("Set-up guide")),
        ),
        "admin:auth_user": Page(
            _(
                "Who may sign in. Put each user into one group, which says what the user may "
                "do; staff status opens these tables."
            ),
        ),
        "admin:auth_group": Page(
            _(
                "The roles. Reader, marketer, manager and admin are made anew after each "
                "migration; a group of your own stays as you make it."
            ),
        ),
        "admin:crm_marketingsetup": Page(
            _(
                "Who we are in letters, and what new contacts begin with. The site's own page "
                "shows the same with more words."
            ),
            To("crm:marketing_setup", _("Marketing set-up")),
        ),
        "admin:crm_numberseries": Page(
            _(
                "How contacts, segments and campaigns are numbered. A number once given does "
                "not change when you change the series."
            ),
        ),
        "admin:crm_salesperson": Page(
            _(
                "Who answers for contacts and signs letters. Link a salesperson to a user: that"
                " user's new segments then name the salesperson."
            ),
        ),
        "admin:crm_team": Page(
            _(
                "Salespeople who see each other's contacts and segments, where the marketing "
                "set-up says that one sees one's team's. Choose the team on each salesperson."
            ),
            To("crm:marketing_setup", _("Marketing set-up")),
        ),
        "admin:crm_territory": Page(
            _("Sales territories. Contacts have one; segments can ask for it."),
        ),
        "admin:crm_organizationallevel": Page(
            _("How high a person stands in the company: director, manager, specialist."),
        ),
        "admin:crm_salutation": Page(
            _(
                "How a contact is addressed, in a formula for each language. Name parts stand "
                "in braces: Dear Ms {surname}."
            ),
        ),
        "admin:crm_mailinggroup": Page(
            _("Lists that any contact may be on: Christmas card, newsletter."),
        ),
        "admin:crm_industrygroup": Page(
            _("The trades of companies. Segments ask a person's company for it."),
        ),
        "admin:crm_businessrelation": Page(
            _("What a company is to us: customer, supplier, bank."),
        ),
        "admin:crm_jobresponsibility": Page(
            _("What a person is responsible for: purchasing, marketing."),
        ),
        "admin:crm_profilequestionnaire": Page(
            _(
                "Questions that are answered on the contact's card. Write the questions here, "
                "and their answers on each question's own page."
            ),
        ),
        "admin:crm_profilequestion": Page(
            _(
                "One question with its possible answers. Segments ask for the code of an "
                "answer, so let it stay once it is in use."
            ),
        ),
        "admin:django_tasks_database_dbtaskresult": Page(
            _(
                "The queue that starts long work. Look at My jobs for how far the work is and "
                "what came of it."
            ),
            To("crm:jobs", _("My jobs")),
        ),
    }
)
