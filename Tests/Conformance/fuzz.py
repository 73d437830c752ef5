"""Calls that nobody makes: every operation with parameters drawn at random, most of them wrong.

The seed is printed with what fails; LARDER_SEED sets it again.
"""

import os
import random
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from botocore.awsrequest import HeadersDict

from ground import CASES, Ground
from harness import check, equal, true
from hostile import NAMES
from servers import server
from shapes import bad, example, good, in_body
from wire import Wire

CALLS = 30  # of each operation

# What a caller must not learn of the server's inside.
INSIDE = re.compile(
    rb"sqlite|GRDB|no such table|\.swift\b|Fatal error|RepositoryError|CatalogError|EngineError"
    rb"|Optional\(|catalog\.sqlite|larder-service-|/tmp/|0x[0-9a-f]{8}", re.I)

# Names of exceptions that a caller may get whom the signature has let in.
KNOWN = {"AccessDeniedException", "ConflictException", "ResourceNotFoundException",
         "ServiceQuotaExceededException", "ValidationException", "RequestEntityTooLargeException"}

# In bytes: what the door takes of a head, and what a refusal says at most.
HEAD_LIMIT, REFUSAL_LIMIT = 60_000, 100_000

# What the others need stays as it is.
SPARED = {
    "DeleteRepository": {"home", "away", "store"}, "DeletePackage": {"tools"},
    "DeletePackageVersions": {"tools"}, "DisposePackageVersions": {"tools"},
    "DeletePackageGroup": set(), "UpdatePackageGroupOriginConfiguration": {"/*"},
    "UpdateRepository": {"home", "away", "store"},
    "AssociateExternalConnection": {"home", "away", "store"},
}

# What the ground makes later has other names than what is made at random.
MAKERS = {
    "CreateRepository": {"repository": ["home", "new-1", "new-2", "new-3"]},
    "CreatePackageGroup": {"packageGroup": ["/*", "/npm/*", "/generic/new/*", "/npm//left~"]},
    "PublishPackageVersion": {"package": ["tools", "new-1", "new-2", "new-3"]},
    "PutPackageOriginConfiguration": {"package": ["new-1", "new-2", "New_3"]},
}


class Draw:
    """Draws the arguments of one call."""

    def __init__(self, seed, name, number, model, where):
        self.random = random.Random(f"{seed}/{name}/{number}")
        self.name, self.model, self.where = name, model, where
        self.shape = model.operation_model(name).input_shape

    def arguments(self):
        """Sometimes a call that succeeds with a little wrong, sometimes anything."""
        members = self.shape.members
        if self.random.random() < 0.2:
            base = CASES[self.name](self.where)
            changed = self.random.sample(sorted(members), min(len(members), 1))
        else:
            base = {name: self.likely(name, members[name]) for name in members
                    if name in self.shape.required_members or self.random.random() < 0.5}
            changed = [name for name in sorted(members) if self.random.random() < 0.25]
        for name in changed:
            if self.random.random() < 0.15:
                base.pop(name, None)
            else:
                base[name] = self.odd(name, members[name])
        return base

    def likely(self, name, shape):
        """What means something here, or at least elsewhere."""
        where, pick = self.where, self.random.choice
        spared = SPARED.get(self.name, ())
        known = {
            "domain": [where.domain] * 9 + ["nowhere"],
            "domainOwner": [where.owner] * 9 + ["999999999999"],
            "repository": ["home", "away", "store", "r1", "r2", "r3"],
            "sourceRepository": ["home", "away"], "destinationRepository": ["away", "store"],
            "package": ["tools", "p1", "p2", "p3", "p4", "p5", "widget"],
            "namespace": ["lab", "lab", "lab", "acme"], "packageVersion": ["1.0", "1.0.0", "9"],
            "asset": ["a.bin", "b.bin", "package.tgz"], "assetName": ["a.bin", "b.bin", "c"],
            "format": ["generic", "generic", "generic", "npm", "pypi", "maven"],
            "packageGroup": ["/*", "/generic/*", "/npm/*", "/generic/lab/*", "/generic/g1/*",
                             "/generic/g2/*", "/npm//left~", "/pypi//x$"],
            "resourceArn": [where.arn, where.arn.replace(":domain/", ":repository/") + "/home",
                            where.arn.replace(":domain/", ":package-group/") + "/%2a"],
            "externalConnection": ["public:npmjs", "public:pypi", "public:made-up"],
            "policyDocument": [where.policy(), where.policy(("codeartifact:Describe*",)), "{}"],
            "versions": [["1.0"], ["1.0", "9.9"], ["1.0", "1.0"]],
            "upstreams": [[{"repositoryName": name}] for name in ("home", "away", "store")],
        }.get(name)
        if self.name in MAKERS:
            known = MAKERS[self.name].get(name, known)
        if known is None or name == "domain" and self.name in ("CreateDomain", "DeleteDomain"):
            return self.from_model(shape)
        return pick([value for value in known if not isinstance(value, str)
                     or value not in spared] or ["none"])

    def from_model(self, shape):
        values = [value for _, value in good(shape)] + [example(shape)]
        return self.random.choice(values)

    def odd(self, name, shape):
        if shape.type_name == "blob":
            return self.text().encode()
        road = self.random.random()
        if road < 0.35:
            values = [value for _, value in bad(shape, in_body(shape))]
            return self.random.choice(values) if values else self.text()
        if road < 0.55:
            return self.likely(name, shape)
        if road < 0.8 or not in_body(shape):
            return self.text()
        return self.anything(3)

    def text(self):
        kind = self.random.randrange(6)
        if kind == 0:
            return self.random.choice(NAMES)
        if kind == 1:
            return chr(self.random.choice((0, 7, 32, 127, 0x85, 0x200b, 0xfeff, 0xffff, 0xe000))) \
                * self.random.randint(1, 300)
        if kind == 2:
            return "".join(chr(self.random.choice((
                self.random.randrange(32, 127), self.random.randrange(0x80, 0xd800),
                self.random.randrange(0xe000, 0x110000))))
                for _ in range(self.random.randint(0, 300)))
        if kind == 3:
            return str(self.random.choice((-1, 0, 2**31, 2**63, 2**64, 1e308, "1" * 500)))
        if kind == 4:
            return self.random.choice(NAMES) * self.random.randint(1, 150)
        return "".join(self.random.choice("/*$~-._%:#?&=+ \\\"'<>{}[]\t\n")
                       for _ in range(self.random.randint(1, 40)))

    def anything(self, depth):
        kind = self.random.randrange(8 if depth else 5)
        if kind < 5:
            return [None, True, self.random.choice((0, -1, 1.5, 10**40)), self.text(), ""][kind]
        items = [self.anything(depth - 1) for _ in range(self.random.randint(0, 5))]
        return items if kind < 7 else {self.text(): item for item in items}

    def body(self, content):
        """The body as it is, or spoiled."""
        road = self.random.random()
        if not content or road < 0.9:
            return content
        place = self.random.randrange(len(content))
        if road < 0.95:
            return content[:place]
        return content[:place] + bytes([self.random.randrange(256)]) + content[place + 1:]


def judged(reply, sent, operation, judge):
    """What is wrong with the reply to a call, or None."""
    if reply.status >= 500:
        return "the server failed"
    if sent > HEAD_LIMIT and reply.status == 400 and not reply.content:
        return None  # the door itself refuses a head of this length
    if reply.error == "IncompleteSignatureException" and "x-amz-content-sha256" in reply.message:
        return None  # content without its hash cannot be signed
    if reply.status >= 300 and reply.error not in KNOWN:
        return f"an exception that nobody knows: {reply.error}"
    if reply.status >= 300 and len(reply.content) > REFUSAL_LIMIT:
        return f"{len(reply.content)} bytes of refusal for {sent} sent"
    found = INSIDE.search(reply.content)
    if reply.status >= 300 and found:
        return f"tells of the inside: {found.group()!r}"
    before = len(judge.faults)
    judge.reply(SimpleNamespace(
        status_code=reply.status, headers=HeadersDict(reply.headers), content=reply.content),
        operation)
    return "; ".join(judge.faults[before:]) or None


@check("parameters drawn at random never fail the server, hang it, or show its inside")
def _(world):
    seed = os.environ.get("LARDER_SEED") or str(secrets.randbits(32))
    with server(world, "--quota", "domains-per-account=1000") as other:
        try:
            fuzz(world, other, seed)
        except Exception as fault:
            raise AssertionError(f"LARDER_SEED={seed}: {fault}") from fault


def fuzz(world, other, seed):
    model, where = other.client.meta.service_model, Ground(other, "fuzz")
    wire, faults, counts = Wire(other), [], {True: 0, False: 0}

    def one(item):
        name, number = item
        draw = Draw(seed, name, number, model, where)
        arguments = draw.arguments()
        method, path, content, headers = wire.parts(name, arguments)
        if not all(value.isascii() and value.isprintable() for value in headers.values()):
            return  # a header that HTTP does not allow
        if name != "PublishPackageVersion":
            content = draw.body(content)
        reply = wire.send(method, path, content, headers)
        counts[reply.status < 300] += 1
        fault = judged(reply, len(path) + len(content), model.operation_model(name), other.judge)
        if fault:
            faults.append(f"{name} {number}: {fault}: {arguments!r:.300}: {reply}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, [(n, i) for i in range(CALLS) for n in sorted(CASES)]))
    true(not faults, "\n    " + "\n    ".join(faults[:40]))
    true(counts[True] > 100, f"only {counts[True]} calls got through")
    equal(other.service.process.poll(), None, "the server's exit")
    log = other.service.log.read_text()
    true("larder: fault" not in log and "Fatal" not in log, f"the log: {log[-2000:]}")
    stands(other)
    for name in CASES:
        world.proved(name, "hostile")


def stands(other):
    """Everything that is listed is there, and is counted right."""
    client = other.client
    pages = lambda name, key, **more: [
        item for page in client.get_paginator(name).paginate(**more) for item in page[key]]
    for domain in pages("list_domains", "domains"):
        own = dict(domain=domain["name"])
        repositories = pages("list_repositories_in_domain", "repositories", **own)
        told = client.describe_domain(**own)["domain"]
        equal(told["repositoryCount"], len(repositories), "the domain's repositories")
        for group in pages("list_package_groups", "packageGroups", **own):
            client.describe_package_group(**own, packageGroup=group["pattern"])
        assets = {}
        for repository in repositories:
            key = dict(own, repository=repository["name"])
            client.describe_repository(**key)
            for item in pages("list_packages", "packages", **key):
                package = dict(key, **{k: item[k] for k in ("format", "namespace", "package")
                                       if k in item})
                client.describe_package(**package)
                for version in pages("list_package_versions", "versions", **package):
                    one = dict(package, packageVersion=version["version"])
                    client.describe_package_version(**one)
                    for asset in pages("list_package_version_assets", "assets", **one):
                        assets[asset["hashes"]["SHA-256"]] = asset["size"]
        equal(told["assetSizeBytes"], sum(assets.values()), "the domain's bytes")
