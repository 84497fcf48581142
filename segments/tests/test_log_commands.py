"""`manage.py check_segment`, `log_segment`, `delete_cancelled`."""

import json
from collections.abc import Callable
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from crm.models import Contact
from interactions.models import InteractionLogEntry, LoggedSegment
from segments import worksheet
from segments.models import Segment
from segments.tests.conftest import everybody, names


@pytest.fixture
def filled(segment: Segment, contact: Callable[..., Contact], marketer: User) -> Segment:
    """Ann, who is on paper, and Ben, who wants e-mails and has no address."""
    contact("Ann")
    contact("Ben", correspondence_type="email")
    worksheet.add_contacts(segment, everybody(), by=marketer, confirm_all=True)
    return segment


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, and what was said on both."""
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        code = int(ended.code or 0)
    except CommandError as error:
        code = error.returncode
        err.write(str(error))
    return code, out.getvalue(), err.getvalue()


def test_check(filled: Segment) -> None:
    warning = "1 line by e-mail to contacts without an address.\n"
    assert run("check_segment", filled.number) == (0, f"[warning no_address] {warning}", "")
    code, out, _err = run("check_segment", filled.number, "--send", "--json")
    (told,) = json.loads(out)
    assert (code, told["severity"], told["count"], told["of_sending"]) == (1, "error", 1, True)
    assert run("check_segment", "NONE") == (2, "", "There is no open segment NONE.")


def test_log_wants_warnings_accepted_and_no_errors(filled: Segment, marketer: User) -> None:
    asked = ("log_segment", filled.number, "--by", "marketer")
    code, _out, err = run(*asked)
    assert (code, "Nothing was logged." in err, "no_address" in err) == (1, True, True)
    code, _out, err = run(*asked, "--send", "--accept-warnings")
    assert (code, "[error no_address]" in err) == (1, True)
    assert not LoggedSegment.objects.exists()
    code, out, _err = run(*asked, "--accept-warnings", "--follow-up", "--json")
    told = json.loads(out)
    made = Segment.objects.get()
    assert (code, told["interactions"], told["follow_up"]) == (0, 2, made.number)
    assert told["seal"] == LoggedSegment.objects.get().seal
    assert names(made) == ["Ann", "Ben"]


def test_log_knows_who_and_what(filled: Segment, marketer: User, reader: User) -> None:
    assert run("log_segment", filled.number, "--by", "x")[0] == 2
    assert run("log_segment", filled.number, "--by", "reader")[0] == 2
    assert run("log_segment", "NONE", "--by", "marketer")[0] == 2
    worksheet.remove_problem(filled, "no_address", by=marketer)
    code, out, _err = run("log_segment", filled.number, "--by", "marketer", "--send")
    assert (code, "was logged: interactions 1" in out) == (0, True)
    assert InteractionLogEntry.objects.get().delivery == "queued"


def test_delete_cancelled(filled: Segment, marketer: User) -> None:
    run("log_segment", filled.number, "--by", "marketer", "--accept-warnings")
    InteractionLogEntry.objects.filter(position=1).update(cancelled=True, cancelled_itself=True)
    assert "interactions: 1, logged segments: 0" in run("delete_cancelled")[1]
    assert InteractionLogEntry.objects.count() == 2
    assert run("delete_cancelled", "--before", "soon")[0] == 2
    assert run("delete_cancelled", "--before", "2026-99-99")[0] == 2
    assert run("delete_cancelled", "--segment", "NONE")[0] == 2
    told = json.loads(run("delete_cancelled", "--before", "2000-01-01", "--yes", "--json")[1])
    assert told == {"deleted": True, "interactions": 0, "segments": 0}
    number = LoggedSegment.objects.get().segment_number
    assert run("delete_cancelled", "--segment", number, "--yes")[0] == 0
    assert [entry.position for entry in InteractionLogEntry.objects.all()] == [2]
    assert run("verify_log")[0] == 0
    LoggedSegment.objects.update(cancelled=True)
    InteractionLogEntry.objects.update(cancelled=True)
    told = json.loads(run("delete_cancelled", "--segments", "--yes", "--json")[1])
    assert told == {"deleted": True, "interactions": 1, "segments": 1}
    assert not LoggedSegment.objects.exists()
