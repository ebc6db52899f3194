"""The site: people act on the evidence of the library. A Django project of small apps.

    settings.py  urls.py        from the environment only; what is where
    accounts/                   organisations, people, memberships and roles
    casework/                   workflows, cases, events, tasks, working-day clocks, notices; who sees what
    documents/                  files of cases by their digest, official papers with verification codes
    pages/                      shell, parts of pages, sign-in, lists, cases; static files and both languages

The ground (above) knows no app (below). Apps import the ground only, never each other.

    announcements/              announcements and consultations
"""
