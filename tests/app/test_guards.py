"""Limits of bytes and pages, and a process that cannot reach a network."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from biaoge.app.guards import check_pages, check_size
from biaoge.errors import InputError, TooLarge


def test_the_size_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    with path.open("wb") as file:
        file.truncate(2_000_001)
    check_size(path)
    check_size(path, 2.1)
    with pytest.raises(TooLarge, match=r"a\.pdf has 2\.0 megabytes, more than the 2 allowed.*--max-file-size"):
        check_size(path, 2)
    with path.open("wb") as file:
        file.truncate(600_000_000)  # sparse: it takes no room
    with pytest.raises(TooLarge):
        check_size(path)
    with pytest.raises(InputError, match="cannot be read"):
        check_size(tmp_path / "none.pdf")


def test_the_number_of_pages() -> None:
    check_pages(5000)
    with pytest.raises(TooLarge, match=r"5,001 pages.*--max-pages"):
        check_pages(5001)


CALLS = {
    "connect": "socket.create_connection(('127.0.0.1', PORT), 2)",
    "bind": "socket.socket().bind(('127.0.0.1', 0))",
    "datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', PORT))",
    "name": "socket.getaddrinfo('example.invalid', 80)",
    "fetch": "urllib.request.urlopen('http://127.0.0.1:PORT/')",
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_no_network(call: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        call = call.replace("PORT", str(server.getsockname()[1]))
        script = f"import socket, urllib.request\nfrom biaoge.app.guards import no_network\nno_network()\n{call}"
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 1
        assert "documents are read without a network" in done.stderr
        with pytest.raises(BlockingIOError):
            server.accept()
