"""Copying, disposing of, deleting and giving a status to versions; deleting packages."""

import hashlib

from harness import check, equal, true
from world import invalid, refused


class Rack:
    """A domain with the repositories dev and live, and versions of one generic package in dev."""

    def __init__(self, world, *versions):
        self.client = world.client
        self.domain = world.domain("rack")["name"]
        for name in ("dev", "live"):
            world.repository(self.domain, name)
        self.package = dict(domain=self.domain, format="generic", namespace="lab", package="kit")
        self.revisions = {v: self.publish(v, v.encode())["versionRevision"] for v in versions}

    def publish(self, version, content, repository="dev", **more):
        return self.client.publish_package_version(
            repository=repository, packageVersion=version, assetName="file", assetContent=content,
            assetSHA256=hashlib.sha256(content).hexdigest(), **self.package, **more)

    def copy(self, versions=None, **more):
        if versions is not None:
            more["versions"] = versions
        return self.client.copy_package_versions(**{
            "sourceRepository": "dev", "destinationRepository": "live", **self.package, **more})

    def call(self, operation, versions, **more):
        return getattr(self.client, operation)(**{
            "repository": "dev", "versions": versions, **self.package, **more})

    def update(self, versions, status="Archived", **more):
        return self.call("update_package_versions_status", versions, targetStatus=status, **more)

    def dispose(self, versions, **more):
        return self.call("dispose_package_versions", versions, **more)

    def delete(self, versions, **more):
        return self.call("delete_package_versions", versions, **more)

    def statuses(self, repository="dev"):
        listing = self.client.list_package_versions(repository=repository, **self.package)
        return {v["version"]: v["status"] for v in listing["versions"]}

    def size(self):
        return self.client.describe_domain(domain=self.domain)["domain"]["assetSizeBytes"]


def succeeded(reply, expected):
    """Fails unless exactly these versions have these statuses, and none failed."""
    equal(reply.get("failedVersions", {}), {}, "failedVersions")
    equal({v: s["status"] for v, s in reply["successfulVersions"].items()}, expected)


def failed(reply, expected):
    """Fails unless nothing succeeded, and these versions failed with these codes."""
    equal(reply.get("successfulVersions", {}), {}, "successfulVersions")
    equal({v: e["errorCode"] for v, e in reply["failedVersions"].items()}, expected)
    true(all(e["errorMessage"] for e in reply["failedVersions"].values()), "an empty message")


@check("versions are copied with revision, origin and status, and outlive their source")
def _(world):
    rack = Rack(world, "1.0", "1.1", "2.0")
    rack.update(["1.1"], "Unlisted")
    rack.update(["2.0"], "Archived")
    size = rack.size()
    reply = rack.copy(["1.0", "1.1", "2.0"])
    succeeded(reply, {"1.0": "Published", "1.1": "Unlisted", "2.0": "Archived"})
    for version, revision in rack.revisions.items():
        equal(reply["successfulVersions"][version]["revision"], revision)
        shown = world.client.describe_package_version(
            repository="live", packageVersion=version, **rack.package)["packageVersion"]
        equal(shown["revision"], revision)
        equal(shown["origin"], {"originType": "INTERNAL",
                                "domainEntryPoint": {"repositoryName": "dev"}})
    equal(rack.size(), size, "the domain's size")
    restrictions = world.client.describe_package(
        repository="live", **rack.package)["package"]["originConfiguration"]["restrictions"]
    equal(restrictions, {"publish": "ALLOW", "upstream": "BLOCK"})
    world.client.delete_repository(domain=rack.domain, repository="dev")
    got = world.client.get_package_version_asset(
        repository="live", packageVersion="1.0", asset="file", **rack.package)
    equal(got["asset"].read(), b"1.0")
    equal(rack.size(), size, "the domain's size")


@check("a copy of what is there already is a success that tells of nothing")
def _(world):
    rack = Rack(world, "1.0", "2.0")
    rack.copy(["1.0"])
    for more in ({}, {"allowOverwrite": True}, {"allowOverwrite": False}):
        reply = rack.copy(["1.0"], **more)
        equal((reply["successfulVersions"], reply["failedVersions"]), ({}, {}))
    succeeded(rack.copy(["1.0", "2.0"]), {"2.0": "Published"})


@check("a copy changes nothing when one version cannot be copied")
def _(world):
    rack = Rack(world, "1.0", "2.0", "3.0", "4.0")
    rack.publish("1.0", b"other", repository="live")
    rack.dispose(["3.0"])
    failed(rack.copy(["1.0", "2.0", "3.0", "5.0"]),
           {"1.0": "ALREADY_EXISTS", "2.0": "SKIPPED", "3.0": "NOT_ALLOWED", "5.0": "NOT_FOUND"})
    equal(rack.statuses("live"), {"1.0": "Published"})
    succeeded(rack.copy(["1.0"], allowOverwrite=True), {"1.0": "Published"})
    got = world.client.get_package_version_asset(
        repository="live", packageVersion="1.0", asset="file", **rack.package)
    equal(got["asset"].read(), b"1.0")
    reply = rack.copy(versionRevisions={"2.0": "x", "4.0": rack.revisions["4.0"]})
    failed(reply, {"2.0": "MISMATCHED_REVISION", "4.0": "SKIPPED"})
    equal(reply["failedVersions"]["2.0"]["errorMessage"],
          f"current revision: {rack.revisions['2.0']}, expected revision: x")
    revisions = {v: rack.revisions[v] for v in ("2.0", "4.0")}
    succeeded(rack.copy(versionRevisions=revisions), {"2.0": "Published", "4.0": "Published"})


@check("a copy is refused for parameters that make no sense and for what is not there")
def _(world):
    rack = Rack(world, "1.0")
    invalid(lambda: rack.copy(), "versions")
    invalid(lambda: rack.copy(["1.0"], versionRevisions={"1.0": "x"}), "versions")
    invalid(lambda: rack.copy([]), "versions")
    invalid(lambda: rack.copy(versionRevisions={}), "versionRevisions")
    invalid(lambda: rack.copy([str(n) for n in range(101)]), "versions")
    invalid(lambda: rack.copy(versionRevisions={str(n): "x" for n in range(101)}),
            "versionRevisions")
    invalid(lambda: rack.copy(["a b"]), "versions.1.member")
    invalid(lambda: rack.copy(versionRevisions={"1.0": "x" * 51}), "versionRevisions.1.value")
    for member in ("sourceRepository", "destinationRepository"):
        refused("ResourceNotFoundException", lambda: rack.copy(["1.0"], **{member: "nothing"}),
                about="repository", status=404)
    refused("ResourceNotFoundException", lambda: rack.copy(["1.0"], package="nothing"),
            about="package", status=404)
    refused("ResourceNotFoundException", lambda: rack.copy(["1.0"], domain="nowhere"),
            about="domain", status=404)
    equal(len(rack.copy([str(n) for n in range(100)])["failedVersions"]), 100)
    other = "999999999999" if world.account != "999999999999" else "888888888888"
    refused("AccessDeniedException", lambda: rack.copy(["1.0"], domainOwner=other), status=403)


@check("a status is set, for all versions named or for none")
def _(world):
    rack = Rack(world, "1.0", "2.0", "3.0")
    for status in ("Unlisted", "Archived", "Archived", "Published"):
        reply = rack.update(["1.0"], status, versionRevisions={"1.0": rack.revisions["1.0"]})
        succeeded(reply, {"1.0": status})
        equal(reply["successfulVersions"]["1.0"]["revision"], rack.revisions["1.0"])
    rack.update(["2.0"], "Unlisted")
    reply = rack.update(["1.0", "2.0", "4.0"], expectedStatus="Published")
    failed(reply, {"1.0": "SKIPPED", "2.0": "MISMATCHED_STATUS", "4.0": "NOT_FOUND"})
    equal(reply["failedVersions"]["2.0"]["errorMessage"],
          "current status: Unlisted, expected status: Published")
    equal(rack.statuses(), {"1.0": "Published", "2.0": "Unlisted", "3.0": "Published"})
    revisions = {"1.0": "x", "3.0": rack.revisions["3.0"]}
    failed(rack.update(["1.0", "3.0"], versionRevisions=revisions),
           {"1.0": "MISMATCHED_REVISION", "3.0": "SKIPPED"})
    rack.dispose(["3.0"])
    failed(rack.update(["1.0", "3.0"]), {"1.0": "SKIPPED", "3.0": "NOT_ALLOWED"})
    rack.publish("5.0", b"5", unfinished=True)
    succeeded(rack.update(["5.0"], "Published", expectedStatus="Unfinished"), {"5.0": "Published"})


@check("a status is refused where it cannot be set, or the parameters make no sense")
def _(world):
    rack = Rack(world, "1.0", "2.0")
    for status in ("Unfinished", "Disposed", "Deleted", "nonsense"):
        invalid(lambda: rack.update(["1.0"], status), "targetStatus")
    invalid(lambda: rack.update(["1.0"], expectedStatus="nonsense"), "expectedStatus")
    invalid(lambda: rack.update([]), "versions")
    invalid(lambda: rack.update(["1.0"], versionRevisions={"2.0": "x"}), "versionRevisions")
    invalid(lambda: rack.update(["1.0", "2.0"], versionRevisions={"1.0": "x"}),
            "versionRevisions")
    invalid(lambda: rack.update([str(n) for n in range(101)]), "versions")


@check("what is disposed of is listed without assets, takes no room, and can only be deleted")
def _(world):
    rack = Rack(world, "1.0", "22.0")
    equal(rack.size(), 7)
    failed(rack.dispose(["1.0", "3.0"]), {"1.0": "SKIPPED", "3.0": "NOT_FOUND"})
    failed(rack.dispose(["1.0", "22.0"], expectedStatus="Unlisted"),
           {"1.0": "MISMATCHED_STATUS", "22.0": "MISMATCHED_STATUS"})
    failed(rack.dispose(["1.0"], versionRevisions={"1.0": "x"}), {"1.0": "MISMATCHED_REVISION"})
    invalid(lambda: rack.dispose([]), "versions")
    for _ in range(2):
        succeeded(rack.dispose(["1.0"], versionRevisions={"1.0": rack.revisions["1.0"]}),
                  {"1.0": "Disposed"})
    equal(rack.size(), 4)
    one = dict(repository="dev", packageVersion="1.0", **rack.package)
    equal(world.client.list_package_version_assets(**one)["assets"], [])
    refused("ResourceNotFoundException",
            lambda: world.client.get_package_version_asset(asset="file", **one), about="asset")
    disposed = world.client.list_package_versions(
        repository="dev", status="Disposed", **rack.package)["versions"]
    equal([v["version"] for v in disposed], ["1.0"])
    refused("ConflictException", lambda: rack.publish("1.0", b"1.0"), status=409)
    succeeded(rack.delete(["1.0"], expectedStatus="Disposed"), {"1.0": "Deleted"})
    equal(rack.publish("1.0", b"new")["status"], "Published")


@check("deleted versions are gone, all of them or none, and the package stays")
def _(world):
    rack = Rack(world, "1.0", "2.0")
    failed(rack.delete(["1.0", "3.0"]), {"1.0": "SKIPPED", "3.0": "NOT_FOUND"})
    reply = rack.delete(["1.0", "2.0"], expectedStatus="Unlisted")
    failed(reply, {"1.0": "MISMATCHED_STATUS", "2.0": "MISMATCHED_STATUS"})
    invalid(lambda: rack.delete([]), "versions")
    invalid(lambda: rack.delete([str(n) for n in range(101)]), "versions")
    reply = rack.delete(["1.0", "2.0"])
    succeeded(reply, {"1.0": "Deleted", "2.0": "Deleted"})
    equal(reply["successfulVersions"]["1.0"]["revision"], rack.revisions["1.0"])
    equal(rack.statuses(), {})
    listing = world.client.list_package_versions(repository="dev", **rack.package)
    true("defaultDisplayVersion" not in listing, "a package without versions shows one")
    equal(rack.size(), 0)
    listed = world.client.list_packages(domain=rack.domain, repository="dev")["packages"]
    equal([p["package"] for p in listed], ["kit"])
    for operation in ("delete_package_versions", "dispose_package_versions"):
        refused("ResourceNotFoundException",
                lambda: rack.call(operation, ["1.0"], package="nothing"), about="package")
        refused("ResourceNotFoundException",
                lambda: rack.call(operation, ["1.0"], repository="nothing"), about="repository")
    refused("ResourceNotFoundException", lambda: rack.update(["1.0"], package="nothing"),
            about="package")


@check("a deleted package is gone with its versions, and said goodbye to as it was")
def _(world):
    rack = Rack(world, "1.0", "2.0")
    call = dict(repository="dev", **rack.package)
    gone = world.client.delete_package(**call)["deletedPackage"]
    equal(gone, {"format": "generic", "namespace": "lab", "package": "kit",
                 "originConfiguration": {"restrictions": {"publish": "ALLOW",
                                                          "upstream": "BLOCK"}}})
    refused("ResourceNotFoundException", lambda: world.client.delete_package(**call),
            about="package", status=404)
    refused("ResourceNotFoundException", lambda: world.client.list_package_versions(**call))
    equal(world.client.list_packages(domain=rack.domain, repository="dev")["packages"], [])
    equal(rack.size(), 0)
    equal(rack.publish("1.0", b"again")["status"], "Published")
    equal(rack.statuses(), {"1.0": "Published"})


@check("pages of versions go on where they were while others write")
def _(world):
    rack = Rack(world, *[f"{n:02}" for n in range(0, 20, 2)])
    for more in ({}, {"sortBy": "PUBLISHED_TIME"}, {"status": "Published"},
                 {"originType": "INTERNAL"}):
        seen, token = [], None
        for step in range(100):
            page = world.client.list_package_versions(
                repository="dev", maxResults=3, **({"nextToken": token} if token else {}),
                **rack.package, **more)
            seen += [v["version"] for v in page["versions"]]
            token = page.get("nextToken")
            if step == 1:
                rack.delete([seen[0]])
                rack.publish(seen[0], b"again")
            if not token:
                break
        missing = {f"{n:02}" for n in range(0, 20, 2)} - set(seen)
        equal(missing, set(), f"missing with {more}")
