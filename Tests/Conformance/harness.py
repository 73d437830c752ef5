"""The smallest test runner that will do: checks are functions, failures are exceptions."""

import sys
import time
import traceback

import table

_checks = []


class Skipped(Exception):
    """Thrown by a check that cannot be made here; its text says why."""


def check(sentence):
    """Registers a function as the check of what `sentence` says."""

    def register(function):
        _checks.append((sentence, function))
        return function

    return register


def forget():
    """Leaves out the checks that are registered so far."""
    _checks.clear()


def run(world, only=None, page=None, readme=None):
    """Runs every check in the order of registration; returns the process's exit code.

    `page` is the table to hold against what a whole run proved, `readme` a page with its summary.
    """
    try:
        return _run(world, only, page, readme)
    finally:
        getattr(world, "kept", set()).clear()
        world.clean()


def _run(world, only, page, readme):
    passed = failed = skipped = 0
    for sentence, function in _checks:
        if only and only not in f"{function.__module__}: {sentence}":
            continue
        began = time.monotonic()
        try:
            try:
                function(world)
            finally:
                world.clean()
            passed += 1
        except Skipped as reason:
            skipped += 1
            print(f"SKIPPED {sentence}: {reason}")
        except Exception as error:  # a check may fail in any way it likes
            failed += 1
            where = traceback.extract_tb(error.__traceback__)
            frame = next((f for f in reversed(where) if "Conformance" in f.filename), where[-1])
            name = frame.filename.rsplit("/", 1)[-1]
            print(f"FAILED {sentence}\n  {name}:{frame.lineno}: {type(error).__name__}: {error}")
        took = time.monotonic() - began
        if took > 3:
            print(f"{took:.1f} s: {sentence}")
    if page and not only:
        fault = table.settle(world.table, world.client, page, not failed)
        if readme and not fault:
            fault = table.settle_summary(world.table, world.client, readme, not failed)
        if fault:
            failed += 1
            print(f"FAILED the table says what was proved\n  {fault}")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    sys.stdout.flush()
    return 1 if failed or not passed else 0


def equal(actual, expected, what="value"):
    """Fails unless both are equal."""
    if actual != expected:
        raise AssertionError(f"{what} is {actual!r}, not {expected!r}")


def true(condition, message):
    """Fails with `message` unless the condition holds."""
    if not condition:
        raise AssertionError(message)
