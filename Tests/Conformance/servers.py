"""Servers of the suite's own, for what must not be tried on the one in question."""

import contextlib
import json
import pathlib
import shutil
import subprocess
import tempfile
import time

from harness import Skipped


class Scratch:
    """A server on a scratch folder and a free port."""

    def __init__(self, program, flags):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="larder-conformance-"))
        self.data = self.folder / "data"
        self._said = open(self.folder / "said", "w+")
        self._process = subprocess.Popen(
            [program, "serve", "--data", str(self.data), "--listen", "127.0.0.1:0", *flags],
            stdout=self._said, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        try:
            self._wait()
        except BaseException:
            self.stop()
            raise

    @property
    def said(self):
        return (self.folder / "said").read_text()

    def _wait(self):
        deadline = time.monotonic() + 60
        while "larder: listening on " not in self.said:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server does not start: {self.said}")
            time.sleep(0.02)

    @property
    def credentials(self):
        return json.loads((self.data / "credentials.json").read_text())

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def usage(world, *words):
    """What the program says of itself."""
    return subprocess.run([world.program, *words, "--help"], capture_output=True, text=True).stdout


@contextlib.contextmanager
def server(world, *flags):
    """A world around a server of its own, whose proofs go into the same table.

    Skips the check where there is no program to start, or it does not know a flag.
    """
    from world import World
    if not world.program:
        raise Skipped("no --program to start servers with")
    known = usage(world, "serve")
    for flag in sorted(set(flags)):
        if flag.startswith("--") and flag not in known:
            raise Skipped(f"this larder has no {flag}")
    scratch = Scratch(world.program, flags)
    try:
        told = scratch.credentials
        inner = World(told["endpoint"], told["accessKeyID"], told["secretAccessKey"],
                      told["region"], world.program)
        inner.table, inner.scratch = world.table, scratch
        yield inner
    finally:
        scratch.stop()
