"""Servers of the suite's own, for what must not be tried on the one in question."""

import contextlib
import subprocess

from harness import Skipped


def usage(world, *words):
    """What the program says of itself."""
    return subprocess.run([world.program, *words, "--help"], capture_output=True, text=True).stdout


@contextlib.contextmanager
def server(world, *flags):
    """A world around a server of its own, whose proofs go into the same table.

    Skips the check where there is no program to start, or it does not know a flag.
    """
    from service import Service  # which knows worlds itself
    if not world.program:
        raise Skipped("no --program to start servers with")
    known = usage(world, "serve")
    for flag in sorted(set(flags)):
        if flag.startswith("--") and flag not in known:
            raise Skipped(f"this larder has no {flag}")
    service = Service(world.program, *flags)
    try:
        inner = service.world()
        inner.program, inner.table, inner.service = world.program, world.table, service
        yield inner
    finally:
        service.remove()
