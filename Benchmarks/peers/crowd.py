"""Many clients at once, in one loop over sockets: what each costs is small beside its answer."""

import re
import select
import socket
import time

PATIENCE = 60
# For a server to take all connections from the kernel's queue.
SETTLING = 0.5


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

    def ask(self, request):
        """All send the request, one right after the other, and read their answers to the end.

        Returns for each client when its first byte was there, in seconds after the first request
        was sent, and the bodies' lengths. Raises for an answer that is not 200.
        """
        began = time.monotonic()
        for connection in self.sockets:
            connection.sendall(request)
        answers = {connection.fileno(): Answer(connection) for connection in self.sockets}
        waiting = len(answers)
        while waiting:
            events = self.poll.poll(PATIENCE)
            if not events:
                raise RuntimeError(f"{waiting} of {len(answers)} clients wait for ever")
            for number, _ in events:
                waiting -= answers[number].read(began)
        return list(answers.values())


class Answer:
    def __init__(self, connection):
        self.connection = connection
        self.first_byte = self.missing = None
        self.head, self.length = b"", 0

    def read(self, began):
        """Takes what there is; 1 when that was the end, otherwise 0."""
        content = self.connection.recv(1 << 18)
        if self.first_byte is None:
            self.first_byte = time.monotonic() - began
        if not content:
            raise RuntimeError("the server closed a connection in the middle of an answer")
        if self.missing is None:
            content = self.begin(content)
        if self.missing is not None:
            self.missing -= len(content)
        return int(self.missing == 0)

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
