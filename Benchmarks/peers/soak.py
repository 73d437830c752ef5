"""What a store that is kept at four fifths of its capacity writes, and how much of it is dead."""

import os
import re
import subprocess

# Long enough to fill the store and to go round it a few times. What is
# written for each byte rises by some hundredths after that (`larder store torture --soak 1h`).
SECONDS = 600
# 256 segments: with fewer each is a larger share of what may be dead.
CAPACITY = 2048


def measure(options, scratch, table, figures):
    if options.quick and not options.only:
        figures.leave_out("soak", "left out of --quick: it takes ten minutes")
        return
    command = [os.path.join(options.binaries, "larder"), "store", "torture", "--seed", "1"]
    command += ["--soak", f"{SECONDS}s", "--soak-capacity", str(CAPACITY), "--scratch", scratch]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = re.search(r"^soaked: (.*)$", done.stdout, re.MULTILINE)
    if not said:
        raise RuntimeError(f"the soak ended with {done.returncode}:\n{done.stdout[-2000:]}")
    if not re.search(r"\b0 lost", said[1]):
        raise RuntimeError(f"the soak lost blobs:\n{done.stdout[-2000:]}")
    if "never full" in done.stdout:
        raise RuntimeError(f"the disk is too slow to fill {CAPACITY} MiB in a soak: {said[1]}")
    table.note(f"soak of {SECONDS} s, {CAPACITY} MiB: {said[1]}")
    figures.add("amplification", [number(r"write amplification ([\d.]+)", said[1])])
    figures.add("dead bytes", [number(r"([\d.]+) % dead on average", said[1])])


def number(pattern, text):
    return float(re.search(pattern, text)[1])
