"""`pingjiang serve`: what it refuses, and that the settings of production pass the checks of the framework."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from tools.servers import free_port

from tests.centre import sites
from tests.centre.serving import Site, answering

SECRET = "0123456789abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command of the program on a site in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PINGJIANG_SITE", "DJANGO"))}
    values = {**kept, "PINGJIANG_SITE_FOLDER": str(folder), **more}
    return subprocess.run([sys.executable, *words], env=values, capture_output=True, text=True, cwd=sites.ROOT)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.2", "::"])
def test_a_demo_serves_this_machine_alone(tmp_path: Path, host: str) -> None:
    done = run(tmp_path / "site", "-m", "pingjiang", "serve", "--host", host, PINGJIANG_SITE_MODE="demo")
    assert done.returncode == 2 and "演示" in done.stderr and "--host 127.0.0.1" in done.stderr
    assert not (tmp_path / "site" / "site.sqlite3").exists()


def test_a_port_that_is_taken_is_told_before_anything_is_begun(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = run(tmp_path / "site", "-m", "pingjiang", "serve", "--port", port, PINGJIANG_SITE_MODE="demo")
    assert done.returncode == 1 and f"127.0.0.1:{port}" in done.stderr and "--port" in done.stderr
    assert "Traceback" not in done.stderr and not (tmp_path / "site" / "site.sqlite3").exists()


def test_production_without_its_secret_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path / "site", "-m", "pingjiang", "serve")
    assert done.returncode == 2 and "PINGJIANG_SITE_SECRET" in done.stderr


def test_production_passes_the_checks_of_its_framework(tmp_path: Path) -> None:
    done = run(
        tmp_path / "site", "-m", "django", "check", "--deploy", "--fail-level", "WARNING",
        DJANGO_SETTINGS_MODULE="pingjiang.centre.settings", PINGJIANG_SITE_SECRET=SECRET,
        PINGJIANG_SITE_HOSTS="site.example",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.xdist_group("browser")  # they share the site
def test_connections_that_ask_for_nothing_keep_nobody_out(browser_site: Site) -> None:
    """A browser keeps several open behind a page; each of these was answered once and is silent since."""
    address = urlsplit(browser_site.url)
    with contextlib.ExitStack() as held:
        for _ in range(60):
            connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
            held.callback(connection.close)
            connection.request("GET", "/public/notices/")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200 and not answer.will_close


def test_who_writes_while_the_processes_of_the_pages_begin_locks_nothing_for_good(tmp_path: Path) -> None:
    """A process that is forked then believes for ever that its own database is being written to by another."""
    port = free_port()
    command = [sys.executable, "-m", "tests.centre.serve_beside_a_writer", str(port)]
    values = {**sites.surroundings(tmp_path / "site"), "PINGJIANG_SITE_MODE": "test"}
    with answering(command, values, tmp_path / "serve.log"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/sign-in/")
        asked = connection.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', asked.read().decode())
        cookie = (asked.getheader("Set-Cookie") or "").partition(";")[0]
        assert token
        words = {"csrfmiddlewaretoken": token[1], "username": "nobody", "password": "nothing"}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in/", urlencode(words), headers)  # a failure is written down
        assert connection.getresponse().status == 422
        connection.close()
    assert "panicked" not in (tmp_path / "serve.log").read_text()  # and they end as quietly as they began
