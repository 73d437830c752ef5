"""All 48 operations of the model: those served, and those that say they are not."""

from botocore import xform_name

from harness import check, equal, true
from world import invalid, refused

SERVED = {
    "AssociateExternalConnection", "CreateDomain", "CreateRepository", "DeleteDomain",
    "CreatePackageGroup", "DeletePackageGroup", "DescribePackageGroup", "GetAssociatedPackageGroup",
    "ListAllowedRepositoriesForGroup", "ListAssociatedPackages", "ListPackageGroups",
    "ListSubPackageGroups", "ListTagsForResource", "PutPackageOriginConfiguration", "TagResource",
    "UntagResource", "UpdatePackageGroup", "UpdatePackageGroupOriginConfiguration",
    "DeleteRepository", "DescribeDomain", "DescribePackage", "DescribePackageVersion",
    "DescribeRepository", "DisassociateExternalConnection", "GetAuthorizationToken",
    "GetPackageVersionAsset", "GetPackageVersionReadme", "GetRepositoryEndpoint", "ListDomains",
    "ListPackageVersionAssets", "ListPackageVersionDependencies", "ListPackageVersions",
    "ListPackages", "ListRepositories", "ListRepositoriesInDomain", "PublishPackageVersion",
    "UpdateRepository", "CopyPackageVersions", "DeletePackage", "DeletePackageVersions",
    "DisposePackageVersions", "UpdatePackageVersionsStatus",
}

EXAMPLES = {
    "AccountId": "123456789012", "PackageFormat": "generic", "DomainName": "corp",
    "SHA256": "0" * 64, "PackageVersionStatus": "Published", "AllowPublish": "ALLOW",
    "AllowUpstream": "ALLOW", "PackageGroupOriginRestrictionType": "PUBLISH",
}


def example(shape):
    """A value that passes the SDK's own checks."""
    if shape.name in EXAMPLES:
        return EXAMPLES[shape.name]
    kind = shape.type_name
    if kind == "structure":
        return {name: example(shape.members[name]) for name in shape.required_members}
    if kind == "list":
        return [example(shape.member)]
    if kind == "map":
        return {}
    return {"string": "example", "blob": b"bytes", "boolean": True}.get(kind, 1)


@check("the model has the operations this suite was written for")
def _(world):
    names = world.client.meta.service_model.operation_names
    equal(len(names), 48)
    true(SERVED <= set(names), SERVED - set(names))


@check("an operation that is not served says so by name")
def _(world):
    model = world.client.meta.service_model
    for name in sorted(set(model.operation_names) - SERVED):
        call = getattr(world.client, xform_name(name))
        arguments = example(model.operation_model(name).input_shape)
        refused("ValidationException", lambda: call(**arguments), reason="UNKNOWN_OPERATION",
                containing=name)


# Something that breaks each pattern of the model and no length.
BREAKERS = {"\\P{C}*": "bell\a", "\\P{C}+": "bell\a", "\\S+": "a b", "[^#/\\s]+": "a#b",
            "[0-9]{12}": "12345678901x", "[0-9a-f]+": "G" * 64}


def bad_values(shape):
    """Values that the SDK sends and the model does not allow."""
    limits = shape.metadata
    if shape.type_name == "string":
        if limits.get("enum"):
            yield "nonsense"
        if "max" in limits:
            yield "a" * (limits["max"] + 1)
        if "pattern" in limits:
            yield BREAKERS.get(limits["pattern"], "-bad-")
    elif shape.type_name in ("integer", "long") and "max" in limits:
        yield limits["max"] + 1


@check("every parameter of every served operation is held against the model")
def _(world):
    model = world.client.meta.service_model
    tried = 0
    for name in sorted(SERVED):
        shape = model.operation_model(name).input_shape
        call = getattr(world.client, xform_name(name))
        for member, member_shape in shape.members.items():
            for value in bad_values(member_shape):
                arguments = {**example(shape), member: value}
                try:
                    invalid(lambda: call(**arguments), member)
                except AssertionError as error:
                    raise AssertionError(f"{name}({member}={value!r:.60}): {error}") from None
                tried += 1
    true(tried > 150, f"only {tried} values were tried")


@check("every reply was what the model allows")
def _(world):
    equal(SERVED - world.judge.answered, set(), "what was never answered")
    faults = sorted(set(world.judge.faults))
    true(not faults, "\n    " + "\n    ".join(faults))
