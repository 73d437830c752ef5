"""All 48 operations of the model: those served, and those that say they are not."""

from botocore import xform_name

from harness import check, equal, true
from world import refused

SERVED = {
    "AssociateExternalConnection", "CreateDomain", "CreateRepository", "DeleteDomain",
    "DeleteRepository", "DescribeDomain", "DescribePackage", "DescribePackageVersion",
    "DescribeRepository", "DisassociateExternalConnection", "GetAuthorizationToken",
    "GetPackageVersionAsset", "GetRepositoryEndpoint", "ListDomains", "ListPackageVersionAssets",
    "ListPackageVersions", "ListPackages", "ListRepositories", "ListRepositoriesInDomain",
    "UpdateRepository",
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


@check("every reply was what the model allows")
def _(world):
    equal(SERVED - world.judge.answered, set(), "what was never answered")
    faults = sorted(set(world.judge.faults))
    true(not faults, "\n    " + "\n    ".join(faults))
