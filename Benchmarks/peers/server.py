"""The server's hits beside nginx and SeaweedFS: the same bytes, the same generator, in turns."""

import base64
import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import urllib.request

import publish
from processes import Processes, free_port, processor_seconds, wait_for

SIZES = {"16 KiB": 16 << 10, "1 MiB": 1 << 20}


def measure(options, scratch, table):
    with contextlib.ExitStack() as stack:
        contenders = [larder(options, scratch, stack)]
        for start in (nginx, seaweed):
            try:
                contenders.append(start(options, scratch, stack))
            except (OSError, RuntimeError) as error:
                table.note(f"{start.__name__} could not be measured: {error}")
        for round in range(1, options.rounds + 1):
            turn = round % len(contenders)
            for size in SIZES:
                for name, processes, urls, headers in contenders[turn:] + contenders[:turn]:
                    run(options, table, round, size, name, processes, urls[size], headers)


def run(options, table, round, size, name, processes, url, headers):
    before = processor_seconds(processes.identifiers())
    command = ["wrk", "-t1", "-c32", f"-d{options.seconds}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    output = subprocess.run(command + [url], stdout=subprocess.PIPE, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(f"{name} answered with errors:\n{output}")
    spent = processor_seconds(processes.identifiers()) - before
    requests = int(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    p50, p99 = (microseconds(re.search(rf"{q}%\s+(\S+)", output)[1]) for q in ("50", "99"))
    table.add(f"hit GET {size} x32", name, round, rate, "get/s", spent * 1e6 / requests, p50, p99)


def microseconds(text):
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(value) * {"us": 1, "ms": 1000, "s": 1_000_000}[unit]


def body(size):
    return random.Random(SIZES[size]).randbytes(SIZES[size])


def larder(options, scratch, stack):
    """Through the whole house: token, repository, package, file."""
    data = os.path.join(scratch, "larder")
    program = os.path.join(options.binaries, "larder")
    processes = Processes(stack)
    line = processes.start(
        [program, "serve", "--data", data, "--listen", "127.0.0.1:0", "--log-level", "warning"]
        + ["--external", "public:pypi=http://127.0.0.1:9/simple/"],
        ready="larder: listening on ",
    )
    base = line.split()[-1]
    with open(os.path.join(data, "credentials.json")) as file:
        credentials = json.load(file)
    repository, token = publish.repository(base, credentials)
    urls = {}
    for size in SIZES:
        project = "bench-" + size.lower().replace(" ", "-")
        urls[size] = publish.wheel(repository, token, project, body(size))
    login = base64.b64encode(f"aws:{token}".encode()).decode()
    return "larder, portable door", processes, urls, [f"Authorization: Basic {login}"]


def nginx(options, scratch, stack):
    folder = os.path.join(scratch, "nginx")
    os.mkdir(folder)
    os.chmod(scratch, 0o755)
    port = free_port()
    urls = {}
    for number, size in enumerate(SIZES):
        with open(f"{folder}/{number}", "wb") as file:
            file.write(body(size))
        urls[size] = f"http://127.0.0.1:{port}/{number}"
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
    wait_for(urls["16 KiB"])
    return "nginx, sendfile", processes, urls, []


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
    urls = {}
    for size in SIZES:
        with urllib.request.urlopen(f"http://127.0.0.1:{master}/dir/assign") as reply:
            place = json.load(reply)
        urls[size] = f"http://{place['url']}/{place['fid']}"
        request = urllib.request.Request(urls[size], data=body(size), method="PUT")
        request.add_header("Content-Type", "application/octet-stream")
        urllib.request.urlopen(request).read()
    return "SeaweedFS volume server", processes, urls, []
