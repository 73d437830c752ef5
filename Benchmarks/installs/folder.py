"""A folder as a registry of plain files, as the public ones of Maven's world are."""

import functools
import http.server
import threading


class Folder:
    """Serves until the stack ends."""

    token = ""

    def __init__(self, stack, folder):
        handler = functools.partial(Handler, directory=folder)
        self.server = Server(("127.0.0.1", 0), handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        stack.callback(self.server.shutdown)

    def endpoint(self, _repository, _format, port=None):
        """The folder's address, by its own port or another that leads to it."""
        return f"http://127.0.0.1:{port or self.port}/"


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Heads and bodies are written apart.
    disable_nagle_algorithm = True

    def log_message(self, *_):
        """Says nothing."""
