"""The engine beside one file a blob, SQLite, and what the device itself can do (fio)."""

import json
import os
import subprocess

CELLS = {"durable put 16 KiB x64": "put/s", "cold get 4 KiB x32": "get/s"}


def measure(options, scratch, table):
    folder = os.path.join(scratch, "engine")
    os.mkdir(folder)
    for round in range(1, options.rounds + 1):
        fio(options, folder, round, table)
        command = [os.path.join(options.binaries, "enginebench"), "--directory", folder]
        command += ["--rounds", "1", "--seed", str(round), "--seconds", str(options.seconds)]
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        for line in output.splitlines():
            row = json.loads(line)
            table.add(
                row["cell"],
                row["who"],
                round,
                row["operationsPerSecond"],
                CELLS[row["cell"]],
                row["processorMicrosecondsPerOperation"],
                row["medianMicroseconds"],
                row["ninetyNinthMicroseconds"],
            )


def fio(options, folder, round, table):
    """Random direct reads at the depth of the cold gets, and flushed writes of a whole batch."""
    runs = {
        "cold get 4 KiB x32": ["--rw=randread", "--bs=4k", "--iodepth=32"],
        "durable put 16 KiB x64": ["--rw=write", "--bs=1m", "--iodepth=1", "--fdatasync=1"],
    }
    for cell, flags in runs.items():
        command = ["fio", "--name=limit", f"--filename={folder}/fio", "--size=512m", "--direct=1"]
        command += ["--ioengine=io_uring", "--time_based", f"--runtime={options.seconds}"]
        command += ["--output-format=json"] + flags
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            table.note(f"fio could not run ({cell}): its line is left out")
            continue
        job = json.loads(done.stdout[done.stdout.index("{") :])["jobs"][0]
        if "read" in flags[0]:
            table.add(cell, "fio randread, direct", round, job["read"]["iops"], "get/s")
        else:
            rate = job["write"]["bw_bytes"] / (16 << 10)
            table.add(cell, "fio 1 MiB writes, flushed", round, rate, "put/s")
    os.remove(f"{folder}/fio")
