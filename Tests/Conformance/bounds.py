#!/usr/bin/env python3
"""Quotas and rates as a server is told them, and how clients see them.

    bounds.py PROGRAM [--only TEXT]

Starts `PROGRAM serve` itself, with small quotas. Ends with "N passed, N failed".
"""

import argparse
import hashlib
import json
import sys
import time
import urllib.error
import urllib.request

from botocore.config import Config

import harness
from harness import check, equal, true
from publishers import Npm, accepted, send, tarball
from service import Service
from world import refused

QUOTAS = {
    "domains-per-account": 2, "repositories-per-domain": 4, "direct-upstreams": 2,
    "assets-per-version": 2, "asset-size": "1KB", "searched-repositories": 2,
}
THROTTLES = ["ListDomains=2:2", "token=5:5", "address=3:3"]


class Bounds:
    """A server with small quotas, and one with low rates."""

    def __init__(self, program):
        self.full = Service(program, *[f for name, value in QUOTAS.items()
                                       for f in ("--quota", f"{name}={value}")])
        self.client = self.full.world().client
        self.judge = self.full.world().judge
        self.client.create_domain(domain="corp")
        self.client.create_repository(domain="corp", repository="tools")
        self.slow = Service(program, *[f for t in THROTTLES for f in ("--throttle", t)])
        self.world = self.slow.world()
        self.world.client.create_domain(domain="corp")
        self.world.client.create_repository(domain="corp", repository="tools")
        self.token = self.world.client.get_authorization_token(
            domain="corp")["authorizationToken"]

    def clean(self):
        pass

    def publish(self, name, content, version="1"):
        return self.client.publish_package_version(
            domain="corp", repository="tools", format="generic", namespace="lab", package="tool",
            packageVersion=version, assetName=name, assetContent=content, unfinished=True,
            assetSHA256=hashlib.sha256(content).hexdigest())

    def endpoint(self, client, kind="npm"):
        return client.get_repository_endpoint(
            domain="corp", repository="tools", format=kind)["repositoryEndpoint"]


def exceeded(call, about):
    refused("ServiceQuotaExceededException", call, about=about, status=402)


@check("an account has so many domains, and no more")
def _(bounds):
    bounds.client.create_domain(domain="second")
    exceeded(lambda: bounds.client.create_domain(domain="third"), "domain")
    bounds.client.delete_domain(domain="second")
    bounds.client.create_domain(domain="third")
    bounds.client.delete_domain(domain="third")


@check("a domain has so many repositories, and no more")
def _(bounds):
    for name in ("r1", "r2", "r3"):
        bounds.client.create_repository(domain="corp", repository=name)
    exceeded(lambda: bounds.client.create_repository(domain="corp", repository="r4"),
             "repository")


@check("a repository has so many direct upstreams, new or not")
def _(bounds):
    three = [{"repositoryName": name} for name in ("r1", "r2", "r3")]
    exceeded(lambda: bounds.client.update_repository(
        domain="corp", repository="tools", upstreams=three), "repository")
    bounds.client.update_repository(domain="corp", repository="tools", upstreams=three[:2])
    bounds.client.update_repository(domain="corp", repository="tools", upstreams=[])
    bounds.client.delete_repository(domain="corp", repository="r3")
    exceeded(lambda: bounds.client.create_repository(
        domain="corp", repository="r5", upstreams=three), "repository")


@check("an asset is so long, and no longer")
def _(bounds):
    bounds.publish("fits", b"x" * 1024, "long")
    exceeded(lambda: bounds.publish("long", b"x" * 1025, "long"), "asset")


@check("a version has so many assets, and no more")
def _(bounds):
    bounds.publish("one", b"1")
    bounds.publish("two", b"2")
    exceeded(lambda: bounds.publish("three", b"3"), "package-version")
    bounds.publish("two", b"2")


@check("a request searches so many repositories, and no more")
def _(bounds):
    client = bounds.client
    client.update_repository(domain="corp", repository="r1",
                             upstreams=[{"repositoryName": "r2"}])
    client.update_repository(domain="corp", repository="tools",
                             upstreams=[{"repositoryName": "r1"}])
    token = client.get_authorization_token(domain="corp")["authorizationToken"]
    endpoint = bounds.endpoint(client)
    for repository in ("r1", "r2"):
        manifest = {"name": f"in-{repository}", "version": "1.0.0"}
        Npm.put(endpoint.replace("/tools/", f"/{repository}/"), token, manifest,
                tarball({"package/package.json": json.dumps(manifest)}))
    equal(send("GET", endpoint + "in-r1", token)[0], 200)
    equal(send("GET", endpoint + "in-r2", token)[0], 404)


@check("what is refused for a quota is in the form of the model")
def _(bounds):
    equal(sorted(set(bounds.judge.faults)), [])


@check("calls beyond a rate are throttled, and say when to come back")
def _(bounds):
    client = bounds.world.client
    time.sleep(1.1)
    client.list_domains()
    client.list_domains()
    answer = refused("ThrottlingException", client.list_domains, status=429)
    headers = answer["ResponseMetadata"]["HTTPHeaders"]
    true(int(headers["retry-after"]) >= 1, headers)
    client.describe_domain(domain="corp")


@check("the SDK tries again, and succeeds")
def _(bounds):
    patient = bounds.world.make_client(
        config=Config(retries={"max_attempts": 10, "mode": "standard"}))
    retried = sum(patient.list_domains()["ResponseMetadata"]["RetryAttempts"] for _ in range(6))
    true(retried > 0, "nothing was throttled")


@check("package managers are throttled by token, and told so in words")
def _(bounds):
    endpoint = bounds.endpoint(bounds.world.client)
    answers = [send("GET", endpoint + "-/ping", bounds.token) for _ in range(12)]
    statuses = [status for status, _ in answers]
    equal(statuses[:5], [200] * 5)
    true(429 in statuses, statuses)
    true(any(b"Rate exceeded" in body for status, body in answers if status == 429), answers)
    request = urllib.request.Request(endpoint + "-/ping",
                                     headers={"Authorization": "Bearer " + bounds.token})
    try:
        while True:
            urllib.request.urlopen(request).read()
    except urllib.error.HTTPError as error:
        equal(error.code, 429)
        true(int(error.headers["Retry-After"]) >= 1, error.headers)
    time.sleep(1.1)
    accepted(send("GET", endpoint + "-/ping", bounds.token))


@check("requests without a token are throttled by address")
def _(bounds):
    endpoint = bounds.endpoint(bounds.world.client)
    statuses = []
    for _ in range(6):
        try:
            urllib.request.urlopen(endpoint + "-/ping")
        except urllib.error.HTTPError as error:
            statuses.append(error.code)
    equal(statuses[:3], [401] * 3)
    true(429 in statuses, statuses)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--only")
    options = parser.parse_args()
    bounds = Bounds(options.program)
    try:
        return harness.run(bounds, options.only)
    finally:
        bounds.full.remove()
        bounds.slow.remove()


if __name__ == "__main__":
    sys.exit(main())
