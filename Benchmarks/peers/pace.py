"""How many rounds a measure has."""

import time


def rounds(options, table, what, seconds):
    """Rounds from 1 on; with --quick no other begins once `seconds` are spent, so that a busy
    machine gets fewer and not a later end."""
    began = time.monotonic()
    for round in range(1, options.rounds + 1):
        if options.quick and round > 1 and time.monotonic() - began > seconds:
            table.note(f"--quick: {round - 1} of {options.rounds} rounds of {what}: a busy machine")
            return
        yield round
