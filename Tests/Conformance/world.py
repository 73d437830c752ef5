"""What the checks work on: a server, its administrator, and names nobody else uses."""

import secrets

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from judge import Judge
from shapes import example
from table import Table
from wire import Wire


class World:
    def __init__(self, endpoint, access_key, secret_key, region, program=None):
        self.endpoint = endpoint.rstrip("/")
        self.access_key, self.secret_key, self.region = access_key, secret_key, region
        self.client = self.make_client()
        self.judge = Judge(self.client)
        self.seed = secrets.token_hex(3)
        # Starts other servers, for what cannot be tried on this one; None where there is none.
        self.program = program
        self.table = Table()
        self.ground = self._account = self._served = None
        self._made = []
        self.kept = set()

    def make_client(self, **changes):
        """A client of the SDK as users have it, but for retries, which would hide failures."""
        options = dict(
            endpoint_url=self.endpoint,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            region_name=self.region,
            config=Config(retries={"max_attempts": 0}, connect_timeout=10, read_timeout=60),
        )
        options.update(changes)
        return boto3.session.Session().client("codeartifact", **options)

    def name(self, stem):
        """A name that no other run uses."""
        return f"{stem}-{self.seed}"

    @property
    def account(self):
        """The caller's account, as the server tells it."""
        if self._account is None:
            self._account = self.domain("who")["owner"]
        return self._account

    @property
    def served(self):
        """The names of the operations that the server answers."""
        if self._served is None:
            wire, model = Wire(self), self.client.meta.service_model
            self._served = [
                name for name in model.operation_names
                # The one that would succeed is not tried.
                if name == "CreateDomain" or b"UNKNOWN_OPERATION" not in wire.call(
                    name, example(model.operation_model(name).input_shape)).content]
        return self._served

    def proved(self, operation, column):
        """Notes for the table what a check has seen."""
        self.table.prove(operation, column)

    def disproved(self, operation, column):
        self.table.disprove(operation, column)

    def domain(self, stem):
        """A domain, made when it is not there and removed after the check."""
        name = self.name(stem)
        try:
            made = self.client.create_domain(domain=name)["domain"]
            self._made.append(name)
            return made
        except self.client.exceptions.ConflictException:
            return self.client.describe_domain(domain=name)["domain"]

    def will_make(self, domain):
        """Removes a domain after the check that somebody else makes in it."""
        self._made.append(domain)

    def clean(self):
        """Removes the domains made since the last call: an account has room for ten only."""
        gone, self._made = set(self._made) - self.kept, [n for n in self._made if n in self.kept]
        for domain in sorted(gone):
            try:
                self.client.describe_domain(domain=domain)
            except self.client.exceptions.ResourceNotFoundException:
                continue
            pages = self.client.get_paginator("list_repositories_in_domain").paginate(domain=domain)
            for name in [r["name"] for page in pages for r in page["repositories"]]:
                self.client.delete_repository(domain=domain, repository=name)
            self.client.delete_domain(domain=domain)

    def repository(self, domain, name, **more):
        """A new repository."""
        return self.client.create_repository(domain=domain, repository=name, **more)["repository"]


def refused(code, call, *, reason=None, about=None, status=None, containing=None):
    """Fails unless `call` is refused with this exception, and with these members."""
    try:
        call()
    except ClientError as error:
        response = error.response
        got = response["Error"]["Code"]
        message = response["Error"].get("Message") or response.get("message") or ""
        assert got == code, f"refused with {got} instead of {code}: {message}"
        assert message, f"{code} has no message"
        if reason:
            assert response.get("reason") == reason, f"reason is {response.get('reason')}"
        if about:
            assert response.get("resourceType") == about, response.get("resourceType")
            assert response.get("resourceId"), "no resourceId"
        if status:
            got = response["ResponseMetadata"]["HTTPStatusCode"]
            assert got == status, f"status is {got}, not {status}"
        if containing:
            assert containing in message, f"{containing!r} is not in {message!r}"
        return response
    raise AssertionError(f"accepted instead of refused with {code}")


def invalid(call, member):
    """Fails unless `call` is refused because of what it has for `member`."""
    return refused(
        "ValidationException", call, reason="FIELD_VALIDATION_FAILED",
        containing=f"at '{member}' failed to satisfy constraint", status=400)
