"""The only door of the site to the library: its lakes, their releases, and the pages on them.

models, access  which lakes the site holds, whose they are, and which releases were shown to others
opening         a release opened for reading; `pages` gives a view the lake and the release of its address
"""
