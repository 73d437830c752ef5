"""The states of a version: every way from one to another, and what each means to npm."""

import json

from ground import Ground
from harness import check, equal, true
from publishers import Npm, accepted, send, tarball
from world import refused

STATES = ("Unfinished", "Published", "Unlisted", "Archived", "Disposed")

# Where no way leads (codeartifact.md 6).
NEVER = {("Disposed", to) for to in ("Published", "Unlisted", "Archived")}


def reached(where, state):
    """A new generic package whose version 1.0 is in this state."""
    package = {**where.tools, "package": where.name("state")}
    where.publish(package["package"], "1.0", unfinished=state == "Unfinished")
    if state == "Disposed":
        where.client.dispose_package_versions(**package, versions=["1.0"])
    elif state not in ("Unfinished", "Published"):
        where.client.update_package_versions_status(
            **package, versions=["1.0"], targetStatus=state)
    return package


def state(where, package):
    found = where.client.list_package_versions(**package)["versions"]
    return found[0]["status"] if found else None


def move(where, package, to, version="1.0"):
    """Asks for a state, or for deletion; returns the code of the refusal, or None."""
    client, key = where.client, dict(package, versions=[version])
    if to == "Disposed":
        reply = client.dispose_package_versions(**key)
    elif to is None:
        reply = client.delete_package_versions(**key)
    else:
        reply = client.update_package_versions_status(**key, targetStatus=to)
    true(len(reply["successfulVersions"]) + len(reply["failedVersions"]) == 1, reply)
    failed = reply["failedVersions"].get(version)
    if not failed:
        equal(reply["successfulVersions"][version]["status"], to or "Deleted")
    return failed and failed["errorCode"]


@check("every way from one state to another is open or closed as the service has it")
def _(world):
    where = Ground(world, "machine")
    for start in STATES:
        for to in ("Published", "Unlisted", "Archived", "Disposed", None):
            package = reached(where, start)
            equal(state(where, package), start)
            told = move(where, package, to)
            closed = (start, to) in NEVER
            equal(told, "NOT_ALLOWED" if closed else None, f"{start} to {to}")
            equal(state(where, package), start if closed else to, f"{start} to {to}")
            if to is None:
                where.publish(package["package"], "1.0", content=b"freely")
            elif to != "Disposed" and start != "Disposed":
                # What was left is never unfinished again.
                refused("ConflictException", lambda: where.publish(
                    package["package"], "1.0", asset="more", unfinished=True), status=409)


# In npm's list of versions, and there to be downloaded (codeartifact.md 6).
SEEN = {"Published": (True, 200), "Unlisted": (False, 200), "Archived": (False, 404),
        "Disposed": (False, 404), None: (False, 404)}


@check("npm sees of a version what its state lets it see")
def _(world):
    where = Ground(world, "seen")
    token = world.client.get_authorization_token(domain=where.domain)["authorizationToken"]
    world.client.update_repository(
        domain=where.domain, repository="away", upstreams=[{"repositoryName": "home"}])
    ends = {name: world.client.get_repository_endpoint(
        domain=where.domain, repository=name, format="npm")["repositoryEndpoint"]
        for name in ("home", "away")}

    def publish(version, text=""):
        manifest = {"name": "gadget", "version": version}
        Npm.put(ends["home"], token, manifest,
                tarball({"package/package.json": json.dumps(manifest), "package/x": text}))

    def seen(end, version):
        listed = json.loads(accepted(send("GET", end + "gadget", token)))["versions"]
        status, _ = send("GET", f"{end}gadget/-/gadget-{version}.tgz", token)
        return version in listed, status

    publish("0.0.1")
    package = dict(where.home, format="npm", package="gadget")
    for number, (end, expected) in enumerate(SEEN.items()):
        version = f"1.{number}.0"
        publish(version)
        if end != "Published":
            equal(move(where, package, end, version), None, f"to {end}")
        equal(seen(ends["home"], version), expected, f"{end} in its repository")
        equal(seen(ends["away"], version), expected, f"{end} downstream")
        # What cannot be had is not kept downstream either.
        kept = {item["version"] for item in world.client.list_package_versions(
            **dict(package, repository="away"))["versions"]}
        equal(version in kept, expected[1] == 200, f"{end} kept downstream")
        if end is None:
            publish(version, "something else")
