"""Tags of domains, repositories and package groups."""

from harness import check, equal
from world import invalid, refused


def listed(world, arn):
    tags = world.client.list_tags_for_resource(resourceArn=arn)["tags"]
    return {tag["key"]: tag["value"] for tag in tags}


def pairs(**tags):
    return [{"key": key, "value": value} for key, value in tags.items()]


@check("tags are put, replaced and taken away")
def _(world):
    domain = world.domain("tags")
    repository = world.repository(domain["name"], "r1", tags=pairs(team="a"))
    equal(listed(world, repository["arn"]), {"team": "a"})
    for arn in (domain["arn"], repository["arn"]):
        world.client.tag_resource(resourceArn=arn, tags=pairs(team="b", Team="c", cost=""))
        equal(listed(world, arn), {"team": "b", "Team": "c", "cost": ""})
        world.client.untag_resource(resourceArn=arn, tagKeys=["Team", "none"])
        equal(listed(world, arn), {"team": "b", "cost": ""})


@check("tags keep to their limits and to their resource")
def _(world):
    domain = world.domain("taglimits")
    arn = domain["arn"]
    put = lambda tags, arn=arn: world.client.tag_resource(resourceArn=arn, tags=tags)
    put([{"key": f"k{i}", "value": ""} for i in range(50)])
    refused("ServiceQuotaExceededException", lambda: put(pairs(more="1")), status=402)
    refused("ServiceQuotaExceededException", lambda: world.repository(
        domain["name"], "r1", tags=[{"key": f"k{i}", "value": ""} for i in range(51)]), status=402)
    invalid(lambda: put([{"key": f"k{i}", "value": ""} for i in range(201)]), "tags")
    refused("ValidationException", lambda: put(pairs(a="1") + pairs(a="2")))
    refused("ValidationException", lambda: put([{"key": "aws:x", "value": "1"}]))
    world.repository(domain["name"], "r2", tags=pairs(team="a"))
    world.client.delete_repository(domain=domain["name"], repository="r2")
    equal(listed(world, world.repository(domain["name"], "r2")["arn"]), {})


@check("tags are of resources by their exact names")
def _(world):
    domain = world.domain("tagnames")
    arn, region = domain["arn"], world.region
    for bad in ("nonsense", arn.replace(region, "xx-else-1"), arn.replace("arn:aws", "arn:aws-cn"),
                arn + "/more", arn.replace(":domain/", ":package/"),
                arn.replace(":domain/", ":package-group/") + "/%2A"):
        refused("ValidationException", lambda: listed(world, bad), status=400)
    for missing, kind in ((arn + "x", "domain"),
                          (arn.replace(":domain/", ":repository/") + "/none", "repository")):
        refused("ResourceNotFoundException", lambda: listed(world, missing), about=kind)
