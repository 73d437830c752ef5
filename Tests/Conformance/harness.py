"""The smallest test runner that will do: checks are functions, failures are exceptions."""

import sys
import traceback

_checks = []


def check(sentence):
    """Registers a function as the check of what `sentence` says."""

    def register(function):
        _checks.append((sentence, function))
        return function

    return register


def run(world, only=None):
    """Runs every check in the order of registration; returns the process's exit code."""
    passed = failed = 0
    for sentence, function in _checks:
        if only and only not in sentence:
            continue
        try:
            try:
                function(world)
            finally:
                world.clean()
            passed += 1
        except Exception as error:  # a check may fail in any way it likes
            failed += 1
            where = traceback.extract_tb(error.__traceback__)
            frame = next((f for f in reversed(where) if "Conformance" in f.filename), where[-1])
            name = frame.filename.rsplit("/", 1)[-1]
            print(f"FAILED {sentence}\n  {name}:{frame.lineno}: {type(error).__name__}: {error}")
    print(f"{passed} passed, {failed} failed")
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
