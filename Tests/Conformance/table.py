"""The table of what a run proved: a row an operation, a column a kind of check."""

import difflib

# What a column is called, and what its mark says.
COLUMNS = {
    "success": ("SDK", "succeeds through boto3; the reply has every member the model has, and no "
                "other"),
    "cli": ("CLI", "succeeds through the AWS CLI, and says what boto3 says"),
    "pager": ("pages", "botocore's and the CLI's paginators see each item once while others write; "
              "tokens that were changed, or are of another call, are refused"),
    "again": ("again", "asked a second time, answers as the service does: the same, or the error "
              "that says why not"),
    "hostile": ("hostile", "random parameters, broken bodies and unknown members get typed "
                "answers"),
    "limits": ("400", "`ValidationException`: every length, pattern, range and word of the model, "
               "one beyond it and exactly at it"),
    "denied": ("403", "`AccessDeniedException`, to callers without rights, and to other accounts"),
    "missing": ("404", "`ResourceNotFoundException`, for each thing that the call names, by type "
                "and name"),
    "conflict": ("409", "`ConflictException`, naming what is in the way"),
    "quota": ("402", "`ServiceQuotaExceededException`, naming what is full"),
    "throttled": ("429", "`ThrottlingException`, with `Retry-After`"),
    "internal": ("500", "`InternalServerException` over a damaged catalog: nothing of the inside "
                 "is told, and all is well once it is mended"),
}

EXCEPTIONS = {
    "denied": "AccessDeniedException", "missing": "ResourceNotFoundException",
    "conflict": "ConflictException", "quota": "ServiceQuotaExceededException",
    "throttled": "ThrottlingException", "limits": "ValidationException",
    "internal": "InternalServerException",
}

GROUPS = {
    "Domains": ["CreateDomain", "DescribeDomain", "ListDomains", "DeleteDomain",
                "GetAuthorizationToken"],
    "Repositories": ["CreateRepository", "DescribeRepository", "UpdateRepository",
                     "ListRepositories", "ListRepositoriesInDomain", "GetRepositoryEndpoint",
                     "AssociateExternalConnection", "DisassociateExternalConnection",
                     "DeleteRepository"],
    "Packages": ["ListPackages", "DescribePackage", "PutPackageOriginConfiguration",
                 "DeletePackage"],
    "Package versions": ["PublishPackageVersion", "ListPackageVersions", "DescribePackageVersion",
                         "ListPackageVersionAssets", "GetPackageVersionAsset",
                         "GetPackageVersionReadme", "ListPackageVersionDependencies",
                         "UpdatePackageVersionsStatus", "CopyPackageVersions",
                         "DisposePackageVersions", "DeletePackageVersions"],
    "Package groups": ["CreatePackageGroup", "DescribePackageGroup", "UpdatePackageGroup",
                       "UpdatePackageGroupOriginConfiguration", "ListPackageGroups",
                       "ListSubPackageGroups", "ListAllowedRepositoriesForGroup",
                       "ListAssociatedPackages", "GetAssociatedPackageGroup",
                       "DeletePackageGroup"],
    "Policies and tags": ["PutDomainPermissionsPolicy", "GetDomainPermissionsPolicy",
                          "DeleteDomainPermissionsPolicy", "PutRepositoryPermissionsPolicy",
                          "GetRepositoryPermissionsPolicy", "DeleteRepositoryPermissionsPolicy",
                          "TagResource", "ListTagsForResource", "UntagResource"],
}

# Errors that the model gives an operation and this server never has a cause for, and why.
NEVER = {
    "names nothing that has to be there": [("CreateDomain", "missing")],
    "says of each version by itself what is in its way, in `failedVersions`": [
        (name, "conflict") for name in (
            "CopyPackageVersions", "DeletePackageVersions", "DisposePackageVersions",
            "UpdatePackageVersionsStatus")],
    "is not hindered by anything: what hangs on it goes with it or moves up": [
        ("DeletePackage", "conflict"), ("DeleteRepository", "conflict"),
        ("DeletePackageGroup", "conflict"), ("DisassociateExternalConnection", "conflict")],
    "only reads": [
        ("DescribePackageVersion", "conflict"), ("ListAllowedRepositoriesForGroup", "quota")],
    "makes nothing more than there was before": [
        ("CopyPackageVersions", "quota"), ("DeletePackageGroup", "quota"),
        ("DisassociateExternalConnection", "quota"), ("UpdatePackageGroup", "quota"),
        ("UpdatePackageGroupOriginConfiguration", "quota")],
    "has one place for it, and refuses a second as a conflict or what is too long as invalid": [
        ("AssociateExternalConnection", "quota"), ("PutDomainPermissionsPolicy", "quota"),
        ("PutRepositoryPermissionsPolicy", "quota")],
}

HEAD = """# What the conformance suite proves

Written by `Tests/Conformance/conformance.py`, which drives a running server with boto3, with the
AWS CLI and with requests signed by hand, and judges every reply by botocore's own model, parser
and validator. It runs with `tools/test`, and fails when this page says more than the run proved,
or when a cell is neither proved nor explained.

✓ proved in the run that wrote this · – not in the model · ○ in the model, and nothing the
operation does here can end so: see below the tables
"""

# Between these a page other than the table's own keeps the summary.
BEGIN, END = "<!-- conformance: written by the suite -->", "<!-- /conformance -->"


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

    def open(self, client):
        """What the model has, and this run neither proved nor explained."""
        return sorted((name, COLUMNS[column][0]) for name in _names(client)
                      for column in COLUMNS if not self._mark(client, name, column))

    def summary(self, client):
        """A row for each kind of check: what it shows, and of how many operations."""
        rows = ["| check | what a ✓ says of an operation | ✓ | ○ | – |",
                "|---|---|--:|--:|--:|"]
        for column, (title, meaning) in COLUMNS.items():
            marks = [self._mark(client, name, column) for name in _names(client)]
            counts = " | ".join(str(marks.count(mark)) for mark in "✓○–")
            rows.append(f"| {title} | {meaning} | {counts} |")
        return "\n".join(rows)

    def text(self, client):
        """The table as a page."""
        titles = [title for title, _ in COLUMNS.values()]
        rows = [HEAD, self.summary(client), "", "| operation | " + " | ".join(titles) + " |",
                "|---|" + ":-:|" * len(titles)]
        for group, names in GROUPS.items():
            rows.append(f"| **{group}** |" + " |" * len(titles))
            for name in names:
                marks = [self._mark(client, name, column) for column in COLUMNS]
                rows.append(f"| {name} | " + " | ".join(marks) + " |")
        rows += ["", "Why a ○ is one: the operation", ""]
        for reason, pairs in NEVER.items():
            told = ", ".join(f"{name} ({COLUMNS[column][0]})" for name, column in pairs)
            rows.append(f"- {reason}: {told}")
        return "\n".join(rows) + "\n"

    def _mark(self, client, name, column):
        if (name, column) in self.proofs:
            return "✓"
        operation = client.meta.service_model.operation_model(name)
        if column == "pager" and not client.can_paginate(_snake(name)):
            return "–"
        error = EXCEPTIONS.get(column)
        if error and error not in {shape.name for shape in operation.error_shapes}:
            return "–"
        return "○" if (name, column) in EXPLAINED else ""


EXPLAINED = {pair for pairs in NEVER.values() for pair in pairs}


def _names(client):
    names = [name for group in GROUPS.values() for name in group]
    assert sorted(names) == sorted(client.meta.service_model.operation_names)
    return names


def _snake(name):
    from botocore import xform_name
    return xform_name(name)


def marks(text):
    """The pairs of operation and column that a page claims."""
    claimed = set()
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != len(COLUMNS) + 1:
            continue
        for column, cell in zip(COLUMNS, cells[1:]):
            if cell == "✓":
                claimed.add((cells[0], column))
    return claimed


def settle(table, client, path, passed=True):
    """Holds the page at `path` against a run, and returns what is wrong with it, or "".

    A page that says more than the run proved is wrong. One that says less, or says it in other
    words, is written anew, if the run `passed`. What is neither proved nor explained is wrong too.
    """
    written = path.read_text() if path.exists() else ""
    text = table.text(client)
    left = table.open(client)
    if left:
        lines = "\n    ".join(f"{name}: {title}" for name, title in left)
        return f"neither proved nor explained:\n    {lines}"
    proved = sorted(table.proofs & EXPLAINED)
    if proved:
        return f"explained as never happening, and proved: {proved}"
    too_much = marks(written) - table.proofs
    if too_much:
        lines = difflib.unified_diff(
            written.splitlines(), text.splitlines(), f"{path.name} as it is",
            f"{path.name} as this run proves it", lineterm="", n=0)
        return f"{path.name} says more than this run proved:\n" + "\n".join(lines)
    if text != written and passed:
        path.write_text(text)
        print(f"{path.name} was written: {len(table.proofs)} proofs")
    return ""


def settle_summary(table, client, path, passed=True):
    """Holds the summary that another page keeps against a run, and returns what is wrong, or "".

    The page may have none. One that counts more than the run proved is wrong; any other is written
    anew, if the run `passed`.
    """
    before, begin, rest = path.read_text().partition(BEGIN)
    written, end, after = rest.partition(END)
    if not (begin and end):
        return ""
    summary = table.summary(client)
    for old in _counts(written):
        if any(title == old[0] and proved < old[1] for title, proved in _counts(summary)):
            return f"{path.name} says that {old[0]} is proved of {old[1]} operations"
    if written.strip() != summary and passed:
        path.write_text(f"{before}{begin}\n{summary}\n{end}{after}")
        print(f"the summary in {path.name} was written")
    return ""


def _counts(summary):
    """The kinds of check in a summary, and of how many operations each was proved."""
    rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in summary.splitlines()]
    return [(row[0], int(row[2])) for row in rows if len(row) == 5 and row[2].isdigit()]
