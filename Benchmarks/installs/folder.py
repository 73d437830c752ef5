"""A folder as a registry of plain files, as the public ones of Maven's world are."""

import functools
import hashlib
import http.server
import io
import os
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

    def send_head(self):
        """The checksum that stands beside each file of a public repository is computed here."""
        file, ending = os.path.splitext(self.translate_path(self.path))
        if ending != ".sha1" or os.path.exists(file + ending) or not os.path.isfile(file):
            return super().send_head()
        with open(file, "rb") as source:
            text = hashlib.sha1(source.read()).hexdigest().encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Last-Modified", self.date_time_string(int(os.path.getmtime(file))))
        self.end_headers()
        return io.BytesIO(text)

    def send_error(self, code, message=None, explain=None):
        """What is not there is no reason to part."""
        self.send_response(code, message)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Says nothing."""
