"""Data and a template become a document: single HTML pages, workbooks. Knows no figure and no patent."""
