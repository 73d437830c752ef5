"""Where every operation can succeed: a domain with what each of them works on.

`CASES` has, for each of the 48 operations, a function that prepares what one call needs and
returns the arguments of a call that succeeds.
"""

import hashlib
import itertools
import json
import threading

from publishers import Npm

CONNECTION = "public:npmjs"


class Ground:
    """A domain of its own, with repositories `home` (one generic and one npm package in it),
    `away` and `store`. What calls use up is made for each anew."""

    def __init__(self, world, stem):
        self.world, self.client = world, world.client
        made = world.domain(stem)
        self.domain, self.owner, self.arn = made["name"], made["owner"], made["arn"]
        self._numbers, self._lock = itertools.count(1), threading.Lock()
        for name in ("home", "away", "store"):
            world.repository(self.domain, name)
        self.publish("tools", "1.0")
        token = self.client.get_authorization_token(domain=self.domain)["authorizationToken"]
        endpoint = self.client.get_repository_endpoint(
            **self.home, format="npm")["repositoryEndpoint"]
        Npm.publish(endpoint, token)

    @property
    def home(self):
        return dict(domain=self.domain, repository="home")

    @property
    def tools(self):
        """The generic package that stays."""
        return dict(self.home, format="generic", namespace="lab", package="tools")

    @property
    def widget(self):
        """The npm version that stays, with a readme and dependencies."""
        return dict(self.home, format="npm", **Npm.coordinates, packageVersion="1.0.0")

    def name(self, stem):
        """A name nobody else uses on this ground."""
        with self._lock:
            return f"{stem}{next(self._numbers)}"

    def publish(self, package, version, asset="a.bin", content=b"bytes", **more):
        return self.client.publish_package_version(**{
            **self.tools, "package": package, "packageVersion": version, "assetName": asset,
            "assetContent": content, "assetSHA256": hashlib.sha256(content).hexdigest(), **more})

    def repository(self, **more):
        """A new repository; returns the domain and its name, as arguments."""
        name = self.name("r")
        self.world.repository(self.domain, name, **more)
        return dict(domain=self.domain, repository=name)

    def package(self):
        """A new package with the version 1.0; returns it as arguments."""
        name = self.name("p")
        self.publish(name, "1.0")
        return {**self.tools, "package": name}

    def connected(self):
        """A new repository with an external connection."""
        key = dict(self.repository(), externalConnection=CONNECTION)
        self.client.associate_external_connection(**key)
        return key

    def group(self, **more):
        """A new package group; returns it as arguments."""
        pattern = f"/generic/{self.name('g')}/*"
        self.client.create_package_group(domain=self.domain, packageGroup=pattern, **more)
        return dict(domain=self.domain, packageGroup=pattern)

    def policy(self, actions=("codeartifact:ReadFromRepository",)):
        """A policy that gives the owner what it has."""
        return json.dumps({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{self.owner}:root"},
            "Action": list(actions), "Resource": "*"}]})

    def domain_policy(self):
        self.client.put_domain_permissions_policy(
            domain=self.domain, policyDocument=self.policy())
        return dict(domain=self.domain)

    def repository_policy(self):
        key = self.repository()
        self.client.put_repository_permissions_policy(**key, policyDocument=self.policy())
        return key

    def tagged(self):
        self.client.tag_resource(
            resourceArn=self.arn, tags=[{"key": "team", "value": "platform"}])
        return dict(resourceArn=self.arn)

    def tags(self):
        """Tags for what is created, where the server keeps any."""
        served = "TagResource" in self.world.served
        return dict(tags=[{"key": "team", "value": "platform"}]) if served else {}

    def restricted(self):
        """A group that one repository may publish to."""
        key = self.group()
        self.client.update_package_group_origin_configuration(
            **key, restrictions={"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"},
            addAllowedRepositories=[
                {"repositoryName": "home", "originRestrictionType": "PUBLISH"}])
        return dict(key, originRestrictionType="PUBLISH")

    def new_domain(self, **more):
        """A domain that is gone after the check."""
        return dict(domain=self.world.domain(self.name("spare"))["name"], **more)

    def fresh_domain_name(self):
        name = self.world.name(self.name("fresh"))
        self.world.will_make(name)
        return name


CONTENT = b"more bytes"

CASES = {
    "AssociateExternalConnection": lambda g: dict(g.repository(), externalConnection=CONNECTION),
    "CopyPackageVersions": lambda g: dict(
        copied(g.package()), versions=["1.0"], allowOverwrite=True, includeFromUpstream=False),
    "CreateDomain": lambda g: dict(domain=g.fresh_domain_name(), **g.tags()),
    "CreatePackageGroup": lambda g: dict(
        domain=g.domain, packageGroup=f"/generic/{g.name('g')}/*", contactInfo="ops@example.com",
        description="d\u00e9j\u00e0 vu \u65e5\u672c \U0001f4e6", **g.tags()),
    "CreateRepository": lambda g: dict(
        domain=g.domain, repository=g.name("r"), upstreams=[{"repositoryName": "home"}],
        description="d\u00e9j\u00e0 vu \u65e5\u672c \U0001f4e6", **g.tags()),
    "DeleteDomain": lambda g: g.new_domain(),
    "DeleteDomainPermissionsPolicy": lambda g: g.domain_policy(),
    "DeletePackage": lambda g: g.package(),
    "DeletePackageGroup": lambda g: g.group(),
    "DeletePackageVersions": lambda g: dict(
        g.package(), versions=["1.0"], expectedStatus="Published"),
    "DeleteRepository": lambda g: g.repository(),
    "DeleteRepositoryPermissionsPolicy": lambda g: g.repository_policy(),
    "DescribeDomain": lambda g: dict(domain=g.domain),
    "DescribePackage": lambda g: g.tools,
    "DescribePackageGroup": lambda g: dict(domain=g.domain, packageGroup="/*"),
    "DescribePackageVersion": lambda g: g.widget,
    "DescribeRepository": lambda g: g.home,
    "DisassociateExternalConnection": lambda g: g.connected(),
    "DisposePackageVersions": lambda g: dict(
        g.package(), versions=["1.0"], expectedStatus="Published"),
    "GetAssociatedPackageGroup": lambda g: dict(
        domain=g.domain, format="generic", namespace="lab", package="tools"),
    "GetAuthorizationToken": lambda g: dict(domain=g.domain, durationSeconds=900),
    "GetDomainPermissionsPolicy": lambda g: g.domain_policy(),
    "GetPackageVersionAsset": lambda g: dict(g.tools, packageVersion="1.0", asset="a.bin"),
    "GetPackageVersionReadme": lambda g: g.widget,
    "GetRepositoryEndpoint": lambda g: dict(g.home, format="npm", endpointType="ipv4"),
    "GetRepositoryPermissionsPolicy": lambda g: g.repository_policy(),
    "ListAllowedRepositoriesForGroup": lambda g: g.restricted(),
    "ListAssociatedPackages": lambda g: dict(domain=g.domain, packageGroup="/*"),
    "ListDomains": lambda g: dict(maxResults=1000),
    "ListPackageGroups": lambda g: dict(domain=g.domain, prefix="/"),
    "ListPackageVersionAssets": lambda g: g.widget,
    "ListPackageVersionDependencies": lambda g: g.widget,
    "ListPackageVersions": lambda g: dict(g.tools, status="Published", sortBy="PUBLISHED_TIME"),
    "ListPackages": lambda g: dict(g.home, format="generic", namespace="lab"),
    "ListRepositories": lambda g: dict(repositoryPrefix="home"),
    "ListRepositoriesInDomain": lambda g: dict(domain=g.domain, administratorAccount=g.owner),
    "ListSubPackageGroups": lambda g: dict(domain=g.domain, packageGroup="/*"),
    "ListTagsForResource": lambda g: g.tagged(),
    "PublishPackageVersion": lambda g: dict(
        g.tools, package=g.name("p"), packageVersion="1.0", assetName="b.bin",
        assetContent=CONTENT, assetSHA256=hashlib.sha256(CONTENT).hexdigest(), unfinished=True),
    "PutDomainPermissionsPolicy": lambda g: dict(domain=g.domain, policyDocument=g.policy()),
    "PutPackageOriginConfiguration": lambda g: dict(
        g.package(), restrictions={"publish": "ALLOW", "upstream": "BLOCK"}),
    "PutRepositoryPermissionsPolicy": lambda g: dict(g.repository(), policyDocument=g.policy()),
    "TagResource": lambda g: dict(resourceArn=g.arn, tags=[{"key": "team", "value": "ops"}]),
    "UntagResource": lambda g: dict(g.tagged(), tagKeys=["team"]),
    "UpdatePackageGroup": lambda g: dict(g.group(), contactInfo="", description="other"),
    "UpdatePackageGroupOriginConfiguration": lambda g: dict(
        g.group(), restrictions={"PUBLISH": "ALLOW_SPECIFIC_REPOSITORIES"},
        addAllowedRepositories=[{"repositoryName": "home", "originRestrictionType": "PUBLISH"}]),
    "UpdatePackageVersionsStatus": lambda g: dict(
        g.package(), versions=["1.0"], targetStatus="Unlisted", expectedStatus="Published"),
    "UpdateRepository": lambda g: dict(
        g.repository(), description="other", upstreams=[{"repositoryName": "away"}]),
}

# Those that change nothing: asked twice, they say the same.
READS = [name for name in CASES
         if name.startswith(("Describe", "List", "Get")) and name != "GetAuthorizationToken"]


def copied(package):
    """The arguments of a copy from `home` to `away`."""
    rest = {key: value for key, value in package.items() if key != "repository"}
    return dict(rest, sourceRepository="home", destinationRepository="away")


def ground(world):
    """The ground of a run, made when first asked for; it goes with the run's last check."""
    if world.ground is None:
        made = Ground(world, "ground")
        world.kept.add(made.domain)
        world.ground = made
    return world.ground
