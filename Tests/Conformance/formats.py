"""What versions of every format say of themselves: dependencies, readme, description."""

import json
from datetime import datetime, timedelta, timezone

from harness import check, equal, true
from publishers import HOME, LICENSE, PUBLISHERS, SUMMARY, Npm, accepted, send, tarball
from world import invalid, refused


class Shop:
    """A repository with `widget` in every format, made once."""

    made = None

    def __init__(self, world):
        self.domain = world.domain("shop")["name"]
        world.kept.add(self.domain)
        self.key = dict(domain=self.domain, repository="shop")
        world.repository(self.domain, "shop")
        self.token = world.client.get_authorization_token(
            domain=self.domain)["authorizationToken"]
        for publisher in PUBLISHERS:
            publisher.publish(self.endpoint(world, publisher.format), self.token)

    def endpoint(self, world, kind):
        return world.client.get_repository_endpoint(
            format=kind, **self.key)["repositoryEndpoint"]


def shop(world):
    Shop.made = Shop.made or Shop(world)
    return Shop.made


def key(world, publisher, **more):
    return dict(format=publisher.format, packageVersion="1.0.0", **publisher.coordinates,
                **shop(world).key, **more)


def told(client, publisher, **place):
    """All that the API says of `widget`, comparable between repositories and servers."""
    where = dict(format=publisher.format, packageVersion="1.0.0", **publisher.coordinates, **place)
    described = client.describe_package_version(**where)["packageVersion"]
    listed = client.list_package_version_dependencies(**where)
    needs = [tuple(d.get(name) for name in (
        "dependencyType", "namespace", "package", "versionRequirement"))
        for d in listed["dependencies"]]
    try:
        readme = client.get_package_version_readme(**where)["readme"]
    except client.exceptions.ResourceNotFoundException:
        readme = None
    about = {name: described.get(name) for name in (
        "displayName", "summary", "homePage", "sourceCodeRepository", "licenses", "status")}
    return about, needs, readme


@check("every format's versions say what they need, and what they are")
def _(world):
    for publisher in PUBLISHERS:
        about, needs, readme = told(world.client, publisher, **shop(world).key)
        equal(needs, publisher.needs, f"{publisher.format}: what it needs")
        equal(about["displayName"], publisher.display, f"{publisher.format}: displayName")
        equal(about["summary"], SUMMARY, f"{publisher.format}: summary")
        equal(about["status"], "Published", publisher.format)
        equal(readme, publisher.readme, f"{publisher.format}: readme")
        if publisher.format != "swift":  # whose metadata has neither
            equal(about["homePage"], HOME, f"{publisher.format}: homePage")
            equal([item.get("name") for item in about["licenses"]], [LICENSE], publisher.format)


@check("dependencies and readme come with their version's coordinates and revision")
def _(world):
    for publisher in PUBLISHERS:
        where = key(world, publisher)
        described = world.client.describe_package_version(**where)["packageVersion"]
        age = datetime.now(timezone.utc) - described["publishedTime"]
        true(abs(age) < timedelta(minutes=30), f"published {age} ago")
        equal(described["origin"], {
            "originType": "INTERNAL", "domainEntryPoint": {"repositoryName": "shop"}})
        replies = [world.client.list_package_version_dependencies(**where)]
        if publisher.readme:
            replies.append(world.client.get_package_version_readme(**where))
        for reply in replies:
            equal(reply["format"], publisher.format)
            equal(reply.get("namespace"), publisher.coordinates.get("namespace"))
            equal(reply["package"], publisher.coordinates["package"])
            equal(reply["version"], "1.0.0")
            equal(reply["versionRevision"], described["revision"])


@check("npm's default version is the one under the tag latest")
def _(world):
    here = shop(world)
    endpoint = here.endpoint(world, "npm")
    for version in ("2.0.0", "1.9.0"):
        manifest = {"name": "tagged", "version": version}
        archive = tarball({"package/package.json": json.dumps(manifest)})
        Npm.put(endpoint, here.token, manifest, archive)
    listing = dict(format="npm", package="tagged", **here.key)
    equal(world.client.list_package_versions(**listing)["defaultDisplayVersion"], "1.9.0")
    accepted(send("PUT", endpoint + "-/package/tagged/dist-tags/latest", here.token, b'"2.0.0"',
                  Content_Type="application/json"))
    equal(world.client.list_package_versions(**listing)["defaultDisplayVersion"], "2.0.0")


@check("what a retained version says is what it says upstream")
def _(world):
    here = shop(world)
    world.repository(here.domain, "below", upstreams=[{"repositoryName": "shop"}])
    place = dict(domain=here.domain, repository="below")
    for publisher in PUBLISHERS:
        where = dict(format=publisher.format, packageVersion="1.0.0", **publisher.coordinates,
                     **place)
        for call in (world.client.list_package_version_dependencies,
                     world.client.get_package_version_readme):
            refused("ResourceNotFoundException", lambda: call(**where))
        endpoint = world.client.get_repository_endpoint(
            format=publisher.format, **place)["repositoryEndpoint"]
        for path in publisher.files:
            accepted(send("GET", endpoint + path, here.token))
        equal(told(world.client, publisher, **place),
              told(world.client, publisher, **here.key), publisher.format)
    world.client.delete_repository(**place)


@check("dependencies beyond a page come on the next ones, each once")
def _(world):
    here = shop(world)
    needs = {f"need-{number:04}": f"^{number}.0.0" for number in range(2100)}
    manifest = {"name": "needy", "version": "1.0.0", "dependencies": needs}
    archive = tarball({"package/package.json": json.dumps(manifest)})
    Npm.put(here.endpoint(world, "npm"), here.token, manifest, archive)
    where = dict(format="npm", package="needy", packageVersion="1.0.0", **here.key)
    listed, pages, token = [], 0, {}
    while True:
        reply = world.client.list_package_version_dependencies(**where, **token)
        listed += [(d["package"], d["versionRequirement"]) for d in reply["dependencies"]]
        pages += 1
        if "nextToken" not in reply:
            break
        token = {"nextToken": reply["nextToken"]}
    equal(listed, list(needs.items()))
    true(1 < pages < 10, f"{pages} pages")
    refused("ValidationException", lambda: world.client.list_package_version_dependencies(
        **{**where, "package": "widget", "namespace": "acme"}, **token))


@check("what is not there has neither dependencies nor readme")
def _(world):
    for call in (world.client.list_package_version_dependencies,
                 world.client.get_package_version_readme):
        def refuse(about, **more):
            refused("ResourceNotFoundException", lambda: call(**{**key(world, Npm), **more}),
                    about=about, status=404)

        refuse("package-version", packageVersion="9.9.9")
        refuse("package", package="nothing")
        refuse("repository", repository="nothing")
        refuse("domain", domain="nowhere")
        invalid(lambda: call(**{**key(world, Npm), "packageVersion": "1/0"}), "packageVersion")
        other = "999999999999" if world.account != "999999999999" else "888888888888"
        refused("AccessDeniedException", lambda: call(**key(world, Npm, domainOwner=other)),
                status=403)
    listing = world.client.list_package_version_dependencies
    for token in ("made-up", "x" * 2000):
        refused("ValidationException", lambda: listing(**key(world, Npm, nextToken=token)))
    invalid(lambda: listing(**key(world, Npm, nextToken="x" * 2001)), "nextToken")


@check("an emptied shop can be taken away")
def _(world):
    world.kept.discard(shop(world).domain)
    Shop.made = None
