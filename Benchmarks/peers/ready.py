"""How long a server with very many assets takes from its start to its first answer."""

import contextlib
import http.client
import os
import subprocess
import time
from urllib.parse import urlsplit

import house
from house import House

ASSETS, FEWER = 1_000_000, 20_000
# What housefill publishes: see Benchmarks/housefill/Shelf.swift.
FILE = "filled/p{}/1.7/f3"
PER_PACKAGE = 100


def measure(options, scratch, table, figures):
    count = FEWER if options.quick else ASSETS
    if count < ASSETS:
        table.note(f"--quick: {count:,} assets in place of {ASSETS:,} for the start of a server")
    with contextlib.ExitStack() as stack:
        server = House(options, os.path.join(scratch, "larder"), stack).furnish()
        path = urlsplit(server.endpoint("generic")).path
        server.processes.stop()
        fill(options, server, count)
        for round in range(2 * options.rounds):
            # One after a stop, one after kill -9.
            start(server, f"{path}{FILE.format(round * 7 % (count // PER_PACKAGE))}", figures)
            server.processes.kill() if round % 2 else server.processes.stop()


def fill(options, server, count):
    command = [os.path.join(options.binaries, "housefill"), "--data", server.data]
    command += ["--owner", server.credentials["account"], "--domain", house.DOMAIN]
    command += ["--repository", house.REPOSITORY, "--assets", str(count)]
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)


def start(server, path, figures):
    """The first answer counts, not the line that promises it."""
    began = time.monotonic()
    server.start()
    connection = http.client.HTTPConnection(urlsplit(server.base).netloc)
    connection.request("GET", path, headers={"Authorization": server.authorization})
    answer = connection.getresponse()
    content = answer.read()
    took = time.monotonic() - began
    connection.close()
    if answer.status != 200 or not content.startswith(b"This is file 3 of version "):
        raise RuntimeError(f"{path}: {answer.status} {content[:300]!r}")
    figures.add("ready", [took * 1000])
