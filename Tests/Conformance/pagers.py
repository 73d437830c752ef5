"""Every paginator that botocore ships, over sets that change while they are walked."""

import hashlib
from concurrent.futures import ThreadPoolExecutor

from botocore import xform_name
from botocore.exceptions import ClientError

from ground import Ground, ground
from harness import check, equal, true
from world import refused


class Listing:
    """A listing, and how its set grows and shrinks. Names sort as they are numbered."""

    operation = key = member = None

    def __init__(self, where):
        self.where, self.client = where, where.client

    @property
    def arguments(self):
        return {}

    def add(self, name):
        raise NotImplementedError

    def remove(self, name):
        """Takes one away, where the service has a way to; returns whether it did."""
        return False

    def name(self, item):
        return item[self.member]

    def page(self, size, token=None, **more):
        """One page: its names and the token of the next."""
        asked = dict(self.arguments, maxResults=size, **more)
        if token:
            asked["nextToken"] = token
        reply = getattr(self.client, xform_name(self.operation))(**asked)
        return [self.name(item) for item in reply[self.key]], reply.get("nextToken")

    def walk(self, size):
        """All names, page by page."""
        names, token = [], None
        while True:
            page, token = self.page(size, token)
            true(len(page) <= size, f"{len(page)} items on a page of {size}")
            names += page
            if not token:
                return names


class Domains(Listing):
    operation, key, member = "ListDomains", "domains", "name"

    def add(self, name):
        self.where.world.domain(name)

    def remove(self, name):
        self.client.delete_domain(domain=name)
        return True

    def name(self, item):
        return item["name"]


class RepositoriesInDomain(Listing):
    operation, key, member = "ListRepositoriesInDomain", "repositories", "name"

    @property
    def arguments(self):
        return dict(domain=self.where.domain, repositoryPrefix="item-")

    def add(self, name):
        self.where.world.repository(self.where.domain, name)

    def remove(self, name):
        self.client.delete_repository(domain=self.where.domain, repository=name)
        return True


class Repositories(RepositoriesInDomain):
    operation = "ListRepositories"

    @property
    def arguments(self):
        return dict(repositoryPrefix=f"item-{self.where.world.seed}")

    def add(self, name):
        super().add(name.replace("item-", f"item-{self.where.world.seed}-"))

    def remove(self, name):
        return super().remove(name.replace("item-", f"item-{self.where.world.seed}-"))

    def name(self, item):
        return item["name"].replace(f"{self.where.world.seed}-", "")


class Packages(Listing):
    operation, key, member = "ListPackages", "packages", "package"

    @property
    def arguments(self):
        return dict(self.where.home, format="generic", packagePrefix="item-")

    def add(self, name):
        self.where.publish(name, "1.0")

    def remove(self, name):
        if "DeletePackage" not in self.where.world.served:
            return False
        self.client.delete_package(**{**self.where.tools, "package": name})
        return True


class Versions(Listing):
    operation, key, member = "ListPackageVersions", "versions", "version"

    @property
    def arguments(self):
        return {**self.where.tools, "package": "versions"}

    def add(self, name):
        self.where.publish("versions", name)

    def remove(self, name):
        if "DeletePackageVersions" not in self.where.world.served:
            return False
        reply = self.client.delete_package_versions(**self.arguments, versions=[name])
        return name in reply["successfulVersions"]


class Assets(Listing):
    operation, key, member = "ListPackageVersionAssets", "assets", "name"

    @property
    def arguments(self):
        return {**self.where.tools, "package": "assets", "packageVersion": "1.0"}

    def add(self, name):
        self.where.publish("assets", "1.0", asset=name, unfinished=True)


class Groups(Listing):
    operation, key, member = "ListPackageGroups", "packageGroups", "pattern"

    @property
    def arguments(self):
        return dict(domain=self.where.domain, prefix="/generic/item-")

    def add(self, name):
        self.client.create_package_group(
            domain=self.where.domain, packageGroup=f"/generic/{name}/*")

    def remove(self, name):
        self.client.delete_package_group(
            domain=self.where.domain, packageGroup=f"/generic/{name}/*")
        return True

    def name(self, item):
        return item["pattern"].split("/")[2]


class SubGroups(Groups):
    operation = "ListSubPackageGroups"

    def __init__(self, where):
        super().__init__(where)
        where.client.create_package_group(domain=where.domain, packageGroup="/maven/*")

    @property
    def arguments(self):
        return dict(domain=self.where.domain, packageGroup="/maven/*")

    def add(self, name):
        self.client.create_package_group(
            domain=self.where.domain, packageGroup=f"/maven/{name}/*")

    def remove(self, name):
        self.client.delete_package_group(
            domain=self.where.domain, packageGroup=f"/maven/{name}/*")
        return True


class Associated(Packages):
    operation = "ListAssociatedPackages"

    def __init__(self, where):
        super().__init__(where)
        where.client.create_package_group(domain=where.domain, packageGroup="/generic/crowd/*")

    @property
    def arguments(self):
        return dict(domain=self.where.domain, packageGroup="/generic/crowd/*")

    def add(self, name):
        self.where.publish(name, "1.0", namespace="crowd")

    def remove(self, name):
        if "DeletePackage" not in self.where.world.served:
            return False
        self.client.delete_package(
            **{**self.where.tools, "namespace": "crowd", "package": name})
        return True


class Allowed(Listing):
    operation, key = "ListAllowedRepositoriesForGroup", "allowedRepositories"

    def __init__(self, where):
        super().__init__(where)
        self.group = where.restricted()
        self._change("removeAllowedRepositories", "home")

    @property
    def arguments(self):
        return self.group

    def _change(self, member, name):
        self.client.update_package_group_origin_configuration(
            domain=self.where.domain, packageGroup=self.group["packageGroup"],
            **{member: [{"repositoryName": name, "originRestrictionType": "PUBLISH"}]})

    def add(self, name):
        if name not in self.page(1000)[0]:
            try:
                self.where.world.repository(self.where.domain, f"allow-{name}")
            except ClientError:
                pass
            self._change("addAllowedRepositories", f"allow-{name}")

    def remove(self, name):
        self._change("removeAllowedRepositories", f"allow-{name}")
        return True

    def name(self, item):
        return item.replace("allow-", "")


LISTINGS = [RepositoriesInDomain, Repositories, Packages, Versions, Assets, Groups, SubGroups,
            Associated, Allowed]


def served(world, kinds=LISTINGS):
    return [kind for kind in kinds if kind.operation in world.served]


def every(world, one, kinds=LISTINGS):
    """Runs `one` for every listing on a ground of its own; collects what fails."""
    where, faults = Ground(world, "pagers"), []
    for kind in served(world, kinds):
        try:
            one(kind(where))
        except Exception as fault:
            world.disproved(kind.operation, "pager")
            faults.append(f"{kind.operation}: {type(fault).__name__}: {fault}")
    true(not faults, "\n    " + "\n    ".join(faults))


@check("the suite knows every paginator that botocore ships")
def _(world):
    model = world.client.meta.service_model
    shipped = {name for name in model.operation_names
               if world.client.can_paginate(xform_name(name))}
    equal({kind.operation for kind in LISTINGS} | {"ListDomains"}, shipped)


@check("pages of any size show a listing whole, each item once, and in one order")
def _(world):
    def one(listing):
        equal(listing.page(1), ([], None), "an empty listing") if not isinstance(
            listing, (Assets, Versions)) else None
        names = [f"item-{number}" for number in range(5)]
        for name in names[::-1]:
            listing.add(name)
        order = listing.page(1000)[0]
        equal(sorted(order), names, "one page")
        for size in range(1, 7):
            equal(listing.walk(size), order, f"pages of {size}")
        paginator = listing.client.get_paginator(xform_name(listing.operation))
        for size in (1, 2, 5):
            pages = paginator.paginate(**listing.arguments, PaginationConfig={"PageSize": size})
            walked = [listing.name(item) for page in pages for item in page[listing.key]]
            equal(walked, order, f"botocore's pages of {size}")
        world.proved(listing.operation, "pager")

    every(world, one)


@check("a listing that changes under the walk loses nothing that stays, and repeats nothing")
def _(world):
    def one(listing):
        stays = [f"item-{number}5" for number in range(1, 7)]
        goes = [f"item-{number}7" for number in range(1, 7)]
        for name in stays + goes:
            listing.add(name)
        walked, token, step = [], None, 0
        while True:
            page, token = listing.page(2, token)
            walked += page
            if not token:
                break
            # Before, at and after the place where the walk stands.
            listing.add(f"item-{step}1")
            listing.add(f"item-{9 - step}9")
            if goes:
                listing.remove(goes.pop())
            if goes:
                listing.remove(goes.pop(0))
            step += 1
            true(step < 30, "the walk does not end")
        equal(len(walked), len(set(walked)), f"items walked once of {walked}")
        equal([name for name in stays if name not in walked], [], "what was lost")

    every(world, one)


@check("every domain is walked through while others come and go")
def _(world):
    listing = Domains(ground(world))
    stays = {world.domain(f"walk{number}")["name"] for number in range(3)}
    walked, token, step = [], None, 0
    while True:
        page, token = listing.page(1, token)
        walked += page
        if not token:
            break
        if step < 3:
            name = world.domain(f"{'az'[step % 2]}{step}")["name"]
            if step == 1:
                listing.remove(name)
        step += 1
    equal(len(walked), len(set(walked)), f"domains walked once of {walked}")
    true(stays <= set(walked), f"lost {stays - set(walked)}")
    world.proved("ListDomains", "pager")


def spoiled(token):
    """Tokens that differ a little from one that is good."""
    other = "B" if token[0] != "B" else "C"
    middle = len(token) // 2
    yield other + token[1:]
    yield token[:middle] + ("x" if token[middle] != "x" else "y") + token[middle + 1:]
    yield token[:-1]
    yield token[1:]
    yield token + "A"
    yield token + token
    yield token.swapcase()
    yield token[::-1]
    yield "A" * len(token)
    yield "made-up"
    yield "\u00e9\U0001f4e6"
    yield "x" * 2000


@check("a page token that was changed, or given for another listing, is refused")
def _(world):
    tokens = {}

    def fill(listing):
        for number in range(3):
            listing.add(f"item-{number}")
        token = listing.page(1)[1]
        true(token and len(token) <= 2000, f"the token is {token!r}")
        tokens[listing.operation] = token
        for wrong in spoiled(token):
            refused("ValidationException", lambda: listing.page(1, wrong), status=400,
                    reason="FIELD_VALIDATION_FAILED")
        for own in tokens.items():
            if own[0] != listing.operation:
                refused("ValidationException", lambda: listing.page(1, own[1]), status=400)
        equal(len(listing.page(1, token)[0]), 1, "the true token's page")
        for more in OTHERWISE.get(listing.operation, []):
            asked = {**listing.arguments, **more(listing.where)}
            refused("ValidationException", lambda: getattr(
                listing.client, xform_name(listing.operation))(
                    **asked, maxResults=1, nextToken=token), status=400)

    every(world, fill)


# The same listing of something else: its pages are others.
OTHERWISE = {
    "ListRepositoriesInDomain": [
        lambda g: dict(repositoryPrefix="item"), lambda g: dict(administratorAccount=g.owner),
        lambda g: g.new_domain()],
    "ListRepositories": [lambda g: dict(repositoryPrefix="item")],
    "ListPackages": [
        lambda g: dict(packagePrefix="item"), lambda g: dict(repository="away"),
        lambda g: dict(namespace="lab"), lambda g: dict(publish="ALLOW")],
    "ListPackageVersions": [
        lambda g: dict(status="Published"), lambda g: dict(sortBy="PUBLISHED_TIME"),
        lambda g: dict(originType="INTERNAL"), lambda g: dict(package="tools")],
    "ListPackageVersionAssets": [lambda g: dict(package="tools")],
    "ListPackageGroups": [lambda g: dict(prefix="/generic")],
    "ListSubPackageGroups": [lambda g: dict(packageGroup="/*")],
    "ListAssociatedPackages": [
        lambda g: dict(packageGroup="/*"), lambda g: dict(preview=True)],
    "ListAllowedRepositoriesForGroup": [
        lambda g: dict(originRestrictionType="EXTERNAL_UPSTREAM")],
}


@check("the longest names page like others, whatever they are written in")
def _(world):
    where = Ground(world, "long")
    for letter in ("x", "\u00e9", "\u65e5", "\U0001f4e6"):
        package = letter * 254
        space = letter * 255
        for last in "ab":
            content = hashlib.sha256(b"").hexdigest()
            where.client.publish_package_version(
                **where.home, format="generic", namespace=space, package=package + last,
                packageVersion=letter * 254 + last, assetName="a" * 255, assetContent=b"",
                assetSHA256=content, unfinished=True)
        asked = dict(where.home, format="generic", namespace=space, maxResults=1)
        walked, token = [], {}
        while True:
            reply = where.client.list_packages(**asked, **token)
            walked += [item["package"] for item in reply["packages"]]
            if "nextToken" not in reply:
                break
            token = dict(nextToken=reply["nextToken"])
            true(len(reply["nextToken"]) <= 2000, f"{len(reply['nextToken'])} characters")
        equal(sorted(walked), [package + "a", package + "b"], letter)


@check("a page has as many items as the service gives where no number is asked for")
def _(world):
    where = Ground(world, "default")
    counts = {"ListPackages": (100, "packages"), "ListPackageVersions": (50, "versions"),
              "ListRepositoriesInDomain": (50, "repositories"),
              "ListRepositories": (50, "repositories")}
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: where.publish(f"many{n}", "1.0", unfinished=True), range(101)))
        list(pool.map(lambda n: where.publish("many", f"{n}", unfinished=True), range(51)))
        list(pool.map(lambda n: world.repository(where.domain, f"many{n}"), range(51)))
    asked = {"ListPackages": where.home, "ListPackageVersions": {**where.tools, "package": "many"},
             "ListRepositoriesInDomain": dict(domain=where.domain), "ListRepositories": {}}
    for name, (count, key) in counts.items():
        call = getattr(where.client, xform_name(name))
        page = call(**asked[name])
        equal(len(page[key]), count, name)
        true(call(**asked[name], nextToken=page["nextToken"])[key], f"{name}: the next page")


@check("pages may differ in size, and name their domain's owner or not")
def _(world):
    where = Ground(world, "sizes")
    for number in range(6):
        where.publish(f"item-{number}", "1.0")
    walked, more = [], {}
    for size, owner in ((1, {}), (2, dict(domainOwner=where.owner)), (3, {}), (9, {})):
        page = where.client.list_packages(
            **where.home, packagePrefix="item-", maxResults=size, **owner, **more)
        walked += [item["package"] for item in page["packages"]]
        more = dict(nextToken=page["nextToken"]) if "nextToken" in page else {}
        if not more:
            break
    equal(walked, [f"item-{number}" for number in range(6)])
