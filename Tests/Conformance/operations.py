"""All 48 operations of the model: those served, and those that say they are not."""

from botocore import xform_name

from harness import check, equal, true
from shapes import example
from world import refused

@check("the model has the operations this suite was written for")
def _(world):
    names = world.client.meta.service_model.operation_names
    equal(len(names), 48)
    true(len(world.served) >= 23, f"only {world.served} are served")


@check("an operation that is not served says so by name")
def _(world):
    model = world.client.meta.service_model
    for name in sorted(set(model.operation_names) - set(world.served)):
        call = getattr(world.client, xform_name(name))
        arguments = example(model.operation_model(name).input_shape)
        refused("ValidationException", lambda: call(**arguments), reason="UNKNOWN_OPERATION",
                containing=name)


@check("every reply was what the model allows")
def _(world):
    equal(set(world.served) - world.judge.answered, set(), "what was never answered")
    faults = sorted(set(world.judge.faults))
    true(not faults, "\n    " + "\n    ".join(faults))
