#!/usr/bin/env python3
"""What the audit trail and the events of a running server say, and what they never do.

    audit.py PROGRAM [--only TEXT]

Starts `PROGRAM serve` itself. Ends with "N passed, N failed".
"""

import argparse
import base64
import gzip
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import urllib.error

from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError

import harness
from harness import check, equal, true
from publishers import PUBLISHERS, accepted, send

SECRET = b"a webhook's secret"

EXAMPLES = {
    "AccountId": "123456789012", "PackageFormat": "generic", "DomainName": "corp",
    "SHA256": "0" * 64, "PackageVersionStatus": "Published", "AllowPublish": "ALLOW",
    "AllowUpstream": "ALLOW", "PackageGroupOriginRestrictionType": "PUBLISH",
}


def example(shape):
    """A value that passes the SDK's own checks."""
    if shape.name in EXAMPLES:
        return EXAMPLES[shape.name]
    kind = shape.type_name
    if kind == "structure":
        return {name: example(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [example(shape.member)]
    if kind == "map":
        return {}
    return {"string": "example", "blob": b"bytes", "boolean": True}.get(kind, 1)


class Hook:
    """A webhook that refuses the first deliveries."""

    def __init__(self, refusals):
        self.taken, self.refused, self.left = [], 0, refusals
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.left:
                    hook.left, hook.refused = hook.left - 1, hook.refused + 1
                    self.send_response(503)
                else:
                    hook.taken.append((dict(self.headers), body))
                    self.send_response(204)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/events"


class Trail:
    """The server under test, and the secrets that were sent to it."""

    def __init__(self, program):
        from service import Service
        self.hook = Hook(refusals=2)
        handle, path = tempfile.mkstemp(prefix="larder-hook-")
        os.close(handle)
        self.secret_file = pathlib.Path(path)
        self.secret_file.write_bytes(SECRET + b"\n")
        self.program = program
        self.service = Service(
            program, "--events-webhook", self.hook.address, "--events-secret",
            str(self.secret_file), "--log-level", "info")
        self.world = self.service.world()
        self.secrets = {self.service.environment["AWS_SECRET_ACCESS_KEY"], SECRET.decode()}
        self.watch(self.world.client)
        self.domain = self.world.client.create_domain(domain="trail")["domain"]
        self.world.client.create_repository(domain="trail", repository="tools")
        self.token = self.world.client.get_authorization_token(
            domain="trail")["authorizationToken"]
        self.secrets.add(self.token)

    def watch(self, client):
        """Remembers the signature of every request."""

        def remember(request, **_):
            value = request.headers.get("Authorization")
            text = value.decode() if isinstance(value, bytes) else value or ""
            if "Signature=" in text:
                self.secrets.add(text.split("Signature=")[1])

        client.meta.events.register("before-send.codeartifact", remember)

    def clean(self):
        pass

    def endpoint(self, kind):
        return self.world.client.get_repository_endpoint(
            domain="trail", repository="tools", format=kind)["repositoryEndpoint"]

    def records(self, *flags):
        """What `larder audit` finds, beside the running server."""
        run = subprocess.run(
            [self.program, "audit", "--data", str(self.service.data), "--json", *flags],
            capture_output=True, text=True, check=True)
        return [json.loads(line) for line in run.stdout.splitlines()]

    def await_records(self, count, *flags):
        """Reads are on record some milliseconds after their answer."""
        return self.await_until(lambda found: len(found) >= count, *flags)

    def await_until(self, complete, *flags):
        """What is found once it is `complete`, or after long enough."""
        deadline = time.monotonic() + 20
        while True:
            found = self.records(*flags)
            if complete(found) or time.monotonic() > deadline:
                return found
            time.sleep(0.05)


@check("every operation of the model that is called is on record, by its name and its caller")
def _(trail):
    client = trail.world.client
    model = client.meta.service_model
    called = {}
    for name in model.operation_names:
        arguments = example(model.operation_model(name).input_shape)
        try:
            answer = getattr(client, xform_name(name))(**arguments)
        except ClientError as error:
            answer = error.response
        except ParamValidationError as error:
            raise AssertionError(f"{name}: {error}") from None
        called[answer["ResponseMetadata"]["RequestId"]] = (
            name, answer["ResponseMetadata"]["HTTPStatusCode"])
        trail.secrets |= {v for k, v in answer.items() if k == "authorizationToken"}
    equal(len(called), 48, "operations called")
    found = {r["requestID"]: r for r in trail.await_records(48) if "requestID" in r}
    for identifier, (name, status) in called.items():
        record = found.get(identifier)
        true(record, f"{name} is not on record")
        equal(record["eventName"], name)
        equal(record["eventSource"], "codeartifact.amazonaws.com")
        equal(record["userIdentity"].get("userName"), "administrator", name)
        equal("errorCode" in record, status >= 400, f"{name}: errorCode with {status}")
        equal(record["additionalEventData"]["httpStatus"], status, name)
        true("Boto3" in record["userAgent"], record["userAgent"])


@check("what package managers do is on record by the permission it takes")
def _(trail):
    for publisher in PUBLISHERS:
        endpoint = trail.endpoint(publisher.format)
        publisher.publish(endpoint, trail.token)
        for path in publisher.files:
            accepted(send("GET", endpoint + path, trail.token))
    formats = {publisher.format for publisher in PUBLISHERS}
    reads = trail.await_until(
        lambda found: formats <= {(r["requestParameters"] or {}).get("packageFormat")
                                  for r in found},
        "--action", "ReadFromRepository", "--repository", "tools", "--outcome", "ok")
    writes = trail.records("--action", "PublishPackageVersion", "--outcome", "ok")
    for publisher in PUBLISHERS:
        for kind, records in (("read", reads), ("published", writes)):
            mine = [r for r in records
                    if (r["requestParameters"] or {}).get("packageFormat") == publisher.format]
            true(mine, f"no {kind} package of {publisher.format} is on record")
            true(all(r["userIdentity"]["userName"] == "administrator" for r in mine), kind)
            true(all("httpMethod" in r["additionalEventData"] for r in mine), kind)
            equal({r["readOnly"] for r in mine}, {kind == "read"}, publisher.format)
        named = [r for r in reads if publisher.coordinates["package"]
                 in r["requestParameters"].get("packageName", "")]
        true(named, f"no read of {publisher.format} names its package")


@check("who was not let in is on record")
def _(trail):
    endpoint = trail.endpoint("npm")
    stranger = "larder_" + "Zq9" * 14
    trail.secrets.add(stranger)
    equal(send("GET", endpoint + "widget", stranger)[0], 401)
    equal(send("GET", endpoint + "widget", stranger, scheme="Bearer")[0], 401)
    # npm's logout has its token in the path.
    send("DELETE", endpoint + "-/user/token/" + stranger, trail.token)
    with_query = urllib.request.Request(trail.world.endpoint + "/v1/domain?X-Amz-Signature="
                                        + "f0" * 32 + "&domain=trail", method="GET")
    trail.secrets.add("f0" * 32)
    try:
        urllib.request.urlopen(with_query)
        raise AssertionError("let in")
    except urllib.error.HTTPError as error:
        true(error.code in (400, 403), error.code)
    session = trail.world.make_client(aws_session_token="IQoJb3JpZ2luX2VjE" * 3)
    trail.secrets.add("IQoJb3JpZ2luX2VjE" * 3)
    trail.watch(session)
    wrong = trail.world.make_client(aws_secret_access_key="not/the/secret/at/all/0123456789")
    trail.secrets.add("not/the/secret/at/all/0123456789")
    trail.watch(wrong)
    for client in (session, wrong):
        try:
            client.describe_domain(domain="trail")
        except ClientError as error:
            equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 403)
    denied = trail.await_records(4, "--outcome", "denied")
    true(len(denied) >= 4, f"{len(denied)} denials are on record")
    true(any(r["userIdentity"].get("accountId") == "ANONYMOUS_PRINCIPAL" for r in denied), denied)
    true(any(r["errorCode"] == "InvalidSignatureException" for r in denied), denied)


@check("no secret is in the trail or in the server's log, in no form")
def _(trail):
    trail.await_records(1)
    true(len(trail.secrets) > 50, f"only {len(trail.secrets)} secrets were sent")
    forms = set()
    for secret in trail.secrets:
        data = secret.encode()
        forms.add(data)
        for text in (data, b"aws:" + data, data + b":", b"token:" + data):
            for lead in range(3):  # a run of base 64 begins at any third byte
                coded = base64.b64encode(b"\0" * lead + text)[4 if lead else 0:-4]
                forms |= {coded, coded.replace(b"+", b"-").replace(b"/", b"_")}
    files = sorted((trail.service.data / "audit").iterdir()) + [trail.service.log]
    true(len(files) > 1, "there are no files to look through")
    for file in files:
        content = file.read_bytes()
        if file.suffix == ".gz":
            content = gzip.decompress(content)
        true(content, f"{file} is empty")
        for form in forms:
            true(form not in content, f"{file.name} holds {form!r}")


@check("events reach the webhook, signed, in order, though it refused the first")
def _(trail):
    deadline = time.monotonic() + 60
    while len(trail.hook.taken) < len(PUBLISHERS) and time.monotonic() < deadline:
        time.sleep(0.05)
    true(trail.hook.refused == 2, "nothing was refused")
    true(len(trail.hook.taken) >= len(PUBLISHERS), f"{len(trail.hook.taken)} deliveries")
    last = {}
    for headers, body in trail.hook.taken:
        parts = dict(p.split("=", 1) for p in headers["X-Larder-Signature"].split(","))
        expected = hmac.new(SECRET, parts["t"].encode() + b"." + body, hashlib.sha256)
        equal(parts["v1"], expected.hexdigest(), "signature")
        event = json.loads(body)
        package, number = event["resources"][0], event["detail"]["sequenceNumber"]
        true(number > last.get(package, 0), f"{package}: {number} after {last.get(package)}")
        last[package] = number
    formats = {json.loads(b)["detail"]["packageFormat"] for _, b in trail.hook.taken}
    equal(formats >= {p.format for p in PUBLISHERS}, True, f"formats {formats}")


@check("a killed server's trail says that there may be a gap, and has every change")
def _(trail):
    made = []
    for number in range(5):
        answer = trail.world.client.create_repository(domain="trail", repository=f"r-{number}")
        made.append(answer["ResponseMetadata"]["RequestId"])
    trail.service.kill()
    newest = sorted((trail.service.data / "audit").glob("*.jsonl"))[-1]
    with newest.open("ab") as file:
        file.write(b'{"eventVersion":"1.05","torn')
    trail.service.start()
    records = trail.records()
    found = {r.get("requestID") for r in records}
    for identifier in made:
        true(identifier in found, f"the record of {identifier} is lost")
    gaps = [r for r in records if r["eventName"] == "AuditTrailGap"]
    equal(len(gaps), 1, "gaps")
    equal(gaps[0]["serviceEventDetails"]["tornBytes"], 28)


@check("the trail of a server that is stopped is closed")
def _(trail):
    equal(trail.service.stop(), 0, "exit status")
    equal(trail.records()[-1]["eventName"], "AuditTrailClosed")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only")
    options = parser.parse_args()
    trail = Trail(options.program)
    try:
        return harness.run(trail, options.only)
    finally:
        trail.service.remove()
        trail.secret_file.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
