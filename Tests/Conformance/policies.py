"""Domain and repository policies: their six operations, and two accounts that share a domain."""

import json
import urllib.error
import urllib.request

from harness import check, equal, true
from identities import client, iam
from world import invalid, refused


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def statement(principal, *actions, effect="Allow", **more):
    return {"Effect": effect, "Principal": principal, "Resource": "*",
            "Action": [f"codeartifact:{a}" for a in actions] or "codeartifact:*", **more}


_others = {}


def other(world):
    """A second account's administrator: the account, and a client with its key."""
    if world.endpoint not in _others:
        _others[world.endpoint] = iam(world, "create-account", name="neighbours")
    made = _others[world.endpoint]
    account = made["account"]["id"]
    return account, client(world, "codeartifact", made["key"])


@check("a domain's policy is put, read and deleted as it was written")
def _(world):
    domain = world.domain("kept-policy")["name"]
    refused("ResourceNotFoundException", status=404, about="domain", call=lambda:
            world.client.get_domain_permissions_policy(domain=domain))
    text = " " + document(statement({"AWS": world.account})) + "\n"
    put = world.client.put_domain_permissions_policy(domain=domain, policyDocument=text)["policy"]
    equal(put["document"], text)
    equal(put["resourceArn"],
          f"arn:aws:codeartifact:{world.region}:{world.account}:domain/{domain}")
    equal(world.client.get_domain_permissions_policy(domain=domain)["policy"], put)
    equal(world.client.delete_domain_permissions_policy(domain=domain)["policy"], put)
    refused("ResourceNotFoundException", status=404, about="domain", call=lambda:
            world.client.delete_domain_permissions_policy(domain=domain))


@check("a repository's policy is replaced only from the revision that was read")
def _(world):
    domain = world.domain("revised-policy")["name"]
    world.repository(domain, "r1")
    key = dict(domain=domain, repository="r1")
    text = document(statement({"AWS": world.account}))
    put = world.client.put_repository_permissions_policy
    first = put(**key, policyDocument=text)["policy"]["revision"]
    second = put(**key, policyDocument=text, policyRevision=first)["policy"]["revision"]
    true(first != second, "a policy that was put again has its old revision")
    refused("ConflictException", lambda: put(**key, policyDocument=text, policyRevision=first),
            about="repository", status=409)
    refused("ConflictException", lambda: world.client.delete_repository_permissions_policy(
        **key, policyRevision=first), about="repository", status=409)
    world.client.delete_repository_permissions_policy(**key, policyRevision=second)
    refused("ResourceNotFoundException", lambda: world.client.get_repository_permissions_policy(
        **key), about="repository", status=404)


@check("what is no policy is refused with the place of its fault")
def _(world):
    domain = world.domain("broken-policy")["name"]
    put = lambda text: world.client.put_domain_permissions_policy(
        domain=domain, policyDocument=text)
    for text, place in [
        ('{', "(line 1, column 2)"),
        ('{"Statement": []}', "at Statement (line 1, column 15)"),
        ('{\n "Statement": {"Efect": "Allow"}}', "at Statement.Efect (line 2, column 16)"),
        (document(dict(statement("*"), Effect="allow")), "at Statement[0].Effect"),
        (document(dict(statement("*"), NotAction="a:b")), "either \"Action\" or \"NotAction\""),
        (document({"Effect": "Allow", "Action": "*", "Resource": "*"}), "\"Principal\""),
        (document(statement({"AWS": "ada"})), "at Statement[0].Principal.AWS"),
        (document(statement("*", Condition={"Is": {"a:b": "c"}})), "Condition.Is"),
    ]:
        refused("ValidationException", lambda: put(text), reason="FIELD_VALIDATION_FAILED",
                containing=place, status=400)
    invalid(lambda: put("x" * 7169), "policyDocument")
    invalid(lambda: put("\x00{}"), "policyDocument")
    refused("ResourceNotFoundException",
            lambda: world.client.get_domain_permissions_policy(domain=domain))


@check("a second account reads by policy, cannot publish, cannot widen its rights")
def _(world):
    domain = world.domain("shared")["name"]
    world.repository(domain, "r1")
    account, theirs = other(world)
    shared = dict(domain=domain, domainOwner=world.account)
    r1 = dict(shared, repository="r1")
    denied = lambda call, why="is not authorized to perform": refused(
        "AccessDeniedException", call, containing=why, status=403)
    denied(lambda: theirs.list_packages(**r1), "no resource-based policy")
    world.client.put_domain_permissions_policy(domain=domain, policyDocument=document(
        statement({"AWS": account}, "GetAuthorizationToken")))
    world.client.put_repository_permissions_policy(
        domain=domain, repository="r1", policyDocument=document(statement(
            {"AWS": f"arn:aws:iam::{account}:root"}, "ReadFromRepository", "ListPackages",
            "GetRepositoryEndpoint")))
    equal(theirs.list_packages(**r1)["packages"], [])
    token = theirs.get_authorization_token(**shared)["authorizationToken"]
    endpoint = theirs.get_repository_endpoint(**r1, format="generic")["repositoryEndpoint"]
    address = (theirs.get_repository_endpoint(**r1, format="pypi")["repositoryEndpoint"]
               + "simple/")
    true(fetch(address, token) == 200, "the second account's token does not read")
    true(endpoint, "no endpoint")
    sha = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
    denied(lambda: theirs.publish_package_version(
        **r1, format="generic", namespace="n", package="p", packageVersion="1", assetName="a",
        assetContent=b"foo", assetSHA256=sha), "codeartifact:PublishPackageVersion")
    everything = document(statement({"AWS": account}))
    for widen in [
        lambda: theirs.put_domain_permissions_policy(**shared, policyDocument=everything),
        lambda: theirs.put_repository_permissions_policy(**r1, policyDocument=everything),
        lambda: theirs.delete_domain_permissions_policy(**shared),
        lambda: theirs.delete_repository_permissions_policy(**r1),
        lambda: theirs.create_repository(**dict(r1, repository="r2")),
    ]:
        denied(widen)


@check("a denial in either policy wins, and its end counts at once")
def _(world):
    domain = world.domain("denying")["name"]
    world.repository(domain, "r1")
    account, theirs = other(world)
    r1 = dict(domain=domain, domainOwner=world.account, repository="r1")
    mine = dict(domain=domain, repository="r1")
    allow = document(statement({"AWS": account}, "DescribeRepository"))
    deny = document(statement({"AWS": account}, "DescribeRepository", effect="Deny"))
    explicit = "with an explicit deny in a resource-based policy"
    read = lambda: theirs.describe_repository(**r1)
    in_domain = lambda text: world.client.put_domain_permissions_policy(
        domain=domain, policyDocument=text)
    in_repository = lambda text: world.client.put_repository_permissions_policy(
        **mine, policyDocument=text)
    in_repository(allow)
    read()
    in_domain(deny)
    refused("AccessDeniedException", read, containing=explicit)
    in_domain(allow)
    read()
    in_repository(deny)
    refused("AccessDeniedException", read, containing=explicit)
    world.client.delete_repository_permissions_policy(**mine)
    read()
    world.client.delete_domain_permissions_policy(domain=domain)
    refused("AccessDeniedException", read, containing="no resource-based policy")


@check("everybody reads without a token where a policy says so, and nowhere else")
def _(world):
    domain = world.domain("open")["name"]
    world.repository(domain, "r1")
    mine = dict(domain=domain, repository="r1")
    address = (world.client.get_repository_endpoint(**mine, format="pypi")["repositoryEndpoint"]
               + "simple/")
    equal(fetch(address), 401)
    world.client.put_repository_permissions_policy(
        **mine, policyDocument=document(statement("*", "ReadFromRepository")))
    equal(fetch(address), 200)
    equal(fetch(address, "no-token"), 401)
    world.client.delete_repository_permissions_policy(**mine)
    equal(fetch(address), 401)


def fetch(address, token=None):
    """The status of a GET, with a token or without any."""
    request = urllib.request.Request(address)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        if error.code == 401:
            equal(len(error.headers.get_all("WWW-Authenticate")), 2, "challenges")
        return error.code
