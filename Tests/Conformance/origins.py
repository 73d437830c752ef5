"""Origin configurations of packages, and what they and package groups keep out."""

import hashlib

from harness import check, equal
from world import invalid, refused


def publish(world, domain, package, version="1.0"):
    content = b"bytes"
    return world.client.publish_package_version(
        domain=domain, repository="r1", format="generic", namespace="lab", package=package,
        packageVersion=version, assetName="a", assetContent=content,
        assetSHA256=hashlib.sha256(content).hexdigest())


@check("a package's origins can be set before it is there, and count")
def _(world):
    name = world.domain("origins")["name"]
    world.repository(name, "r1")
    key = dict(domain=name, repository="r1", format="generic", namespace="lab", package="tools")
    put = lambda **r: world.client.put_package_origin_configuration(**key, restrictions=r)
    reply = put(publish="BLOCK", upstream="ALLOW")
    equal(reply["originConfiguration"]["restrictions"], {"publish": "BLOCK", "upstream": "ALLOW"})
    equal(world.client.describe_package(**key)["package"]["originConfiguration"],
          reply["originConfiguration"])
    equal(world.client.list_package_versions(**key)["versions"], [])
    refused("AccessDeniedException", lambda: publish(world, name, "tools"), status=403)
    put(publish="ALLOW", upstream="BLOCK")
    publish(world, name, "tools")
    publish(world, name, "fresh")
    fresh = world.client.describe_package(**{**key, "package": "fresh"})["package"]
    equal(fresh["originConfiguration"]["restrictions"], {"publish": "ALLOW", "upstream": "BLOCK"})
    blocked = world.client.list_packages(domain=name, repository="r1", publish="BLOCK")
    equal(blocked["packages"], [])
    invalid(lambda: put(publish="MAYBE", upstream="ALLOW"), "restrictions.publish")
    refused("ResourceNotFoundException", lambda: world.client.put_package_origin_configuration(
        **{**key, "repository": "none"}, restrictions={"publish": "ALLOW", "upstream": "ALLOW"}),
        about="repository")


@check("package groups keep publishers out, and lookalikes")
def _(world):
    name = world.domain("kept-out")["name"]
    world.repository(name, "r1")
    world.client.create_package_group(domain=name, packageGroup="/generic/lab/tools~")
    change = lambda **r: world.client.update_package_group_origin_configuration(
        domain=name, packageGroup="/generic/lab/tools~", restrictions=r)
    refused("AccessDeniedException", lambda: publish(world, name, "T00LS"), status=403,
            containing="can be taken for")
    change(PUBLISH="BLOCK")
    refused("AccessDeniedException", lambda: publish(world, name, "tools"), status=403,
            containing="/generic/lab/tools~")
    change(PUBLISH="ALLOW", EXTERNAL_UPSTREAM="BLOCK")
    publish(world, name, "tools")
    made = world.client.describe_package(
        domain=name, repository="r1", format="generic", namespace="lab", package="tools")
    equal(made["package"]["originConfiguration"]["restrictions"],
          {"publish": "ALLOW", "upstream": "ALLOW"})
