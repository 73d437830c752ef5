"""What the service is known to do that no other file of the suite looks at (codeartifact.md)."""

from ground import Ground
from harness import check, equal, true
from policies import other
from world import refused


@check("resources are named as the service names them, and a denial names its resource")
def _(world):
    where = Ground(world, "arns")
    prefix = f"arn:aws:codeartifact:{world.region}:{where.owner}"
    equal(where.arn, f"{prefix}:domain/{where.domain}")
    told = world.client.describe_repository(**where.home)["repository"]
    equal(told["arn"], f"{prefix}:repository/{where.domain}/home")
    for pattern, encoded in (("/*", "/%2a"), ("/npm/*", "/npm/%2a"),
                             ("/npm//react$", "/npm//react%24"), ("/npm/sp~", "/npm/sp~"),
                             ("/generic/a%b/c$", "/generic/a%25b/c%24")):
        if pattern != "/*":
            world.client.create_package_group(domain=where.domain, packageGroup=pattern)
        group = world.client.describe_package_group(domain=where.domain, packageGroup=pattern)
        arn = group["packageGroup"]["arn"]
        equal(arn, f"{prefix}:package-group/{where.domain}{encoded}")
        equal(world.client.list_tags_for_resource(resourceArn=arn)["tags"], [])
    account, theirs = other(world)
    key = dict(where.home, domainOwner=where.owner)
    for package, name in ((dict(format="npm", package="react"), "npm//react"),
                          (dict(format="npm", namespace="acme", package="w"), "npm/acme/w"),
                          (dict(format="nuget", package="A.B"), "nuget//a.b"),
                          (dict(format="swift", namespace="Mona", package="Kit"),
                           "swift/mona/kit")):
        refused("AccessDeniedException", lambda: theirs.describe_package(**key, **package),
                containing=f"on resource: {prefix}:package/{where.domain}/home/{name}")
    refused("AccessDeniedException", lambda: theirs.describe_domain(
        domain=where.domain, domainOwner=where.owner),
        containing=f"User: arn:aws:iam::{account}:user/")


@check("accounts have domains of one name each, and list only their own")
def _(world):
    domain = world.domain("twin")
    account, theirs = other(world)
    made = theirs.create_domain(domain=domain["name"])["domain"]
    try:
        equal((made["owner"], domain["owner"]), (account, world.account))
        owners = lambda client: {
            d["owner"] for page in client.get_paginator("list_domains").paginate()
            for d in page["domains"]}
        equal((owners(theirs), owners(world.client)), ({account}, {world.account}))
        theirs.create_repository(domain=domain["name"], repository="own")
        equal([r["name"] for r in theirs.list_repositories()["repositories"]], ["own"])
        equal(world.client.list_repositories_in_domain(
            domain=domain["name"])["repositories"], [])
    finally:
        theirs.delete_repository(domain=domain["name"], repository="own")
        theirs.delete_domain(domain=domain["name"])


@check("an administrator from another account makes a repository, and it stays the domain's")
def _(world):
    domain = world.domain("guests")
    account, theirs = other(world)
    world.client.put_domain_permissions_policy(
        domain=domain["name"], policyDocument=GUEST % account)
    made = theirs.create_repository(
        domain=domain["name"], domainOwner=world.account, repository="guest")["repository"]
    equal((made["administratorAccount"], made["domainOwner"]), (account, world.account))
    equal(made["arn"].split(":")[4], world.account, "the account in its name")
    listed = lambda client: [r["name"] for r in client.list_repositories()["repositories"]]
    equal(listed(theirs), ["guest"])
    true("guest" not in listed(world.client), "a repository of another administrator is listed")
    for administrator, names in ((account, ["guest"]), (world.account, [])):
        found = world.client.list_repositories_in_domain(
            domain=domain["name"], administratorAccount=administrator)["repositories"]
        equal([r["name"] for r in found], names, administrator)
    # By its own policies alone, once the domain's says nothing more.
    world.client.delete_domain_permissions_policy(domain=domain["name"])
    theirs.describe_repository(
        domain=domain["name"], domainOwner=world.account, repository="guest")


GUEST = ('{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"%s"},'
         '"Action":"codeartifact:CreateRepository","Resource":"*"}}')


@check("a domain's key is named in any of four ways, and its bucket by account and region")
def _(world):
    account = world.account
    prefix = f"arn:aws:kms:{world.region}:{account}"
    key = "1234abcd-12ab-34cd-56ef-1234567890ab"
    for given, told in ((None, None), (key, f"{prefix}:key/{key}"),
                        (f"{prefix}:key/{key}", f"{prefix}:key/{key}"),
                        ("alias/mine", f"{prefix}:alias/mine"),
                        (f"{prefix}:alias/mine", f"{prefix}:alias/mine")):
        name = world.name("keyed")
        more = {"encryptionKey": given} if given else {}
        made = world.client.create_domain(domain=name, **more)["domain"]
        world.client.delete_domain(domain=name)
        true(made["encryptionKey"].startswith(prefix), made["encryptionKey"])
        if told:
            equal(made["encryptionKey"], told)
        equal(made["s3BucketArn"], f"arn:aws:s3:::assets-{account}-{world.region}")
        equal((made["repositoryCount"], made["assetSizeBytes"], made["status"]), (0, 0, "Active"))


@check("names are taken as their format stores them, and no second package comes of a spelling")
def _(world):
    where = Ground(world, "spelt")
    controls = {"publish": "ALLOW", "upstream": "BLOCK"}
    put = lambda **package: world.client.put_package_origin_configuration(
        **where.home, restrictions=controls, **package)
    for package, same, name in (
            (dict(format="nuget", package="Newtonsoft.Json"),
             dict(format="nuget", package="NEWTONSOFT.json"), "newtonsoft.json"),
            (dict(format="swift", namespace="Mona", package="LinkedList"),
             dict(format="swift", namespace="mona", package="linkedlist"), "linkedlist"),
            (dict(format="pypi", package="foo-bar"), dict(format="pypi", package="foo-bar"),
             "foo-bar")):
        put(**package)
        put(**same)
        told = world.client.describe_package(**where.home, **same)["package"]
        equal(told["name"], name)
        listed = world.client.list_packages(
            **where.home, format=package["format"], packagePrefix=package["package"][:4])
        equal([item["package"] for item in listed["packages"]], [name])
    for spelling in ("Foo-Bar", "foo_bar", "foo.bar"):
        refused("ValidationException", lambda: put(format="pypi", package=spelling), status=400)
        refused("ResourceNotFoundException", lambda: world.client.describe_package(
            **where.home, format="pypi", package=spelling), about="package")


@check("what lies in many repositories is counted once, and until the last of them lets it go")
def _(world):
    where = Ground(world, "counted")
    size = lambda: world.client.describe_domain(domain=where.domain)["domain"]["assetSizeBytes"]
    before = size()
    content = b"counted once" * 100
    package = where.name("p")
    for repository in ("home", "away", "store"):
        where.publish(package, "1.0", content=content, repository=repository)
        equal(size(), before + len(content), repository)
    for repository in ("home", "away"):
        world.client.delete_package(**{**where.tools, "package": package,
                                       "repository": repository})
        equal(size(), before + len(content), f"after {repository}")
    world.client.delete_repository(domain=where.domain, repository="store")
    equal(size(), before, "at the end")
