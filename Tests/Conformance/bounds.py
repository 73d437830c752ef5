#!/usr/bin/env python3
"""Quotas and rates as a server is told them, and how clients see them.

    bounds.py PROGRAM [--only TEXT]

Starts `PROGRAM serve` itself, with small quotas. Ends with "N passed, N failed".
"""

import argparse
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from botocore.config import Config

import harness
import wheels
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
        self.program = program
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

    def fresh_token(self):
        """A token with a full bucket."""
        return self.world.client.get_authorization_token(domain="corp")["authorizationToken"]

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


@check("each of the SDK's ways to try again comes through")
def _(bounds):
    for mode in ("legacy", "standard", "adaptive"):
        patient = bounds.world.make_client(
            config=Config(retries={"total_max_attempts": 12, "mode": mode}))
        retried = 0
        for _ in range(8):
            retried += patient.list_domains()["ResponseMetadata"]["RetryAttempts"]
        true(retried > 0, f"{mode}: nothing was throttled")


def throttled(bounds, agent):
    """How often a client was throttled, by the audit trail."""
    deadline = time.monotonic() + 10
    while True:
        run = subprocess.run(
            [bounds.program, "audit", "--data", str(bounds.slow.data), "--json", "--outcome",
             "failed"], capture_output=True, text=True, check=True)
        found = [r for r in map(json.loads, run.stdout.splitlines())
                 if agent in r.get("userAgent", "") and r["errorCode"] == "ThrottlingException"]
        if found or time.monotonic() > deadline:
            return len(found)
        time.sleep(0.1)


def scratch_home(folder):
    return {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8"}


@check("pip comes back when it is told to, and installs")
def _(bounds):
    endpoint = bounds.endpoint(bounds.world.client, "pypi")
    needs = ["two", "three", "four", "five"]
    token = bounds.fresh_token()
    wheels.upload(endpoint, token, "one", "1.0",
                  extra="".join(f"Requires-Dist: {name}\n" for name in needs))
    for name in needs:
        wheels.upload(endpoint, token, name, "1.0")
    index = endpoint.replace("://", f"://aws:{bounds.fresh_token()}@") + "simple/"
    with tempfile.TemporaryDirectory(prefix="larder-pip-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "download", "--isolated", "--no-cache-dir",
             "--disable-pip-version-check", "--index-url", index, "-d", folder, "one"],
            capture_output=True, text=True, env=scratch_home(folder), timeout=120)
        equal(done.returncode, 0, done.stdout + done.stderr)
        equal(len(list(pathlib.Path(folder).glob("*.whl"))), 5, "wheels")
    true(throttled(bounds, "pip/") > 0, "pip was never throttled")


@check("npm comes back when it is told to, and installs")
def _(bounds):
    if not shutil.which("npm"):
        raise harness.Skipped("there is no npm")
    endpoint, token = bounds.endpoint(bounds.world.client), bounds.fresh_token()
    needs = [f"part-{number}" for number in range(4)]
    for name, more in [("whole", {"dependencies": {n: "1.0.0" for n in needs}}),
                       *((n, {}) for n in needs)]:
        manifest = {"name": name, "version": "1.0.0", **more}
        Npm.put(endpoint, token, manifest, tarball({"package/package.json": json.dumps(manifest)}))
    with tempfile.TemporaryDirectory(prefix="larder-npm-") as folder:
        home = pathlib.Path(folder)
        (home / "package.json").write_text('{"name": "x", "version": "1.0.0"}')
        (home / ".npmrc").write_text(
            f"registry={endpoint}\n{endpoint.removeprefix('http:')}:_authToken="
            f"{bounds.fresh_token()}\nfetch-retries=8\nfetch-retry-mintimeout=500\n"
            "audit=false\nfund=false\n")
        done = subprocess.run(["npm", "install", "whole"], cwd=folder, capture_output=True,
                              text=True, env=scratch_home(folder), timeout=120)
        equal(done.returncode, 0, done.stdout + done.stderr)
        equal(len(list(home.glob("node_modules/*/package.json"))), 5, "packages")
    true(throttled(bounds, "npm/") > 0, "npm was never throttled")


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


@check("whoever tries one token after the other is throttled by address")
def _(bounds):
    endpoint = bounds.endpoint(bounds.world.client)
    statuses = [send("GET", endpoint + "-/ping", f"larder_{number:043}")[0]
                for number in range(12)]
    true(429 in statuses, statuses)
    true(set(statuses) <= {401, 429}, statuses)


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
