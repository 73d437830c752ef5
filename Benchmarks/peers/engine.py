"""The engine beside one file a blob, SQLite, RocksDB, LMDB, and what the device can do (fio)."""

import json
import os
import shutil
import subprocess

from pace import rounds

PUT, GET = "durable put 16 KiB x64", "cold get 4 KiB x32"
UNITS = {PUT: "put/s", GET: "get/s"}
KEYVALUE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "keyvalue")


# Our line, and those of its peers that the design names.
ENGINE, ROCKSDB, FILES = "engine, ring", "RocksDB, blob files, sync", "file per blob, fsync"
LIMIT = "fio randread, direct"


def measure(options, scratch, table, figures):
    folder = os.path.join(scratch, "engine")
    os.mkdir(folder)
    stores = [name for name in ("rocksdb", "lmdb") if compiled(name, scratch, table)]
    for round in rounds(options, table, "the engine", 40):
        turns = [fio, enginebench] + [keyvalue(name) for name in stores]
        turn = round % len(turns)
        for contender in turns[turn:] + turns[:turn]:
            contender(options, scratch, folder, round, table)
    compare("puts, RocksDB", table.pairs(PUT, ENGINE, ROCKSDB), figures)
    compare("puts, files", table.pairs(PUT, ENGINE, FILES), figures)
    compare("cold gets", [100 * pair for pair in table.pairs(GET, ENGINE, LIMIT)], figures)


def compare(name, pairs, figures):
    if pairs:
        figures.add(name, pairs)
    else:
        figures.leave_out("engine", "left out: its peer did not run, see the notes", name)


def compiled(name, scratch, table):
    """Makes the benchmark's program for a store whose library is installed."""
    command = ["cc", "-O2", "-Wall", "-o", os.path.join(scratch, name)]
    command += [os.path.join(KEYVALUE, f"{part}.c") for part in ("bench", name)]
    done = subprocess.run(command + [f"-l{name}", "-lpthread"], stderr=subprocess.PIPE, text=True)
    if done.returncode:
        table.note(f"{name} is left out: {done.stderr.strip().splitlines()[-1]}")
    return done.returncode == 0


def enginebench(options, scratch, folder, round, table):
    command = [os.path.join(options.binaries, "enginebench"), "--directory", folder]
    command += ["--rounds", "1", "--seed", str(round), "--seconds", str(options.seconds)]
    for row in rows(command):
        add(table, round, row, row["deviceBytesPerByte"] if row["cell"] == PUT else None)


def keyvalue(name):
    def run(options, scratch, folder, round, table):
        for mode in ("put", "get"):
            place = os.path.join(folder, name)
            os.mkdir(place)
            command = [os.path.join(scratch, name), mode, place, str(options.seconds), str(round)]
            before = written(folder)
            for row in rows(command):
                after = written(folder)
                moved = row["operationsPerSecond"] * options.seconds * (16 << 10)
                device = (after - before) / moved if mode == "put" and after else None
                add(table, round, row, device)
            shutil.rmtree(place)

    return run


def rows(command):
    output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [json.loads(line) for line in output.splitlines()]


def add(table, round, row, device=None):
    table.add(
        row["cell"],
        row["who"],
        round,
        row["operationsPerSecond"],
        UNITS[row["cell"]],
        row["processorMicrosecondsPerOperation"],
        row["medianMicroseconds"],
        row["ninetyNinthMicroseconds"],
        device,
    )


def written(folder):
    """Bytes that the folder's device has written so far (proc_diskstats(5)); 0 where unknown."""
    number = os.stat(folder).st_dev
    device = (str(os.major(number)), str(os.minor(number)))
    with open("/proc/diskstats") as file:
        for line in file:
            fields = line.split()
            if (fields[0], fields[1]) == device:
                return int(fields[9]) * 512
    return 0


def sweep(options, scratch, table, figures):
    """The engine's own matrix: no peers, one line a cell."""
    folder = os.path.join(scratch, "sweep")
    os.mkdir(folder)
    for round in range(1, options.rounds + 1):
        command = [os.path.join(options.binaries, "enginebench"), "sweep", "--directory", folder]
        command += ["--round", str(round), "--seconds", str(min(options.seconds, 1))]
        for row in rows(command + (["--cell", options.cell] if options.cell else [])):
            table.add(
                row["cell"],
                "engine, ring",
                round,
                row["operationsPerSecond"],
                "op/s",
                row["processorMicrosecondsPerOperation"],
                row["medianMicroseconds"],
                row["ninetyNinthMicroseconds"],
                row["deviceBytesPerByte"] if row["cell"].startswith("put ") else None,
            )


def fio(options, scratch, folder, round, table):
    """Random direct reads at the depth of the cold gets, and flushed writes of a whole batch."""
    runs = {
        GET: ["--rw=randread", "--bs=4k", "--iodepth=32"],
        PUT: ["--rw=write", "--bs=1m", "--iodepth=1", "--fdatasync=1"],
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
            table.add(cell, LIMIT, round, job["read"]["iops"], "get/s")
        else:
            rate = job["write"]["bw_bytes"] / (16 << 10)
            table.add(cell, "fio 1 MiB writes, flushed", round, rate, "put/s")
    os.remove(f"{folder}/fio")
