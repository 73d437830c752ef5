#!/usr/bin/env python3
"""What is left of the audit trail when a server or its disk comes to an end.

    trail_ends.py PROGRAM [--only TEXT]

Starts `PROGRAM serve` itself. Ends with "N passed, N failed".
"""

import argparse
import http.client
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

import harness
from harness import Skipped, check, equal, true
from publishers import PyPI, send
from service import Service

FILE = PyPI.files[0]


def records(service, *flags):
    """What `larder audit` says, and what it complains of."""
    run = subprocess.run([service.program, "audit", "--data", str(service.data), "--json", *flags],
                         capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()], run.stderr


def fill(path, content=b"x" * 4096):
    """Adds to a file until there is no room."""
    with path.open("ab", buffering=0) as file:
        try:
            while file.write(content):
                pass
        except OSError:
            pass


class Shop:
    """A running server with one package."""

    def __init__(self, program, **options):
        self.service = Service(program, "--quota", "repositories-per-domain=100000", **options)
        self.world = self.service.world()
        self.world.client.create_domain(domain="shop")
        self.world.client.create_repository(domain="shop", repository="tools")
        self.refresh()
        PyPI.publish(self.endpoint, self.token)

    def refresh(self):
        self.world = self.service.world()
        self.token = self.world.client.get_authorization_token(
            domain="shop")["authorizationToken"]
        self.endpoint = self.world.client.get_repository_endpoint(
            domain="shop", repository="tools", format="pypi")["repositoryEndpoint"]


class Load:
    """Clients that note each answer they have got, until the server is gone."""

    def __init__(self, shop, round):
        self.shop, self.round = shop, round
        self.changes, self.looks, self.reads = [], [], {}
        self.threads = [threading.Thread(target=self.change, args=(n,)) for n in range(3)]
        self.threads += [threading.Thread(target=self.look) for n in range(2)]
        self.threads += [threading.Thread(target=self.read, args=(n,)) for n in range(4)]
        for thread in self.threads:
            thread.start()

    def change(self, number):
        client, count = self.shop.world.make_client(), 0
        try:
            while True:
                name = f"r-{self.round}-{number}-{count}"
                answer = client.create_repository(domain="shop", repository=name)
                self.changes.append(answer["ResponseMetadata"]["RequestId"])
                count += 1
        except Exception:
            pass

    def look(self):
        client = self.shop.world.make_client()
        try:
            while True:
                answer = client.describe_domain(domain="shop")
                self.looks.append(answer["ResponseMetadata"]["RequestId"])
        except Exception:
            pass

    def read(self, number):
        mine = self.reads.setdefault(number, [])
        parts = urllib.parse.urlsplit(self.shop.endpoint + FILE)
        connection = http.client.HTTPConnection(parts.netloc, timeout=30)
        headers = {"Authorization": f"Bearer {self.shop.token}"}
        try:
            while True:
                connection.request("GET", parts.path, headers=headers)
                reply = connection.getresponse()
                reply.read()
                mine.append(reply.headers["x-amzn-requestid"])
        except Exception:
            pass

    def kill(self, after):
        """Kills the server once so many changes were acknowledged."""
        while len(self.changes) < after:
            time.sleep(0.002)
        self.shop.service.kill()
        for thread in self.threads:
            thread.join()


class Ends:
    def __init__(self, program):
        self.program = program

    def clean(self):
        pass


@check("a server killed under load has every acknowledged call of the API on record")
def _(ends):
    shop = Shop(ends.program)
    try:
        for round in range(4):
            load = Load(shop, round)
            load.kill(after=40 + 30 * round)
            shop.service.start()
            shop.refresh()
            found, _ = records(shop.service)
            found = [r.get("requestID") for r in found]
            known = set(found)
            equal(len(found) - found.count(None), len(known - {None}), "records that are double")
            lost = [i for i in load.changes + load.looks if i not in known]
            equal(lost, [], "acknowledged calls that are lost")
            read = sum(map(len, load.reads.values()))
            missing = 0
            for mine in load.reads.values():
                # Whoever lost one lost all that came after it, and none before.
                kept = [i in known for i in mine]
                true(kept == sorted(kept, reverse=True), "a read in the middle is lost")
                missing += kept.count(False)
            print(f"  killed after {len(load.changes)} changes, {len(load.looks)} looks and "
                  f"{read} reads: {missing} reads are not on record, nothing else")
        gaps, _ = records(shop.service, "--action", "AuditTrailGap")
        equal(len(gaps), 4, "gaps")
    finally:
        shop.service.remove()


@check("damaged lines are passed over and said to be there")
def _(ends):
    shop = Shop(ends.program)
    try:
        equal(shop.service.stop(), 0)
        file = max(shop.service.data.glob("audit/*.jsonl"))
        lines = file.read_bytes().splitlines(keepends=True)
        spoilt = bytearray(lines[3])
        spoilt[10:30] = b"\0\xff" * 10
        file.write_bytes(b"".join(lines[:3] + [bytes(spoilt)] + lines[4:]) + b'{"eventVersion"')
        found, complaint = records(shop.service)
        true("1 line is damaged" in complaint or "damaged" in complaint, complaint)
        shop.service.start()
        shop.refresh()
        after, complaint = records(shop.service)
        true(len(after) > len(found), "nothing was added")
        gap = [r for r in after if r["eventName"] == "AuditTrailGap"]
        equal([g["serviceEventDetails"]["tornBytes"] for g in gap], [15])
    finally:
        shop.service.remove()


@check("a follower sees what is added, once, and through a restart")
def _(ends):
    shop = Shop(ends.program)
    follower = subprocess.Popen(
        [ends.program, "audit", "--data", str(shop.service.data), "--json", "--follow",
         "--action", "CreateRepository"], stdout=subprocess.PIPE, text=True)
    try:
        seen = []
        reader = threading.Thread(
            target=lambda: seen.extend(json.loads(line) for line in follower.stdout))
        reader.start()
        made = []
        for number in range(6):
            if number == 3:
                shop.service.stop()
                shop.service.start()
                shop.refresh()
            answer = shop.world.client.create_repository(domain="shop", repository=f"f-{number}")
            made.append(answer["ResponseMetadata"]["RequestId"])
        deadline = time.monotonic() + 30
        while len(seen) < 7 and time.monotonic() < deadline:
            time.sleep(0.05)
        follower.terminate()
        reader.join()
        equal([r["requestID"] for r in seen][1:], made, "what the follower saw")
    finally:
        follower.kill()
        follower.wait()
        shop.service.remove()


@check("a full disk refuses changes and lets package managers read, and nothing is lost")
def _(ends):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="larder-full-"))
    audit = folder / "data" / "audit"
    audit.mkdir(parents=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", str(audit)],
                      capture_output=True).returncode:
        shutil.rmtree(folder)
        raise Skipped("no leave to mount a small disk")
    shop = None
    try:
        shop = Shop(ends.program, folder=folder)
        client, ballast = shop.world.client, audit / "ballast"
        fill(ballast)
        refusals, count = 0, 0
        # The trail's reserve, a sixteenth of its disk, takes some more.
        while refusals < 4:
            count += 1
            true(count < 200, "nothing is refused")
            try:
                client.create_repository(domain="shop", repository=f"while-full-{count}")
                equal(refusals, 0, "done after a refusal; refusals")
            except client.exceptions.ClientError as error:
                equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 503, error)
                true("audit trail" in str(error), error)
                equal(error.response["ResponseMetadata"]["HTTPHeaders"]["retry-after"], "5")
                refusals += 1
        true(count > 20, f"the reserve took {count} records")
        for _ in range(20):
            reply = send("GET", shop.endpoint + FILE, shop.token)
            equal(reply[0], 200)
        client.describe_domain(domain="shop")
        true("audit trail cannot be written" in shop.service.log.read_text(), "nothing is said")
        equal(shop.service.log.read_text().count("cannot be written"), 1, "complaints")
        ballast.unlink()
        deadline = time.monotonic() + 30
        while True:
            try:
                client.create_repository(domain="shop", repository="afterwards")
                break
            except client.exceptions.ConflictException:
                break
            except Exception:
                true(time.monotonic() < deadline, "the disk has room, and changes are refused")
        found, _ = records(shop.service, "--action", "CreateRepository")
        # All that were done, and the one in doubt; `tools` before and `afterwards` after them.
        true(len(found) >= count - 4 + 2, f"{len(found)} calls on record")
        true("written again" in shop.service.log.read_text(), "no word of the end")
        equal(shop.service.stop(), 0)
        found, _ = records(shop.service)
        lost = sum(r["serviceEventDetails"].get("lostReads", 0) for r in found
                   if r["eventName"] == "AuditTrailGap")
        # The reads, and the refusals, which changed nothing.
        true(lost >= 21 + 3, f"{lost} calls were counted")
        # A start on the full disk serves, and changes nothing that could not be put on record.
        (audit / "reserve").unlink(missing_ok=True)
        fill(ballast)
        # What is left of the last page of the trail, in whole lines.
        fill(max(audit.glob("*.jsonl")), b"\n")
        shop.service.start()
        base = shop.service.environment["AWS_ENDPOINT_URL_CODEARTIFACT"]
        address = base + urllib.parse.urlsplit(shop.endpoint + FILE).path
        equal(send("GET", address, shop.token)[0], 200)
        try:
            shop.service.world().client.delete_repository(domain="shop", repository="afterwards")
            raise Exception("deleted")
        except client.exceptions.ClientError as error:
            equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 503, error)
        ballast.unlink()
        deadline = time.monotonic() + 30
        while send("PUT", address, shop.token)[0] == 503:
            true(time.monotonic() < deadline, "the disk has room, and changes are refused")
    finally:
        if shop:
            shop.service.stop()
        subprocess.run(["umount", str(audit)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only")
    options = parser.parse_args()
    return harness.run(Ends(options.program), options.only)


if __name__ == "__main__":
    sys.exit(main())
