"""What a store of ten million blobs costs: in memory, and when it is opened after kill -9."""

import os
import types

import scale

BLOBS, FEWER = 10_000_000, 300_000


def measure(options, scratch, table, figures):
    count = FEWER if options.quick else BLOBS
    store = types.SimpleNamespace(
        enginebench=os.path.join(options.binaries, "enginebench"), blobs=count, size=64
    )
    scale.fill(store, scratch)
    if options.quick:
        table.note(f"--quick: {count:,} blobs in place of {BLOBS:,} for the time to open")
        # What a store takes at any size would be most of it.
        figures.leave_out("scale", "left out of --quick: fewer blobs do not tell", "blob memory")
    for _ in range(1 if options.quick else 3):
        for cold in (False, True) if os.geteuid() == 0 else (False,):
            opened = scale.reopen(store, scratch, cold)
            if opened["lost"]:
                raise RuntimeError(f"{opened['lost']} of {opened['samples']} blobs are lost")
            figures.add("open", [opened["openMilliseconds"]])
            if not options.quick:
                figures.add("blob memory", [opened["memoryByteCountPerBlob"]])
