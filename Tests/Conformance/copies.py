"""What a copy takes along: npm's tags, versions that lie upstream, and no bytes."""

import json

from ground import Ground
from harness import check, equal
from publishers import Npm, accepted, send, tarball
from world import refused


class Shelf:
    """Versions of the npm package `gadget` in `home`, to be copied to `away`."""

    def __init__(self, world, stem):
        self.where, self.client = Ground(world, stem), world.client
        self.token = self.client.get_authorization_token(
            domain=self.where.domain)["authorizationToken"]

    def end(self, repository):
        return self.client.get_repository_endpoint(
            domain=self.where.domain, repository=repository, format="npm")["repositoryEndpoint"]

    def publish(self, version, repository="home", text=""):
        manifest = {"name": "gadget", "version": version}
        Npm.put(self.end(repository), self.token, manifest,
                tarball({"package/package.json": json.dumps(manifest), "package/x": text}))

    def tag(self, tag, version, repository="home"):
        accepted(send("PUT", f"{self.end(repository)}-/package/gadget/dist-tags/{tag}", self.token,
                      json.dumps(version).encode(), Content_Type="application/json"))

    def tags(self, repository):
        return json.loads(accepted(
            send("GET", f"{self.end(repository)}-/package/gadget/dist-tags", self.token)))

    def copy(self, *versions, source="home", target="away", **more):
        return self.client.copy_package_versions(
            domain=self.where.domain, sourceRepository=source, destinationRepository=target,
            format="npm", package="gadget", versions=list(versions), **more)

    def size(self):
        return self.client.describe_domain(domain=self.where.domain)["domain"]["assetSizeBytes"]


@check("npm's tags go with the versions that are copied, and move to them")
def _(world):
    shelf = Shelf(world, "tagged")
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        shelf.publish(version)
    shelf.tag("old", "1.0.0")
    shelf.tag("beta", "2.0.0")
    size = shelf.size()
    shelf.copy("1.0.0")
    equal(shelf.tags("away")["old"], "1.0.0")
    equal("beta" in shelf.tags("away"), False, "a tag of a version that was not copied")
    shelf.tag("beta", "1.0.0", repository="away")
    shelf.copy("2.0.0")
    told = shelf.tags("away")
    equal((told["old"], told["beta"], told["latest"]), ("1.0.0", "2.0.0", "2.0.0"))
    equal(shelf.size(), size, "the domain's bytes")


@check("a copy looks upstream when it is told to, and where the package's controls let it")
def _(world):
    shelf = Shelf(world, "higher")
    key = dict(domain=shelf.where.domain, repository="store")
    shelf.publish("1.0.0")
    world.client.update_repository(**key, upstreams=[{"repositoryName": "home"}])
    refused("ResourceNotFoundException", lambda: shelf.copy("1.0.0", source="store"),
            about="package")
    # Published here, so that nothing comes from upstream under its name.
    shelf.publish("1.0.0-own", repository="store")
    for more in ({}, {"includeFromUpstream": False}, {"includeFromUpstream": True}):
        failed = shelf.copy("1.0.0", source="store", **more)["failedVersions"]
        equal(failed["1.0.0"]["errorCode"], "NOT_FOUND", more)
    world.client.put_package_origin_configuration(
        **key, format="npm", package="gadget",
        restrictions={"publish": "ALLOW", "upstream": "ALLOW"})
    failed = shelf.copy("1.0.0", source="store")["failedVersions"]
    equal(failed["1.0.0"]["errorCode"], "NOT_FOUND", "without its upstreams")
    done = shelf.copy("1.0.0", source="store", includeFromUpstream=True)["successfulVersions"]
    equal(done["1.0.0"]["status"], "Published")
    kept = world.client.list_package_versions(**key, format="npm", package="gadget")["versions"]
    equal([item["version"] for item in kept], ["1.0.0-own"], "what the source keeps")
