"""A thousand clients ask for one thing at once that the server has never seen."""

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
LARGE_BYTES = 200_000_000
PACKUMENT_BYTES = 5_000_000
# A client that has this much of a large file hangs up: two cores would carry all of it, a thousand
# times, for minutes.
ENOUGH = 2 << 20
# Between the server and the public index, in milliseconds.
ROUND_TRIP = 100
PROJECT = "stampede"


def measure(options, scratch, table, figures):
    for crowd in (small, large, packument):
        with contextlib.ExitStack() as stack:
            crowd(options, os.path.join(scratch, crowd.__name__), stack, table, figures)


def small(options, data, stack, table, figures):
    """Each round has a file of its own; what lists the files is known, as it is to clients.

    What the crowd costs where the file is at hand is a row of the table too: the floor.
    """
    index = far_index(stack, options.rounds)
    house = House(options, data, stack, index + "simple/").furnish(connection="public:pypi")
    for round in rounds(options, table, "stampedes", 10):
        path = listed_file(house, f"1.{round - 1}")
        times, lengths = rush(house, path, "stampede 64 KiB", round, table)
        if len(lengths) != 1 or min(lengths) < BYTES // 2:
            raise RuntimeError(f"clients got files of {lengths} bytes")
        figures.add("first byte", [times[-1] * 1000 - ROUND_TRIP])
        figures.add("upstream fetches", [fetches(index, path)])
        rush(house, path, "the same, at hand", round, table)


def large(options, data, stack, table, figures):
    index = far_index(stack, 1, LARGE_BYTES)
    house = House(options, data, stack, index + "simple/").furnish(connection="public:pypi")
    path = listed_file(house, "1.0")
    times, _ = rush(house, path, "stampede 200 MB", 1, table, ENOUGH)
    figures.add("first byte, 200 MB", [times[-1] * 1000 - ROUND_TRIP])
    figures.add("upstream fetches, 200 MB", [fetches(index, path)])
    figures.add("memory, 200 MB", [house.processes.peak_bytes() / (1 << 20)])
    rush(house, path, "200 MB, at hand", 1, table, ENOUGH)


def packument(options, data, stack, table, figures):
    connection = "public:npmjs"
    index = far_index(stack, packument=PACKUMENT_BYTES)
    house = House(options, data, stack, index, connection).furnish(connection)
    path = urlsplit(house.endpoint("npm")).path + PROJECT
    times, _ = rush(house, path, "stampede packument 5 MB", 1, table)
    figures.add("first byte, packument", [times[-1] * 1000 - ROUND_TRIP])
    figures.add("upstream fetches, packument", [fetches(index, path)])
    figures.add("memory, packument", [house.processes.peak_bytes() / (1 << 20)])
    rush(house, path, "packument, at hand", 1, table)


def far_index(stack, releases=0, byte_count=BYTES, packument=0):
    """Starts the index; returns its address."""
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "far_index.py")
    command = [sys.executable, program, "--round-trip", str(ROUND_TRIP), "--project", PROJECT]
    command += ["--releases", str(releases), "--bytes", str(byte_count)]
    command += ["--packument", str(packument)]
    return Processes(stack).start(command, ready="listening on ").split()[-1]


def rush(house, path, cell, round, table, enough=None):
    """Has all ask at once; returns when each had its first byte, in order, and what lengths."""
    host = urlsplit(house.base)
    request = f"GET {path} HTTP/1.1\r\nHost: {host.netloc}\r\n"
    request += f"Authorization: {house.authorization}\r\n\r\n"
    before = house.processes.processor_seconds()
    with Crowd(host.hostname, host.port, CLIENTS) as crowd:
        answers = crowd.ask(request.encode(), enough)
    spent = house.processes.processor_seconds() - before
    times = sorted(answer.first_byte for answer in answers)
    table.add(f"{cell} x{CLIENTS}", "larder, portable door", round, CLIENTS / times[-1], "get/s",
              spent * 1e6 / CLIENTS, statistics.median(times) * 1e6, times[-11] * 1e6)
    return times, {answer.length for answer in answers}


def listed_file(house, version):
    """The path of a file, once the server knows the list that it is on."""
    path = urlsplit(house.endpoint("pypi")).path + f"simple/{PROJECT}/"
    request = urllib.request.Request(house.base + path)
    request.add_header("Authorization", house.authorization)
    urllib.request.urlopen(request).read()
    return f"{path}{version}/{PROJECT}-{version}-py3-none-any.whl"


def fetches(index, path):
    """How often the index was asked for what a path names last."""
    with urllib.request.urlopen(index + "counts") as reply:
        counts = json.load(reply)
    name = path.rpartition("/")[2]
    return sum(count for asked, count in counts.items() if asked.endswith(f"/{name}"))
