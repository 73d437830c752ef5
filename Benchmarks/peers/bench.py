"""Runs every measurement, and prints a table of ratios and the lines that limit them."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import engine
import server
from page import page
from table import OURS, Table


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binaries", required=True, help="where larder and enginebench are")
    parser.add_argument("--weed", default="weed", help="the SeaweedFS program")
    parser.add_argument("--quick", action="store_true", help="a first table in minutes")
    parser.add_argument("--json", help="where to write every single measurement")
    parser.add_argument("--page", help="where to write charts, as one HTML page")
    parser.add_argument("--sweep", action="store_true", help="the engine's matrix, without peers")
    parser.add_argument("--cell", default="", help="with --sweep: only cells with this in the name")
    parser.add_argument("--directory", help="a folder on the file system to measure")
    options = parser.parse_args()
    options.rounds = 3 if options.quick else 9
    options.seconds = 2 if options.quick else 5
    scratch = tempfile.mkdtemp(prefix="larder-bench-", dir=options.directory)
    try:
        table = Table(describe_machine())
        for measure in (engine.sweep,) if options.sweep else (engine.measure, server.measure):
            measure(options, scratch, table)
        print(table.text())
        if options.json:
            with open(options.json, "w") as file:
                json.dump(table.rows, file, indent=1)
        if options.page:
            with open(options.page, "w") as file:
                file.write(page(table, lambda name: name in OURS))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


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
