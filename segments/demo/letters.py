"""The demo's campaigns in words: interaction groups, templates and their letters."""

from crm.choices import CorrespondenceType, InformationFlow, InitiatedBy
from interactions.documents import store
from interactions.models import InteractionGroup, InteractionTemplate, TemplateLanguage
from interactions.starter import docx_of
from segments.demo.tables import Setting

GROUPS = {
    "LETTERS": "Kirjeet",
    "INVITATIONS": "Kutsut",
    "CALLS": "Puhelut",
    "MEETINGS": "Tapaamiset",
}
_OURS = (
    "«Company_Information_Name»\n«Company_Information_Address»\n"
    "«Company_Information_Post_Code» «Company_Information_City»"
)
_US = "«Company_Information_Name»\n«Salesperson_Name»\n«Salesperson_Job_Title»"
# Template, language: subject, paragraphs.
LETTERS: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("GIFT", "fi"): (
        "Joululahjat ajoissa",
        (
            "«Formal_Salutation»",
            "Kiitos kuluneesta vuodesta. Joulukuvastomme on valmis, ja siinä on tänä vuonna "
            "ensimmäistä kertaa myös kotimaisia villahuopia.",
            "Kun tilaatte ennen marraskuun loppua, lahjat ehtivät perille paketoituina ja "
            "omalla kortillanne.",
            "«Personal_comment»",
            "Ystävällisin terveisin",
        ),
    ),
    ("GIFT", "en"): (
        "Christmas gifts in good time",
        (
            "«Formal_Salutation»,",
            "Thank you for the year that is about to end. Our Christmas catalogue is ready; this "
            "year, for the first time, with woollen blankets made in Finland.",
            "Order before the end of November, and your gifts arrive wrapped and with a card of "
            "your own.",
            "«Personal_comment»",
            "Yours sincerely",
        ),
    ),
    ("GIFT", "sv"): (
        "Julgåvor i god tid",
        (
            "«Formal_Salutation»",
            "Tack för det gångna året. Vår julkatalog är klar, och i år finns där för första "
            "gången också inhemska ullfiltar.",
            "«Personal_comment»",
            "Med vänlig hälsning",
        ),
    ),
    ("INVITATION", "fi"): (
        "Kutsu kevään lahjamessuille",
        (
            "«Informal_Salutation»",
            "Tervetuloa kevään lahjamessuille tutustumaan ensi vuoden valikoimaan. Kahvi on "
            "kuumaa, ja jokainen saa mukaansa muistikirjan.",
            "«Personal_comment»",
            "Nähdään messuilla!",
        ),
    ),
    ("INVITATION", "en"): (
        "Invitation to our spring fair",
        (
            "«Informal_Salutation»,",
            "Come and see next year's collection at our spring fair. The coffee is hot, and "
            "everybody goes home with a notebook.",
            "«Personal_comment»",
            "See you there!",
        ),
    ),
}


_OUT = {"information_flow": InformationFlow.OUTBOUND, "initiated_by": InitiatedBy.US}


def make_templates(setting: Setting) -> dict[str, InteractionTemplate]:
    """The templates by code; those of letters with a document in each of their languages."""
    groups = {
        code: InteractionGroup.objects.get_or_create(code=code, defaults={"description": text})[0]
        for code, text in GROUPS.items()
    }
    templates = [*_in_writing(setting, groups), *_in_person(groups)]
    InteractionTemplate.objects.bulk_create(templates)
    by_code = {template.code: template for template in templates}
    _give_letters(by_code)
    return by_code


def _in_writing(
    setting: Setting, groups: dict[str, InteractionGroup]
) -> tuple[InteractionTemplate, ...]:
    gift = InteractionTemplate(
        code="GIFT",
        description="Joululahjakirje",
        group=groups["LETTERS"],
        unit_cost="2.30",
        unit_duration=2,
        language="fi",
        correspondence_type=CorrespondenceType.HARD_COPY,
        campaign=setting.gifts,
        campaign_target=True,
        **_OUT,
    )
    invitation = InteractionTemplate(
        code="INVITATION",
        description="Tapahtumakutsu",
        group=groups["INVITATIONS"],
        unit_cost="0.05",
        unit_duration=1,
        language="fi",
        correspondence_type=CorrespondenceType.EMAIL,
        ignore_contact_correspondence_type=True,
        campaign=setting.fair,
        **_OUT,
    )
    return gift, invitation


def _in_person(groups: dict[str, InteractionGroup]) -> tuple[InteractionTemplate, ...]:
    call = InteractionTemplate(
        code="CALL",
        description="Puhelu",
        group=groups["CALLS"],
        unit_cost="4.00",
        unit_duration=10,
        for_calls=True,
        **_OUT,
    )
    meeting = InteractionTemplate(
        code="MEETING",
        description="Tapaaminen",
        group=groups["MEETINGS"],
        unit_cost="60.00",
        unit_duration=90,
        **_OUT,
    )
    answer = InteractionTemplate(
        code="ANSWER",
        description="Yhteydenotto asiakkaalta",
        group=groups["CALLS"],
        unit_duration=5,
        information_flow=InformationFlow.INBOUND,
        initiated_by=InitiatedBy.THEM,
    )
    return call, meeting, answer


def _give_letters(templates: dict[str, InteractionTemplate]) -> None:
    for (code, language), (subject, paragraphs) in LETTERS.items():
        letter = docx_of(_OURS, "«Address_Block»", "«Date»", "«Subject»", *paragraphs, _US)
        TemplateLanguage.objects.create(
            template=templates[code],
            language=language,
            subject=subject,
            document=store(letter, name=f"{code.lower()}-{language}.docx", by=None),
        )
