"""CreateDomain, DescribeDomain, ListDomains, DeleteDomain, GetAuthorizationToken."""

from datetime import datetime, timedelta, timezone

from harness import check, equal, true
from world import invalid, refused


@check("a domain is created, described, listed and deleted")
def _(world):
    name = world.name("life")
    created = world.client.create_domain(domain=name)["domain"]
    equal(created["name"], name)
    equal(created["status"], "Active")
    equal(created["repositoryCount"], 0)
    equal(created["assetSizeBytes"], 0)
    owner = created["owner"]
    equal(created["arn"], f"arn:aws:codeartifact:{world.region}:{owner}:domain/{name}")
    age = datetime.now(timezone.utc) - created["createdTime"]
    true(abs(age) < timedelta(minutes=5), f"createdTime is {age} ago")
    described = world.client.describe_domain(domain=name, domainOwner=owner)["domain"]
    equal(described, created)
    deleted = world.client.delete_domain(domain=name)["domain"]
    equal(deleted["name"], name)
    refused("ResourceNotFoundException", lambda: world.client.describe_domain(domain=name),
            about="domain", status=404)


@check("a domain's name is its account's only once")
def _(world):
    world.domain("twice")
    refused("ConflictException", lambda: world.client.create_domain(domain=world.name("twice")),
            about="domain", status=409)


@check("a domain with repositories is not deleted")
def _(world):
    name = world.domain("full")["name"]
    world.repository(name, "r1")
    refused("ConflictException", lambda: world.client.delete_domain(domain=name), about="domain")


@check("deleting a domain that is not there says so")
def _(world):
    refused("ResourceNotFoundException", lambda: world.client.delete_domain(domain="nowhere"),
            about="domain")


@check("domain names are held against the model's limits")
def _(world):
    for name in ["UPPER", "1st", "dash-", "a" * 51, "under_score", "dot.ted", "a b"]:
        invalid(lambda: world.client.create_domain(domain=name), "domain")
        invalid(lambda: world.client.describe_domain(domain=name), "domain")
    longest = ("z" + world.seed + "x" * 50)[:50]
    world.client.create_domain(domain=longest)
    world.client.delete_domain(domain=longest)


@check("an account number has twelve digits")
def _(world):
    invalid(lambda: world.client.describe_domain(domain="corp", domainOwner="12345678901x"),
            "domainOwner")


@check("what belongs to another account is denied in AWS's words")
def _(world):
    other = "999999999999" if world.account != "999999999999" else "888888888888"
    refused("AccessDeniedException",
            lambda: world.client.describe_domain(domain="corp", domainOwner=other), status=403,
            containing="is not authorized to perform: codeartifact:DescribeDomain on resource: "
            f"arn:aws:codeartifact:{world.region}:{other}:domain/corp")


@check("an account has ten domains and no more")
def _(world):
    refused("ServiceQuotaExceededException",
            lambda: [world.domain(f"quota{i}") for i in range(11)], about="domain", status=402)


@check("every domain is on exactly one page")
def _(world):
    names = {world.domain(f"page{i}")["name"] for i in range(3)}
    for size in (1, 2, 1000):
        pages = world.client.get_paginator("list_domains").paginate(
            PaginationConfig={"PageSize": size})
        listed = [d["name"] for page in pages for d in page["domains"]]
        equal(len(listed), len(set(listed)), "the number of domains listed once")
        true(names <= set(listed), f"{names - set(listed)} is not listed")
    for domain in world.client.list_domains()["domains"]:
        true("repositoryCount" not in domain, "a summary has the members of a description")


@check("page sizes run from 1 to 1000")
def _(world):
    invalid(lambda: world.client.list_domains(maxResults=1001), "maxResults")
    invalid(lambda: world.client.list_repositories(maxResults=1001), "maxResults")


@check("a made-up page token is refused")
def _(world):
    refused("ValidationException", lambda: world.client.list_domains(nextToken="made-up"))
    refused("ValidationException", lambda: world.client.list_repositories(nextToken="made-up"))
    invalid(lambda: world.client.list_domains(nextToken="with space"), "nextToken")
    invalid(lambda: world.client.list_domains(nextToken="x" * 2001), "nextToken")


@check("an encryption key is reported by its full name, and must be one")
def _(world):
    name = world.name("key")
    created = world.client.create_domain(domain=name, encryptionKey="alias/mine")["domain"]
    world.client.delete_domain(domain=name)
    equal(created["encryptionKey"],
          f"arn:aws:kms:{world.region}:{created['owner']}:alias/mine")
    for bad in ("arn:aws:s3:::bucket", "alias/", "k?y"):
        refused("ValidationException", lambda: world.client.create_domain(
            domain=name, encryptionKey=bad), reason="ENCRYPTION_KEY_ERROR")
    invalid(lambda: world.client.create_domain(
        domain=name, encryptionKey="x" * 1012), "encryptionKey")


@check("a token lasts as long as was asked")
def _(world):
    domain = world.domain("tokens")["name"]
    for asked, seconds in [(None, 43200), (900, 900), (3600, 3600), (43200, 43200), (0, 43200)]:
        more = {} if asked is None else {"durationSeconds": asked}
        reply = world.client.get_authorization_token(domain=domain, **more)
        true(20 <= len(reply["authorizationToken"]) < 200, "the token's length")
        left = reply["expiration"] - datetime.now(timezone.utc)
        true(abs(left.total_seconds() - seconds) < 60, f"asked {asked}, lasts {left}")


@check("a token's duration is 0 or a quarter of an hour to twelve hours")
def _(world):
    domain = world.domain("tokens")["name"]
    for seconds in (1, 899, 43201):
        refused("ValidationException", lambda: world.client.get_authorization_token(
            domain=domain, durationSeconds=seconds), reason="FIELD_VALIDATION_FAILED")


@check("a token for a domain that is not there is refused")
def _(world):
    refused("ResourceNotFoundException",
            lambda: world.client.get_authorization_token(domain="nowhere"), about="domain")
