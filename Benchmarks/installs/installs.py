"""Installs real trees straight from a registry at a distance, and through larder before it.

For each client, in rounds: near (straight from the registry with no distance at all, which is as
fast as the client can be on this machine), straight, cold (larder's store is empty), warm (the
client's caches are empty, larder's store is not) and with the upstream cut off.

What a client writes is put into memory where the machine has room for it there: a disk that is slow
to make files takes most of an install's time in every case, and hides what a registry does to it.
Larder's own store stays on the disk.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time

from clients import CLIENTS, ROOT
from distance import Distance
from folder import Folder
from house import House, with_token

CASES = ("near", "straight", "cold", "warm", "cut off")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--larder", required=True, help="the program that is measured")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--round-trip", type=float, default=40, help="to the registry, in ms")
    parser.add_argument("--rate", type=float, default=25, help="MB/s of one connection")
    parser.add_argument("--clients", nargs="*", help="only these")
    parser.add_argument("--homes", default=memory(), help="where clients write: a folder")
    options = parser.parse_args()
    print(
        f"upstream {options.round_trip:g} ms away, {options.rate:g} MB/s a connection; "
        f"clients write to {options.homes or 'the disk'}; "
        f"seconds, median of {options.rounds} rounds; cold and warm as ratios to straight"
    )
    print(f"{'client':<10}" + "".join(f"{case:>10}" for case in CASES) + f"{'cold':>8}{'warm':>8}")
    for client in CLIENTS:
        if not options.clients or client.name in options.clients:
            measure(client, options)


def memory():
    """A file system in memory with room for the largest tree, or nothing."""
    place = "/dev/shm"
    has_room = os.path.isdir(place) and shutil.disk_usage(place).free > 2 << 30
    return place if has_room else None


def measure(client, options):
    missing = [name for name in client.needs if not shutil.which(name, path=search_path())]
    if missing:
        print(f"{client.name:<10}  skipped: {', '.join(missing)} is not here")
        return
    scratch = tempfile.mkdtemp(prefix="larder-installs-")
    homes = tempfile.mkdtemp(prefix="larder-homes-", dir=options.homes)
    try:
        with contextlib.ExitStack() as stack:
            if client.folder:
                origin = Folder(stack, client.folder)
            else:
                origin = House(stack, options.larder, os.path.join(scratch, "origin"))
                origin.repository("lab")
                failure = run(client.publish, homes, endpoint_of(origin, client), origin.token)[1]
                if failure:
                    print(f"{client.name:<10}  skipped: the upstream is not filled: {failure}")
                    return
            rounds = [
                one_round(client, options, scratch, homes, origin) for _ in range(options.rounds)
            ]
        print(line(client.name, rounds), flush=True)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.rmtree(homes, ignore_errors=True)


def endpoint_of(origin, client, port=None):
    return origin.endpoint("lab", client.format, port)


def one_round(client, options, scratch, homes, origin):
    """Seconds by case; each has its own server and far registry."""
    folder = tempfile.mkdtemp(dir=scratch)
    far = Distance(origin.port, options.round_trip / 1000, options.rate * 1e6)
    straight = endpoint_of(origin, client, far.port)
    seconds = {"near": timed(client, homes, endpoint_of(origin, client), origin.token)}
    seconds["straight"] = timed(client, homes, straight, origin.token)
    with contextlib.ExitStack() as stack:
        endpoint, token, cut = in_front(stack, client, options, folder, origin, far)
        for case in ("cold", "warm"):
            seconds[case] = timed(client, homes, endpoint, token)
        cut()
        seconds["cut off"] = timed(client, homes, endpoint, token)
    return seconds


def in_front(stack, client, options, folder, origin, far):
    """The address of a new repository before the far registry, its token, and what cuts it off.

    Where no registry can be connected it is in the registry's own server, and as far away.
    """
    if not client.connection:
        name = f"team-{far.port}"
        origin.repository(name, upstream="lab")
        endpoint = origin.endpoint(name, client.format, far.port)
        return endpoint, origin.token, lambda: origin.detach(name)
    straight = endpoint_of(origin, client, far.port)
    outside = with_token(straight, origin.token) if origin.token else straight
    outside += "simple/" if client.format == "pypi" else ""
    connection = [(client.connection, outside)]
    house = House(stack, options.larder, os.path.join(folder, "data"), connection)
    house.repository("store", connection=client.connection)
    house.repository("team", upstream="store")
    return house.endpoint("team", client.format), house.token, far.cut


def timed(client, homes, endpoint, token):
    seconds, failure = run(client.install, homes, endpoint, token)
    if failure:
        raise SystemExit(f"{client.name}, {endpoint}: {failure}")
    return seconds


def run(script, homes, endpoint, token):
    """Seconds, and what was said last where it failed."""
    home = tempfile.mkdtemp(dir=homes)
    environment = {
        "HOME": home,
        "TMPDIR": home,
        "PATH": search_path(),
        "LANG": "C.UTF-8",
        "BASE": endpoint,
        "TOKEN": token,
        "AUTHORISED": with_token(endpoint, token),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    for name in ("CARGO_HOME", "RUSTUP_HOME"):
        default = os.path.expanduser("~/." + name.split("_")[0].lower())
        environment[name] = os.environ.get(name, default)
    began = time.monotonic()
    outcome = subprocess.run(
        ["bash", "-c", "set -e\n" + script],
        cwd=home,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=600,
    )
    seconds = time.monotonic() - began
    shutil.rmtree(home, ignore_errors=True)
    return seconds, outcome.stdout[-1500:] if outcome.returncode else None


def search_path():
    clients = os.path.join(ROOT, ".venv-clients", "bin")
    return clients + ":" + os.environ.get("PATH", "/usr/bin:/bin")


def line(name, rounds):
    def median(values):
        return sorted(values)[len(values) // 2]

    text = f"{name:<10}"
    text += "".join(f"{median([r[case] for r in rounds]):>10.2f}" for case in CASES)
    for case in ("cold", "warm"):
        text += f"{median([r[case] / r['straight'] for r in rounds]):>8.2f}"
    return text


if __name__ == "__main__":
    sys.exit(main())
