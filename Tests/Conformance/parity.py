#!/usr/bin/env python3
"""Compares what two servers say of one package in every format: the one it was published to, and
one that has it through external connections.

    parity.py publish ENV            publishes, and prints NAME=ADDRESS for each connection
    parity.py compare ENV ENV        fetches through the second server, and compares

ENV is a file with what `larder env` prints for a server. The exit code is 0 when all is the same.
"""

import re
import shlex
import sys
import time

from formats import told
from publishers import PUBLISHERS, accepted, send
from world import World

PUBLIC = [publisher for publisher in PUBLISHERS if publisher.connection]


def world(path):
    """The server of an environment file."""
    with open(path, encoding="utf-8") as file:
        words = shlex.split(file.read(), comments=True)
    values = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    return World(values["AWS_ENDPOINT_URL_CODEARTIFACT"], values["AWS_ACCESS_KEY_ID"],
                 values["AWS_SECRET_ACCESS_KEY"], values["AWS_DEFAULT_REGION"])


def endpoint(client, repository, publisher):
    return client.get_repository_endpoint(domain="acme", repository=repository,
                                          format=publisher.format)["repositoryEndpoint"]


def publish(origin):
    client = origin.client
    client.create_domain(domain="acme")
    client.create_repository(domain="acme", repository="lab")
    token = client.get_authorization_token(domain="acme")["authorizationToken"]
    for publisher in PUBLIC:
        address = endpoint(client, "lab", publisher)
        publisher.publish(address, token)
        suffix = "simple/" if publisher.format == "pypi" else ""
        print(publisher.connection + "=" + address.replace("://", f"://aws:{token}@") + suffix)


def soon(call):
    """What `call` returns, once the server has written what it fetched."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return call()
        except Exception:  # pylint: disable=broad-except
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def compare_assets(client, origin, where):
    lists = [side.list_package_version_assets(packageVersion="1.0.0", **{**where, **other})["assets"]
             for side, other in ((client, {}), (origin, {"repository": "lab"}))]
    assert lists[0] == lists[1], lists


def compare(origin, proxy):
    client, faults = proxy.client, 0
    client.create_domain(domain="acme")
    token = client.get_authorization_token(domain="acme")["authorizationToken"]
    for publisher in PUBLIC:
        store, team = f"{publisher.format}-store", f"{publisher.format}-team"
        client.create_repository(domain="acme", repository=store)
        client.associate_external_connection(domain="acme", repository=store,
                                             externalConnection=publisher.connection)
        client.create_repository(domain="acme", repository=team,
                                 upstreams=[{"repositoryName": store}])
        address = endpoint(client, team, publisher)
        for path in publisher.files:
            accepted(send("GET", address + path, token))
        there = told(origin.client, publisher, domain="acme", repository="lab")
        for repository in (team, store):
            place = dict(domain="acme", repository=repository)
            here = soon(lambda: told(client, publisher, **place))
            if here != there:
                faults += 1
                print(f"{publisher.format} in {repository}:\n  {here}\nat its origin:\n  {there}")
            where = dict(**place, format=publisher.format, **publisher.coordinates)
            listed = client.list_package_versions(**where)["versions"]
            assert [v["version"] for v in listed] == ["1.0.0"], listed
            assert listed[0]["origin"] == {
                "originType": "EXTERNAL",
                "domainEntryPoint": {"externalConnectionName": publisher.connection}}, listed
            soon(lambda: compare_assets(client, origin.client, where))
            names = client.list_packages(**place)["packages"]
            assert [p["package"] for p in names] == [publisher.coordinates["package"]], names
    print(f"{len(PUBLIC)} formats, {faults} differences")
    return faults


if __name__ == "__main__":
    worlds = [world(path) for path in sys.argv[2:]]
    sys.exit({"publish": publish, "compare": compare}[sys.argv[1]](*worlds) or 0)
