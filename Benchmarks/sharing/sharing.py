#!/usr/bin/env python3
"""What sharing the members of archives saves, and what reads of them cost: a table by format.

    sharing.py --enginebench PROGRAM [--archives FOLDER …] [--rounds N] [--cold] [--directory DIR]

Each FOLDER holds releases that may have members in common, and is measured on its own. Besides
there are made-up releases of a wheel, a jar and a nupkg: five each, of which every one has half of
its members, by bytes, from the one before.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import tempfile
import zipfile

RELEASES = 5
# Sizes in bytes before compression, by what such archives are made of: many small files and a few
# large ones; compressed they are a third to a half of that.
FORMATS = {
    "wheel": {"suffix": ".whl", "sizes": [2_000] * 60 + [15_000] * 40 + [90_000] * 16 + [900_000] * 3},
    "jar": {"suffix": ".jar", "sizes": [1_500] * 150 + [6_000] * 150 + [40_000] * 40},
    "nupkg": {"suffix": ".nupkg", "sizes": [1_000] * 8 + [120_000] * 8 + [700_000] * 4},
}


def content(rng, size):
    """Text of words that repeat as code does."""
    words = [rng.randbytes(rng.randint(2, 9)).hex() for _ in range(400)]
    out = bytearray()
    while len(out) < size:
        out += (" ".join(rng.choices(words, k=12)) + "\n").encode()
    return bytes(out[:size])


def make_releases(folder, name, sizes, suffix):
    rng = random.Random(name)
    members = [content(rng, size) for size in sizes]
    for release in range(RELEASES):
        with zipfile.ZipFile(os.path.join(folder, f"{name}-{release}{suffix}"), "w",
                             zipfile.ZIP_DEFLATED) as archive:
            for number, member in enumerate(members):
                info = zipfile.ZipInfo(f"package/part{number}", (2026, 1, 1 + release, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(info, member)
        changed, goal = 0, sum(sizes) / 2
        for number in rng.sample(range(len(members)), len(members)):
            if changed >= goal:
                break
            changed += sizes[number]
            members[number] = content(rng, sizes[number])


def measure(options, label, archives):
    scratch = tempfile.mkdtemp(prefix="larder-sharing-", dir=options.directory)
    try:
        command = [options.enginebench, "sharing", "--directory", scratch, "--archives", archives,
                   "--rounds", str(options.rounds)] + (["--cold"] if options.cold else [])
        result = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    whole, shared = result["wholeByteCount"], result["sharedByteCount"]
    wall, processor = result["wallSeconds"], result["processorSeconds"]
    print(f"{label:24} {result['shared']:4}/{result['examined']:<4} {whole / 1e6:9.1f} "
          f"{shared / 1e6:9.1f} {100 * (1 - shared / whole):6.1f} % "
          f"{100 * (wall[1] / wall[0] - 1):+7.1f} % "
          f"{100 * (processor[1] / max(processor[0], 0.01) - 1):+7.1f} % "
          f"{result['sharingSeconds']:7.2f} s", flush=True)
    for reason, count in sorted(result["reasons"].items()):
        print(f"{'':24} {count} whole: {reason}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enginebench", required=True)
    parser.add_argument("--archives", action="append", default=[], help="a folder of releases")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--cold", action="store_true", help="with an empty page cache (root)")
    parser.add_argument("--directory", help="a folder on the file system to measure")
    options = parser.parse_args()
    print(f"{'archives':24} shared    whole MB shared MB   saved  read time  processor    took")
    for folder in options.archives:
        measure(options, os.path.basename(os.path.normpath(folder)), folder)
    for name, kind in FORMATS.items():
        with tempfile.TemporaryDirectory(prefix="larder-archives-") as folder:
            make_releases(folder, name, kind["sizes"], kind["suffix"])
            measure(options, f"{name}, made up", folder)


if __name__ == "__main__":
    main()
