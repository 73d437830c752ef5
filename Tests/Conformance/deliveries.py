#!/usr/bin/env python3
"""Events about package versions, to a webhook that fails in every way there is, and to a file.

    deliveries.py PROGRAM [--only TEXT]

Starts `PROGRAM serve` itself. Ends with "N passed, N failed".
"""

import argparse
import hashlib
import hmac
import http.server
import json
import pathlib
import socket
import sys
import tempfile
import threading
import time

import harness
from harness import check, equal, true
from publishers import Npm, accepted, send, tarball
from service import Service

SECRET = b"what only the two know"


class Receiver:
    """A webhook that does as it is told: `ok`, `error`, `close`, `hang`, or `garbage`."""

    def __init__(self):
        self.mode, self.taken, self.refused = "error", [], 0
        self.lock, self.released = threading.Lock(), threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.answer(self, body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/events?from=larder"

    def answer(self, handler, body):
        mode = self.mode
        with self.lock:
            if mode == "ok":
                self.taken.append((dict(handler.headers), body, handler.path))
            else:
                self.refused += 1
        if mode == "hang":
            self.released.wait(60)
        if mode in ("close", "hang"):
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
        elif mode == "garbage":
            handler.close_connection = True
            handler.wfile.write(b"what is this\r\n\r\n")
        else:
            handler.send_response(204 if mode == "ok" else 500)
            handler.send_header("Content-Length", "0")
            handler.end_headers()


class Registry(http.server.ThreadingHTTPServer):
    """A public registry with one package."""

    def __init__(self):
        manifest = {"name": "outside", "version": "3.0.0"}
        archive = tarball({"package/package.json": json.dumps(manifest)})
        registry = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path.endswith(".tgz"):
                    body = archive
                elif self.path == "/outside":
                    address = f"http://127.0.0.1:{registry.server_address[1]}/outside-3.0.0.tgz"
                    body = json.dumps({
                        "name": "outside", "dist-tags": {"latest": "3.0.0"}, "versions": {
                            "3.0.0": {**manifest, "dist": {
                                "tarball": address,
                                "shasum": hashlib.sha1(archive).hexdigest()}}}}).encode()
                else:
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Yard:
    def __init__(self, program):
        self.receiver, self.registry = Receiver(), Registry()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="larder-events-"))
        (self.folder / "secret").write_bytes(SECRET + b"\n")
        self.file = self.folder / "events.jsonl"
        self.service = Service(
            program, "--events-webhook", self.receiver.address, "--events-secret",
            str(self.folder / "secret"), "--events-file", str(self.file), "--events-file-size",
            "4KB", "--external", f"public:npmjs=http://127.0.0.1:{self.registry.server_port}/",
            offline=False)
        self.world = self.service.world()
        client = self.world.client
        client.create_domain(domain="yard")
        client.create_repository(domain="yard", repository="base")
        client.create_repository(domain="yard", repository="copies")
        client.create_repository(domain="yard", repository="team",
                                 upstreams=[{"repositoryName": "base"}])
        client.create_repository(domain="yard", repository="mirror")
        client.associate_external_connection(
            domain="yard", repository="mirror", externalConnection="public:npmjs")
        self.token = client.get_authorization_token(domain="yard")["authorizationToken"]

    def clean(self):
        pass

    def restart(self):
        equal(self.service.stop(), 0, "exit status")
        self.service.start()
        self.world = self.service.world()

    def endpoint(self, repository):
        return self.world.client.get_repository_endpoint(
            domain="yard", repository=repository, format="npm")["repositoryEndpoint"]

    def publish(self, name, version, repository="base"):
        manifest = {"name": name, "version": version}
        Npm.put(self.endpoint(repository), self.token, manifest,
                tarball({"package/package.json": json.dumps(manifest)}))

    def generic(self, version, asset, unfinished):
        content = asset.encode()
        return self.world.client.publish_package_version(
            domain="yard", repository="base", format="generic", namespace="lab", package="tool",
            packageVersion=version, assetName=asset, assetContent=content, unfinished=unfinished,
            assetSHA256=hashlib.sha256(content).hexdigest())

    def filed(self):
        """The events in the file and the full ones beside it, oldest first."""
        files = sorted(self.folder.glob("events.jsonl.*"), key=lambda f: -int(f.suffix[1:]))
        lines = b"".join(f.read_bytes() for f in files + [self.file]).splitlines()
        return [json.loads(line) for line in lines]

    def await_taken(self, wanted, get, seconds=90):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = get()
            if len({e["detail"]["eventDeduplicationId"] for e in found}) >= wanted:
                return found
            time.sleep(0.05)
        return get()

    def delivered(self):
        with self.receiver.lock:
            return [json.loads(body) for _, body, _ in self.receiver.taken]


def told(event):
    """What an event is about, short enough to compare."""
    detail = event["detail"]
    return (detail["repositoryName"], detail["packageName"], detail["packageVersion"],
            detail["operationType"], detail["packageVersionState"])


EXPECTED = [
    ("base", "left", "1.0.0", "Created", "Published"),
    ("base", "left", "2.0.0", "Created", "Published"),
    ("base", "tool", "1", "Created", "Unfinished"),
    ("base", "tool", "1", "Updated", "Unfinished"),
    ("base", "tool", "1", "Updated", "Published"),
    ("base", "left", "2.0.0", "Updated", "Unlisted"),
    ("base", "left", "2.0.0", "Updated", "Archived"),
    ("base", "left", "2.0.0", "Updated", "Published"),
    ("copies", "left", "1.0.0", "Created", "Published"),
    ("team", "left", "1.0.0", "Created", "Published"),
    ("mirror", "outside", "3.0.0", "Created", "Published"),
    ("base", "left", "2.0.0", "Updated", "Disposed"),
    ("copies", "left", "1.0.0", "Deleted", None),
    ("base", "left", "1.0.0", "Deleted", None),
    ("base", "left", "2.0.0", "Deleted", None),
]


@check("every change of a version goes on, while the webhook fails in every way")
def _(yard):
    client = yard.world.client
    where = dict(domain="yard", repository="base", format="npm", package="left")
    yard.publish("left", "1.0.0")
    yard.receiver.mode = "close"
    yard.publish("left", "2.0.0")
    yard.generic("1", "a", True)
    yard.receiver.mode = "garbage"
    yard.generic("1", "b", True)
    yard.generic("1", "c", False)
    yard.receiver.mode = "hang"
    for status in ("Unlisted", "Archived", "Published"):
        client.update_package_versions_status(**where, versions=["2.0.0"], targetStatus=status)
    copied = client.copy_package_versions(
        domain="yard", sourceRepository="base", destinationRepository="copies", format="npm",
        package="left", versions=["1.0.0"])
    equal(list(copied["successfulVersions"]), ["1.0.0"])
    # Kept by the repository that was asked, from one upstream and from outside.
    accepted(send("GET", yard.endpoint("team") + "left/-/left-1.0.0.tgz", yard.token))
    accepted(send("GET", yard.endpoint("mirror") + "outside", yard.token))
    accepted(send("GET", yard.endpoint("mirror") + "outside/-/outside-3.0.0.tgz", yard.token))
    true(yard.receiver.refused > 0 and not yard.receiver.taken, "the webhook was not asked")


@check("a server that is stopped, killed and started while the webhook is dead loses no event")
def _(yard):
    client = yard.world.client
    began = time.monotonic()
    yard.restart()
    yard.stopped = time.monotonic() - began
    client = yard.world.client
    where = dict(domain="yard", repository="base", format="npm", package="left")
    client.dispose_package_versions(**where, versions=["2.0.0"])
    client.delete_package_versions(**dict(where, repository="copies"), versions=["1.0.0"])
    yard.service.kill()
    yard.service.start()
    yard.world = yard.service.world()
    yard.world.client.delete_package(**where)
    yard.receiver.mode = "ok"
    yard.receiver.released.set()
    events = yard.await_taken(len(EXPECTED), yard.delivered)
    got = [told(e) for e in events]
    for want in EXPECTED:
        matching = [g for g in got if g[:4] == want[:4] and want[4] in (None, g[4])]
        true(matching, f"no event {want}; there are:\n    " + "\n    ".join(map(str, got)))
    print(f"  stopped and started in {yard.stopped:.1f} s, while a delivery hung")
    true(yard.stopped < 30, f"stopping took {yard.stopped} s")


@check("numbers rise, names are the same in every delivery, and no two changes share one")
def _(yard):
    last, bodies = {}, {}
    for event in yard.delivered():
        detail = event["detail"]
        package, number = event["resources"][0], detail["sequenceNumber"]
        known = bodies.setdefault(detail["eventDeduplicationId"], event)
        equal(known, event, "a redelivery")
        true(number >= last.get(package, 0), f"{package}: {number} after {last.get(package)}")
        last[package] = number
        equal(event["source"], "aws.codeartifact")
    numbers = [e["detail"]["sequenceNumber"] for e in bodies.values()]
    equal(len(set(numbers)), len(numbers), "sequence numbers of the domain")
    equal(len({e["id"] for e in bodies.values()}), len(bodies), "ids")


@check("the file has the same events, each once, in the order of the domain, and is rotated")
def _(yard):
    count = len({e["id"] for e in yard.delivered()})
    filed = yard.await_taken(count, yard.filed)
    numbers = [e["detail"]["sequenceNumber"] for e in filed]
    equal(numbers, sorted(set(numbers)), "sequence numbers")
    equal({e["id"] for e in filed}, {e["id"] for e in yard.delivered()})
    true((yard.folder / "events.jsonl.1").exists(), "one file only")
    true(all(f.stat().st_size <= 8192 for f in yard.folder.glob("events.jsonl*")), "too long")
    equal(yard.file.stat().st_mode & 0o777, 0o600, "mode")


@check("deliveries are signed over their moment and body, and go to the whole address")
def _(yard):
    for headers, body, path in yard.receiver.taken:
        parts = dict(p.split("=", 1) for p in headers["X-Larder-Signature"].split(","))
        expected = hmac.new(SECRET, parts["t"].encode() + b"." + body, hashlib.sha256)
        equal(parts["v1"], expected.hexdigest(), "signature")
        equal(headers["X-Larder-Event-Id"], json.loads(body)["id"])
        equal(path, "/events?from=larder")


@check("a webhook that nobody listens at blocks nothing")
def _(yard):
    yard.receiver.server.shutdown()
    yard.receiver.server.server_close()
    for number in range(20):
        yard.publish("right", f"1.0.{number}")
    accepted(send("GET", yard.endpoint("base") + "right", yard.token))
    count = len({e["id"] for e in yard.delivered()})
    found = yard.await_taken(count + 20, yard.filed)
    true(sum(told(e)[1] == "right" for e in found) == 20, "events in the file")
    equal(yard.service.stop(), 0, "exit status")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only")
    options = parser.parse_args()
    yard = Yard(options.program)
    try:
        return harness.run(yard, options.only)
    finally:
        yard.service.remove()


if __name__ == "__main__":
    sys.exit(main())
