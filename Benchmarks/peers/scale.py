#!/usr/bin/env python3
"""What a store of very many small blobs costs: filled, killed with SIGKILL, opened again.

    scale.py --enginebench PROGRAM [--blobs N] [--size BYTES] [--opens N] [--directory DIR]
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile


def fill(options, scratch):
    """Fills a store and kills it; what it said when all was durable."""
    command = [options.enginebench, "scale", "fill", "--directory", scratch]
    command += ["--blobs", str(options.blobs), "--size", str(options.size)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    if not line:
        raise RuntimeError("the store could not be filled")
    return json.loads(line)


def reopen(options, scratch, cold):
    command = [options.enginebench, "scale", "open", "--directory", scratch]
    command += ["--blobs", str(options.blobs), "--size", str(options.size)]
    command += ["--cold"] if cold else []
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enginebench", required=True)
    parser.add_argument("--blobs", type=int, default=10_000_000)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--opens", type=int, default=3)
    parser.add_argument("--directory", help="a folder on the file system to measure")
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="larder-scale-", dir=options.directory)
    try:
        filled = fill(options, scratch)
        count, size = filled["blobs"], sum(
            entry.stat().st_blocks * 512 for entry in os.scandir(os.path.join(scratch, "store")))
        print(f"{count:,} blobs of {options.size} bytes: {count / filled['seconds']:,.0f}/s, "
              f"{filled['processorSeconds'] * 1e6 / count:.1f} us of processor time each, "
              f"{filled['memoryByteCount'] / count:.1f} bytes of memory each while filling, "
              f"{size / count:.0f} bytes on the disk each", flush=True)
        if filled.get("deviceByteCount"):
            print(f"the device wrote {filled['deviceByteCount'] / count:.0f} bytes for each, "
                  "checkpoints included")
        for cold in (False, True) if os.geteuid() == 0 else (False,):
            opens = [reopen(options, scratch, cold) for _ in range(options.opens)]
            lost = sum(opened["lost"] for opened in opens)
            print(f"opened after SIGKILL, page cache {'cold' if cold else 'warm'}: "
                  f"{max(o['openMilliseconds'] for o in opens):.0f} ms, "
                  f"first blob after "
                  f"{max(o['firstReadMilliseconds'] for o in opens):.0f} ms, "
                  f"{max(o['memoryByteCountPerBlob'] for o in opens):.1f} bytes of "
                  f"memory a blob, {lost} of {sum(o['samples'] for o in opens):,} lost", flush=True)
            if lost:
                return 1
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
