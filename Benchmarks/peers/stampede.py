"""A thousand clients ask for one file at once that the server has never seen."""

import contextlib
import json
import os
import statistics
import sys
import urllib.request
from urllib.parse import urlsplit

from crowd import Crowd
from house import House
from pace import rounds
from processes import Processes

CLIENTS = 1000
BYTES = 64 << 10
# Between the server and the public index, in milliseconds.
ROUND_TRIP = 100
PROJECT = "stampede"
CELL = f"stampede 64 KiB x{CLIENTS}"


def measure(options, scratch, table, figures):
    with contextlib.ExitStack() as stack:
        index = far_index(options.rounds, stack)
        house = House(options, os.path.join(scratch, "larder"), stack, index + "simple/")
        house.furnish(connection="public:pypi")
        for round in rounds(options, table, "stampedes", 10):
            rush(house, index, round, table, figures)


def far_index(releases, stack):
    """Starts the index; returns its address."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "far_index.py")
    command = [sys.executable, program, "--round-trip", str(ROUND_TRIP), "--project", PROJECT]
    command += ["--releases", str(releases), "--bytes", str(BYTES)]
    return Processes(stack).start(command, ready="listening on ").split()[-1]


def rush(house, index, round, table, figures):
    """Each round has a file of its own; what lists the files is known, as it is to clients."""
    version = f"1.{round - 1}"
    name = f"{PROJECT}-{version}-py3-none-any.whl"
    path = urlsplit(house.endpoint("pypi")).path + f"simple/{PROJECT}/"
    know(house, path)
    host = urlsplit(house.base)
    request = f"GET {path}{version}/{name} HTTP/1.1\r\nHost: {host.netloc}\r\n"
    request += f"Authorization: {house.authorization}\r\n\r\n"
    before = house.processes.processor_seconds()
    with Crowd(host.hostname, host.port, CLIENTS) as crowd:
        answers = crowd.ask(request.encode())
    spent = house.processes.processor_seconds() - before
    if len({answer.length for answer in answers}) != 1 or answers[0].length < BYTES // 2:
        raise RuntimeError(f"clients got files of {({answer.length for answer in answers})} bytes")
    times = sorted(answer.first_byte for answer in answers)
    table.add(CELL, "larder, portable door", round, CLIENTS / times[-1], "get/s",
              spent * 1e6 / CLIENTS, statistics.median(times) * 1e6, times[-11] * 1e6)
    figures.add("first byte", [times[-1] * 1000 - ROUND_TRIP])
    figures.add("upstream fetches", [fetches(index, name)])


def know(house, path):
    request = urllib.request.Request(house.base + path)
    request.add_header("Authorization", house.authorization)
    urllib.request.urlopen(request).read()


def fetches(index, name):
    """How often the index was asked for a file."""
    with urllib.request.urlopen(index + "counts") as reply:
        counts = json.load(reply)
    return sum(count for path, count in counts.items() if path.endswith(f"/{name}"))
