"""Indexes that only PostgreSQL has: the words contacts are found by, and trigrams where it can.

pg_trgm comes with most installations but not with all, and may need a right that we lack: the
migration goes on without it, and the search then forgives fewer slips.
"""

from django.db import DatabaseError, migrations, transaction

from crm.lookups import WORDS_SQL


def add_indexes(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    words = WORDS_SQL.format("search_text")
    schema_editor.execute(f"CREATE INDEX crm_contact_words ON crm_contact USING gin ({words})")
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if not cursor.fetchone():
            return
        try:
            with transaction.atomic(schema_editor.connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                cursor.execute(
                    "CREATE INDEX crm_contact_trigrams ON crm_contact"
                    " USING gin (search_name gin_trgm_ops)"
                )
        except DatabaseError:
            return


def drop_indexes(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS crm_contact_words")
        schema_editor.execute("DROP INDEX IF EXISTS crm_contact_trigrams")


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]
    operations = [migrations.RunPython(add_indexes, drop_indexes)]
