"""Who is believed, and what the others are told."""

import base64
import datetime
import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from unittest.mock import patch

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from harness import check, equal, true
from world import refused


def send(world, method, path, headers=None, body=None):
    """Sends a request as it is; returns status, headers and the JSON of the body."""
    parts = urllib.parse.urlsplit(world.endpoint)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=30)
    connection.request(method, path, body=body, headers=headers or {})
    reply = connection.getresponse()
    content = reply.read()
    connection.close()
    return reply.status, reply.headers, json.loads(content) if content else None


def signed(world, method, path, body=None, auth=SigV4Auth, **headers):
    """The headers that sign a request, and the path it must be sent to."""
    request = AWSRequest(method, world.endpoint + path, data=body, headers=headers)
    credentials = Credentials(world.access_key, world.secret_key)
    auth(credentials, "codeartifact", world.region).add_auth(request)
    url = urllib.parse.urlsplit(request.url)
    return dict(request.headers), f"{url.path}?{url.query}" if url.query else url.path


@check("a wrong secret is refused, whoever holds it")
def _(world):
    client = world.make_client(aws_secret_access_key="wrong" * 8)
    refused("InvalidSignatureException", client.list_domains, status=403,
            containing="does not match the signature you provided")


@check("an unknown access key is refused")
def _(world):
    client = world.make_client(aws_access_key_id="AKIAIOSFODNN7EXAMPLE")
    refused("UnrecognizedClientException", client.list_domains, status=403)


@check("a session token that the key does not have is refused")
def _(world):
    client = world.make_client(aws_session_token="made-up")
    refused("UnrecognizedClientException", client.list_domains, status=403)


@check("another region's signature is refused")
def _(world):
    client = world.make_client(region_name="ap-southeast-7")
    refused("InvalidSignatureException", client.list_domains, status=403, containing="region")


@check("another service's signature is refused")
def _(world):
    request = AWSRequest("POST", world.endpoint + "/v1/domains")
    SigV4Auth(Credentials(world.access_key, world.secret_key), "s3", world.region).add_auth(request)
    status, headers, _ = send(world, "POST", "/v1/domains", dict(request.headers))
    equal((status, headers["x-amzn-errortype"]), (403, "InvalidSignatureException"))


def at(offset):
    """Lets botocore sign as if its clock were off."""
    when = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=offset)
    return patch("botocore.auth.get_current_datetime", lambda *_, **__: when)


@check("a clock may be off by less than five minutes, either way")
def _(world):
    for offset in (-240, 240):
        with at(offset):
            world.client.list_domains()


@check("a signature from five minutes ago or ahead is refused")
def _(world):
    with at(-420):
        refused("InvalidSignatureException", world.client.list_domains, status=403,
                containing="Signature expired")
    with at(420):
        refused("InvalidSignatureException", world.client.list_domains, status=403,
                containing="Signature not yet current")


@check("a changed body, query, path or header breaks the signature")
def _(world):
    path = "/v1/repository?domain=d1&repository=r1"
    headers, _ = signed(world, "POST", path, b'{"description":"a"}',
                        **{"Content-Type": "application/json"})
    changed = [
        ("POST", path, b'{"description":"b"}', headers),
        ("PUT", path, b'{"description":"a"}', headers),
        ("POST", path + "x", b'{"description":"a"}', headers),
        ("POST", path, b'{"description":"a"}', {**headers, "Content-Type": "text/plain"}),
        ("POST", path, b'{"description":"a"}', {**headers, "Host": "elsewhere"}),
    ]
    for method, target, body, sent in changed:
        status, reply, _ = send(world, method, target, sent, body)
        equal((status, reply["x-amzn-errortype"]), (403, "InvalidSignatureException"))


@check("a claimed body hash is held against the body")
def _(world):
    import hashlib
    for claimed, expected in [(b"", 200), (b"other", 403)]:
        digest = hashlib.sha256(claimed).hexdigest()

        class Claiming(SigV4Auth):
            def payload(self, request):
                return digest

        headers, _ = signed(world, "POST", "/v1/domains", auth=Claiming,
                            **{"X-Amz-Content-SHA256": digest})
        status, _, _ = send(world, "POST", "/v1/domains", {**headers, "Content-Length": "0"})
        equal(status, expected)


@check("a presigned address works, and only as signed")
def _(world):
    _, path = signed(world, "POST", "/v1/domains", auth=SigV4QueryAuth)
    status, _, reply = send(world, "POST", path, {"Content-Length": "0"})
    equal(status, 200)
    true("domains" in reply, "no domains")
    status, headers, _ = send(world, "POST", path + "&max-results=1", {"Content-Length": "0"})
    equal((status, headers["x-amzn-errortype"]), (403, "InvalidSignatureException"))


@check("no signature and half a signature are told apart")
def _(world):
    cases = [
        ({}, 403, "MissingAuthenticationTokenException"),
        ({"Authorization": "AWS4-HMAC-SHA256"}, 400, "IncompleteSignatureException"),
        ({"Authorization": "AWS4-HMAC-SHA256 Credential=a"}, 400, "IncompleteSignatureException"),
        ({"Authorization": "Bearer x"}, 400, "IncompleteSignatureException"),
    ]
    for headers, status, name in cases:
        got, reply, body = send(world, "POST", "/v1/domains", headers)
        equal((got, reply["x-amzn-errortype"]), (status, name))
        true(body["message"], "no message")
        true(reply["x-amzn-requestid"], "no request id")


@check("an unsigned instruction in a header is refused")
def _(world):
    headers, _ = signed(world, "POST", "/v1/domains")
    status, reply, _ = send(world, "POST", "/v1/domains", {**headers, "X-Amz-Extra": "1"})
    equal((status, reply["x-amzn-errortype"]), (400, "IncompleteSignatureException"))


@check("what is no operation is not found")
def _(world):
    for method, path in [("GET", "/v1/nothing"), ("PATCH", "/v1/domain"), ("GET", "/v1/domains")]:
        headers, _ = signed(world, method, path)
        status, reply, _ = send(world, method, path, headers)
        equal((status, reply["x-amzn-errortype"]), (404, "UnknownOperationException"))


@check("bodies that are no JSON objects are refused")
def _(world):
    for body in (b"{", b"[]", b'"x"', b"\xff", b"[" * 100000, b'{"maxResults":"5"}',
                 b'{"maxResults":1.5}', b'{"maxResults":{}}', b'{"nextToken":5}'):
        headers, _ = signed(world, "POST", "/v1/domains", body,
                            **{"Content-Type": "application/json"})
        status, reply, told = send(world, "POST", "/v1/domains", headers, body)
        equal((status, reply["x-amzn-errortype"]), (400, "ValidationException"), body[:20])
        true(told["reason"] in ("CANNOT_PARSE", "FIELD_VALIDATION_FAILED"), told)


@check("required parameters that are missing are named")
def _(world):
    headers, _ = signed(world, "GET", "/v1/package/version")
    status, _, told = send(world, "GET", "/v1/package/version", headers)
    equal(status, 400)
    for member in ("domain", "repository", "format", "package", "packageVersion"):
        true(f"Value null at '{member}'" in told["message"], f"{member} is not named: {told}")
    true(told["message"].startswith("5 validation errors detected: "), told["message"])


def door(world, domain, repository, authorization):
    """Asks a repository's front page with a header; returns the status and the challenges."""
    path = f"/pypi/d/{domain['name']}-{domain['owner']}/{repository}/simple/none/"
    headers = {"Authorization": authorization} if authorization else {}
    request = urllib.request.Request(world.endpoint + path, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, []
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get_all("WWW-Authenticate") or []


@check("a repository's door opens to a token of its domain, however it is wrapped")
def _(world):
    ours, theirs = world.domain("door"), world.domain("door2")
    world.repository(ours["name"], "r1")
    token = world.client.get_authorization_token(domain=ours["name"])["authorizationToken"]
    basic = base64.b64encode(f"aws:{token}".encode()).decode()
    for value in (f"Bearer {token}", token, f"Basic {basic}", f"bearer {token} "):
        equal(door(world, ours, "r1", value)[0], 404, value.split()[0])
    foreign = world.client.get_authorization_token(domain=theirs["name"])["authorizationToken"]
    for value in (None, "Bearer made-up", "Basic !", f"Bearer {token}x"):
        status, challenges = door(world, ours, "r1", value)
        equal(status, 401, value)
        schemes = " ".join(challenges)
        true("Basic realm=" in schemes and "Bearer realm=" in schemes, challenges)
    status, _ = door(world, ours, "r1", f"Bearer {foreign}")
    true(status in (401, 403), f"a foreign token gets {status}")
