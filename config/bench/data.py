"""Data for benchmarks, made by SQL in seconds: contacts, three links each, two log entries each.

Every fifth contact is a company; the others work for one. The same numbers give the same data.
"""

from django.db import connection

GROUPS = 30


def fill(contacts: int) -> None:
    """Makes so many contacts, three links and two log entries for each, on an empty database."""
    with connection.cursor() as cursor:
        for statement in _statements(contacts):
            cursor.execute(statement)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    else:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _statements(contacts: int) -> list[str]:
    companies = contacts // 5
    return [
        *(_codes(table) for table in ("crm_mailinggroup", "crm_industrygroup")),
        _contacts("company", "NULL", 1, companies),
        _contacts("person", f"1 + i % {companies}", companies + 1, contacts),
        _links("crm_contactmailinggroup", "(c.id + g.i * 7)", 2),
        _links("crm_contactindustrygroup", "c.id", 1),
        "INSERT INTO interactions_interactiongroup (code, description) VALUES ('G', '')",
        "INSERT INTO interactions_interactiontemplate (code, description, group_id, unit_cost,"
        " unit_duration, information_flow, initiated_by, correspondence_type,"
        " ignore_contact_correspondence_type, language, campaign_target, campaign_response,"
        " for_calls)"
        " VALUES ('T', '', 1, 1.2, 3, 'outbound', 'us', 'hard_copy', FALSE, 'en', FALSE, FALSE,"
        " FALSE)",
        "INSERT INTO crm_salesperson (code, name, job_title, phone, email, blocked)"
        " VALUES ('S', 'S', '', '', '', FALSE)",
        _entries(),
    ]


def series(first: int, last: int) -> str:
    """A table g(i) of whole numbers, the same on both databases."""
    return f"WITH RECURSIVE g(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM g WHERE i < {last})"


def _codes(table: str) -> str:
    return f"{series(1, GROUPS)} INSERT INTO {table} (code, description) SELECT 'G' || i, '' FROM g"


def _contacts(kind: str, company: str, first: int, last: int) -> str:
    """Names are a shuffled number, so that their order is not that of the ids."""
    shuffled = "(i * 1789) % 1000003"
    if connection.vendor == "postgresql":
        key, number = (
            f"convert_to(to_char({shuffled}, 'FM0000000'), 'UTF8')",
            "to_char(i, 'FM0000000')",
        )
        company = f"({company})::bigint"
    else:
        key, number = f"CAST(printf('%07d', {shuffled}) AS BLOB)", "printf('%07d', i)"
    return (
        f"{series(first, last)} INSERT INTO crm_contact (number, type, name, first_name,"
        " middle_name, surname, company_id, job_title, address, address_2, post_code, city,"
        " country, language, phone, mobile_phone, email, home_page, correspondence_type,"
        " exclude_from_segment, privacy_blocked, minor, parental_consent, external_id,"
        " created_at, changed_at, sort_key,"
        f" search_name, search_text) SELECT 'C' || {number}, '{kind}', 'Name ' || {number}, '', '',"
        f" '', {company}, '', 'Street ' || i, '', '00100', 'City ' || (i % 300), 'FI',"
        " CASE WHEN i % 2 = 0 THEN 'fi' ELSE 'en' END, '', '', 'e' || i || '@example.com', '', '',"
        " i % 97 = 0, i % 101 = 0, FALSE, FALSE, '', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP,"
        f" {key}, 'name ' || {number}, 'name ' || {number} FROM g"
    )


def _links(table: str, group: str, each: int) -> str:
    return (
        f"{series(1, each)} INSERT INTO {table} (contact_id, group_id)"
        f" SELECT c.id, {group} % {GROUPS} + 1 FROM crm_contact c, g"
    )


def _entries() -> str:
    def date(day: str) -> str:
        return f"DATE '{day}'" if connection.vendor == "postgresql" else f"'{day}'"

    return (
        f"{series(1, 2)} INSERT INTO interactions_interactionlogentry (contact_id, segment_number,"
        " position, date, description, template_id, group_id, correspondence_type,"
        " information_flow, initiated_by, cost, duration, campaign_target, campaign_response,"
        " language, subject, own_document, send_word_as_attachment, merge_values, evaluation,"
        " delivery, delivery_error, cancelled, postponed, attempt_failed, created_at)"
        " SELECT c.id, '', 0,"
        f" CASE WHEN (c.id + g.i) % 4 = 0 THEN {date('2026-01-15')} ELSE {date('2025-06-15')} END,"
        " 'x', 1, 1, '', 'outbound', 'us',"
        " 0, 0, FALSE, FALSE, '', '', FALSE, FALSE, '{}',"
        " CASE WHEN c.id % 3 = 0 THEN 'positive' ELSE '' END, '', '', FALSE, FALSE, FALSE,"
        " CURRENT_TIMESTAMP FROM crm_contact c, g"
    )
