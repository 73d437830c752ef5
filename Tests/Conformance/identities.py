"""Users, roles and temporary credentials, as the AWS SDK uses them."""

import base64
import contextlib
import http.server
import json
import os
import threading
import time

import boto3
from botocore.config import Config
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from harness import check, equal, true
from signatures import send, signed
from world import refused


def iam(world, call, /, **members):
    """A call of the server's own about identities, by the administrator."""
    path = f"/v1/larder/iam/{call}"
    body = json.dumps(members)
    headers, path = signed(world, "POST", path, body=body)
    status, _, answer = send(world, "POST", path, headers, body)
    true(status == 200, f"{call}: {status} {answer}")
    return answer


def client(world, service, key=None, **session):
    """A client of the SDK with a user's key, with a session's, or with the administrator's."""
    credentials = dict(
        aws_access_key_id=key["id"] if key else world.access_key,
        aws_secret_access_key=key["secret"] if key else world.secret_key,
    )
    if session:
        credentials = dict(
            aws_access_key_id=session["AccessKeyId"],
            aws_secret_access_key=session["SecretAccessKey"],
            aws_session_token=session["SessionToken"],
        )
    return boto3.session.Session().client(
        service, endpoint_url=world.endpoint, region_name=world.region,
        config=Config(retries={"max_attempts": 0}), **credentials)


@contextlib.contextmanager
def user(world, stem):
    """A user with a key, removed after the check."""
    name = world.name(stem)
    made = iam(world, "create-user", user=name)["user"]
    try:
        yield made, iam(world, "create-key", user=name)["key"]
    finally:
        iam(world, "delete-user", user=name)


def statement(**members):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **members}]})


@contextlib.contextmanager
def role(world, stem, principal, action="sts:AssumeRole", **more):
    """A role, removed after the check."""
    name = world.name(stem)
    trust = statement(Principal=principal, Action=action, **more)
    made = iam(world, "create-role", role=name, trustPolicy=trust)["role"]
    try:
        yield made
    finally:
        iam(world, "delete-role", role=name)


@check("the SDK is told who it is")
def _(world):
    who = client(world, "sts").get_caller_identity()
    equal(who["Account"], world.account, "account")
    equal(who["Arn"], f"arn:aws:iam::{world.account}:user/administrator", "name")
    true(who["ResponseMetadata"]["RequestId"], "no request id")


@check("a user without a policy may do nothing, and with one what it says, at once")
def _(world):
    domain = world.domain("rights")["name"]
    with user(world, "ann") as (ann, key):
        api = client(world, "codeartifact", key)
        describe = lambda: api.describe_domain(domain=domain)
        refused("AccessDeniedException", describe, status=403)
        iam(world, "put-policy", user=ann["name"], name="AWSCodeArtifactReadOnlyAccess")
        equal(describe()["domain"]["name"], domain, "domain")
        refused("AccessDeniedException", lambda: api.delete_domain(domain=domain), status=403)
        iam(world, "put-policy", user=ann["name"], name="no", document=json.dumps(
            {"Statement": {"Effect": "Deny", "Action": "codeartifact:Describe*", "Resource": "*"}}))
        refused("AccessDeniedException", describe, status=403)
        iam(world, "delete-policy", user=ann["name"], name="no")
        describe()
        iam(world, "set-key-status", key=key["id"], active=False)
        refused("UnrecognizedClientException", describe, status=403)
        iam(world, "set-key-status", key=key["id"], active=True)
        describe()
        used = iam(world, "list-keys", user=ann["name"])["keys"][0]
        equal(used["lastUsedService"], "codeartifact", "service of last use")


@check("a role is taken on by the SDK, and its session works everywhere until it is revoked")
def _(world):
    domain = world.domain("role")["name"]
    with role(world, "reader", {"AWS": world.account}) as made:
        iam(world, "put-policy", role=made["name"], name="AWSCodeArtifactReadOnlyAccess")
        answer = client(world, "sts").assume_role(
            RoleArn=made["arn"], RoleSessionName="build-17", DurationSeconds=900)
        session = answer["Credentials"]
        equal(answer["AssumedRoleUser"]["AssumedRoleId"], made["id"] + ":build-17", "id")
        true(899 <= session["Expiration"].timestamp() - time.time() + 2 <= 905, "expiration")
        who = client(world, "sts", **session).get_caller_identity()
        equal(who["Arn"], answer["AssumedRoleUser"]["Arn"], "name")
        api = client(world, "codeartifact", **session)
        api.describe_domain(domain=domain)
        refused("AccessDeniedException", lambda: api.delete_domain(domain=domain), status=403)
        token = api.get_authorization_token(domain=domain, durationSeconds=0)
        equal(token["expiration"].timestamp(), session["Expiration"].timestamp(), "token's end")
        listed = iam(world, "list-tokens", role=made["name"])["tokens"]
        equal([t["domain"] for t in listed], [domain], "tokens")
        true(token["authorizationToken"] not in json.dumps(listed), "a listing shows a token")
        wrong = dict(session, SessionToken="made-up")
        refused("UnrecognizedClientException",
                lambda: client(world, "codeartifact", **wrong).list_domains(), status=403)
        refused("InvalidClientTokenId",
                lambda: client(world, "sts", **wrong).get_caller_identity(), status=403)
        equal(iam(world, "revoke-tokens", role=made["name"])["revoked"], 1, "revoked tokens")
        refused("UnrecognizedClientException", api.list_domains, status=403)


@check("a session's policy narrows it, a malformed one is refused with its place")
def _(world):
    domain = world.domain("narrow")["name"]
    sts = client(world, "sts")
    with role(world, "admin", {"AWS": world.account}) as made:
        iam(world, "put-policy", role=made["name"], name="AdministratorAccess")
        take = lambda policy: sts.assume_role(
            RoleArn=made["arn"], RoleSessionName="narrow", Policy=policy)["Credentials"]
        only = statement(Action="codeartifact:ListDomains", Resource="*")
        api = client(world, "codeartifact", **take(only))
        true(domain in [d["name"] for d in api.list_domains()["domains"]], "domain not listed")
        refused("AccessDeniedException", lambda: api.describe_domain(domain=domain), status=403)
        refused("MalformedPolicyDocument", lambda: take('{"Statement": 7}'), containing="line 1")
        refused("ValidationError", lambda: sts.assume_role(
            RoleArn=made["arn"], RoleSessionName="x y"), containing="roleSessionName")
        refused("ValidationError", lambda: sts.assume_role(
            RoleArn=made["arn"], RoleSessionName="xy", DurationSeconds=3601))


@check("who may not manage identities is refused, and nobody rises above himself")
def _(world):
    with user(world, "eve") as (eve, key):
        try_ = lambda call, /, **members: call_as(world, key, call, **members)
        equal(try_("whoami")[1]["arn"], eve["arn"], "name")
        for name in ("list-users", "list-accounts", "create-account"):
            equal(try_(name)[0], 403, name)
        iam(world, "put-policy", user=eve["name"], name="all", document=statement(
            Action="iam:*", Resource="*"))
        equal(try_("list-users")[0], 200, "list-users")
        for name, members in (
            ("create-account", {}),
            ("create-user", {"user": "mallory", "administrator": True}),
            ("create-key", {"user": "administrator"}),
            ("delete-user", {"user": "administrator"}),
            ("list-users", {"account": "999999999999"}),
        ):
            equal(try_(name, **members)[0], 403, name)


def call_as(world, key, call, /, **members):
    """A call about identities with another key."""
    other = type(world)(world.endpoint, key["id"], key["secret"], world.region)
    body = json.dumps(members)
    headers, path = signed(other, "POST", f"/v1/larder/iam/{call}", body=body)
    status, _, answer = send(other, "POST", path, headers, body)
    return status, answer


class Issuer:
    """An issuer of tokens as CI services have one, on a free port of this machine."""

    def __enter__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(issuer.documents().get(self.path, {})).encode()
                self.send_response(200 if self.path in issuer.documents() else 404)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.place = f"127.0.0.1:{self.server.server_address[1]}"
        self.address = f"http://{self.place}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def documents(self):
        numbers = self.key.public_key().public_numbers()
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.address, "jwks_uri": self.address + "/keys"},
            "/keys": {"keys": [{
                "kty": "RSA", "kid": "one", "alg": "RS256", "use": "sig",
                "n": text(numbers.n.to_bytes(256, "big")), "e": text(b"\1\0\1")}]},
        }

    def token(self, algorithm="RS256", **changes):
        now = int(time.time())
        claims = {"iss": self.address, "aud": "larder", "sub": "repo:acme/app", "iat": now,
                  "exp": now + 300, **changes}
        head = text(json.dumps({"alg": algorithm, "kid": "one"}).encode())
        signed_part = f"{head}.{text(json.dumps(claims).encode())}"
        if algorithm == "none":
            return signed_part + "."
        signature = self.key.sign(signed_part.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed_part}.{text(signature)}"


def text(content):
    """Base 64 for URLs, without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@check("a CI job's token is exchanged for a role by the SDK on its own")
def _(world):
    domain = world.domain("oidc")["name"]
    with Issuer() as issuer:
        provider = iam(world, "create-oidc-provider", issuer=issuer.address, audiences=["larder"])
        try:
            exchange(world, domain, issuer, provider["provider"]["arn"])
        finally:
            iam(world, "delete-oidc-provider", issuer=issuer.address)


def exchange(world, domain, issuer, provider):
    trust = {"StringEquals": {
        f"{issuer.place}:sub": "repo:acme/app", f"{issuer.place}:aud": "larder"}}
    with role(world, "job", {"Federated": provider}, "sts:AssumeRoleWithWebIdentity",
              Condition=trust) as made:
        iam(world, "put-policy", role=made["name"], name="AWSCodeArtifactReadOnlyAccess")
        anonymous = boto3.session.Session().client(
            "sts", endpoint_url=world.endpoint, region_name=world.region)
        take = lambda token: anonymous.assume_role_with_web_identity(
            RoleArn=made["arn"], RoleSessionName="job-1", WebIdentityToken=token)
        answer = take(issuer.token())
        equal(answer["SubjectFromWebIdentityToken"], "repo:acme/app", "subject")
        equal((answer["Provider"], answer["Audience"]), (issuer.address, "larder"), "issuer")
        client(world, "codeartifact", **answer["Credentials"]).describe_domain(domain=domain)
        refused("InvalidIdentityToken", lambda: take(issuer.token(aud="other")), status=400)
        refused("InvalidIdentityToken", lambda: take(issuer.token("none")), status=400)
        refused("InvalidIdentityToken", lambda: take("x.y.z"), status=400)
        refused("ExpiredTokenException", lambda: take(issuer.token(exp=1)), status=400)
        refused("AccessDenied", lambda: take(issuer.token(sub="repo:evil/app")), status=403)
