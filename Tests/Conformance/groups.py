"""Package groups: patterns, the tree, association, restrictions and lists of repositories."""

from harness import check, equal, true
from world import invalid, refused

OPEN = {"mode": "ALLOW", "effectiveMode": "ALLOW", "repositoriesCount": 0}
BAD_PATTERNS = ["npm/*", "/npm", "/npm*", "/npm/foo-~", "/npm//~", "/conda/*", "/npm/a/b/c$",
                "/pypi/foo~", "/maven//core$", "/npm/*/foo$", "/nuget//Newtonsoft~",
                "/pypi//foo_bar$", "/swift/Apple/*"]


def make(world, domain, *patterns):
    for pattern in patterns:
        world.client.create_package_group(domain=domain, packageGroup=pattern)


def patterns(world, operation, key="packageGroups", **arguments):
    pages = world.client.get_paginator(operation).paginate(
        **arguments, PaginationConfig={"PageSize": 2})
    return [group["pattern"] for page in pages for group in page[key]]


@check("a domain has a root group, open and not to be deleted")
def _(world):
    domain = world.domain("roots")
    key = dict(domain=domain["name"], packageGroup="/*")
    root = world.client.describe_package_group(**key)["packageGroup"]
    true(root["arn"].endswith(f":package-group/{domain['name']}/%2a"), root["arn"])
    true("parent" not in root, root)
    for restriction in ("PUBLISH", "EXTERNAL_UPSTREAM", "INTERNAL_UPSTREAM"):
        equal(root["originConfiguration"]["restrictions"][restriction], OPEN)
    refused("ValidationException", lambda: world.client.delete_package_group(**key))
    refused("ValidationException", lambda: world.client.update_package_group_origin_configuration(
        **key, restrictions={"PUBLISH": "INHERIT"}), reason="FIELD_VALIDATION_FAILED")


@check("a group's pattern is judged by the grammar, with a reason")
def _(world):
    name = world.domain("grammar")["name"]
    for pattern in BAD_PATTERNS:
        told = refused("ValidationException", lambda: make(world, name, pattern),
                       reason="FIELD_VALIDATION_FAILED", status=400)
        true(pattern in told["Error"]["Message"], told)
    invalid(lambda: make(world, name, "/npm /*"), "packageGroup")
    make(world, name, "/npm//react$", "/npm//React$")
    refused("ConflictException", lambda: make(world, name, "/npm//react$"), status=409)
    refused("ResourceNotFoundException", lambda: make(world, "nowhere", "/npm/*"), about="domain")


@check("groups form a tree, are listed by prefix and by parent, and move up when one goes")
def _(world):
    name = world.domain("tree")["name"]
    make(world, name, "/npm/*", "/npm/space~", "/npm/space/*", "/npm/space/foo$", "/maven/*")
    equal(patterns(world, "list_package_groups", domain=name),
          ["/*", "/maven/*", "/npm/*", "/npm/space/*", "/npm/space/foo$", "/npm/space~"])
    equal(patterns(world, "list_package_groups", domain=name, prefix="/npm/space/"),
          ["/npm/space/*", "/npm/space/foo$"])
    below = lambda pattern: patterns(
        world, "list_sub_package_groups", domain=name, packageGroup=pattern)
    equal(below("/*"), ["/maven/*", "/npm/*"])
    equal(below("/npm/*"), ["/npm/space~"])
    gone = world.client.delete_package_group(domain=name, packageGroup="/npm/space~")
    equal(gone["packageGroup"]["parent"]["pattern"], "/npm/*")
    equal(below("/npm/*"), ["/npm/space/*"])


@check("contact, description and tags come with a group, and what is left out stays")
def _(world):
    name = world.domain("words")["name"]
    made = world.client.create_package_group(
        domain=name, packageGroup="/npm/*", contactInfo="ops", description="ours",
        tags=[{"key": "team", "value": "a"}])["packageGroup"]
    equal((made["contactInfo"], made["description"]), ("ops", "ours"))
    tags = world.client.list_tags_for_resource(resourceArn=made["arn"])["tags"]
    equal(tags, [{"key": "team", "value": "a"}])
    changed = world.client.update_package_group(
        domain=name, packageGroup="/npm/*", contactInfo="dev")["packageGroup"]
    equal((changed["contactInfo"], changed["description"]), ("dev", "ours"))


@check("restrictions are inherited, and lists of repositories tell what changed")
def _(world):
    name = world.domain("roads")["name"]
    make(world, name, "/npm/*", "/npm/space/*")
    for repository in ("r1", "r2", "r3"):
        world.repository(name, repository)
    key = dict(domain=name, packageGroup="/npm/*")
    entry = lambda r, road="PUBLISH": {"repositoryName": r, "originRestrictionType": road}
    change = world.client.update_package_group_origin_configuration
    reply = change(**key, restrictions={"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"},
                   addAllowedRepositories=[entry("r1"), entry("r2"), entry("r3")])
    equal(reply["allowedRepositoryUpdates"], {"PUBLISH": {"ADDED": ["r1", "r2", "r3"]}})
    reply = change(**key, addAllowedRepositories=[entry("r1")],
                   removeAllowedRepositories=[entry("r2")])
    equal(reply["allowedRepositoryUpdates"], {"PUBLISH": {"REMOVED": ["r2"]}})
    pages = world.client.get_paginator("list_allowed_repositories_for_group").paginate(
        **key, originRestrictionType="PUBLISH", PaginationConfig={"PageSize": 1})
    equal([r for page in pages for r in page["allowedRepositories"]], ["r1", "r3"])
    lower = world.client.describe_package_group(domain=name, packageGroup="/npm/space/*")
    publish = lower["packageGroup"]["originConfiguration"]["restrictions"]["PUBLISH"]
    equal(publish["effectiveMode"], "ALLOW_SPECIFIC_REPOSITORIES")
    equal(publish["inheritedFrom"]["pattern"], "/npm/*")
    refused("ResourceNotFoundException", lambda: change(
        **key, addAllowedRepositories=[entry("r9")]), about="repository")
    refused("ValidationException", lambda: change(
        **key, addAllowedRepositories=[entry("r2")], removeAllowedRepositories=[entry("r2")]))


@check("packages belong to the narrowest group, weakly where they only look like its own")
def _(world):
    name = world.domain("belong")["name"]
    make(world, name, "/generic/lab/*", "/generic/lab/tools~")
    for repository, package in (("r1", "tools"), ("r2", "tools"), ("r2", "tools-x"), ("r2", "y")):
        try:
            world.repository(name, repository)
        except world.client.exceptions.ConflictException:
            pass
        world.client.put_package_origin_configuration(
            domain=name, repository=repository, format="generic", namespace="lab",
            package=package, restrictions={"publish": "ALLOW", "upstream": "ALLOW"})
    for package, group, strength in (
            ("tools", "tools~", "STRONG"), ("toolshed", "*", "STRONG"), ("T00LS", "tools~", "WEAK"),
            ("tools.z", "tools~", "STRONG")):
        reply = world.client.get_associated_package_group(
            domain=name, format="generic", namespace="lab", package=package)
        equal((reply["packageGroup"]["pattern"], reply["associationType"]),
              (f"/generic/lab/{group}", strength), package)
    pages = world.client.get_paginator("list_associated_packages").paginate(
        domain=name, packageGroup="/generic/lab/tools~", PaginationConfig={"PageSize": 1})
    equal([p["package"] for page in pages for p in page["packages"]], ["tools", "tools-x"])
    preview = world.client.list_associated_packages(
        domain=name, packageGroup="/generic/lab/y$", preview=True)
    equal(preview["packages"], [{"format": "generic", "namespace": "lab", "package": "y",
                                 "associationType": "STRONG"}])
    refused("ResourceNotFoundException", lambda: world.client.list_associated_packages(
        domain=name, packageGroup="/generic/lab/y$"), status=404)
