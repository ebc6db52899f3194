"""The one schema: tables as YAML, a table a file; what a type is to the engine; closed lists of codes."""

from pingjiang.schema.tables import Column, TableSchema, load_tables, table

__all__ = ["Column", "TableSchema", "load_tables", "table"]
