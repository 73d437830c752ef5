"""The load generator of hits and uploads: wrk, one thread, and what it said."""

import dataclasses
import re
import subprocess


@dataclasses.dataclass
class Load:
    requests: int
    # A second.
    rate: float
    # Microseconds of the server's processors for each request.
    cost: float
    # Microseconds.
    p50: float
    p99: float


def load(processes, url, headers=(), seconds=5, connections=32, script=None, arguments=()):
    """Sends requests for some seconds.

    Raises when the server answered with an error, or did not answer.
    """
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for header in headers:
        command += ["-H", header]
    command += (["-s", script] if script else []) + [url]
    command += ["--", *map(str, arguments)] if arguments else []
    before = processes.processor_seconds()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    processes.check()
    output = done.stdout
    # What took longer than 2 s wrk calls a timeout, and counts all the same.
    broken = re.search(r"Non-2xx|connect [1-9]|read [1-9]|write [1-9]", output)
    if done.returncode or broken:
        raise RuntimeError(f"wrk against {url}:\n{output}")
    spent = processes.processor_seconds() - before
    requests = int(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    p50, p99 = (microseconds(re.search(rf"\n +{q}% +(\S+)", output)[1]) for q in ("50", "99"))
    if not requests:
        raise RuntimeError(f"{url} answered nothing in {seconds} s")
    return Load(requests, rate, spent * 1e6 / requests, p50, p99)


def microseconds(text):
    value, unit = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text).groups()
    return float(value) * {"us": 1, "ms": 1000, "s": 1_000_000, "m": 60_000_000}[unit]
