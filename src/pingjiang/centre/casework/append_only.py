"""What the database itself refuses: changing or deleting rows of a table that is only ever added to.

Not the proof (whoever owns the database can drop a trigger; the hash chain shows it) but a rail against mistakes.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_SQLITE = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
)
_POSTGRES_FUNCTION = (
    "CREATE OR REPLACE FUNCTION pingjiang_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
)
_POSTGRES = (
    "CREATE TRIGGER {table}_no_{verb} BEFORE {VERB} ON {table} FOR EACH ROW EXECUTE FUNCTION pingjiang_append_only()"
)
_VERBS = ("update", "delete")


class AppendOnly(Operation):
    """Migration operation: a table refuses UPDATE and DELETE, on SQLite and on PostgreSQL."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        """Put the triggers."""
        postgres = schema_editor.connection.vendor == "postgresql"
        if postgres:
            schema_editor.execute(_POSTGRES_FUNCTION, params=None)
        for verb in _VERBS:
            text = (_POSTGRES if postgres else _SQLITE).format(table=self.table, verb=verb, VERB=verb.upper())
            schema_editor.execute(text)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        """Take them away."""
        on = f" ON {self.table}" if schema_editor.connection.vendor == "postgresql" else ""
        for verb in _VERBS:
            schema_editor.execute(f"DROP TRIGGER {self.table}_no_{verb}{on}")

    def describe(self) -> str:
        """For the log of migrations."""
        return f"Make {self.table} append-only"
