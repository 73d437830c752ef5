"""What is asked a second time: after a lost reply, clients do not know that it was done."""

from botocore import xform_name

from ground import CASES, READS, Ground
from harness import check, equal, true
from world import refused

# The same call again is the same success; what the reply has anew each time is left out.
SAME = {
    "CopyPackageVersions": (), "GetAuthorizationToken": ("authorizationToken", "expiration"),
    "PublishPackageVersion": (), "PutDomainPermissionsPolicy": ("revision",),
    "PutPackageOriginConfiguration": (), "PutRepositoryPermissionsPolicy": ("revision",),
    "TagResource": (), "UntagResource": (), "UpdatePackageGroup": (),
    "UpdatePackageGroupOriginConfiguration": ("ADDED", "allowedRepositoryUpdates"),
    "UpdateRepository": (),
    **{name: () for name in READS},
}

# What is made once, and what is gone once.
ERRORS = {
    "AssociateExternalConnection": "ConflictException", "CreateDomain": "ConflictException",
    "CreatePackageGroup": "ConflictException", "CreateRepository": "ConflictException",
    "DeleteDomain": "ResourceNotFoundException",
    "DeleteDomainPermissionsPolicy": "ResourceNotFoundException",
    "DeletePackage": "ResourceNotFoundException",
    "DeletePackageGroup": "ResourceNotFoundException",
    "DeleteRepository": "ResourceNotFoundException",
    "DeleteRepositoryPermissionsPolicy": "ResourceNotFoundException",
    "DisassociateExternalConnection": "ResourceNotFoundException",
}

# Batches say it of each version.
VERSIONS = {
    "DeletePackageVersions": "NOT_FOUND", "DisposePackageVersions": "MISMATCHED_STATUS",
    "UpdatePackageVersionsStatus": "MISMATCHED_STATUS",
}


@check("what is asked a second time is the same success, or the error that says why not")
def _(world):
    equal(sorted([*SAME, *ERRORS, *VERSIONS]),
          sorted(world.client.meta.service_model.operation_names))
    where, faults = Ground(world, "again"), []
    for name in world.served:
        try:
            asked = CASES[name](where)
            call = lambda: getattr(where.client, xform_name(name))(**asked)
            twice(name, call, told(call()))
            world.proved(name, "again")
        except Exception as fault:
            faults.append(f"{name}: {type(fault).__name__}: {fault}")
    true(not faults, "\n    " + "\n    ".join(faults))


def told(reply):
    reply.pop("ResponseMetadata")
    if "asset" in reply and hasattr(reply["asset"], "read"):
        reply["asset"] = reply["asset"].read()
    return reply


def twice(name, call, first):
    if name in ERRORS:
        refused(ERRORS[name], call)
    elif name in VERSIONS:
        second = told(call())
        equal(second["successfulVersions"], {}, "what succeeded again")
        equal({failure["errorCode"] for failure in second["failedVersions"].values()},
              {VERSIONS[name]})
    else:
        second = told(call())
        if name == "CopyPackageVersions":
            # What is there already, and the same, is in neither map (codeartifact.md 5).
            equal(second, {"successfulVersions": {}, "failedVersions": {}})
        else:
            equal(without(SAME[name], second), without(SAME[name], first), "the second reply")


def without(names, value):
    if isinstance(value, dict):
        return {key: without(names, item) for key, item in value.items() if key not in names}
    return [without(names, item) for item in value] if isinstance(value, list) else value


@check("a version that is made again after its deletion is a new one, and its package the old")
def _(world):
    where = Ground(world, "anew")
    package = where.package()
    controls = {"publish": "ALLOW", "upstream": "ALLOW"}
    where.client.put_package_origin_configuration(**package, restrictions=controls)
    where.client.delete_package_versions(**package, versions=["1.0"])
    described = lambda: where.client.describe_package(**package)["package"]
    equal(described()["originConfiguration"]["restrictions"], controls, "without a version")
    where.publish(package["package"], "1.0", content=b"other bytes")
    equal(described()["originConfiguration"]["restrictions"], controls, "with a new version")
    where.client.delete_package(**package)
    where.publish(package["package"], "1.0")
    equal(described()["originConfiguration"]["restrictions"],
          {"publish": "ALLOW", "upstream": "BLOCK"}, "of a new package")
