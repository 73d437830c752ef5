"""Programs that are measured, and what they cost."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request


class Processes:
    """A program and its children; ends when the stack does, one way or the other."""

    def __init__(self, stack):
        self.stack = stack
        self.process = None
        self.complaints = tempfile.TemporaryFile()
        stack.callback(self.complaints.close)

    def start(self, command, ready=None):
        """Starts it; with `ready`, waits for a line that begins so and returns the line."""
        out = subprocess.PIPE if ready else subprocess.DEVNULL
        # In a group of its own: whoever interrupts the benchmark interrupts nothing that is
        # measured, and what the program leaves behind is found.
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=self.complaints, text=True,
            start_new_session=True,
        )
        self.stack.callback(self.stop)
        if not ready:
            return None
        for line in self.process.stdout:
            if line.startswith(ready):
                return line.strip()
        raise RuntimeError(f"{command[0]} ended before it was ready{self.last_words()}")

    def last_words(self):
        self.complaints.seek(0)
        lines = self.complaints.read().decode(errors="replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""

    def stop(self):
        """Asks it to end, and ends what has not ended 30 s later."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def kill(self):
        """SIGKILL to all of the group."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()

    def check(self):
        """Raises when the program is gone."""
        if self.process.poll() is not None:
            raise RuntimeError(
                f"{self.process.args[0]} ended with {self.process.returncode}{self.last_words()}"
            )

    def identifiers(self):
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], stdout=subprocess.PIPE, text=True
        ).stdout.split()
        return [self.process.pid] + [int(child) for child in children]

    def processor_seconds(self):
        """User and system time of the program and its children so far, in seconds."""
        return processor_seconds(self.identifiers())

    def resident_bytes(self):
        """Memory that the program has in use (proc(5), VmRSS), in bytes."""
        return self.memory("VmRSS:")

    def peak_bytes(self):
        """The most memory that the program ever had in use (proc(5), VmHWM), in bytes."""
        return self.memory("VmHWM:")

    def memory(self, field):
        with open(f"/proc/{self.process.pid}/status") as file:
            line = next(line for line in file if line.startswith(field))
        return int(line.split()[1]) * 1024


def processor_seconds(identifiers):
    """User and system time of all threads (proc(5)), in seconds."""
    total = 0
    for identifier in identifiers:
        with open(f"/proc/{identifier}/stat") as file:
            fields = file.read().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError) as error:
            if time.monotonic() > deadline:
                raise RuntimeError(f"{url} never answered: {error}") from error
            time.sleep(0.1)
