"""Runs every measurement, and prints tables of ratios, the figures of the design beside what was
measured of them, and the lines that limit both."""

import argparse
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import engine
import ingest
import memory
import population
import publish
import ready
import server
import soak
import stampede
from figures import Figures
from page import page
from table import OURS, Table

# In this order: what fills disks and caches comes last.
MEASURES = {
    "hits": server.measure,
    "publish": publish.measure,
    "stampede": stampede.measure,
    "memory": memory.measure,
    "ready": ready.measure,
    "engine": engine.measure,
    "ingest": ingest.measure,
    "scale": population.measure,
    "soak": soak.measure,
}


def main():
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    table, figures = Table(describe_machine()), Figures()
    measures = {"sweep": engine.sweep} if options.sweep else chosen(options, figures)
    failed = [name for name in measures if not run(name, measures[name], options, table, figures)]
    print(table.text())
    if not options.sweep:
        print(figures.text())
    keep(options, table, figures)
    if failed:
        print(f"not measured, see above: {', '.join(failed)}")
    return 1 if failed else 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True, help="where larder and enginebench are")
    parser.add_argument("--weed", default="weed", help="the SeaweedFS program")
    parser.add_argument("--quick", action="store_true", help="a first table in five minutes")
    parser.add_argument(
        "--only", nargs="+", default=[], choices=list(MEASURES), metavar="NAME",
        help=f"only these measures, of {', '.join(MEASURES)}",
    )
    parser.add_argument("--json", help="where to write every single measurement")
    parser.add_argument("--page", help="where to write charts, as one HTML page")
    parser.add_argument("--sweep", action="store_true", help="the engine's matrix, without peers")
    parser.add_argument("--cell", default="", help="with --sweep: only cells with this in the name")
    parser.add_argument("--directory", help="a folder on the file system to measure")
    options = parser.parse_args()
    options.rounds = 3 if options.quick else 9
    options.seconds = 2 if options.quick else 5
    return options


def chosen(options, figures):
    for name in MEASURES if options.only else ():
        if name not in options.only:
            figures.leave_out(name, "left out: --only")
    return {name: MEASURES[name] for name in options.only or MEASURES}


def run(name, measure, options, table, figures):
    """Runs a measure in a folder of its own; where it fails, says so, and the rest goes on."""
    began = time.monotonic()
    print(f"tools/bench: {name}", file=sys.stderr, flush=True)
    with scratch(options.directory) as folder:
        try:
            measure(options, folder, table, figures)
        except Exception as error:
            traceback.print_exc()
            figures.fail(name)
            table.note(f"{name} failed: {type(error).__name__}: {error}")
            return False
    print(f"tools/bench: {name} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return True


@contextlib.contextmanager
def scratch(directory):
    folder = tempfile.mkdtemp(prefix="larder-bench-", dir=directory)
    # The workers of nginx are another user's.
    os.chmod(folder, 0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(options, table, figures):
    """Writes the files that were asked for."""
    if options.json:
        with open(options.json, "w") as file:
            json.dump(
                dict(machine=table.machine, rows=table.rows, figures=figures.json(),
                     notes=table.notes),
                file, indent=1,
            )
    if options.page:
        with open(options.page, "w") as file:
            file.write(page(table, figures, lambda name: name in OURS))


def describe_machine():
    with open("/proc/cpuinfo") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    model = models[0] if models else "unknown processor"
    return f"{len(models)} × {model}, Linux {os.uname().release}, commit {commit}"


if __name__ == "__main__":
    sys.exit(main())
