"""A public npm registry for tests: one package with an old version and one of this moment.

Serves full packuments with their times, and tarballs made here. With `--signed` it signs its
versions and publishes the key, but for the old version, whose signature is of something else.
With `--large` it has `large` too, a package whose packument is of 40 MB.
Prints its port on the first line and ends when its standard input does.
"""

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSIONS = {"1.0.0": "2021-02-03T04:05:06.000Z", "1.1.0": None}


def tarball(version):
    """The package's archive, as `npm pack` makes it."""
    buffer = io.BytesIO()
    files = {
        "package/package.json": json.dumps({"name": "aged", "version": version}),
        "package/index.js": f"exports.version = {version!r}\n",
    }
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for path, text in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return buffer.getvalue()


class Signer:
    """Signs as the public registry does: ECDSA with P-256 over name, version and integrity."""

    def __init__(self):
        self.file = os.path.join(tempfile.mkdtemp(), "key.pem")
        self.openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.file)
        public = self.openssl("ec", "-in", self.file, "-pubout", "-outform", "DER")
        self.identity = "SHA256:" + base64.b64encode(hashlib.sha256(public).digest()).decode()
        self.keys = {
            "keys": [
                {
                    "expires": None,
                    "keyid": self.identity,
                    "keytype": "ecdsa-sha2-nistp256",
                    "scheme": "ecdsa-sha2-nistp256",
                    "key": base64.b64encode(public).decode(),
                }
            ]
        }

    @staticmethod
    def openssl(*arguments, text=b""):
        words = ["openssl", *arguments]
        return subprocess.run(words, input=text, capture_output=True, check=True).stdout

    def signatures(self, text):
        signature = self.openssl("dgst", "-sha256", "-sign", self.file, text=text.encode())
        return [{"keyid": self.identity, "sig": base64.b64encode(signature).decode()}]


SIGNER = Signer() if "--signed" in sys.argv[1:] else None


def dist(address, version, content):
    """What the packument says of a version's archive."""
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()
    told = {"tarball": address, "shasum": hashlib.sha1(content).hexdigest()}
    if SIGNER:
        signed = "something else" if VERSIONS[version] else f"aged@{version}:{integrity}"
        told |= {"integrity": integrity, "signatures": SIGNER.signatures(signed)}
    return told


def large_packument(byte_count):
    """As many versions as fill it, each as long as many are: some 2 KB."""
    versions, length = {}, 0
    while length < byte_count:
        version = f"1.{len(versions)}.0"
        versions[version] = {
            "name": "large",
            "version": version,
            "description": "A package. " * 40,
            "dependencies": {f"dependency-{n}": f"^{n}.0.0" for n in range(40)},
            "dist": dist(f"http://127.0.0.1:9/large-{version}.tgz", version, version.encode()),
        }
        length += len(json.dumps(versions[version]))
    document = {"name": "large", "dist-tags": {"latest": version}, "versions": versions}
    return json.dumps(document).encode()


LARGE = large_packument(40_000_000) if "--large" in sys.argv[1:] else None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    tarballs = {version: tarball(version) for version in VERSIONS}
    now = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/aged":
            return self.reply(200, json.dumps(self.packument()).encode(), "application/json")
        if self.path == "/large" and LARGE:
            return self.reply(200, LARGE, "application/json")
        if self.path == "/-/npm/v1/keys" and SIGNER:
            return self.reply(200, json.dumps(SIGNER.keys).encode(), "application/json")
        name = self.path.removeprefix("/aged/-/aged-").removesuffix(".tgz")
        if name in self.tarballs:
            return self.reply(200, self.tarballs[name], "application/octet-stream")
        return self.reply(404, b"{}", "application/json")

    def packument(self):
        base = f"http://{self.headers['Host']}/aged/-/aged"
        return {
            "name": "aged",
            "dist-tags": {"latest": "1.1.0"},
            "versions": {
                version: {
                    "name": "aged",
                    "version": version,
                    "dist": dist(f"{base}-{version}.tgz", version, content),
                }
                for version, content in self.tarballs.items()
            },
            "time": {version: told or self.now for version, told in VERSIONS.items()},
        }

    def reply(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


main()
