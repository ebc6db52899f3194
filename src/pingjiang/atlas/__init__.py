"""The atlas: what a release says, as one page and one workbook. See `figures` (what goes in), `publish`."""
