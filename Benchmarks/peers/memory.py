"""What a server takes that does nothing, and what each connection adds that stays open."""

import contextlib
import os
import time
from urllib.parse import urlsplit

import client
from crowd import Crowd
from house import House

CONNECTIONS = 1000
# After this, nothing that was begun before goes on.
REST = 1.0


def measure(options, scratch, table, figures):
    with contextlib.ExitStack() as stack:
        house = House(options, os.path.join(scratch, "larder"), stack).furnish()
        url = client.wheel(house.endpoint("pypi"), house.token, "bench", bytes(16 << 10))
        for _ in range(options.rounds):
            # Every round has a fresh process, which has served one file.
            house.processes.stop()
            house.start()
            look(house, urlsplit(url).path, figures)


def look(house, path, figures):
    host = urlsplit(house.base)
    request = f"GET {path} HTTP/1.1\r\nHost: {host.netloc}\r\n"
    request = f"{request}Authorization: {house.authorization}\r\n\r\n".encode()
    with Crowd(host.hostname, host.port, 1) as one:
        one.ask(request)
        time.sleep(REST)
        idle = house.processes.resident_bytes()
    figures.add("idle memory", [idle / (1 << 20)])
    with Crowd(host.hostname, host.port, CONNECTIONS) as crowd:
        crowd.ask(request)
        time.sleep(REST)
        grown = house.processes.resident_bytes() - idle
    figures.add("connection memory", [grown / 1024 / CONNECTIONS])
