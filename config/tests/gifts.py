"""A small house of flowers and its contacts: what the journey works on and must come to."""

import io
import re
import zipfile
from pathlib import Path

from django.core.management import call_command

from config.tests.letters import convert, text_of_pdf, words_of
from crm.models import MailingGroup, MarketingSetup, Salesperson, Salutation
from interactions.models import InteractionGroup

FILE = """\
number,type,name,first_name,surname,company,salutation,address,post_code,city,country,language,\
privacy_blocked,mailing_groups
K1,company,Ruusukauppa Oy,,,,,Ruusukuja 1,33100,Tampere,FI,fi,,
K2,person,,Aino,Metsälä,K1,MS,Metsätie 2 A 5,00100,Helsinki,FI,fi,,GIFT
K3,person,,Väinö,Korpi,,MR,Korpipolku 3,90100,Oulu,Suomi,fi,,GIFT|NEWS
K4,company,Blooms & Sons Ltd,,,,,4 Rose Lane,SW1A 1AA,London,GB,en,,GIFT
K5,person,,Emily,O'Hara,K4,MS,5 Mill Road,CB1 2AZ,Cambridge,GB,en,,GIFT
K6,person,,George,Finch,,MR,6 Hill Street,EH2 3JP,Edinburgh,GB,en,,NEWS
K7,person,,Salla,Hiljainen,,MS,Hiljakuja 7,20100,Turku,FI,fi,x,GIFT
K8,person,,Oliver,Elsewhere,,MR,8 Far Road,M1 1AE,Manchester,GB,en,,NEWS
"""
# What each letter must hold, and no other letter may.
OWN = {
    "K2": ("Aino Metsälä", "Metsätie 2 A 5", "00100 Helsinki", "Hyvä rouva Metsälä"),
    "K3": ("Väinö Korpi", "Korpipolku 3", "90100 Oulu", "Hyvä herra Korpi"),
    "K4": ("4 Rose Lane", "SW1A 1AA"),
    "K5": ("Emily O'Hara", "5 Mill Road", "CB1 2AZ", "Dear Ms O'Hara"),
    "K6": ("George Finch", "6 Hill Street", "EH2 3JP", "Dear Mr Finch"),
}
COMMENT = "Muistithan <kukat> & kahvit, Väinö?"
NOBODY = ("Hiljainen", "Elsewhere", "«", "MERGEFIELD")
LETTERS = {
    "en": (
        "*«Company_Information_Name»*", "«Address_Block»", "«Formal_Salutation»,",
        "We thank you with *«Description»*.", "«Personal_comment»", "«Salesperson_Name»",
    ),
    "fi": (
        "*«Company_Information_Name»*", "«Address_Block»", "«Formal_Salutation»!",
        "Kiitokseksi: *«Description»*.", "«Personal_comment»", "«Salesperson_Name»",
    ),
}  # fmt: skip


def set_up() -> None:
    """What an administrator sets up once."""
    setup = MarketingSetup.load()
    setup.company_name, setup.country = "Kukkatukku Oy", "FI"
    setup.save()
    for code, english, finnish in (("MS", "Ms", "rouva"), ("MR", "Mr", "herra")):
        salutation = Salutation.objects.create(code=code)
        for language, formal in (("en", f"Dear {english}"), ("fi", f"Hyvä {finnish}")):
            words = {"formal": f"{formal} {{surname}}", "informal": "{first_name}"}
            salutation.formulas.create(language=language, **words)
    MailingGroup.objects.create(code="GIFT", description="Gifts")
    MailingGroup.objects.create(code="NEWS", description="Newsletter")
    Salesperson.objects.create(code="AK", name="Aino Kallio")
    InteractionGroup.objects.create(code="LETTERS", description="Letters")


def import_contacts(folder: Path) -> None:
    """The contacts, from a CSV file."""
    file, said = folder / "contacts.csv", io.StringIO()
    file.write_text(FILE, encoding="utf-8")
    call_command("import_contacts", str(file), stdout=said)
    assert said.getvalue().strip() == "8 read = 8 created + 0 updated + 0 rejected."


def check_letters(file: Path) -> None:
    """One letter for each contact; it speaks to that one, and of nobody else."""
    with zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if name.endswith(".docx")]
        letters = [words_of(archive.read(name)) for name in names]
    assert len(letters) == len(OWN)
    for number, own in OWN.items():
        name = [letter for letter in letters if own[0] in letter]
        assert len(name) == 1, number
        letter = name[0]
        assert [word for word in own if word not in letter] == []
        others = [word for other, words in OWN.items() if other != number for word in words]
        assert [word for word in (*others, *NOBODY) if word in letter] == []
        assert (COMMENT in letter) == (number == "K3")
        assert ("Violets" in letter) == (number == "K3")
        assert ("Tulips" in letter) == (number != "K3")
        assert ("Kiitokseksi" in letter) == (number in ("K2", "K3"))


def check_combined(file: Path, folder: Path) -> None:
    """One document a language with all its letters; LibreOffice prints it without complaint."""
    with zipfile.ZipFile(file) as archive:
        names = sorted(archive.namelist())
        archive.extractall(folder)
    assert [re.sub(r"\d+\.", "#.", name) for name in names] == [
        "SM00001 en #.docx",
        "SM00001 fi #.docx",
    ]
    for name, numbers in zip(names, (("K4", "K5", "K6"), ("K2", "K3")), strict=True):
        source = folder / name
        written = words_of(source.read_bytes())
        printed = text_of_pdf(convert(source, "pdf"))
        assert printed.count("\f") == len(numbers)  # each letter on a page of its own
        for number, words in OWN.items():
            inside = number in numbers
            assert [(word in written, word in printed) for word in words] == [
                (inside, inside)
            ] * len(words)
        assert (COMMENT in written, COMMENT in printed) == ("K3" in numbers, "K3" in numbers)
