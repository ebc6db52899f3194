"""The pages of the site: what every app's page stands in and is made of.

middleware.py   content policy, limits of a session, who acts
menu.py         what stands in the left menu: apps register, a role sees what leads somewhere
words.py        one of two languages, where words are data
lists.py        a list: filters, columns, order, pages, export, all in the address
cases.py        a case: process bar, opinion box, history; and a page for every workflow that has none of its own
figures.py      boards, figures and provenance as plain data
desk.py         what the actor must do
sign_in.py      signing in and out, second factor, password; people.py: invitations, roles, leaving
components.py   one page that shows every part (demo and test only)
"""
