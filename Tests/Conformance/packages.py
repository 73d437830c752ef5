"""The operations on packages, versions and assets, over wheels published as twine does."""

import hashlib
from datetime import datetime, timedelta, timezone

from harness import check, equal, true
from wheels import upload
from world import invalid, refused

PROJECTS = {"alpha": ["1.0", "1.1", "2.0"], "alpine": ["0.1"], "beta-tool": ["3.0"]}


class Shelf:
    """A repository with a few packages in it, made once."""

    made = None

    def __init__(self, world):
        self.domain = world.domain("shelf")["name"]
        world.kept.add(self.domain)
        self.key = dict(domain=self.domain, repository="shelf")
        world.repository(self.domain, "shelf")
        self.endpoint = world.client.get_repository_endpoint(
            format="pypi", **self.key)["repositoryEndpoint"]
        self.token = world.client.get_authorization_token(
            domain=self.domain)["authorizationToken"]
        self.files = {}
        for name, versions in PROJECTS.items():
            for version in versions:
                self.files[name, version] = upload(self.endpoint, self.token, name, version)


def shelf(world):
    Shelf.made = Shelf.made or Shelf(world)
    return Shelf.made


def clear(world):
    """Lets the shelf go with the next cleaning."""
    world.kept.clear()


def package(world, name="alpha", **more):
    return dict(format="pypi", package=name, **shelf(world).key, **more)


def names(reply):
    return sorted(p["package"] for p in reply["packages"])


@check("packages are listed, by format, by prefix and by page")
def _(world):
    key, call = shelf(world).key, world.client.list_packages
    everything = call(**key)
    equal(names(everything), ["alpha", "alpine", "beta-tool"])
    for item in everything["packages"]:
        equal(item["format"], "pypi")
        true("namespace" not in item, "a Python package has a namespace")
        equal(item["originConfiguration"]["restrictions"],
              {"publish": "ALLOW", "upstream": "BLOCK"})
    equal(names(call(format="pypi", **key)), ["alpha", "alpine", "beta-tool"])
    equal(names(call(format="npm", **key)), [])
    equal(names(call(packagePrefix="alp", **key)), ["alpha", "alpine"])
    equal(names(call(publish="ALLOW", upstream="BLOCK", **key)), ["alpha", "alpine", "beta-tool"])
    equal(names(call(publish="BLOCK", **key)), [])
    for size in (1, 2, 1000):
        pages = world.client.get_paginator("list_packages").paginate(
            PaginationConfig={"PageSize": size}, **key)
        listed = sorted(p["package"] for page in pages for p in page["packages"])
        equal(listed, ["alpha", "alpine", "beta-tool"])


@check("a listing of packages is refused where its filters make no sense")
def _(world):
    key, call = shelf(world).key, world.client.list_packages
    refused("ValidationException", lambda: call(namespace="x", **key))
    invalid(lambda: call(format="conda", **key), "format")
    invalid(lambda: call(publish="MAYBE", **key), "publish")
    invalid(lambda: call(upstream="MAYBE", **key), "upstream")
    invalid(lambda: call(packagePrefix="a/b", **key), "packagePrefix")
    invalid(lambda: call(maxResults=1001, **key), "maxResults")
    refused("ResourceNotFoundException", lambda: call(domain=key["domain"], repository="missing"),
            about="repository")


@check("a package is described by its normalised name only")
def _(world):
    described = world.client.describe_package(**package(world))["package"]
    equal(described, {"format": "pypi", "name": "alpha", "originConfiguration": {
        "restrictions": {"publish": "ALLOW", "upstream": "BLOCK"}}})
    for name in ("Alpha", "nothing"):
        refused("ResourceNotFoundException",
                lambda: world.client.describe_package(**package(world, name)), about="package")


@check("a namespace is refused where a format has none, and missed where it has one")
def _(world):
    invalid(lambda: world.client.describe_package(namespace="n", **package(world)), "namespace")
    key = shelf(world).key
    invalid(lambda: world.client.describe_package(format="maven", package="p", **key), "namespace")
    for bad in ("a/b", "a#b", "a b", "x" * 256):
        invalid(lambda: world.client.describe_package(**package(world, bad)), "package")


@check("versions are listed with status, revision and origin")
def _(world):
    reply = world.client.list_package_versions(**package(world))
    equal(reply["format"], "pypi")
    equal(reply["package"], "alpha")
    equal(reply["defaultDisplayVersion"], "2.0")
    equal(sorted(v["version"] for v in reply["versions"]), ["1.0", "1.1", "2.0"])
    for version in reply["versions"]:
        equal(version["status"], "Published")
        true(version["revision"], "no revision")
        equal(version["origin"], {
            "originType": "INTERNAL", "domainEntryPoint": {"repositoryName": "shelf"}})


@check("versions are sorted, filtered and paged as asked")
def _(world):
    call = world.client.list_package_versions

    def listed(**more):
        return [v["version"] for v in call(**package(world, **more))["versions"]]

    equal(listed(sortBy="PUBLISHED_TIME"), ["2.0", "1.1", "1.0"])
    equal(sorted(listed(status="Published")), ["1.0", "1.1", "2.0"])
    for status in ("Unlisted", "Archived", "Disposed", "Deleted", "Unfinished"):
        equal(listed(status=status), [])
    equal(len(listed(originType="INTERNAL")), 3)
    equal(listed(originType="EXTERNAL"), [])
    for size in (1, 2, 1000):
        for more in ({}, {"sortBy": "PUBLISHED_TIME"}):
            pages = list(world.client.get_paginator("list_package_versions").paginate(
                PaginationConfig={"PageSize": size}, **package(world, **more)))
            versions = [v["version"] for page in pages for v in page["versions"]]
            equal(sorted(versions), ["1.0", "1.1", "2.0"])
            if more:
                equal(versions, ["2.0", "1.1", "1.0"])
            true(all(page["defaultDisplayVersion"] == "2.0" for page in pages), "the default")
    invalid(lambda: call(**package(world, status="published")), "status")
    invalid(lambda: call(**package(world, sortBy="NAME")), "sortBy")
    invalid(lambda: call(**package(world, originType="internal")), "originType")
    refused("ResourceNotFoundException", lambda: call(**package(world, "nothing")),
            about="package")


@check("a version tells what its metadata says")
def _(world):
    reply = world.client.describe_package_version(packageVersion="1.1", **package(world))
    version = reply["packageVersion"]
    equal(version["packageName"], "alpha")
    equal(version["displayName"], "alpha")
    equal(version["version"], "1.1")
    equal(version["status"], "Published")
    equal(version["summary"], "A package for a check")
    equal(version["homePage"], "https://example.invalid/alpha")
    equal([item["name"] for item in version["licenses"]], ["MIT"])
    age = datetime.now(timezone.utc) - version["publishedTime"]
    true(abs(age) < timedelta(minutes=30), f"published {age} ago")
    refused("ResourceNotFoundException", lambda: world.client.describe_package_version(
        packageVersion="9.9", **package(world)), about="package-version")
    invalid(lambda: world.client.describe_package_version(
        packageVersion="1/1", **package(world)), "packageVersion")


@check("assets are listed with their sizes and four digests")
def _(world):
    file_name, content = shelf(world).files["alpha", "1.1"]
    pages = list(world.client.get_paginator("list_package_version_assets").paginate(
        packageVersion="1.1", PaginationConfig={"PageSize": 1}, **package(world)))
    equal(pages[0]["version"], "1.1")
    equal(pages[0]["package"], "alpha")
    true(pages[0]["versionRevision"], "no revision")
    assets = [asset for page in pages for asset in page["assets"]]
    equal(assets, [{"name": file_name, "size": len(content), "hashes": {
        "MD5": hashlib.md5(content).hexdigest(), "SHA-1": hashlib.sha1(content).hexdigest(),
        "SHA-256": hashlib.sha256(content).hexdigest(),
        "SHA-512": hashlib.sha512(content).hexdigest()}}])
    refused("ResourceNotFoundException", lambda: world.client.list_package_version_assets(
        packageVersion="9.9", **package(world)), about="package-version")


@check("an asset comes whole, named, and pinned to a revision when asked")
def _(world):
    file_name, content = shelf(world).files["alpha", "1.1"]
    key = package(world, packageVersion="1.1", asset=file_name)
    reply = world.client.get_package_version_asset(**key)
    equal(reply["asset"].read(), content)
    equal(reply["assetName"], file_name)
    equal(reply["packageVersion"], "1.1")
    revision = reply["packageVersionRevision"]
    again = world.client.get_package_version_asset(packageVersionRevision=revision, **key)
    equal(again["asset"].read(), content)
    refused("ConflictException", lambda: world.client.get_package_version_asset(
        packageVersionRevision="another", **key))
    refused("ResourceNotFoundException", lambda: world.client.get_package_version_asset(
        **{**key, "asset": "nothing.whl"}), about="asset")
    invalid(lambda: world.client.get_package_version_asset(
        **{**key, "asset": "x" * 256}), "asset")


@check("what lies only upstream is not found downstream by the API")
def _(world):
    domain = shelf(world).domain
    world.repository(domain, "below", upstreams=[{"repositoryName": "shelf"}])
    key = dict(domain=domain, repository="below", format="pypi", package="alpha")
    equal(world.client.list_packages(domain=domain, repository="below")["packages"], [])
    refused("ResourceNotFoundException", lambda: world.client.describe_package(**key))
    refused("ResourceNotFoundException", lambda: world.client.list_package_versions(**key))


@check("a domain counts the bytes of its assets")
def _(world):
    size = sum(len(content) for _, content in shelf(world).files.values())
    described = world.client.describe_domain(domain=shelf(world).domain)["domain"]
    true(described["assetSizeBytes"] >= size, f"{described['assetSizeBytes']} < {size}")


@check("an emptied shelf can be taken away")
def _(world):
    domain = shelf(world).domain
    clear(world)
    world.clean()
    refused("ResourceNotFoundException", lambda: world.client.describe_domain(domain=domain))
    Shelf.made = None
