"""Documents in the storage: shared, never changed, gone with their last use."""

import hashlib
import threading
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from interactions import documents, mailmerge
from interactions.models import Document, InteractionGroup, InteractionTemplate, TemplateLanguage
from interactions.starter import docx_of, starter_letter

LETTER = docx_of("«Formal_Salutation», «Personal_comment» «Formal_Salutation»")


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def stored_files() -> list[str]:
    root = Path(default_storage.path(""))
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def use(document: Document) -> TemplateLanguage:
    group, _made = InteractionGroup.objects.get_or_create(code="MAIL")
    template, _made = InteractionTemplate.objects.get_or_create(code="L", group=group)
    language = f"{template.languages.count()}"
    return TemplateLanguage.objects.create(template=template, language=language, document=document)


def test_a_letter_is_stored_with_its_fields(marketer: User) -> None:
    document = documents.store(LETTER, name="C:\\letters\\Spring\x00 offer.docx", by=marketer)
    digest = hashlib.sha256(LETTER).hexdigest()
    assert Document.objects.values().get() == {
        "id": document.pk,
        "sha256": digest,
        "name": "Spring offer.docx",
        "size": len(LETTER),
        "merge_fields": ["Formal_Salutation", "Personal_comment"],
        "created_at": document.created_at,
        "by_id": marketer.pk,
    }
    assert stored_files() == [f"documents/{digest[:2]}/{digest}"]
    assert documents.read(document) == LETTER


@pytest.mark.django_db
def test_the_same_bytes_are_one_document_and_one_file() -> None:
    one = documents.store(LETTER, name="one.docx", by=None)
    two = documents.store(LETTER, name="two.docx", by=None)
    other = documents.store(starter_letter("fi"), name="one.docx", by=None)
    assert (one, two.name) == (two, "one.docx")
    assert other != one
    assert len(stored_files()) == Document.objects.count() == 2


@pytest.mark.django_db
def test_what_is_no_letter_is_refused_and_nothing_is_written() -> None:
    for data in (b"", b"%PDF-1.7", LETTER[:-30]):
        with pytest.raises(mailmerge.DocumentError):
            documents.store(data, name="x.docx", by=None)
    assert (Document.objects.count(), stored_files()) == (0, [])


@pytest.mark.django_db
def test_a_file_that_a_crash_left_half_is_written_anew() -> None:
    digest = hashlib.sha256(LETTER).hexdigest()
    default_storage.save(f"documents/{digest[:2]}/{digest}", ContentFile(LETTER[:100]))
    assert documents.read(documents.store(LETTER, name="x.docx", by=None)) == LETTER
    assert len(stored_files()) == 1


@pytest.mark.django_db
def test_a_missing_and_an_altered_file_are_told_apart() -> None:
    document = documents.store(LETTER, name="x.docx", by=None)
    Path(default_storage.path(document.path)).write_bytes(LETTER + b"x")
    with pytest.raises(documents.DocumentLost, match=r"“x\.docx” was altered"):
        documents.read(document)
    default_storage.delete(document.path)
    with pytest.raises(documents.DocumentLost, match=r"“x\.docx” is missing"):
        documents.read(document)


@pytest.mark.django_db
def test_a_document_goes_with_its_last_use(django_capture_on_commit_callbacks: Any) -> None:
    document = documents.store(LETTER, name="x.docx", by=None)
    first, second = use(document), use(document)
    first.delete()
    with django_capture_on_commit_callbacks(execute=True):
        assert not documents.release(document)
    assert documents.read(document) == LETTER
    second.delete()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        assert documents.release(document)
        assert len(stored_files()) == 1  # until the commit: it may yet be rolled back
    assert len(callbacks) == 1
    assert (Document.objects.count(), stored_files()) == (0, [])
    assert not documents.release(document)


@pytest.mark.django_db
def test_bytes_stored_again_before_the_file_is_deleted_keep_it(
    django_capture_on_commit_callbacks: Any,
) -> None:
    document = documents.store(LETTER, name="x.docx", by=None)
    with django_capture_on_commit_callbacks(execute=True):
        documents.release(document)
        again = documents.store(LETTER, name="y.docx", by=None)
    assert documents.read(again) == LETTER


@pytest.mark.django_db(transaction=True)
def test_a_release_that_is_rolled_back_keeps_the_file() -> None:
    document = documents.store(LETTER, name="x.docx", by=None)
    with transaction.atomic():
        documents.release(document)
        transaction.set_rollback(True)
    assert documents.read(Document.objects.get()) == LETTER


@pytest.mark.django_db(transaction=True)
def test_several_at_once_store_and_release_the_same_bytes() -> None:
    """Whatever the order, each row that is left has its file, and nobody sees an error."""
    errors: list[BaseException] = []
    start = threading.Barrier(6)

    def work(number: int) -> None:
        try:
            start.wait()
            for _round in range(5):
                document = documents.store(LETTER, name=f"{number}.docx", by=None)
                if number % 2:
                    documents.release(document)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    for document in Document.objects.all():
        assert documents.read(document) == LETTER
    assert len(stored_files()) == Document.objects.count()


def test_unknown_fields_come_with_the_nearest_known_name() -> None:
    document = Document(merge_fields=["Formal_Salutaton", "city", "Post Code", "Qwxyz", "State"])
    assert documents.unknown_fields(document) == [
        ("Formal_Salutaton", "Formal_Salutation"),
        ("Post Code", "Post_Code"),
        ("Qwxyz", ""),
    ]
