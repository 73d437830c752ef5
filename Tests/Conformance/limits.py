"""Every member of every operation's input, held against every limit that the model gives it."""

import secrets
from concurrent.futures import ThreadPoolExecutor

from harness import check, true
from shapes import bad, example, good, in_body
from wire import Wire

# How a refusal for a limit of the model reads, to tell it from one that has another reason.
WORDS = ("length", "regular expression", "enum value set", "Member must have value", "null",
         "Member must be a", "is not JSON")

# What this service takes less of than its model says, and rightly so.
NARROWER = {
    ("PublishPackageVersion", "format"): "generic packages only (codeartifact.md 5)",
    ("PublishPackageVersion", "assetName"): "letters and digits (codeartifact.md 5)",
    ("UpdatePackageVersionsStatus", "targetStatus"): "no way back to Unfinished, none to Disposed",
}


def arguments(model, name):
    """What the model requires, and a namespace, which the format requires."""
    shape = model.operation_model(name).input_shape
    more = {"namespace": "lab"} if "namespace" in shape.members else {}
    return {**example(shape), **more}


def members(model, name):
    return model.operation_model(name).input_shape.members.items()


def bad_calls(model, name):
    """Every call of an operation with exactly one thing wrong."""
    base = arguments(model, name)
    for member, shape in members(model, name):
        for why, value in bad(shape, in_body(shape)):
            yield member, why, {**base, member: value}
    for member in model.operation_model(name).input_shape.required_members:
        if member in BEFORE_THE_REST.get(name, ()):
            continue
        rest = {key: value for key, value in base.items() if key != member}
        yield member, "nothing", rest
        if in_body(model.operation_model(name).input_shape.members[member]):
            yield member, "null", {**base, member: None}


# The content may be empty; its hash is what the signature is made with.
BEFORE_THE_REST = {"PublishPackageVersion": {"assetContent", "assetSHA256"}}


def good_calls(model, name):
    """Every call of an operation with one value exactly at a limit."""
    base = arguments(model, name)
    for member, shape in members(model, name):
        for why, value in good(shape):
            # The one call that succeeds makes a domain of its own, which goes at once.
            if name == "CreateDomain":
                base = {"domain": f"conformance-{secrets.token_hex(4)}"}
            yield member, why, {**base, member: value}


def everywhere(world, calls, judge):
    """Sends all calls of all served operations and returns what `judge` says against them."""
    wire, model = Wire(world), world.client.meta.service_model
    faults, counts = [], {}

    def one(item):
        name, member, why, given = item
        reply = wire.call(name, given)
        fault = judge(name, member, reply)
        if fault:
            faults.append(f"{name}.{member}, {why} ({given.get(member)!r:.60}): {fault}: {reply}")
        return name

    with ThreadPoolExecutor(4) as pool:
        for name in pool.map(one, [(n, *c) for n in world.served for c in calls(model, n)]):
            counts[name] = counts.get(name, 0) + 1
    return faults, counts


def report(faults):
    lines = sorted(faults)
    true(not lines, "\n    ".join([f"{len(lines)} faults", *(line[:400] for line in lines[:60])]))


@check("every value beyond a limit of the model is refused, and its member named")
def _(world):
    def judge(name, member, reply):
        if (reply.status, reply.error) != (400, "ValidationException"):
            return "not refused as a validation error"
        if reply.json.get("reason") != "FIELD_VALIDATION_FAILED":
            return "the reason is wrong"
        if f"at '{member}" not in reply.message:
            return "the member is not named"

    faults, counts = everywhere(world, bad_calls, judge)
    for name in world.served:
        if not any(fault.startswith(name + ".") for fault in faults):
            world.proved(name, "limits")
    report(faults)
    true(sum(counts.values()) > 40 * len(counts), f"only {sum(counts.values())} values were tried")


@check("every value exactly at a limit is taken, or refused for another reason")
def _(world):
    def judge(name, member, reply):
        if reply.status >= 500:
            return "the server failed"
        if (name, member) in NARROWER:
            return None
        if f"at '{member}" in reply.message and any(word in reply.message for word in WORDS):
            return "refused for a limit that it keeps"
        if name == "CreateDomain" and reply.status == 200:
            world.client.delete_domain(domain=reply.json["domain"]["name"])

    faults, counts = everywhere(world, good_calls, judge)
    for fault in faults:
        world.disproved(fault.split(".")[0], "limits")
    report(faults)
