"""PublishPackageVersion, and what the other operations then say of generic packages."""

import hashlib
import io
import socket
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from harness import check, equal, true
from world import invalid, refused


def digest(content):
    return hashlib.sha256(content).hexdigest()


class Yard:
    """A domain with a repository, gone after the check."""

    def __init__(self, world, name="yard"):
        self.client = world.client
        self.domain = world.domain(name)["name"]
        self.key = dict(domain=self.domain, repository="yard", format="generic",
                        namespace="lab", package="tools")
        world.repository(self.domain, "yard")

    def publish(self, asset, content, version="1.0", **more):
        return self.client.publish_package_version(**{
            **self.key, "packageVersion": version, "assetName": asset, "assetContent": content,
            "assetSHA256": digest(content) if isinstance(content, bytes) else None, **more})

    def version(self, version="1.0"):
        return {**self.key, "packageVersion": version}


@check("an asset is published with its version, described, listed and had again")
def _(world):
    yard, content = Yard(world), b"bytes of a tool"
    reply = yard.publish("tool-1.0.bin", content)
    equal({k: reply.get(k) for k in ("format", "namespace", "package", "version", "status")},
          {"format": "generic", "namespace": "lab", "package": "tools", "version": "1.0",
           "status": "Published"})
    hashes = {"MD5": hashlib.md5(content).hexdigest(), "SHA-1": hashlib.sha1(content).hexdigest(),
              "SHA-256": digest(content), "SHA-512": hashlib.sha512(content).hexdigest()}
    summary = {"name": "tool-1.0.bin", "size": len(content), "hashes": hashes}
    equal(reply["asset"], summary)
    described = world.client.describe_package_version(**yard.version())["packageVersion"]
    equal(described["revision"], reply["versionRevision"])
    equal(described["displayName"], "tools")
    listed = world.client.list_package_version_assets(**yard.version())
    equal(listed["assets"], [summary])
    got = world.client.get_package_version_asset(asset="tool-1.0.bin", **yard.version())
    equal(got["asset"].read(), content)
    equal(got["packageVersionRevision"], reply["versionRevision"])
    listing = world.client.list_package_versions(**yard.key)
    equal(listing["defaultDisplayVersion"], "1.0")
    needs = world.client.list_package_version_dependencies(**yard.version())["dependencies"]
    equal(needs, [])
    refused("ResourceNotFoundException",
            lambda: world.client.get_package_version_readme(**yard.version()),
            about="package-version")


@check("an asset of many megabytes comes back as it went")
def _(world):
    yard = Yard(world)
    content = hashlib.shake_128(b"many megabytes").digest(8 << 20)
    for version, body in [("1.0", content), ("2.0", io.BytesIO(content))]:
        reply = yard.publish("large", body, version, assetSHA256=digest(content))
        equal(reply["asset"]["size"], len(content))
        got = world.client.get_package_version_asset(asset="large", **yard.version(version))
        equal(digest(got["asset"].read()), digest(content))
    empty = yard.publish("empty", b"", "3.0")
    equal(empty["asset"]["size"], 0)


@check("an unfinished version gains assets until one comes without the word")
def _(world):
    yard = Yard(world)
    revisions = set()
    for asset, flag, status in [("a", True, "Unfinished"), ("b", True, "Unfinished"),
                                ("c", None, "Published")]:
        more = {} if flag is None else {"unfinished": flag}
        reply = yard.publish(asset, asset.encode(), **more)
        equal(reply["status"], status)
        revisions.add(reply["versionRevision"])
        described = world.client.describe_package_version(**yard.version())["packageVersion"]
        equal(described["status"], status)
    equal(len(revisions), 3, "the number of revisions")
    names = [a["name"] for a in world.client.list_package_version_assets(
        **yard.version())["assets"]]
    equal(names, ["a", "b", "c"])
    equal(world.client.list_package_versions(status="Unfinished", **yard.key)["versions"], [])


@check("a published version takes no more assets, and the same again is a success")
def _(world):
    yard = Yard(world)
    first = yard.publish("a", b"1")
    for more in ({}, {"unfinished": True}, {"unfinished": False}):
        again = yard.publish("a", b"1", **more)
        equal(again["versionRevision"], first["versionRevision"])
        equal(again["status"], "Published")
        refused("ConflictException", lambda: yard.publish("a", b"2", **more), about="asset",
                status=409)
        refused("ConflictException", lambda: yard.publish("b", b"1", **more),
                about="package-version", status=409)
    yard.publish("b", b"1", version="1.1")


@check("content that is not what its hash says is refused, and nothing is kept")
def _(world):
    yard = Yard(world)
    refused("ValidationException", lambda: yard.publish("a", b"1", assetSHA256=digest(b"2")),
            reason="FIELD_VALIDATION_FAILED", status=400)
    refused("ResourceNotFoundException",
            lambda: world.client.describe_package_version(**yard.version()))
    for bad in ("0" * 63, "A" * 64, "g" * 64, digest(b"1") + "0"):
        if len(bad) >= 64:  # the SDK refuses shorter ones itself
            invalid(lambda: yard.publish("a", b"1", assetSHA256=bad), "assetSHA256")


@check("only generic packages, and only by names that files can have")
def _(world):
    yard = Yard(world)
    for kind in ("npm", "pypi", "maven"):
        invalid(lambda: yard.publish("a", b"1", format=kind), "format")
    without = {k: v for k, v in yard.key.items() if k != "namespace"}
    invalid(lambda: world.client.publish_package_version(
        packageVersion="1", assetName="a", assetContent=b"1", assetSHA256=digest(b"1"),
        **without), "namespace")
    for bad in ("..", ".", "a/b", " a", "a ", "a  b", "a\tb", "a*b", "a\u200bb", "\U0001f600",
                "x" * 256):
        invalid(lambda: yard.publish(bad, b"1"), "assetName")
    for member in ("namespace", "package"):
        invalid(lambda: yard.publish("a", b"1", **{member: ".."}), member)
    for good in ("a b.tar.gz", "~!@^&()-_+[]{};,.`", "ÄÖ日本", "x" * 255, "1"):
        equal(yard.publish(good, b"1", unfinished=True)["asset"]["name"], good)


@check("what it is published to must be there, and the caller's own")
def _(world):
    yard = Yard(world)
    refused("ResourceNotFoundException", lambda: yard.publish("a", b"1", repository="nothing"),
            about="repository", status=404)
    refused("ResourceNotFoundException", lambda: yard.publish("a", b"1", domain="nowhere"),
            about="domain", status=404)
    other = "999999999999" if world.account != "999999999999" else "888888888888"
    refused("AccessDeniedException", lambda: yard.publish("a", b"1", domainOwner=other),
            status=403, containing="codeartifact:PublishPackageVersion")


@check("a version has 350 assets and no more")
def _(world):
    yard = Yard(world)
    yard.publish("a0", b"1", unfinished=True)
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: yard.publish(f"a{number}", b"1", unfinished=True),
                      range(1, 350)))
    refused("ServiceQuotaExceededException", lambda: yard.publish("one too many", b"1"),
            about="package-version", status=402)
    pages = world.client.get_paginator("list_package_version_assets").paginate(
        PaginationConfig={"PageSize": 100}, **yard.version())
    equal(len([a for page in pages for a in page["assets"]]), 350)
    equal(yard.publish("a0", b"1")["status"], "Published")


@check("an asset of more than five gigabytes is refused by its announcement")
def _(world):
    yard = Yard(world)
    query = urllib.parse.urlencode({
        "domain": yard.domain, "repository": "yard", "format": "generic", "namespace": "lab",
        "package": "tools", "version": "1.0", "asset": "huge"})
    claimed = digest(b"")

    class Claiming(SigV4Auth):
        def payload(self, request):
            return claimed

    request = AWSRequest("POST", f"{world.endpoint}/v1/package/version/publish?{query}",
                         headers={"X-Amz-Content-SHA256": claimed})
    credentials = Credentials(world.access_key, world.secret_key)
    Claiming(credentials, "codeartifact", world.region).add_auth(request)
    address = urllib.parse.urlsplit(request.url)
    head = f"POST {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n"
    for name, value in request.headers.items():
        head += f"{name}: {value}\r\n"
    head += f"Content-Length: {(5 << 30) + 1}\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
        connection.sendall(head.encode())
        reply = connection.recv(65536).decode()
    true(" 402 " in reply.split("\r\n")[0], reply[:300])
    true("servicequotaexceededexception" in reply.lower(), reply[:300])
