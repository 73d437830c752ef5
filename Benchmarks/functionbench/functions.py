"""Counts the instructions of functions on the hot paths, and compares them with what is committed.

Counted by callgrind, which says the same on every machine of a kind and needs no counters of the
processor (those of virtual machines are often not to be had). A function is run few and many times,
and the difference divided: the start of the process and the making of inputs weigh nothing.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

FOLDER = os.path.dirname(os.path.abspath(__file__))
THRESHOLDS = os.path.join(FOLDER, "thresholds.json")
# Other releases of the libraries and the compiler move counts by a few in a hundred.
TOLERANCE = 0.10
FEW, MANY = 2, 12


def instructions(program, name, count, scratch):
    """All instructions of one run."""
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch}/out"]
    run = subprocess.run(
        command + [program, name, str(count)],
        capture_output=True, text=True, env={**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"},
    )
    if run.returncode:
        sys.exit(f"{name}: {run.stderr[-2000:]}")
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True, help="where functionbench is")
    parser.add_argument("--update", action="store_true", help="commit to what is counted now")
    parser.add_argument("--only", default="", help="functions with this in their name")
    options = parser.parse_args()
    listed = subprocess.run([options.program], capture_output=True, text=True, check=True).stdout
    names = [name for name in listed.splitlines() if options.only in name]
    with open(THRESHOLDS) as file:
        limits = json.load(file)
    if options.update and not options.only:
        limits = {}
    moved = []
    with tempfile.TemporaryDirectory(prefix="larder-functions-") as scratch:
        # valgrind 3.19 gives up on the debug information that Swift writes.
        program = f"{scratch}/functionbench"
        subprocess.run(["strip", "--strip-debug", "-o", program, options.program], check=True)
        for name in names:
            few, many = (instructions(program, name, n, scratch) for n in (FEW, MANY))
            found = (many - few) // (MANY - FEW)
            limit = limits.get(name)
            ratio = f"{found / limit:5.2f}" if limit else "  new"
            print(f"{found:>12,} instructions  {ratio} of what is committed  {name}", flush=True)
            if options.update:
                limits[name] = found
            elif limit is None or abs(found - limit) > limit * TOLERANCE:
                # Fewer, too: behind a figure that is out of date the next loss would not be seen.
                moved.append(name)
    if options.update:
        with open(THRESHOLDS, "w") as file:
            json.dump(limits, file, indent=1, sort_keys=True)
            file.write("\n")
    if moved:
        sys.exit(f"not what is committed (--update commits to it): {', '.join(moved)}")


if __name__ == "__main__":
    main()
