#!/usr/bin/env python3
"""Every request is on record, whatever became of it; and no secret is in anything that is kept.

    trail.py PROGRAM [--only TEXT]

Starts `PROGRAM serve` itself, with logging at its loudest, and sends it all that clients send and
much that they should not, over sockets of its own. Ends with "N passed, N failed".
"""

import argparse
import base64
import gzip
import http.client
import http.server
import json
import pathlib
import secrets
import socket
import subprocess
import sys
import threading
import time
import urllib.parse

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import harness
from ground import CASES, Ground
from harness import check, equal, true
from identities import client as session_client, iam
from publishers import PUBLISHERS
from service import Service
from signatures import send, signed
from strangers import larder, stranger
from wire import Wire

# What those check that were imported is for their own runs.
harness.forget()

# Whom calls are about that name no domain: the caller's account.
ACCOUNT_LEVEL = {"ListDomains", "ListRepositories"}
# What calls are about that name it in their body, which nobody reads before the caller is known.
BODY_LEVEL = {"PutDomainPermissionsPolicy"}
CONNECTIONS = {p.format: p.connection for p in PUBLISHERS if p.connection}


class Failing(http.server.ThreadingHTTPServer):
    """A public registry that has nothing but errors."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(500)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_HEAD = do_GET

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Secrets:
    """Texts that nobody else writes, by what they are."""

    def __init__(self):
        self.by_text = {}

    def keep(self, text, what):
        self.by_text[text] = what
        return text

    def make(self, what, prefix="", length=40):
        """A new one: so long that no chance makes another, so plain that every form shows."""
        return self.keep(prefix + "Sc" + secrets.token_hex(length // 2), what)

    def token(self, what):
        """One that looks like ours."""
        return self.keep("larder_" + secrets.token_urlsafe(32), what)

    def web_token(self, what):
        def part(value):
            return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

        return self.keep(".".join([part({"alg": "RS256"}), part({"sub": secrets.token_hex(8)}),
                                   secrets.token_urlsafe(64)]), what)


class House:
    """The server, and what was sent to it."""

    def __init__(self, program):
        self.program, self.secrets = program, Secrets()
        self.failing = Failing()
        host = f"127.0.0.1:{self.failing.server_address[1]}"
        password = self.secrets.make("password of a public registry")
        self.hook_secret = self.secrets.make("secret of the webhook")
        self.hook_file = pathlib.Path(f"/tmp/larder-hook-{secrets.token_hex(6)}")
        self.hook_file.write_text(self.hook_secret + "\n")
        flags = [f for name in CONNECTIONS.values()
                 for f in ("--external", f"{name}=http://mirror:{password}@{host}/x/")]
        hook = self.secrets.make("password in the webhook's address")
        self.service = Service(
            program, "--log-level", "trace", *flags, "--events-webhook",
            f"http://hook:{hook}@{host}/events", "--events-secret", str(self.hook_file),
            "--events-file", f"/tmp/larder-events-{secrets.token_hex(6)}", offline=False)
        self.events_file = pathlib.Path(self.service.flags[self.service.flags.index(
            "--events-file") + 1])
        self.world = self.service.world()
        self.world.program = program
        # Its file of credentials has it, for the owner's eyes.
        self.secrets.keep(self.world.secret_key, "secret access key")
        self.account = self.world.account
        self.world.kept |= {"trail"}
        client = self.world.client
        client.create_domain(domain="trail")
        client.create_domain(domain="elsewhere")
        client.create_repository(domain="trail", repository="tools")
        self.token = self.domain_token("trail")
        self.other_token = self.domain_token("elsewhere")
        self.host = urllib.parse.urlsplit(self.world.endpoint).netloc
        self.expected, self.count = {}, 0

    def clean(self):
        pass

    def domain_token(self, domain):
        return self.secrets.keep(self.world.client.get_authorization_token(
            domain=domain)["authorizationToken"], "authorization token")

    def path(self, kind, repository="tools"):
        return f"/{kind}/d/trail-{self.account}/{repository}/"

    def send(self, method, target, headers=(), body=b"", cut=None):
        """A request as it stands; returns status and headers, or None where it is cut off."""
        host, port = self.host.split(":")
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            head = f"{method} {target} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in headers)
            if body or method in ("PUT", "POST", "PATCH"):
                head += f"Content-Length: {len(body)}\r\n"
            connection.sendall(head.encode() + b"\r\n" + (body[:cut] if cut else body))
            if cut:
                return None
            reply = http.client.HTTPResponse(connection, method=method)
            reply.begin()
            reply.read()
            return reply

    def probe(self, event, outcome, method, target, headers=(), body=b"", *, who="administrator",
              resource="/trail/tools", cut=None):
        """Sends a request, and notes what the trail has to say of it."""
        self.count += 1
        agent = f"probe/{self.count}"
        reply = self.send(method, target, [("User-Agent", agent), *headers], body, cut)
        self.expected[agent] = dict(
            what=f"{method} {target[:100]}", event=event, outcome=outcome, who=who,
            resource=resource, status=reply and reply.status)
        return reply

    def basic(self, token, user="aws"):
        value = base64.b64encode(f"{user}:{token}".encode()).decode()
        return ("Authorization", f"Basic {value}")

    def records(self, *flags):
        run = subprocess.run(
            [self.program, "audit", "--data", str(self.service.data), "--json", *flags],
            capture_output=True, text=True, check=True)
        return [json.loads(line) for line in run.stdout.splitlines()]

    def settle(self):
        """Returns all records, once every request that was sent is among them."""
        deadline = time.monotonic() + 30
        while True:
            found = self.records()
            agents = {r.get("userAgent") for r in found}
            if set(self.expected) <= agents or time.monotonic() > deadline:
                return found
            time.sleep(0.05)


def outcome(record):
    code = record.get("errorCode")
    if code is None:
        return "ok"
    denials = ("AccessDenied", "AccessDeniedException", "UnrecognizedClientException",
               "InvalidSignatureException", "MissingAuthenticationTokenException",
               "IncompleteSignatureException")
    return "denied" if code in denials else "failed"


def fault(record, want):
    """What is wrong with a record, or None."""
    who = record["userIdentity"]
    if want["who"] is None:
        if who.get("accountId") != "ANONYMOUS_PRINCIPAL":
            return f"the caller is {who}"
    elif not who.get("arn", "").endswith("/" + want["who"]):
        return f"the caller is {who}"
    if want["event"] and record["eventName"] != want["event"]:
        return f"the action is {record['eventName']}, not {want['event']}"
    if want["outcome"] and outcome(record) != want["outcome"]:
        return f"the outcome is {record.get('errorCode')} {record.get('errorMessage')}"
    names = [r["ARN"] for r in record.get("resources", [])]
    if want["resource"] and not any(want["resource"] in name for name in names):
        return f"the resources are {names}, not {want['resource']}"
    status = record["additionalEventData"]["httpStatus"]
    if want["status"] not in (None, status):
        return f"the status is {status}, not {want['status']}"
    return None


@check("what package managers do is on record, in every format and however it ends")
def _(house):
    read, publish = "ReadFromRepository", "PublishPackageVersion"
    for publisher in PUBLISHERS:
        kind = publisher.format
        endpoint, own = house.path(kind), house.basic(house.token)
        publisher.publish(house.world.endpoint + endpoint, house.token)
        for path in publisher.files:
            reply = house.probe(read, "ok", "GET", endpoint + path, [own])
            equal(reply.status, 200, f"{kind}: {path}")
            tag = reply.headers.get("ETag")
            house.probe(read, "ok", "HEAD", endpoint + path, [own])
            if tag:
                again = house.probe(read, "ok", "GET", endpoint + path,
                                    [own, ("If-None-Match", tag)])
                equal(again.status, 304, f"{kind}: again")
            house.probe(read, None, "GET", endpoint + path, [own, ("Range", "bytes=0-1")])
            house.probe(read, None, "GET", endpoint + path, [own, ("Range", "bytes=9999999-")])
            house.probe(read, "denied", "GET", endpoint + path, who=None)
            stranger = house.secrets.token("token that nobody knows")
            house.probe(read, "denied", "GET", endpoint + path, [house.basic(stranger)], who=None)
            house.probe(read, "denied", "GET", endpoint + path, [house.basic(house.other_token)])
            house.probe(read, "denied", "GET", endpoint + path, [own, own], who=None)
        house.probe(None, "failed", "GET", endpoint + "no/such/thing/at-all", [own])
        house.probe(None, "failed", "GET", house.path(kind, "nowhere") + "thing", [own],
                    resource="repository/trail/nowhere")
        house.probe(None, None, "PATCH", endpoint + "thing", [own])
        house.probe(None, None, "OPTIONS", endpoint + "thing", [own])
        house.probe(publish, "denied", "PUT", endpoint + "thing", body=b"x" * 99, who=None)
        # The connection ends in the middle of the body.
        for path in publisher.files[:1]:
            house.probe(None, None, "PUT", endpoint + path, [own], b"x" * 100_000, cut=5000)
    house.probe(None, "failed", "GET", f"/apt/d/trail-{house.account}/tools/x",
                [house.basic(house.token)], who=None, resource=None)
    house.probe(None, "failed", "GET", house.path("npm") + "%zz", [house.basic(house.token)],
                who=None, resource=None)


@check("what fails outside is on record")
def _(house):
    client = house.world.client
    for kind, connection in CONNECTIONS.items():
        client.create_repository(domain="trail", repository=f"outside-{kind}")
        client.associate_external_connection(
            domain="trail", repository=f"outside-{kind}", externalConnection=connection)
    wanted = {"npm": "left-pad", "pypi": "simple/flask/", "nuget":
              "v3/registration5-semver2/serilog/index.json", "cargo": "se/rd/serde",
              "maven": "org/acme/thing/maven-metadata.xml", "ruby": "info/rake"}
    for kind, path in wanted.items():
        reply = house.probe(
            "ReadFromRepository", "failed", "GET", house.path(kind, f"outside-{kind}") + path,
            [house.basic(house.token)], resource=f"repository/trail/outside-{kind}")
        true(reply.status >= 400, f"{kind}: {reply.status}")


@check("logins of old and new are on record")
def _(house):
    npm, own = house.path("npm"), house.basic(house.token)
    password = house.secrets.make("npm password")
    body = json.dumps({"_id": "org.couchdb.user:ann", "name": "ann", "password": password,
                       "type": "user"}).encode()
    house.probe(None, None, "PUT", npm + "-/user/org.couchdb.user:ann", body=body, who=None)
    house.probe(None, None, "PUT", npm + "-/user/org.couchdb.user:ann/-rev/1",
                [house.basic(password, "ann")], body, who=None)
    house.probe(None, None, "POST", npm + "-/v1/login", body=body, who=None)
    house.probe(None, None, "DELETE", npm + "-/user/token/"
                + house.secrets.make("npm token in a path", "npm_"), [own])
    house.probe(None, None, "DELETE", npm + "-/npm/v1/tokens/token/"
                + house.secrets.token("token in a path"), [own])
    for kind, method, path in [("swift", "POST", "login"), ("ruby", "GET", "api/v1/api_key"),
                               ("cargo", "GET", "me"), ("npm", "GET", "-/whoami")]:
        house.probe(None, None, method, house.path(kind) + path, [own])
        wrong = house.basic(house.secrets.make(f"{kind} password"), "ann")
        house.probe(None, "denied", method, house.path(kind) + path, [wrong], who=None)
    key = house.secrets.make("NuGet API key")
    house.probe(None, "denied", "PUT", house.path("nuget") + "v3/package/",
                [("X-NuGet-ApiKey", key)], b"x" * 50, who=None)
    house.probe("PublishPackageVersion", None, "PUT", house.path("nuget") + "v3/package/",
                [("X-NuGet-ApiKey", house.token)], b"x" * 50)


@check("each of the 48 operations is on record: done, denied, unsigned, forged and wrong")
def _(house):
    world = house.world
    where = Ground(world, "trailed")
    world.kept.add(where.domain)
    other = stranger(world, "nobody")
    house.secrets.keep(other.secret_key, "secret access key of a user")
    wires = {"done": Wire(world), "denied": Wire(other), "unsigned": Wire(world),
             "forged": Wire(world), "wrong": Wire(world)}
    wires["unsigned"]._signer = type("Nobody", (), {"add_auth": lambda *_: None})()
    wires["forged"] = Wire(world.__class__(
        world.endpoint, world.access_key, house.secrets.make("forged key"), world.region))
    names = sorted(world.client.meta.service_model.operation_names)
    equal(len(names), 48, "operations")
    seen = {}
    arguments = {name: CASES[name](where) for name in names}
    for how in ("unsigned", "forged", "denied", "wrong", "done"):
        order = sorted(names, key=lambda n: (n.startswith("Delete"), n))
        for name in order:
            more = {"extra_query": "max-results=0&token=" + house.secrets.make("query")} \
                if how == "wrong" else {}
            asked = dict(arguments[name])
            if how == "wrong":
                asked = {k: "-!-" if k == "domain" else v for k, v in asked.items()}
                if "resourceArn" in asked:
                    asked["resourceArn"] = "arn:nonsense"
            reply = wires[how].call(name, asked, **more)
            seen[reply.headers["x-amzn-requestid"]] = (name, how, reply)
    found = {r.get("requestID"): r for r in house.settle()}
    faults = []
    for identifier, (name, how, reply) in seen.items():
        record = found.get(identifier)
        if not record:
            faults.append(f"{name}, {how}: not on record")
            continue
        asked = arguments[name]
        known = how in ("done", "denied")
        want = dict(
            event=name, status=reply.status,
            who={"done": "administrator", "wrong": "administrator", "denied": "nobody"}.get(how),
            outcome={"done": "ok", "wrong": None}.get(how, "denied"),
            resource=None if name in ACCOUNT_LEVEL or how == "wrong"
            or not known and name in BODY_LEVEL
            else asked["resourceArn"] if "resourceArn" in asked and known
            else f"/{asked['domain']}" if known and "domain" in asked
            else "arn:aws:codeartifact:")
        problem = fault(record, want)
        if problem:
            faults.append(f"{name}, {how}: {problem}")
    true(not faults, "\n    " + "\n    ".join(faults))


@check("calls of the token service and about identities are on record, by their names")
def _(house):
    world, keep = house.world, house.secrets.keep
    trust = json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{house.account}:root"},
        "Action": "sts:AssumeRole"}]})
    made = iam(world, "create-user", user="ann")
    key = iam(world, "create-key", user="ann")["key"]
    keep(key["secret"], "secret access key")
    iam(world, "create-role", role="ci", trustPolicy=trust)
    iam(world, "put-policy", user="ann", name="p", document=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*",
                                                "Resource": "*"}]}))
    iam(world, "get-policy", user="ann", name="p")
    iam(world, "list-policies", user="ann")
    iam(world, "list-keys", user="ann")
    iam(world, "list-users")
    iam(world, "list-roles")
    iam(world, "get-role", role="ci")
    iam(world, "list-tokens")
    iam(world, "list-accounts")
    iam(world, "whoami")
    iam(world, "set-key-status", key=key["id"], active=True)
    private = house.secrets.make("private half of a key")
    body = json.dumps({"issuer": "https://ci.invalid", "audiences": ["a"], "keySet": json.dumps(
        {"keys": [{"kty": "RSA", "kid": "1", "n": "AQAB", "e": "AQAB", "d": private}]})})
    headers, path = signed(world, "POST", "/v1/larder/iam/create-oidc-provider", body=body)
    send(world, "POST", path, headers, body)
    iam(world, "list-oidc-providers")
    made = iam(world, "create-account", name="second")
    keep(made["key"]["secret"], "secret access key")
    sts = session_client(world, "sts")
    who = sts.get_caller_identity()
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{house.account}:role/ci", RoleSessionName="build")
    for name in ("SecretAccessKey", "SessionToken"):
        keep(role["Credentials"][name], f"{name} of a role")
    session = sts.get_session_token()
    for name in ("SecretAccessKey", "SessionToken"):
        keep(session["Credentials"][name], f"{name} of a session")
    inside = session_client(world, "codeartifact", **role["Credentials"])
    try:
        inside.describe_domain(domain="trail")
    except Exception as error:
        true("AccessDenied" in str(error), error)
    try:
        sts.assume_role_with_web_identity(
            RoleArn=f"arn:aws:iam::{house.account}:role/ci", RoleSessionName="build",
            WebIdentityToken=house.secrets.web_token("web identity token"))
        raise AssertionError("let in")
    except Exception as error:
        true("AssertionError" not in repr(error), error)
    iam(world, "set-trust-policy", role="ci", trustPolicy=trust)
    iam(world, "revoke-tokens", user="ann")
    iam(world, "delete-policy", user="ann", name="p")
    iam(world, "delete-key", key=key["id"])
    iam(world, "delete-user", user="ann")
    iam(world, "delete-role", role="ci")
    records = house.settle()
    events = {}
    for record in records:
        events.setdefault(record["eventSource"], set()).add(record["eventName"])
    missing = {
        "CreateAccount", "CreateAccessKey", "CreateOpenIDConnectProvider", "CreateRole",
        "CreateUser", "DeleteAccessKey", "DeleteRole", "DeleteUser", "ListAccounts",
        "ListAccessKeys", "ListOpenIDConnectProviders", "ListRoles", "ListTokens", "ListUsers",
        "PutPolicy", "GetPolicy", "ListPolicies", "DeletePolicy", "RevokeTokens",
        "UpdateAccessKey", "UpdateAssumeRolePolicy", "GetCallerIdentity",
    } - events["iam.amazonaws.com"]
    equal(missing, set(), "calls about identities that are not on record")
    missing = {"GetCallerIdentity", "AssumeRole", "AssumeRoleWithWebIdentity", "GetSessionToken"} \
        - events["sts.amazonaws.com"]
    equal(missing, set(), "calls of the token service that are not on record")
    nameless = [r["eventName"] for r in records if r["eventSource"] == "iam.amazonaws.com"
                and not r.get("resources") and r["eventName"] != "GetCallerIdentity"
                and "errorCode" not in r]
    equal(nameless, [], "calls about identities without a resource")
    true(who["ResponseMetadata"]["RequestId"] in {r.get("requestID") for r in records}, "STS id")


@check("what is no request, and what nothing is served for, is on record")
def _(house):
    before = len([r for r in house.settle()
                  if r.get("errorCode") == "MalformedHttpRequestException"])
    host, port = house.host.split(":")
    secret = house.secrets.make("secret in a broken request")
    broken = [f"GET /{secret} HTTP/7.7\r\n\r\n", f"{secret}\r\n\r\n",
              f"GET / HTTP/1.1\r\nAuthorization {secret}\r\n\r\n",
              f"GET / HTTP/1.1\r\nX-Long: {secret * 4000}\r\n\r\n",
              f"G@T /{secret} HTTP/1.1\r\nHost: x\r\n\r\n"]
    for text in broken:
        with socket.create_connection((host, int(port)), timeout=30) as connection:
            connection.settimeout(30)
            try:
                connection.sendall(text.encode())
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass
            except ConnectionError:
                pass
    for path in ("/", "/nothing/here", "/v1/nothing", "/favicon.ico", "/v1/larder/iam/nothing"):
        for method in ("GET", "POST", "DELETE"):
            house.probe(None, None, method, path, who=None, resource=None)
    deadline = time.monotonic() + 20
    while True:
        after = len([r for r in house.records()
                     if r.get("errorCode") == "MalformedHttpRequestException"])
        if after - before >= len(broken) or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    equal(after - before, len(broken), "broken requests on record")


@check("secrets in every place that a client can send them to")
def _(house):
    make, token, npm = house.secrets.make, house.secrets.token, house.path("npm")
    endpoints = ["/v1/domain?domain=trail", npm + "widget", house.path("maven") + "a/b/c.jar",
                 "/nowhere", "/?Action=GetCallerIdentity&Version=2011-06-15"]
    for target in endpoints:
        mark = "&" if "?" in target else "?"
        for name in ("token", "access_token", "_auth", "X-Amz-Signature", "X-Amz-Security-Token",
                     "password", "api_key", "AWSAccessKeyId"):
            house.probe(None, None, "GET", target + mark + name + "=" + make("query " + name),
                        who=None, resource=None)
        for header in ("Cookie", "Proxy-Authorization", "X-Amz-Security-Token", "X-Auth-Token",
                       "X-NuGet-ApiKey", "X-Api-Key", "npm-otp", "X-Amz-Content-Sha256",
                       "X-Amz-Date", "Referer"):
            house.probe(None, None, "GET", target, [(header, make("header " + header))],
                        who=None, resource=None)
        for value in (f"Basic {make('malformed Basic')}", f"Bearer {make('Bearer')}",
                      make("bare token"), f"Digest username=a, response={make('Digest')}",
                      f"AWS4-HMAC-SHA256 Credential={make('Credential')}, SignedHeaders=host, "
                      f"Signature={make('Signature')}",
                      f"AWS4-HMAC-SHA256 {make('AWS4')}", f"Token token={make('Token')}",
                      house.basic(make("user", length=20), make("user name"))[1]):
            house.probe(None, None, "GET", target, [("Authorization", value)], who=None,
                        resource=None)
        # User-info of an address, as a proxy gets it.
        house.probe(None, None, "GET", f"http://aws:{make('user-info')}@{house.host}{target}",
                    who=None, resource=None)
        body = json.dumps({"password": make("body password"), "note": make("body note"),
                           "token": token("body token")}).encode()
        house.probe(None, None, "POST", target, body=body, who=None, resource=None)
        house.probe(None, None, "POST", target, body=body[:-1], who=None, resource=None)
    # In a path or an agent only what looks like a secret can be told from a name.
    own = house.basic(house.token)
    for text in (token("token as a package"), house.secrets.web_token("JWT as a package")):
        coded = "".join(f"%{b:02x}" for b in text.encode())
        for path in (text, coded, coded.replace("%", "%25"), f"simple/{text}/1.0/{text}.whl",
                     base64.b64encode(f"aws:{text}".encode()).decode()):
            house.probe(None, None, "GET", npm + path, [own], resource=None)
            house.probe(None, None, "GET", "/" + path, [own], who=None, resource=None)
        for agent in (f"tool ({text})", f"tool Bearer {text}", house.basic(text)[1]):
            reply = house.send("GET", npm + "widget", [("User-Agent", agent), own])
            equal(reply.status < 500, True, agent)
    # Signed calls with more than they need.
    wire = Wire(house.world)
    for name in ("CreateRepository", "UpdateRepository", "TagResource"):
        wire.call(name, {"domain": "trail", "repository": "tools"} if name != "TagResource" else {
            "resourceArn": f"arn:aws:codeartifact:{house.world.region}:{house.account}:domain/trail"
        }, body=json.dumps({"password": make("member"), "sessionToken": make("member"),
                            "whatever": make("member")}).encode())
    for text in (f'{{"Statement": "{token("policy")}"}}', token("policy"),
                 '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": '
                 f'"{token("policy")}", "Action": "*", "Resource": "*"}}]}}'):
        wire.call("PutDomainPermissionsPolicy", {"domain": "trail", "policyDocument": text})
    # A presigned address, good and spoilt.
    request = AWSRequest("GET", house.world.endpoint + "/v1/domain?domain=trail")
    SigV4QueryAuth(Credentials(house.world.access_key, house.world.secret_key, token("session")),
                   "codeartifact", house.world.region).add_auth(request)
    target = request.url.removeprefix(house.world.endpoint)
    signature = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)["X-Amz-Signature"][0]
    house.secrets.keep(signature, "presigned signature")
    house.probe(None, None, "POST", target, who=None, resource=None)
    house.probe(None, None, "GET", target, who=None, resource=None)


@check("every request of this run is on record once, with who, what, on what and how it ended")
def _(house):
    found = {}
    for record in house.settle():
        found.setdefault(record.get("userAgent"), []).append(record)
    true(len(house.expected) > 300, f"only {len(house.expected)} requests were sent")
    faults = []
    for agent, want in house.expected.items():
        records = found.get(agent, [])
        if len(records) != 1:
            faults.append(f"{want['what']}: {len(records)} records")
            continue
        problem = fault(records[0], want)
        if problem:
            faults.append(f"{want['what']}: {problem}")
    true(not faults, f"{len(faults)} of {len(house.expected)}\n    " + "\n    ".join(faults[:60]))


def forms(secret):
    """How a secret may be written: as it is, in base 64 at any offset, or behind escapes."""
    data = secret.encode()
    yield data
    for text in (data, data + b":x"):
        for lead in range(3):
            coded = base64.b64encode(b"\0" * lead + text)
            coded = coded[4 if lead else 0:-4]
            yield coded
            yield coded.replace(b"+", b"-").replace(b"/", b"_")
    for pattern in ("%{:02x}", "%{:02X}", "%25{:02x}"):
        yield "".join(pattern.format(b) for b in data).encode()
    quoted = urllib.parse.quote(secret, safe="").encode()
    if quoted != data:
        yield quoted
        yield urllib.parse.quote(quoted.decode(), safe="").encode()
    yield json.dumps(secret)[1:-1].replace("/", "\\/").encode()
    yield data.hex().encode()


@check("no secret is in anything that the server wrote, in no form")
def _(house):
    files = [house.service.log, house.service.folder / "out"]
    files += sorted(house.events_file.parent.glob(house.events_file.name + "*"))
    files += [f for f in sorted(house.service.data.rglob("*")) if f.is_file()]
    true(len(files) > 8, f"only {files}")
    true(house.service.log.stat().st_size > 100_000, "the log is not at its loudest")
    true(len(house.secrets.by_text) > 250, f"only {len(house.secrets.by_text)} secrets")
    wanted = {form: text for text in house.secrets.by_text for form in forms(text)}
    # Short runs that all forms share a window of: one look at each place is enough.
    size = min(map(len, wanted))
    true(size >= 12, f"{size} bytes can be there by chance")
    heads = {}
    for form in wanted:
        heads.setdefault(form[:size], []).append(form)
    faults = []
    for file in files:
        content = file.read_bytes()
        if file.suffix == ".gz":
            content = gzip.decompress(content)
        if file.name == "credentials.json":
            # For the owner's eyes: his own secret, and nobody else's.
            equal(file.stat().st_mode & 0o777, 0o600, "mode of credentials.json")
            content = content.replace(house.world.secret_key.encode(), b"")
        content = content.rstrip(b"\0")
        if len(content) > 64 << 20:
            content = content.replace(b"\0" * 4096, b"")
        for head, those in heads.items():
            if head in content:
                for form in those:
                    if form in content:
                        at = content.index(form)
                        faults.append(
                            f"{file.name} has the {house.secrets.by_text[wanted[form]]}: "
                            f"…{content[max(0, at - 60):at + 40]!r}")
    faults = sorted(set(faults))
    true(not faults, f"{len(faults)}\n    " + "\n    ".join(faults[:40]))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only")
    options = parser.parse_args()
    house = House(options.program)
    try:
        return harness.run(house, options.only)
    finally:
        house.service.remove()
        house.hook_file.unlink(missing_ok=True)
        for file in house.events_file.parent.glob(house.events_file.name + "*"):
            file.unlink()


if __name__ == "__main__":
    sys.exit(main())
