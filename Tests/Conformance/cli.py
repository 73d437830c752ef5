"""Every operation through the real AWS CLI, and every pager of its own."""

import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor

from botocore import xform_name

from ground import CASES, READS, Ground
from harness import check, equal, true

# What changes from one call to the next of something that only reads.
MOVING = {"expiration", "authorizationToken", "nextToken", "NextToken", "ResponseMetadata"}


class CommandLine:
    """`aws codeartifact …` in a home of its own, with nothing but the server's own settings.

    Starting Python anew for each command would take most of the suite's time, so threads have a
    runner each (`cli_runner.py`), where the CLI that `aws` starts is one that Python can import.
    """

    def __init__(self, world):
        self.home = tempfile.TemporaryDirectory(prefix="larder-cli-")
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.home.name, "LANG": "C.UTF-8",
            "AWS_ENDPOINT_URL_CODEARTIFACT": world.endpoint, "AWS_DEFAULT_REGION": world.region,
            "AWS_ACCESS_KEY_ID": world.access_key, "AWS_SECRET_ACCESS_KEY": world.secret_key,
            "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.model = world.client.meta.service_model
        self._own, self._runners, self._numbers = threading.local(), [], itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for runner in self._runners:
            runner.stdin.close()
            runner.wait(60)
            runner.stdout.close()
        self.home.cleanup()

    def run(self, name, arguments, *more):
        """Runs an operation; returns its output, parsed, and the bytes of the file it wrote."""
        operation = self.model.operation_model(name)
        words = [word for member, value in arguments.items()
                 for word in self._words(operation.input_shape.members[member], member, value)]
        output = pathlib.Path(self.home.name, f"out-{next(self._numbers)}")
        if operation.has_streaming_output:
            words.append(str(output))
        said = self.parsed(
            ["codeartifact", xform_name(name, "-"), *words, *more, "--output", "json"])
        return (said, output.read_bytes()) if operation.has_streaming_output else said

    def parsed(self, words, plain=False):
        """What a command says, as JSON; `plain` starts the program `aws` itself."""
        runner = None if plain else self._runner()
        if runner is None:
            done = subprocess.run(["aws", *words], env=self.environment, capture_output=True,
                                  text=True, timeout=120)
            told = dict(status=done.returncode, output=done.stdout, errors=done.stderr)
        else:
            runner.stdin.write(json.dumps(words) + "\n")
            runner.stdin.flush()
            told = json.loads(runner.stdout.readline())
        if told["status"]:
            raise AssertionError(f"aws {' '.join(words[:2])}: {told['errors'].strip()}")
        return json.loads(told["output"]) if told["output"].strip() else {}

    def _runner(self):
        if not hasattr(self._own, "runner"):
            runner = subprocess.Popen(
                [sys.executable, str(pathlib.Path(__file__).with_name("cli_runner.py"))],
                env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, text=True)
            ready = runner.stdout.readline().strip() == "ready"
            self._own.runner = runner if ready else None
            self._runners.append(runner)
        return self._own.runner

    def _words(self, shape, member, value):
        option = "--" + xform_name(member, "-")
        if shape.type_name == "boolean":
            return [option if value else option.replace("--", "--no-", 1)]
        if shape.type_name == "blob":
            path = pathlib.Path(self.home.name, f"content-{next(self._numbers)}")
            path.write_bytes(value)
            return [option, str(path)]
        if shape.type_name == "list" and shape.member.type_name == "string":
            return [option, *value]
        return [option, value if isinstance(value, str) else json.dumps(value)]


def still(value):
    """What of a reply stays the same, as JSON: times differ in form, tokens in content."""
    if isinstance(value, dict):
        return {key: still(item) for key, item in value.items()
                if key not in MOVING and not key.endswith("Time")}
    return [still(item) for item in value] if isinstance(value, list) else value


@check("every operation succeeds through the AWS CLI, and says what the SDK says")
def _(world):
    # A domain of its own: the listings of the other are not disturbed.
    with CommandLine(world) as line:
        successes(world, Ground(world, "cli"), line)


def successes(world, where, line):
    faults = []
    plain = line.parsed(["codeartifact", "list-domains", "--output", "json"], plain=True)
    equal(line.parsed(["codeartifact", "list-domains", "--output", "json"]), plain,
          "what a forked command says beside the program itself")
    # Those that touch the domain's own policy and tags follow one another.
    prepared = {name: CASES[name](where) for name in world.served if name not in SHARED}

    def one(name):
        try:
            arguments = prepared.get(name) or CASES[name](where)
            reply = line.run(name, arguments)
            if name in READS:
                same_as_sdk(where.client, name, arguments, reply)
            world.proved(name, "cli")
        except Exception as error:
            faults.append(f"{name}: {error}")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(one, [name for name in world.served if name not in SHARED]))
    for name in world.served:
        if name in SHARED:
            one(name)
    true(not faults, "\n    " + "\n    ".join(faults))


SHARED = ("GetDomainPermissionsPolicy", "PutDomainPermissionsPolicy",
          "DeleteDomainPermissionsPolicy", "TagResource", "ListTagsForResource", "UntagResource",
          # Domains come and go while the others run.
          "ListDomains", "ListRepositories", "ListRepositoriesInDomain", "DescribeDomain",
          "ListPackages", "ListPackageGroups", "ListSubPackageGroups", "ListAssociatedPackages")


def same_as_sdk(client, name, arguments, reply):
    told = getattr(client, xform_name(name))(**arguments)
    if name == "GetPackageVersionAsset":
        reply, content = reply
        equal(content, told.pop("asset").read(), "the content")
    equal(still(reply), still(told), name)


PAGERS = {
    "ListDomains": ("domains", "name"),
    "ListRepositories": ("repositories", "name"),
    "ListRepositoriesInDomain": ("repositories", "name"),
    "ListPackages": ("packages", "package"),
    "ListPackageVersions": ("versions", "version"),
    "ListPackageVersionAssets": ("assets", "name"),
    "ListPackageGroups": ("packageGroups", "pattern"),
    "ListSubPackageGroups": ("packageGroups", "pattern"),
    "ListAssociatedPackages": ("packages", "package"),
    "ListAllowedRepositoriesForGroup": ("allowedRepositories", None),
}


@check("the AWS CLI pages through every listing, and goes on where it stopped")
def _(world):
    with CommandLine(world) as line:
        pages(world, Ground(world, "clip"), line)


def pages(world, where, line):
    faults = []
    for number in range(3):
        where.publish("tools", f"2.{number}")
        where.publish("unfinished", "1.0", asset=f"a{number}", unfinished=True)

    def one(name):
        try:
            key, member = PAGERS[name]
            arguments = prepared[name]
            everything = getattr(where.client, xform_name(name))(**arguments)[key]
            first = line.run(name, arguments, "--page-size", "1", "--max-items", "2")
            true(len(first[key]) == 2 and "NextToken" in first, f"the first page is {first}")
            rest = line.run(name, arguments, "--starting-token", first["NextToken"])
            names = [item[member] if member else item for item in first[key] + rest[key]]
            equal(names, [item[member] if member else item for item in everything], name)
            world.proved(name, "pager")
        except Exception as error:
            world.disproved(name, "pager")
            faults.append(f"{name}: {error}")

    prepared = {name: paged(where, name) for name in PAGERS if name in world.served}
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(one, prepared))
    true(not faults, "\n    " + "\n    ".join(faults))


def paged(where, name):
    """The arguments of a listing of at least three items that nobody else changes."""
    tools = where.tools
    if name == "ListDomains":
        where.new_domain()
        return {}
    if name == "ListRepositories":
        return {}
    if name == "ListPackageVersions":
        return tools
    if name == "ListPackageVersionAssets":
        return dict(tools, package="unfinished", packageVersion="1.0")
    if name in ("ListPackageGroups", "ListSubPackageGroups", "ListAssociatedPackages"):
        where.group()
        where.group()
        return dict(domain=where.domain, **(
            {} if name == "ListPackageGroups" else {"packageGroup": "/*"}))
    if name == "ListAllowedRepositoriesForGroup":
        key = where.restricted()
        where.client.update_package_group_origin_configuration(
            domain=where.domain, packageGroup=key["packageGroup"], addAllowedRepositories=[
                {"repositoryName": r, "originRestrictionType": "PUBLISH"}
                for r in ("away", "store")])
        return key
    return where.home if name == "ListPackages" else dict(domain=where.domain)
