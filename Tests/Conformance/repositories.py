"""The operations on repositories, their upstreams, connections and endpoints."""

from harness import check, equal, true
from world import invalid, refused

FORMATS = ["npm", "pypi", "maven", "nuget", "generic", "ruby", "swift", "cargo"]


def upstreams(*names):
    return [{"repositoryName": name} for name in names]


def upstream_names(repository):
    return [u["repositoryName"] for u in repository["upstreams"]]


@check("a repository is created, described, updated and deleted")
def _(world):
    domain = world.domain("repos")
    name = domain["name"]
    created = world.repository(name, "life", description="Für alle 🎁")
    equal(created["name"], "life")
    equal(created["domainName"], name)
    equal(created["domainOwner"], domain["owner"])
    equal(created["administratorAccount"], domain["owner"])
    equal(created["description"], "Für alle 🎁")
    equal(created["upstreams"], [])
    equal(created["externalConnections"], [])
    equal(created["arn"], f"arn:aws:codeartifact:{world.region}:{domain['owner']}"
                          f":repository/{name}/life")
    key = dict(domain=name, repository="life")
    equal(world.client.describe_repository(**key)["repository"], created)
    updated = world.client.update_repository(description="other", **key)["repository"]
    equal(updated["description"], "other")
    equal(world.client.describe_domain(domain=name)["domain"]["repositoryCount"], 1)
    equal(world.client.delete_repository(**key)["repository"]["name"], "life")
    refused("ResourceNotFoundException", lambda: world.client.describe_repository(**key),
            about="repository", status=404)
    for call in (world.client.delete_repository, world.client.update_repository):
        refused("ResourceNotFoundException", lambda: call(**key), about="repository")


@check("a repository's name is its domain's only once")
def _(world):
    name = world.domain("repos")["name"]
    world.repository(name, "twice")
    refused("ConflictException", lambda: world.repository(name, "twice"), about="repository")


@check("a repository needs its domain")
def _(world):
    refused("ResourceNotFoundException", lambda: world.repository("nowhere", "r1"),
            about="domain")


@check("repository names and descriptions are held against the model's limits")
def _(world):
    name = world.domain("repos")["name"]
    for bad in ["-dash", "a" * 101, "sp ace", "sl/ash", "ünder"]:
        invalid(lambda: world.repository(name, bad), "repository")
    invalid(lambda: world.repository(name, "long", description="x" * 1001), "description")
    invalid(lambda: world.repository(name, "long", description="bell\a"), "description")
    world.repository(name, "A" * 100, description="x" * 1000)


@check("upstreams keep their order, are replaced whole, and stay when left out")
def _(world):
    name = world.domain("ups")["name"]
    for leaf in ("u1", "u2", "u3"):
        world.repository(name, leaf)
    created = world.repository(name, "down", upstreams=upstreams("u2", "u1", "u3"))
    equal(upstream_names(created), ["u2", "u1", "u3"])
    key = dict(domain=name, repository="down")
    described = world.client.update_repository(description="d", **key)["repository"]
    equal(upstream_names(described), ["u2", "u1", "u3"])
    replaced = world.client.update_repository(upstreams=upstreams("u3"), **key)["repository"]
    equal(upstream_names(replaced), ["u3"])
    equal(replaced["description"], "d")
    cleared = world.client.update_repository(upstreams=[], **key)["repository"]
    equal(cleared["upstreams"], [])


@check("an upstream must be there, and must not lead back")
def _(world):
    name = world.domain("cycle")["name"]
    refused("ResourceNotFoundException",
            lambda: world.repository(name, "r1", upstreams=upstreams("missing")),
            about="repository")
    world.repository(name, "a1")
    world.repository(name, "a2", upstreams=upstreams("a1"))
    refused("ConflictException", lambda: world.client.update_repository(
        domain=name, repository="a1", upstreams=upstreams("a2")), about="repository")
    invalid(lambda: world.repository(name, "r2", upstreams=upstreams("-bad")),
            "upstreams.1.member.repositoryName")


@check("a repository has at most ten upstreams")
def _(world):
    name = world.domain("many")["name"]
    leaves = [f"leaf{i}" for i in range(11)]
    for leaf in leaves:
        world.repository(name, leaf)
    world.repository(name, "ten", upstreams=upstreams(*leaves[:10]))
    refused("ServiceQuotaExceededException",
            lambda: world.repository(name, "eleven", upstreams=upstreams(*leaves)), status=402)


@check("every repository is on exactly one page, filtered as asked")
def _(world):
    domain = world.domain("paging")
    name, owner = domain["name"], domain["owner"]
    for i in range(5):
        world.repository(name, f"{world.seed}-{i}")
    world.repository(name, "other")
    for size in (1, 2, 1000):
        config = {"PageSize": size}
        pages = world.client.get_paginator("list_repositories_in_domain").paginate(
            domain=name, repositoryPrefix=world.seed, PaginationConfig=config)
        listed = [r["name"] for page in pages for r in page["repositories"]]
        equal(sorted(listed), [f"{world.seed}-{i}" for i in range(5)])
        pages = world.client.get_paginator("list_repositories").paginate(
            repositoryPrefix=world.seed, PaginationConfig=config)
        listed = [r["name"] for page in pages for r in page["repositories"]]
        equal(sorted(listed), [f"{world.seed}-{i}" for i in range(5)])
    call = world.client.list_repositories_in_domain
    equal(len(call(domain=name, administratorAccount=owner)["repositories"]), 6)
    equal(call(domain=name, administratorAccount="000000000001")["repositories"], [])
    refused("ResourceNotFoundException", lambda: call(domain="nowhere"), about="domain")
    invalid(lambda: call(domain=name, repositoryPrefix="-x"), "repositoryPrefix")
    for summary in call(domain=name)["repositories"]:
        true("upstreams" not in summary, "a summary has the members of a description")


@check("a repository has one external connection, or upstreams, not both")
def _(world):
    name = world.domain("outside")["name"]
    world.repository(name, "pypi-store")
    key = dict(domain=name, repository="pypi-store")
    connection = dict(externalConnection="public:pypi", **key)
    joined = world.client.associate_external_connection(**connection)["repository"]
    equal(joined["externalConnections"], [{
        "externalConnectionName": "public:pypi", "packageFormat": "pypi", "status": "Available"}])
    refused("ConflictException", lambda: world.client.associate_external_connection(**connection))
    world.repository(name, "leaf")
    refused("ConflictException", lambda: world.client.update_repository(
        upstreams=upstreams("leaf"), **key))
    parted = world.client.disassociate_external_connection(**connection)["repository"]
    equal(parted["externalConnections"], [])
    refused("ResourceNotFoundException",
            lambda: world.client.disassociate_external_connection(**connection))


@check("external connections are those of the service")
def _(world):
    name = world.domain("outside")["name"]
    world.repository(name, "strange")
    for connection in ("public:nowhere", "private:pypi"):
        refused("ValidationException", lambda: world.client.associate_external_connection(
            domain=name, repository="strange", externalConnection=connection))
    invalid(lambda: world.client.associate_external_connection(
        domain=name, repository="strange", externalConnection="no/slash"), "externalConnection")
    refused("ResourceNotFoundException", lambda: world.client.associate_external_connection(
        domain=name, repository="missing", externalConnection="public:pypi"), about="repository")


@check("a repository has an endpoint for every format")
def _(world):
    domain = world.domain("ends")
    name = domain["name"]
    world.repository(name, "r1")
    key = dict(domain=name, repository="r1")
    for form in FORMATS:
        for more in ({}, {"endpointType": "ipv4"}, {"endpointType": "dualstack"}):
            reply = world.client.get_repository_endpoint(format=form, **key, **more)
            equal(reply["repositoryEndpoint"],
                  f"{world.endpoint}/{form}/d/{name}-{domain['owner']}/r1/")
    invalid(lambda: world.client.get_repository_endpoint(format="conda", **key), "format")
    invalid(lambda: world.client.get_repository_endpoint(
        format="npm", endpointType="ipv6", **key), "endpointType")
    refused("ResourceNotFoundException", lambda: world.client.get_repository_endpoint(
        domain=name, repository="missing", format="npm"), about="repository")
