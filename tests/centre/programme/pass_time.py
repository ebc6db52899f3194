"""What time does to calls and applications, done once: the round that does it goes by the database's own clock.

`python -m tests.centre.programme.pass_time`.
"""

from __future__ import annotations


def main() -> None:
    import django

    django.setup()
    from pingjiang.centre.programme.services import calls

    calls.pass_time()


if __name__ == "__main__":
    main()
