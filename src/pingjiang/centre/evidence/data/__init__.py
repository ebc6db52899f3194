"""The data of a lake: where it comes from, what is handed in, what was made of it, who else sees its figures.

uploads.py    files handed in: kept by their hash, looked into, a format chosen
runs.py       imports, builds, indexes, comparisons: asked for, done by a worker, followed
formats.py    formats that people made by mapping headers by hand
sources.py    what a release tells of its sources, and what it holds
sharing.py    releases whose figures are shown to others
"""
