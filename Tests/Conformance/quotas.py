"""What an account may have, and how often it may ask, on servers that allow little."""

import hashlib

from botocore import xform_name

from ground import CASES, Ground
from harness import check, equal, true
from limits import arguments
from servers import server
from wire import Wire
from world import refused

QUOTAS = ["--quota", "domains-per-account=3", "--quota", "repositories-per-domain=6",
          "--quota", "assets-per-version=2", "--quota", "direct-upstreams=2",
          "--quota", "tags-per-resource=2", "--quota", "asset-size=64KB"]


def too_many_upstreams(g):
    key = g.repository()
    return dict(key, upstreams=[{"repositoryName": n} for n in ("home", "away", "store")])


def too_many_assets(g):
    for asset in "ab":
        g.publish("full", "1.0", asset=asset, unfinished=True)
    return dict(CASES["PublishPackageVersion"](g), package="full")


def too_large(g):
    content = b"x" * (64 * 1024 + 1)
    return dict(CASES["PublishPackageVersion"](g), assetContent=content,
                assetSHA256=hashlib.sha256(content).hexdigest())


def too_many_domains(g):
    g.new_domain()
    g.new_domain()
    return dict(domain=g.fresh_domain_name())


def too_many_repositories(g):
    # Three are the ground's own, and one is that of the upstreams.
    for _ in range(2):
        g.repository()
    return dict(domain=g.domain, repository="one-too-many")


TAGS = [{"key": f"k{number}", "value": "v"} for number in range(3)]

# What exceeds a quota, and of what type the thing is that is full.
EXCESS = [
    ("UpdateRepository", too_many_upstreams, "repository"),
    ("PublishPackageVersion", too_many_assets, "package-version"),
    ("PublishPackageVersion", too_large, "asset"),
    ("TagResource", lambda g: dict(resourceArn=g.arn, tags=TAGS), "domain"),
    ("CreatePackageGroup", lambda g: dict(CASES["CreatePackageGroup"](g), tags=TAGS), None),
    ("CreateRepository", lambda g: dict(
        domain=g.domain, repository="tagged", tags=TAGS), None),
    ("CreateRepository", too_many_repositories, None),
    ("CreateDomain", too_many_domains, "domain"),
]


@check("what exceeds a quota is refused as the model says, and names what is full")
def _(world):
    faults = []
    with server(world, *QUOTAS) as other:
        where = Ground(other, "quota")
        for name, prepare, kind in EXCESS:
            if name not in other.served:
                continue
            try:
                asked = prepare(where)
                if "tags" in asked and "TagResource" not in other.served:
                    continue
                refused("ServiceQuotaExceededException",
                        lambda: getattr(other.client, xform_name(name))(**asked),
                        about=kind, status=402)
                other.proved(name, "quota")
            except Exception as fault:
                faults.append(f"{name}: {type(fault).__name__}: {fault}")
                other.disproved(name, "quota")
        faults += sorted(set(other.judge.faults))
    true(not faults, "\n    " + "\n    ".join(faults))


@check("whoever asks too often is told when to come back, by every operation that has the error")
def _(world):
    model, faults = world.client.meta.service_model, []
    throttled = [name for name in world.served if "ThrottlingException" in {
        shape.name for shape in model.operation_model(name).error_shapes}]
    # One call, and the next in a quarter of an hour.
    flags = [word for name in throttled for word in ("--throttle", f"{name}=0.001:1")]
    with server(world, *flags) as other:
        wire = Wire(other)
        for name in throttled:
            asked = arguments(model, name)
            first, second = wire.call(name, asked), wire.call(name, asked)
            if first.status == 429:
                faults.append(f"{name}: the first call is throttled")
            elif (second.status, second.error) != (429, "ThrottlingException"):
                faults.append(f"{name}: {second}")
            elif set(second.json) != {"message"} or not second.message:
                faults.append(f"{name}: the members are {second.json}")
            elif not 1 <= int(second.headers.get("retry-after", 0)) <= 1000:
                faults.append(f"{name}: Retry-After is {second.headers.get('retry-after')}")
            else:
                other.proved(name, "throttled")
        # What has no rate of its own goes on.
        for name in set(other.served) - set(throttled):
            for _ in range(2):
                equal(wire.call(name, arguments(model, name)).status != 429, True, name)
    true(not faults, "\n    " + "\n    ".join(faults))
