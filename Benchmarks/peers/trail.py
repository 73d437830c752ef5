#!/usr/bin/env python3
"""What the audit trail costs: per hit, with and without it in turns, and per gigabyte searched.

    trail.py PROGRAM [--rounds N] [--seconds S] [--gigabytes G]
"""

import argparse
import contextlib
import gzip
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import types

import server
import wrk


def contender(program, scratch, stack, *flags):
    """A server with one file of 16 KiB in it."""
    with tempfile.TemporaryDirectory(dir=scratch) as folder:
        binaries = os.path.join(folder, "bin")
        os.mkdir(binaries)
        path = os.path.join(binaries, "larder")
        words = " ".join(flags)
        with open(path, "w") as file:
            file.write(f'#!/bin/sh\nexec {program} "$@" {words}\n')
        os.chmod(path, 0o755)
        data = os.path.join(scratch, "-".join(["data", *flags]))
        os.mkdir(data)
        ours = server.larder(types.SimpleNamespace(binaries=binaries), data, stack)
    url, headers = ours.requests[server.SMALL]
    return ours.processes, url, headers, os.path.join(data, "larder")


def hits(processes, url, headers, seconds):
    """Requests a second, and microseconds of the server's processors for each."""
    done = wrk.load(processes, url, headers, seconds)
    return done.rate, done.cost


def cost(options, scratch):
    with contextlib.ExitStack() as stack:
        sides = {"on": contender(options.program, scratch, stack),
                 "off": contender(options.program, scratch, stack, "--audit", "off")}
        for side in sides.values():
            hits(*side[:3], 1)
        rates, costs = [], []
        for round in range(options.rounds):
            order = ["on", "off"] if round % 2 else ["off", "on"]
            got = {name: hits(*sides[name][:3], options.seconds) for name in order}
            rates.append(got["on"][0] / got["off"][0])
            costs.append(got["on"][1] / got["off"][1])
            print(f"round {round + 1}: on {got['on'][0]:,.0f}/s {got['on'][1]:.1f} us, "
                  f"off {got['off'][0]:,.0f}/s {got['off'][1]:.1f} us", flush=True)
        print(f"with the trail, 16 KiB hits: {statistics.median(rates):.3f} of the rate "
              f"({min(rates):.3f} to {max(rates):.3f}), {statistics.median(costs):.3f} times the "
              f"processor time a request ({min(costs):.3f} to {max(costs):.3f})")
        return sides["on"][3]


def lines(trail):
    """Some records of the trail that was just written."""
    for name in sorted(os.listdir(trail)):
        opener = gzip.open if name.endswith(".gz") else open
        with opener(os.path.join(trail, name), "rb") as file:
            found = [line for line in file if b'"AwsApiCall"' in line][:20_000]
            if len(found) > 1000:
                return found
    raise RuntimeError("the trail is too short")


def search(options, scratch, data):
    sample, total = lines(os.path.join(data, "audit")), 0
    other = os.path.join(scratch, "searched")
    os.makedirs(os.path.join(other, "audit"))
    draw, count = random.Random(1), int(options.gigabytes * 16)
    for number in range(count):
        block = b"".join(draw.choices(sample, k=len(sample)))
        block = (block * ((64 << 20) // len(block) + 1))[:64 << 20]
        block = block[:block.rindex(b"\n") + 1]
        if number == count // 2:
            needle = next(line for line in sample if b"/repository/" in line).replace(b"/repository/", b"/needle/")
            block = needle + block
        total += len(block)
        packed = number < count - 1
        path = os.path.join(other, "audit", f"2026{number // 28 + 1:02}{number % 28 + 1:02}"
                            f"T000000.000Z.jsonl{'.gz' if packed else ''}")
        with open(path, "wb") as file:
            if packed:
                # In members of a mebibyte, as the server does it.
                for start in range(0, len(block), 1 << 20):
                    file.write(gzip.compress(block[start:start + (1 << 20)], 6))
            else:
                file.write(block)
    for words in (["--resource", "needle"], ["--principal", "nobody"], ["--outcome", "denied"],
                  ["--action", "DeleteDomain", "--since", "2026-01-01"], ["--since", "2030-01-01"],
                  ["--action", "ReadFromRepository"], []):
        began = time.monotonic()
        with open(os.path.join(scratch, "found"), "wb") as file:
            subprocess.run([options.program, "audit", "--data", other, "--json", *words],
                           stdout=file, check=True)
        took = time.monotonic() - began
        with open(os.path.join(scratch, "found"), "rb") as file:
            found = sum(1 for _ in file)
        print(f"larder audit {' '.join(words) or '(all)'}: {found:,} of {total >> 20:,} MiB "
              f"({count - 1} of {count} files compressed) in {took:.1f} s, "
              f"{total / took / 1e6:,.0f} MB/s", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--gigabytes", type=float, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="larder-trail-") as scratch:
        data = cost(options, scratch)
        if options.gigabytes:
            search(options, scratch, data)


if __name__ == "__main__":
    sys.exit(main())
