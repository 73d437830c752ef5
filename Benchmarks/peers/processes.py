"""Programs that are measured, and what they cost."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request


class Processes:
    """A program and its children; ends when the stack does."""

    def __init__(self, stack):
        self.stack = stack
        self.process = None

    def start(self, command, ready=None):
        """Starts it; with `ready`, waits for a line that begins so and returns the line."""
        out = subprocess.PIPE if ready else subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.DEVNULL, text=True
        )
        self.stack.callback(self.stop)
        if not ready:
            return None
        for line in self.process.stdout:
            if line.startswith(ready):
                return line.strip()
        raise RuntimeError(f"{command[0]} ended before it was ready")

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def identifiers(self):
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], stdout=subprocess.PIPE, text=True
        ).stdout.split()
        return [self.process.pid] + [int(child) for child in children]


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
