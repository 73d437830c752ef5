"""Uploads over HTTP, as many as the server takes, each durable before it is answered."""

import contextlib
import os
import urllib.request
from urllib.parse import urlsplit

import wrk
from house import House
from pace import rounds

BYTES = 10 << 10
CONNECTIONS = 64
CELL = f"publish 10 KiB x{CONNECTIONS}"
SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "publish.lua")


def measure(options, scratch, table, figures):
    with contextlib.ExitStack() as stack:
        house = House(options, os.path.join(scratch, "larder"), stack).furnish()
        place = house.endpoint("generic") + "bench"
        for round in rounds(options, table, "uploads", 10):
            done = load(house, place, round, options.seconds)
            verify(house, place, round)
            table.add(CELL, "larder, portable door", round, done.rate, "put/s", done.cost,
                      done.p50, done.p99)
            figures.add("publish", [done.rate])


def load(house, place, round, seconds):
    arguments = [urlsplit(place).path, round, BYTES, house.authorization]
    return wrk.load(house.processes, house.base, (), seconds, CONNECTIONS, SCRIPT, arguments)


def verify(house, place, round):
    """One of the first uploads of a round is there, as it was sent."""
    request = urllib.request.Request(f"{place}/p9/{round}.9/file.bin")
    request.add_header("Authorization", house.authorization)
    with urllib.request.urlopen(request) as reply:
        content = reply.read()
    if len(content) != BYTES or not content.startswith(b"%012d%012d" % (round, 9)):
        raise RuntimeError(f"{request.full_url} is not what was uploaded")
