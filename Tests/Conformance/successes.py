"""Every operation succeeds, and its reply has all that the model says and nothing else."""

from botocore import xform_name

from ground import CASES, READS, ground
from harness import check, equal, true


@check("every operation has a case in this suite")
def _(world):
    equal(sorted(CASES), sorted(world.client.meta.service_model.operation_names))


@check("every operation succeeds, and its reply is what the model says, whole")
def _(world):
    where, faults = ground(world), []
    for name in world.served:
        arguments = CASES[name](where)
        before = len(world.judge.faults)
        try:
            reply = getattr(where.client, xform_name(name))(**arguments)
            if "asset" in reply and name == "GetPackageVersionAsset":
                reply["asset"].read()
        except Exception as error:
            faults.append(f"{name}: {error}")
            continue
        found = world.judge.faults[before:]
        faults += found
        if not found:
            world.proved(name, "success")
    true(not faults, "\n    " + "\n    ".join(faults))


@check("what only reads says the same twice")
def _(world):
    where = ground(world)
    for name in READS:
        if name not in world.served or name == "GetPackageVersionAsset":
            continue
        arguments = CASES[name](where)
        call = getattr(where.client, xform_name(name))
        first, second = call(**arguments), call(**arguments)
        first.pop("ResponseMetadata"), second.pop("ResponseMetadata")
        equal(second, first, name)
