"""Many clients at once, in one loop over sockets: what each costs is small beside its answer."""

import re
import select
import socket
import time

PATIENCE = 60
# For a server to take all connections from the kernel's queue.
SETTLING = 0.5
# What all read into: bodies are counted, and not kept.
BUFFER = memoryview(bytearray(1 << 18))


class Crowd:
    """Connections that are open before anybody asks."""

    def __init__(self, host, port, count):
        self.sockets = [socket.create_connection((host, port)) for _ in range(count)]
        self.poll = select.epoll()
        for connection in self.sockets:
            connection.setblocking(False)
            self.poll.register(connection, select.EPOLLIN)
        time.sleep(SETTLING)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.poll.close()
        for connection in self.sockets:
            connection.close()

    def ask(self, request, enough=None):
        """All send the request, one right after the other, and read their answers to the end, or
        until they have `enough` bytes of the body and hang up.

        Returns for each client when its first byte was there, in seconds after the first request
        was sent, and the bodies' lengths. Raises for an answer that is not 200.
        """
        began = time.monotonic()
        for connection in self.sockets:
            connection.sendall(request)
        answers = {
            connection.fileno(): Answer(connection, enough) for connection in self.sockets
        }
        waiting = len(answers)
        while waiting:
            events = self.poll.poll(PATIENCE)
            if not events:
                raise RuntimeError(f"{waiting} of {len(answers)} clients wait for ever")
            # Whatever the poll reports was there when it returned, however long the others take.
            seen = time.monotonic() - began
            for number, _ in events:
                waiting -= answers[number].read(seen)
        return list(answers.values())


class Answer:
    def __init__(self, connection, enough):
        self.connection, self.enough = connection, enough
        self.first_byte = self.missing = None
        self.head, self.length = b"", 0

    def read(self, seen):
        """Takes what there was to be `seen`; 1 when that was the end, otherwise 0."""
        count = self.connection.recv_into(BUFFER)
        if self.first_byte is None:
            self.first_byte = seen
        if not count:
            raise RuntimeError("the server closed a connection in the middle of an answer")
        if self.missing is None:
            count = len(self.begin(bytes(BUFFER[:count])))
        if self.missing is None:
            return 0
        self.missing -= count
        if self.missing == 0:
            return 1
        return self.hang_up() if self.enough and self.enough <= self.length - self.missing else 0

    def hang_up(self):
        self.connection.close()
        return 1

    def begin(self, content):
        """Reads the head, and returns what of the body came with it."""
        head, end, body = (self.head + content).partition(b"\r\n\r\n")
        self.head = head
        if not end:
            return b""
        if not head.startswith(b"HTTP/1.1 200 "):
            raise RuntimeError(f"a client got {(head + body)[:300]!r}")
        self.length = int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)[1])
        self.missing = self.length
        return body
