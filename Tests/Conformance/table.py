"""The table of what a run proved: a row an operation, a column a kind of check."""

import difflib

COLUMNS = {
    "success": "success",
    "cli": "AWS CLI",
    "denied": "access denied",
    "missing": "not found",
    "conflict": "conflict",
    "quota": "quota",
    "throttled": "throttled",
    "limits": "validation",
    "internal": "internal error",
    "pager": "pager",
}

EXCEPTIONS = {
    "denied": "AccessDeniedException", "missing": "ResourceNotFoundException",
    "conflict": "ConflictException", "quota": "ServiceQuotaExceededException",
    "throttled": "ThrottlingException", "limits": "ValidationException",
    "internal": "InternalServerException",
}

HEAD = """# What the conformance suite proves

Written by `Tests/Conformance/conformance.py`, which drives a running server with boto3, with the
AWS CLI and with requests signed by hand, and judges every reply by botocore's own model.
✓ was proved in the run that wrote this; – the model has no such error, or no pager, for the
operation; a blank was not proved, mostly because nothing the operation does can end that way.
"""


class Table:
    """Collects proofs, from any thread."""

    def __init__(self):
        self._proofs, self._disproofs = set(), set()

    def prove(self, operation, column):
        assert column in COLUMNS, column
        self._proofs.add((operation, column))

    def disprove(self, operation, column):
        """Takes back what another check says was proved, whichever comes first."""
        self._disproofs.add((operation, column))

    @property
    def proofs(self):
        return self._proofs - self._disproofs

    def text(self, client):
        """The table as a page."""
        model = client.meta.service_model
        rows = [HEAD, "| operation | " + " | ".join(COLUMNS.values()) + " |",
                "|---|" + ":-:|" * len(COLUMNS)]
        for name in model.operation_names:
            marks = [self._mark(client, model.operation_model(name), c) for c in COLUMNS]
            rows.append(f"| {name} | " + " | ".join(marks) + " |")
        counts = [sum(name == c for _, name in self.proofs) for c in COLUMNS]
        rows.append("| **proved** | " + " | ".join(str(count) for count in counts) + " |")
        return "\n".join(rows) + "\n"

    def _mark(self, client, operation, column):
        if (operation.name, column) in self.proofs:
            return "✓"
        if column == "pager":
            return "" if client.can_paginate(_snake(operation.name)) else "–"
        error = EXCEPTIONS.get(column)
        modelled = {shape.name for shape in operation.error_shapes}
        return "–" if error and error not in modelled else ""


def _snake(name):
    from botocore import xform_name
    return xform_name(name)


def marks(text):
    """The pairs of operation and column that a page claims."""
    claimed = set()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        for column, cell in zip(COLUMNS, cells[1:]):
            if cell == "✓":
                claimed.add((cells[0], column))
    return claimed


def settle(table, client, path):
    """Holds the page at `path` against a run, and returns what is wrong with it, or "".

    A page that says more than the run proved is wrong. One that says less is written anew.
    """
    written = path.read_text() if path.exists() else ""
    text = table.text(client)
    too_much = marks(written) - table.proofs
    if too_much:
        lines = difflib.unified_diff(
            written.splitlines(), text.splitlines(), f"{path.name} as it is",
            f"{path.name} as this run proves it", lineterm="", n=0)
        return f"{path.name} says more than this run proved:\n" + "\n".join(lines)
    if text != written:
        path.write_text(text)
        print(f"{path.name} was written: {len(table.proofs)} proofs")
    return ""
