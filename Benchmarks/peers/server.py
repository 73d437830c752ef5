"""The server's hits beside nginx and SeaweedFS: the same bytes, the same generator, in turns."""

import contextlib
import dataclasses
import json
import os
import random
import shutil
import urllib.error
import urllib.request

import client
import wrk
from house import House
from pace import rounds
from processes import Processes, free_port, wait_for

SIZES = {"16 KiB": 16 << 10, "1 MiB": 1 << 20}
SMALL, LARGE = (f"hit GET {size} x32" for size in SIZES)
UNCHANGED = "304 on a simple index x32"
# What the derived document lists.
RELEASES = 20


@dataclasses.dataclass
class Contender:
    name: str
    processes: Processes
    # For each cell the address and the headers of its request.
    requests: dict

    def run(self, options, table, round, cell):
        url, headers = self.requests[cell]
        done = wrk.load(self.processes, url, headers, options.seconds)
        table.add(cell, self.name, round, done.rate, "get/s", done.cost, done.p50, done.p99)


def measure(options, scratch, table, figures):
    with contextlib.ExitStack() as stack:
        ours = larder(options, scratch, stack)
        contenders = [ours]
        for start in (nginx, seaweed):
            try:
                contenders.append(start(options, scratch, stack))
            except (OSError, RuntimeError) as error:
                table.note(f"{start.__name__} could not be measured: {error}")
        for round in rounds(options, table, "hits", 35):
            turn = round % len(contenders)
            for cell in ours.requests:
                for contender in contenders[turn:] + contenders[:turn]:
                    if cell in contender.requests:
                        contender.run(options, table, round, cell)
    for name, cell, key in (
        ("hit rate", SMALL, "rate"), ("hit cost", SMALL, "cpu"),
        ("large hit rate", LARGE, "rate"), ("unchanged rate", UNCHANGED, "rate"),
    ):
        pairs = table.pairs(cell, ours.name, "nginx, sendfile", key)
        if pairs:
            figures.add(name, pairs)
        else:
            figures.leave_out("hits", "left out: without nginx there is nothing to compare", name)


def body(size):
    return random.Random(SIZES[size]).randbytes(SIZES[size])


def larder(options, scratch, stack):
    """Through the whole house: token, repository, package, file."""
    house = House(options, os.path.join(scratch, "larder"), stack).furnish()
    login = f"Authorization: {house.authorization}"
    repository = house.endpoint("pypi")
    requests = {}
    for cell, size in zip((SMALL, LARGE), SIZES):
        project = "bench-" + size.lower().replace(" ", "-")
        requests[cell] = client.wheel(repository, house.token, project, body(size)), [login]
    for number in range(RELEASES):
        client.wheel(repository, house.token, "often", b"", f"1.{number}")
    page = f"{repository}simple/often/"
    requests[UNCHANGED] = page, [login, unchanged(page, [login])]
    return Contender("larder, portable door", house.processes, requests)


def unchanged(url, headers=()):
    """The header with which the address answers 304: as seen."""
    fields = dict(header.split(": ", 1) for header in headers)
    with urllib.request.urlopen(urllib.request.Request(url, headers=fields)) as reply:
        fields["If-None-Match"] = reply.headers["ETag"]
    try:
        urllib.request.urlopen(urllib.request.Request(url, headers=fields))
    except urllib.error.HTTPError as error:
        if error.code == 304:
            return f"If-None-Match: {fields['If-None-Match']}"
    raise RuntimeError(f"{url} has an entity tag and does not answer 304 to it")


def nginx(options, scratch, stack):
    folder = os.path.join(scratch, "nginx")
    os.mkdir(folder)
    port = free_port()
    files = {SMALL: body("16 KiB"), LARGE: body("1 MiB"), UNCHANGED: b"<a href='often'>\n" * 200}
    urls = {}
    for number, (cell, content) in enumerate(files.items()):
        with open(f"{folder}/{number}", "wb") as file:
            file.write(content)
        urls[cell] = f"http://127.0.0.1:{port}/{number}"
    with open(f"{folder}/nginx.conf", "w") as file:
        file.write(
            f"""
            daemon off; worker_processes 2; pid {folder}/pid; error_log stderr crit;
            events {{ worker_connections 1024; }}
            http {{
              access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
              server {{ listen 127.0.0.1:{port}; location / {{ root {folder}; }} }}
            }}
            """
        )
    if not shutil.which("nginx"):
        raise RuntimeError("nginx is not installed")
    processes = Processes(stack)
    processes.start(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"])
    wait_for(urls[SMALL])
    requests = {cell: (url, []) for cell, url in urls.items()}
    requests[UNCHANGED] = urls[UNCHANGED], [unchanged(urls[UNCHANGED])]
    return Contender("nginx, sendfile", processes, requests)


def seaweed(options, scratch, stack):
    folder = os.path.join(scratch, "seaweed")
    os.mkdir(folder)
    master, volume = free_port(), free_port()
    if not shutil.which(options.weed):
        raise RuntimeError("weed is not installed")
    processes = Processes(stack)
    processes.start(
        [options.weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
        + [f"-master.port={master}", f"-volume.port={volume}", "-volume.max=4"]
        + [f"-master.port.grpc={free_port()}", f"-volume.port.grpc={free_port()}"]
    )
    wait_for(f"http://127.0.0.1:{master}/dir/assign")
    requests = {}
    for cell, size in zip((SMALL, LARGE), SIZES):
        with urllib.request.urlopen(f"http://127.0.0.1:{master}/dir/assign") as reply:
            place = json.load(reply)
        url = f"http://{place['url']}/{place['fid']}"
        request = urllib.request.Request(url, data=body(size), method="PUT")
        request.add_header("Content-Type", "application/octet-stream")
        urllib.request.urlopen(request).read()
        requests[cell] = url, []
    return Contender("SeaweedFS volume server", processes, requests)
