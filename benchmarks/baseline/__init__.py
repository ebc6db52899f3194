"""The opponents, each written as well as we can. They may only get faster.

- `indicators`: twelve indicators as hand-written DuckDB SQL on the concluded Parquet tables.
- `read_fastexcel`: the bare read of a spreadsheet, nothing done with it.
- `import_pandas`: pandas and openpyxl doing what our import does.
- `notebook`: the usual notebook, from three exports to a page of tables.
"""
