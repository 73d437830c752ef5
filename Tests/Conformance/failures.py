"""When the server itself fails: a catalog that is damaged under it, and mended again."""

import contextlib
import sqlite3

from ground import CASES, Ground
from harness import check, true
from servers import server
from wire import Wire

# Who may call is known without these; everything else needs one of them.
SPARED = ("account", "access_key", "principal", "session", "identity", "user", "role", "oidc",
          "grdb_migrations", "sqlite_")

# What a caller must not learn of the server's inside.
SECRETS = ("/", "sqlite", "SQL", "no such table", "missing_", ".swift", "catalog.")


@contextlib.contextmanager
def damaged(data):
    """The catalog without its tables, which come back unharmed."""
    connection = sqlite3.connect(data / "catalog.sqlite", timeout=20, isolation_level=None)
    connection.execute("PRAGMA legacy_alter_table = ON")
    tables = [name for (name,) in connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'") if not name.startswith(SPARED)]
    true(len(tables) > 5, f"the catalog has only {tables}")
    rename(connection, [(name, f"missing_{name}") for name in tables])
    try:
        yield
    finally:
        rename(connection, [(f"missing_{name}", name) for name in tables])
        connection.close()


def rename(connection, pairs):
    connection.execute("BEGIN IMMEDIATE")
    for old, new in pairs:
        connection.execute(f'ALTER TABLE "{old}" RENAME TO "{new}"')
    connection.execute("COMMIT")


@check("a damaged catalog fails every operation as its model says, tells nothing, and is got over")
def _(world):
    faults = []
    with server(world) as other:
        where, wire = Ground(other, "ground"), Wire(other)
        prepared = {name: CASES[name](where) for name in other.served}
        with damaged(other.service.data):
            broken = {name: wire.call(name, prepared[name]) for name in prepared}
        for name, reply in broken.items():
            model = other.client.meta.service_model.operation_model(name)
            modelled = "InternalServerException" in {shape.name for shape in model.error_shapes}
            if (reply.status, reply.error) != (500, "InternalServerException"):
                faults.append(f"{name}: {reply}")
            elif set(reply.json) != {"message"} or not reply.message:
                faults.append(f"{name}: the members are {reply.json}")
            elif any(word in reply.message for word in SECRETS):
                faults.append(f"{name}: tells too much: {reply.message}")
            elif modelled:
                other.proved(name, "internal")
        if "no such table" not in other.service.log.read_text():
            faults.append("the log does not say what failed")
        order = sorted(prepared, key=lambda name: (name.startswith("Delete"), name))
        for name in order:
            reply = wire.call(name, prepared[name])
            if reply.status != 200:
                faults.append(f"{name} afterwards: {reply}")
                other.disproved(name, "internal")
    true(not faults, "\n    " + "\n    ".join(faults))
