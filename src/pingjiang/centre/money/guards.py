"""What the database itself refuses, said once: a condition on a new row (and the old one) that SQLite and PostgreSQL
read alike, and the words of the refusal. What changes here needs a migration that puts it anew."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

_SQLITE = "CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{words}'); END"
_POSTGRES_FUNCTION = (
    "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {when} THEN "
    "RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$"
)
_POSTGRES = "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


class Guard(Operation):
    """Migration operation: `table` refuses an INSERT or UPDATE of a row for which `when` holds. IntegrityError."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, name: str, table: str, verb: str, when: str, words: str) -> None:
        self.name, self.table, self.verb, self.when, self.words = name, table, verb, when, words

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        """Put the trigger."""
        said = {"name": self.name, "table": self.table, "verb": self.verb, "when": self.when, "words": self.words}
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(_POSTGRES_FUNCTION.format(**said), params=None)
            schema_editor.execute(_POSTGRES.format(**said), params=None)
        else:
            schema_editor.execute(_SQLITE.format(**said), params=None)

    def database_backwards(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, *_: Any) -> None:
        """Take it away."""
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {self.name} ON {self.table}")
            schema_editor.execute(f"DROP FUNCTION {self.name}()")
        else:
            schema_editor.execute(f"DROP TRIGGER {self.name}")

    def describe(self) -> str:
        """For the log of migrations."""
        return f"Guard {self.table}: {self.words}"


# A journal that can be seen without its seal is this transaction's own: others commit both together.
_NOT_OPEN = (
    "NOT EXISTS (SELECT 1 FROM money_journal j WHERE j.id = NEW.journal_id"
    " AND NOT EXISTS (SELECT 1 FROM money_seal s WHERE s.id = j.seal_id))"
)
_CLOSED = "EXISTS (SELECT 1 FROM money_account a WHERE a.id = NEW.account_id AND a.closed_at IS NOT NULL)"
_BROKEN_RUN = (
    "NEW.sequence <> 1 + COALESCE((SELECT MAX(l.sequence) FROM money_line l WHERE l.account_id = NEW.account_id), 0)"
    " OR NEW.balance <> NEW.amount + COALESCE((SELECT l.balance FROM money_line l"
    " WHERE l.account_id = NEW.account_id AND l.sequence = NEW.sequence - 1), 0)"
)
_LINES = "money_line l JOIN money_journal j ON j.id = l.journal_id JOIN money_account a ON a.id = l.account_id"
_UNBALANCED = (
    f"(SELECT COUNT(*) FROM {_LINES} WHERE j.seal_id = NEW.id) < 2"
    f" OR EXISTS (SELECT 1 FROM {_LINES} WHERE j.seal_id = NEW.id"
    " GROUP BY a.owner_id, a.currency HAVING SUM(l.amount) <> 0)"
)
_OVERDRAWN = (
    f"EXISTS (SELECT 1 FROM {_LINES} WHERE j.seal_id = NEW.id AND NOT a.may_overdraw"
    " AND l.sequence = (SELECT MAX(m.sequence) FROM money_line m WHERE m.account_id = l.account_id)"
    " AND CASE WHEN a.kind IN ('asset', 'expense') THEN l.balance ELSE -l.balance END < 0)"
)
_ACCOUNT_CHANGED = (
    "OLD.owner_id <> NEW.owner_id OR OLD.kind <> NEW.kind OR OLD.purpose <> NEW.purpose"
    " OR OLD.name <> NEW.name OR OLD.currency <> NEW.currency OR OLD.may_overdraw <> NEW.may_overdraw"
    " OR COALESCE(OLD.case_id, 0) <> COALESCE(NEW.case_id, 0) OR OLD.closed_at IS NOT NULL"
)


def guards() -> list[Guard]:
    """Those of the ledger."""
    return [
        Guard("money_line_open", "money_line", "INSERT", _NOT_OPEN, "the journal is sealed or there is none"),
        Guard("money_line_closed", "money_line", "INSERT", _CLOSED, "the account is closed"),
        Guard("money_line_run", "money_line", "INSERT", _BROKEN_RUN, "the line does not follow the one before"),
        Guard("money_seal_balance", "money_seal", "INSERT", _UNBALANCED, "the journal does not balance"),
        Guard("money_seal_overdrawn", "money_seal", "INSERT", _OVERDRAWN, "an account would be overdrawn"),
        Guard("money_account_same", "money_account", "UPDATE", _ACCOUNT_CHANGED, "an account stays what it is"),
    ]
