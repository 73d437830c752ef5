"""A public Python index for tests: real wheels, made here, and manners on demand.

Serves PEP 503 and PEP 691 pages with validators, files with ranges, and `.metadata` siblings.
What it was asked is at /__log; how it behaves is set at /__mode?is=up|down|slow|429|500.
Prints its port on the first line and ends when its standard input does.
"""

import hashlib
import io
import json
import os
import random
import re
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

LEAVES = [f"demo-leaf-{letter}" for letter in "abcdefghijkl"]


def wheel(name, version, requires=(), extra=b"", python=">=3.8"):
    """A wheel that installs: name, bytes and METADATA."""
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = "\n".join(
        ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        + ["Summary: made for a test", f"Requires-Python: {python}"]
        + [f"Requires-Dist: {line}" for line in requires]
        + ["", f"# {name}", ""]
    ).encode()
    files = {f"{name.replace('-', '_')}/__init__.py": f"VERSION = {version!r}\n".encode()}
    if extra:
        files[f"{name.replace('-', '_')}/data.bin"] = extra
    files[f"{stem}.dist-info/METADATA"] = metadata
    files[f"{stem}.dist-info/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: larder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = "".join(f"{path},,\n" for path in files) + f"{stem}.dist-info/RECORD,,\n"
    files[f"{stem}.dist-info/RECORD"] = record.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            member = zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            if path.endswith(".bin"):
                member.compress_type = zipfile.ZIP_STORED
            archive.writestr(member, content)
    return f"{stem}-py3-none-any.whl", buffer.getvalue(), metadata


class Index:
    """What is on offer: files by project, with the attributes that the index tells."""

    def __init__(self, big):
        self.files = {}
        self.projects = {}
        for leaf in LEAVES:
            self.add(leaf, "1.0")
        self.add("demo-root", "1.0", [f"{leaf}>=1" for leaf in LEAVES])
        self.add("demo-root", "1.1", LEAVES[:1], yanked="broken on Mondays")
        self.add("demo-aged", "1.0")
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self.add("demo-aged", "1.1", uploaded=now)
        if big:
            self.add("demo-big", "1.0", extra=random.Random(7).randbytes(big))

    def add(self, name, version, requires=(), extra=b"", yanked=False, uploaded=None):
        filename, content, metadata = wheel(name, version, requires, extra)
        self.files[filename] = content
        self.files[filename + ".metadata"] = metadata
        self.projects.setdefault(name, []).append(
            {
                "filename": filename,
                "url": f"../../files/{filename}",
                "hashes": {"sha256": hashlib.sha256(content).hexdigest()},
                "requires-python": ">=3.8",
                "size": len(content),
                "upload-time": uploaded or "2021-02-03T04:05:06.000007Z",
                "yanked": yanked,
                "core-metadata": {"sha256": hashlib.sha256(metadata).hexdigest()},
            }
        )

    def page(self, project):
        files = self.projects[project]
        return {
            "meta": {"api-version": "1.1"},
            "name": project,
            "versions": sorted({entry["filename"].split("-")[1] for entry in files}),
            "files": files,
        }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    index = None
    log = []
    mode = "up"
    lock = threading.Lock()

    def log_message(self, *_):
        pass

    def reply(self, status, body=b"", kind="text/plain", headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path == "/__log":
            return self.reply(200, json.dumps(Handler.log).encode(), "application/json")
        if parts.path == "/__mode":
            Handler.mode = parse_qs(parts.query)["is"][0]
            return self.reply(200)
        with Handler.lock:
            Handler.log.append(f"{self.command} {parts.path}")
        if Handler.mode == "down":
            self.close_connection = True
            return self.connection.close()
        if Handler.mode in ("429", "500"):
            return self.reply(int(Handler.mode), b"not now", headers=[("Retry-After", "1")])
        if Handler.mode == "slow":
            time.sleep(30)
        page = re.fullmatch(r"/simple/([^/]+)/", parts.path)
        if page:
            return self.project(page[1])
        if parts.path.startswith("/files/"):
            return self.file(parts.path.removeprefix("/files/"))
        return self.reply(404, b"no such page")

    def project(self, name):
        if name not in self.index.projects:
            return self.reply(404, b"no such project")
        body = json.dumps(self.index.page(name)).encode()
        tag = '"' + hashlib.sha256(body).hexdigest()[:20] + '"'
        if self.headers.get("If-None-Match") == tag:
            return self.reply(304, headers=[("ETag", tag)])
        kind = "application/vnd.pypi.simple.v1+json"
        return self.reply(200, body, kind, [("ETag", tag), ("Cache-Control", "max-age=0")])

    def file(self, name):
        content = self.index.files.get(name)
        if content is None:
            return self.reply(404, b"no such file")
        tag = '"' + hashlib.sha256(content).hexdigest()[:20] + '"'
        span = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        headers = [("ETag", tag), ("Accept-Ranges", "bytes")]
        if not span:
            return self.reply(200, content, "application/octet-stream", headers)
        first = int(span[1])
        last = min(int(span[2] or len(content) - 1), len(content) - 1)
        headers.append(("Content-Range", f"bytes {first}-{last}/{len(content)}"))
        return self.reply(206, content[first : last + 1], "application/octet-stream", headers)


def main():
    big = int(os.environ.get("DEMO_BIG_BYTES", "0"))
    Handler.index = Index(big)
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "0"))), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
