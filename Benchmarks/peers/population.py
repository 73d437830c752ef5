"""What a store of ten million blobs costs: in memory, and when it is opened after kill -9."""

import os
import types

import scale

BLOBS, FEWER = 10_000_000, 500_000


def measure(options, scratch, table, figures):
    count = FEWER if options.quick else BLOBS
    store = types.SimpleNamespace(
        enginebench=os.path.join(options.binaries, "enginebench"), blobs=count, size=64
    )
    scale.fill(store, scratch)
    if count < BLOBS:
        table.note(f"--quick: {count:,} blobs in place of {BLOBS:,} for memory and opening")
    for _ in range(min(options.rounds, 3)):
        for cold in (False, True) if os.geteuid() == 0 else (False,):
            opened = scale.reopen(store, scratch, cold)
            if opened["lost"]:
                raise RuntimeError(f"{opened['lost']} of {opened['samples']} blobs are lost")
            figures.add("open", [opened["openMilliseconds"]])
            figures.add("blob memory", [opened["memoryByteCountPerBlob"]])
