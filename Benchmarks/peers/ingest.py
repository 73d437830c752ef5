"""Large blobs, durable, beside what bounds them: the hash of every byte, and the device."""

import json
import os
import subprocess

from pace import rounds

UNIT = "MB/s"
# fio's flags for the most that a device takes: large direct writes, several at a time, seldom
# flushed.
FLAGS = ["--rw=write", "--bs=1m", "--iodepth=8", "--fdatasync=64", "--size=1g", "--direct=1"]


def measure(options, scratch, table, figures):
    for round in rounds(options, table, "ingest", 12):
        cell, rates = engine(options, scratch, round, table)
        rates["fio"] = device(scratch)
        table.add(cell, "fio 1 MiB writes, direct", round, rates["fio"], UNIT)
        limit = min(rates["fio"], rates["SHA-256, all cores"])
        figures.add("ingest", [100 * rates["engine, ring"] / limit])


def engine(options, scratch, round, table):
    """Returns the cell's name and megabytes a second of each line."""
    command = [os.path.join(options.binaries, "enginebench"), "ingest", "--directory", scratch]
    command += ["--round", str(round), "--seconds", str(options.seconds)]
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    rows = [json.loads(line) for line in output.splitlines()]
    for row in rows:
        size = row["bytesPerSecond"] / row["operationsPerSecond"] / 1e6
        stored = row["who"].startswith("engine")
        table.add(
            row["cell"],
            row["who"],
            round,
            row["bytesPerSecond"] / 1e6,
            UNIT,
            row["processorMicrosecondsPerOperation"] / size,
            row["medianMicroseconds"],
            row["ninetyNinthMicroseconds"],
            row["deviceBytesPerByte"] if stored else None,
        )
    return rows[0]["cell"], {row["who"]: row["bytesPerSecond"] / 1e6 for row in rows}


def device(scratch):
    """Megabytes a second that the device takes."""
    path = os.path.join(scratch, "fio")
    command = ["fio", "--name=limit", f"--filename={path}", "--ioengine=io_uring"]
    command += ["--output-format=json"] + FLAGS
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    os.remove(path)
    job = json.loads(done.stdout[done.stdout.index("{") :])["jobs"][0]["write"]
    return job["bw_bytes"] / 1e6
