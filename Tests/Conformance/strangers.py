"""Callers without rights: a user of the same account, and one of another."""

import json
import os
import subprocess

from ground import CASES, Ground
from harness import Skipped, check, true
from servers import usage
from shapes import example
from wire import Wire
from world import World


def larder(world, *words):
    """Asks the server as its administrator; returns what it says."""
    environment = {
        "PATH": os.environ["PATH"], "AWS_ENDPOINT_URL_CODEARTIFACT": world.endpoint,
        "AWS_ACCESS_KEY_ID": world.access_key, "AWS_SECRET_ACCESS_KEY": world.secret_key,
        "AWS_DEFAULT_REGION": world.region}
    done = subprocess.run([world.program, "iam", *words, "--json"], env=environment, text=True,
                          capture_output=True, timeout=60)
    if done.returncode:
        raise AssertionError(f"larder iam {' '.join(words)}: {done.stderr or done.stdout}")
    return json.loads(done.stdout) if done.stdout.strip() else {}


def stranger(world, name, *more):
    """The world as a new user without any policy sees it."""
    if not world.program:
        raise Skipped("no --program to make users with")
    if "iam " not in usage(world):
        raise Skipped("this larder has no identities")
    larder(world, "user", "create", name, *more)
    key = larder(world, "key", "create", "--user", name, *more)["key"]
    made = World(world.endpoint, key["id"], key["secret"], world.region, world.program)
    made.table = world.table
    return made


def denied(reply):
    """What is wrong with the refusal of a caller without rights, or None."""
    if (reply.status, reply.error) != (403, "AccessDeniedException"):
        return f"not denied: {reply}"
    if set(reply.json) != {"message"}:
        return f"the members are {reply.json}"
    if "is not authorized to perform: codeartifact:" not in reply.message:
        return f"the message is {reply.message}"
    if ":user/" not in reply.message:
        return f"the caller is not named: {reply.message}"


@check("a user without a policy is denied every operation, and nothing happens")
def _(world):
    other = stranger(world, world.name("stranger"))
    where, wire, faults = Ground(world, "denied"), Wire(other), []
    # What is touched by several is prepared for each of them, so that denial leaves it whole.
    prepared = {name: CASES[name](where) for name in world.served}
    for name, arguments in prepared.items():
        fault = denied(wire.call(name, arguments))
        if fault:
            faults.append(f"{name}: {fault}")
        else:
            world.proved(name, "denied")
    own = Wire(world)
    for name in sorted(prepared, key=lambda name: (name.startswith("Delete"), name)):
        reply = own.call(name, prepared[name])
        if reply.status != 200:
            faults.append(f"{name} afterwards, by one with rights: {reply}")
    true(not faults, "\n    " + "\n    ".join(faults))


@check("a user without a policy does not learn what there is")
def _(world):
    other = stranger(world, world.name("curious"))
    wire, model, faults = Wire(other), world.client.meta.service_model, []
    for name in world.served:
        shape = model.operation_model(name).input_shape
        arguments = example(shape)
        for member, value in (("namespace", "lab"), ("versions", ["1.0"])):
            if member in shape.members:
                arguments[member] = value
        if "resourceArn" in arguments:
            arguments["resourceArn"] = arguments["resourceArn"].replace(
                "123456789012", world.account)
        fault = denied(wire.call(name, arguments))
        if fault:
            faults.append(f"{name}: {fault}")
    true(not faults, "\n    " + "\n    ".join(faults))


@check("another account's administrator is denied what is here, by every operation")
def _(world):
    if "iam " not in (usage(world) if world.program else ""):
        raise Skipped("this larder has no identities")
    key = larder(world, "account", "create", "--name", world.name("abroad"))["key"]
    other = World(world.endpoint, key["id"], key["secret"], world.region)
    where, wire, faults = Ground(world, "abroad"), Wire(other), []
    model = world.client.meta.service_model
    for name in world.served:
        arguments = CASES[name](where)
        members = model.operation_model(name).input_shape.members
        if "domainOwner" in members:
            arguments["domainOwner"] = where.owner
        elif "resourceArn" not in members:
            continue  # of the caller's own account
        reply = wire.call(name, arguments)
        if (reply.status, reply.error) != (403, "AccessDeniedException"):
            faults.append(f"{name}: {reply}")
            world.disproved(name, "denied")
    true(not faults, "\n    " + "\n    ".join(faults))
