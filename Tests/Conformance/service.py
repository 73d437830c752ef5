"""A server of its own for checks that need settings, its files or its end."""

import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import tempfile
import time

from world import World


class Service:
    """`larder serve` on a free port and a scratch directory, until `stop`."""

    def __init__(self, program, *flags, offline=True, folder=None):
        self.program, self.flags = program, (*flags, "--offline") if offline else flags
        self.folder = folder or pathlib.Path(tempfile.mkdtemp(prefix="larder-service-"))
        self.data = self.folder / "data"
        self.process = None
        self.start()

    def start(self):
        out, self.log = self.folder / "out", self.folder / "log"
        out.write_bytes(b"")
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", str(self.data), "--listen", "127.0.0.1:0",
             *self.flags],
            stdout=out.open("ab"), stderr=self.log.open("ab"))
        deadline = time.monotonic() + 60
        while b"larder: listening on " not in out.read_bytes():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start: {self.log.read_text()}")
            time.sleep(0.02)
        exports = subprocess.run([self.program, "env", "--data", str(self.data)],
                                 capture_output=True, text=True, check=True).stdout
        words = [w for w in shlex.split(exports) if w != "export"]
        self.environment = dict(w.split("=", 1) for w in words)
        for name, value in self.environment.items():
            os.environ[name] = value

    def world(self):
        e = self.environment
        return World(e["AWS_ENDPOINT_URL_CODEARTIFACT"], e["AWS_ACCESS_KEY_ID"],
                     e["AWS_SECRET_ACCESS_KEY"], e["AWS_DEFAULT_REGION"])

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(timeout=60)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=60)

    def remove(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
