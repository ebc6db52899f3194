"""Data and a template become a document: HTML pages, workbooks, official papers. Knows no figure and no patent."""
