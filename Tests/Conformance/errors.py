"""Every exception of the model, of every operation that has it, with the members that it has."""

from botocore import xform_name

from ground import CASES, ground
from harness import check, true
from shapes import example
from world import refused

# Which thing a member names, as the exception calls it. Groups and tags have no type there.
NAMED = {
    "domain": "domain", "repository": "repository", "sourceRepository": "repository",
    "destinationRepository": "repository", "package": "package",
    "packageVersion": "package-version", "asset": "asset", "packageGroup": None,
}

# What these make, or describe without its being there, is not missing.
NEEDS_NOT_BE = {
    "CreateDomain": {"domain"},
    "CreateRepository": {"repository"},
    "CreatePackageGroup": {"packageGroup"},
    "GetAssociatedPackageGroup": {"package"},
    "PublishPackageVersion": {"package", "packageVersion", "asset"},
    "PutPackageOriginConfiguration": {"package"},
    # Lists what would be in it: `preview`.
    "ListAssociatedPackages": set(),
}

ELSEWHERE = {"packageGroup": "/generic/nowhere/*"}


def call_of(client, name):
    return getattr(client, xform_name(name))


def modelled(world, name, error):
    shapes = world.client.meta.service_model.operation_model(name).error_shapes
    return error in {shape.name for shape in shapes}


def each(world, error, one):
    """Runs `one` for every served operation that has this error; collects what fails."""
    faults = []
    for name in world.served:
        if error and not modelled(world, name, error):
            continue
        try:
            one(name)
        except Exception as fault:
            faults.append(f"{name}: {type(fault).__name__}: {fault}")
    true(not faults, "\n    " + "\n    ".join(faults))


@check("whatever a call names and is not there is not found, by its type and name")
def _(world):
    where = ground(world)

    def one(name):
        arguments, tried = CASES[name](where), 0
        for member, kind in NAMED.items():
            if member not in arguments or member in NEEDS_NOT_BE.get(name, ()):
                continue
            missing = ELSEWHERE.get(member, "nowhere-to-be-found")
            told = refused(
                "ResourceNotFoundException",
                lambda: call_of(where.client, name)(**{**arguments, member: missing}),
                about=kind, status=404)
            if kind:
                true(missing in told["resourceId"],
                     f"{member}: resourceId {told['resourceId']!r} does not name {missing!r}")
            tried += 1
        if "resourceArn" in arguments:
            for tail, kind in (("domain/nowhere", "domain"),
                               (f"repository/{where.domain}/nowhere", "repository"),
                               (f"package-group/{where.domain}/generic/nowhere/%2a", None)):
                arn = arguments["resourceArn"].rsplit(":", 1)[0] + ":" + tail
                refused("ResourceNotFoundException",
                        lambda: call_of(where.client, name)(**{**arguments, "resourceArn": arn}),
                        about=kind, status=404)
                tried += 1
        if tried and modelled(world, name, "ResourceNotFoundException"):
            world.proved(name, "missing")

    each(world, None, one)


@check("versions that are not there fail one by one, and the call does not")
def _(world):
    where = ground(world)
    batches = {
        "CopyPackageVersions": lambda p: dict(copied_from(p)),
        "DeletePackageVersions": lambda p: p,
        "DisposePackageVersions": lambda p: p,
        "UpdatePackageVersionsStatus": lambda p: dict(p, targetStatus="Archived"),
    }
    for name, shape in batches.items():
        if name not in world.served:
            continue
        arguments = shape(where.package())
        reply = call_of(where.client, name)(**arguments, versions=["1.0", "9.9"])
        codes = {v: f["errorCode"] for v, f in reply["failedVersions"].items()}
        true(codes == {"1.0": "SKIPPED", "9.9": "NOT_FOUND"}, f"{name}: {reply}")
        true(all(f["errorMessage"] for f in reply["failedVersions"].values()), f"{name}: {reply}")
        true(reply["successfulVersions"] == {}, f"{name}: {reply}")


def copied_from(package):
    rest = {key: value for key, value in package.items() if key != "repository"}
    return dict(rest, sourceRepository="home", destinationRepository="away")


def twice(name):
    """The same call a second time, of what can be made once."""
    def conflict(g):
        arguments = CASES[name](g)
        call_of(g.client, name)(**arguments)
        return arguments
    return conflict


def stale(name):
    """A call that changes a policy it has not seen."""
    return lambda g: dict(CASES[name](g), policyRevision="of-another-day")


def changed(name):
    def conflict(g):
        arguments = dict(CASES[name](g), policyRevision="of-another-day")
        key = {k: v for k, v in arguments.items() if not k.startswith("policy")}
        put = xform_name(name)
        getattr(g.client, put)(**key, policyDocument=g.policy())
        return arguments
    return conflict


def leads_back(g):
    lower = g.repository(upstreams=[{"repositoryName": "home"}])
    return dict(g.home, upstreams=[{"repositoryName": lower["repository"]}])


def other_bytes(g):
    package = g.package()
    return dict(CASES["PublishPackageVersion"](g), package=package["package"], assetName="a.bin")


# What can be in the way of a call, and of what type it is.
CONFLICTS = {
    "AssociateExternalConnection": (twice("AssociateExternalConnection"), "repository"),
    "CreateDomain": (twice("CreateDomain"), "domain"),
    "CreatePackageGroup": (twice("CreatePackageGroup"), None),
    "CreateRepository": (twice("CreateRepository"), "repository"),
    "DeleteDomain": (lambda g: dict(domain=g.domain), "domain"),
    "DeleteDomainPermissionsPolicy": (stale("DeleteDomainPermissionsPolicy"), "domain"),
    "DeleteRepositoryPermissionsPolicy": (
        stale("DeleteRepositoryPermissionsPolicy"), "repository"),
    "GetPackageVersionAsset": (
        lambda g: dict(CASES["GetPackageVersionAsset"](g), packageVersionRevision="another"),
        "package-version"),
    "PublishPackageVersion": (other_bytes, "asset"),
    "PutDomainPermissionsPolicy": (changed("PutDomainPermissionsPolicy"), "domain"),
    "PutRepositoryPermissionsPolicy": (changed("PutRepositoryPermissionsPolicy"), "repository"),
    "UpdateRepository": (leads_back, "repository"),
}


@check("what is in the way of a call is a conflict, and named")
def _(world):
    where = ground(world)

    def one(name):
        if name not in CONFLICTS:
            return
        prepare, kind = CONFLICTS[name]
        arguments = prepare(where)
        told = refused("ConflictException", lambda: call_of(where.client, name)(**arguments),
                       about=kind, status=409)
        if kind:
            named = [value for value in arguments.values() if isinstance(value, str)]
            true(told["resourceId"] in named or any(n in told["resourceId"] for n in named),
                 f"resourceId {told['resourceId']!r} is nothing that the call named")
        world.proved(name, "conflict")

    each(world, "ConflictException", one)


@check("an account that owns nothing here is denied everything, in AWS's words")
def _(world):
    """Members that name an account: whoever calls has no rights in one that does not exist."""
    where = ground(world)
    other = "999999999999" if where.owner != "999999999999" else "888888888888"

    def one(name):
        shape = world.client.meta.service_model.operation_model(name).input_shape
        arguments = example(shape)
        for member, value in (("namespace", "lab"), ("versions", ["1.0"])):
            if member in shape.members:
                arguments[member] = value
        if "domainOwner" in shape.members:
            arguments["domainOwner"] = other
        elif "resourceArn" in shape.members:
            arguments["resourceArn"] = where.arn.replace(where.owner, other)
        else:
            return
        told = refused("AccessDeniedException",
                       lambda: call_of(where.client, name)(**arguments), status=403)
        message = told["Error"]["Message"]
        true("is not authorized to perform: codeartifact:" in message, message)
        true(where.owner in message and other in message, message)

    each(world, "AccessDeniedException", one)
