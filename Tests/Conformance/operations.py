"""All 48 operations of the model, and what all checks together have seen of them."""

from harness import check, equal, true


@check("all 48 operations of the model are served")
def _(world):
    names = world.client.meta.service_model.operation_names
    equal(len(names), 48)
    equal(sorted(set(names) - set(world.served)), [], "what is not served")


@check("every reply was what the model allows")
def _(world):
    equal(set(world.served) - world.judge.answered, set(), "what was never answered")
    faults = sorted(set(world.judge.faults))
    true(not faults, "\n    " + "\n    ".join(faults))
