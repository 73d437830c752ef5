"""Names that break home-made registries, and requests that no client of good will sends."""

import hashlib
import json
import urllib.parse

from botocore.exceptions import ClientError

from ground import CASES, Ground, ground
from harness import check, equal, true
from shapes import example, in_body
from wire import Wire

NAMES = [
    "__proto__", "constructor", "hasOwnProperty", "toString", "a%2fb", "a%2Fb", "%2e%2e", "%00",
    "100%", "a+b", "a=b&c=d", "a?b", "a;b", "a*b", "a:b", "a@b", "@scope", "a,b", "a'b", 'a"b',
    "a\\b", "a|b", "<script>", "${x}", "{{x}}", "$(id)", "`id`", "'; DROP TABLE package; --",
    "%s%n", "\\u0000", "...", "a.", ".a", "-a", "--help", "~", "a~b", "CON", "nul", "aux.txt",
    "Mixed.Case_Name", "mixed.case_name", "l\u0131ne", "\u0430pple", "apple", "caf\u00e9",
    "cafe\u0301", "\u65e5\u672c\u8a9e", "\u0639\u0631\u0628", "\U0001f4e6", "\u1e9e", "\ufb01",
    "n" * 214, "1.0.0+build.5", "1.0.0-rc.1+sha.5114f85", "null", "undefined", "NaN", "true", "0",
]


def accepted(call):
    """The reply, or None where the names are refused as such."""
    try:
        return call()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        true(code == "ValidationException", f"{code}: {error}")
        return None


@check("names that break home-made registries name packages, versions and nothing else")
def _(world):
    where, client = Ground(world, "hostile"), world.client
    digest = hashlib.sha256(b"x").hexdigest()
    taken = []
    for name in NAMES:
        key = dict(where.home, format="generic", namespace=name, package=name, packageVersion=name)
        reply = accepted(lambda: client.publish_package_version(
            **key, assetName="x", assetContent=b"x", assetSHA256=digest))
        if not reply:
            continue
        taken.append(name)
        equal((reply["namespace"], reply["package"], reply["version"]), (name,) * 3)
        told = client.describe_package_version(**key)["packageVersion"]
        equal((told["namespace"], told["packageName"], told["version"]), (name,) * 3, "described")
        content = client.get_package_version_asset(**key, asset="x")["asset"].read()
        equal(content, b"x", name)
        found = client.list_packages(
            **where.home, format="generic", namespace=name, packagePrefix=name)["packages"]
        true({"namespace": name, "package": name} in [
            {k: item[k] for k in ("namespace", "package")} for item in found], f"{name}: {found}")
    true(len(taken) > len(NAMES) - 6, f"refused: {sorted(set(NAMES) - set(taken))}")
    everything = client.get_paginator("list_packages").paginate(
        **where.home, format="generic", PaginationConfig={"PageSize": 7})
    listed = sorted(item["package"] for page in everything for item in page["packages"])
    equal(listed, sorted(taken + ["tools"]), "all packages")


@check("names of dots alone lead nowhere")
def _(world):
    where, client = ground(world), world.client
    for name in (".", ".."):
        for member in ("namespace", "package", "packageVersion"):
            key = dict(CASES["PublishPackageVersion"](where), **{member: name})
            true(accepted(lambda: client.publish_package_version(**key)) is None,
                 f"{member} {name!r} is published")


@check("descriptions, contacts and tags keep every letter")
def _(world):
    where, client = ground(world), world.client
    texts = ["", "caf\u00e9", "cafe\u0301", "\u65e5\u672c\u8a9e \U0001f4e6 \U0001d518",
             "\u0639\u0631\u0628\u064a", 'quotes " \' \\ / <b>&amp;', "\\u0041",
             "\U0001f4e6" * 1000]
    key = where.repository()
    for text in texts:
        client.update_repository(**key, description=text)
        told = client.describe_repository(**key)["repository"].get("description", "")
        equal(told, text, "the description")
    if "TagResource" in world.served:
        arn = client.describe_repository(**key)["repository"]["arn"]
        tags = [dict(key=name[:128], value=text[:256])
                for name, text in zip(NAMES[-45:], texts * 9)]
        client.tag_resource(resourceArn=arn, tags=tags)
        told = client.list_tags_for_resource(resourceArn=arn)["tags"]
        equal(sorted(told, key=str), sorted(tags, key=str), "the tags")
        client.untag_resource(resourceArn=arn, tagKeys=[tag["key"] for tag in tags])
        equal(client.list_tags_for_resource(resourceArn=arn)["tags"], [], "no tags")
    if "UpdatePackageGroup" in world.served:
        group = where.group()
        for text in texts:
            client.update_package_group(**group, contactInfo=text, description=text)
            told = client.describe_package_group(**group)["packageGroup"]
            equal(told.get("contactInfo", ""), text, "the contact")
            equal(told.get("description", ""), text, "the description")


@check("an asset's name comes back in its header whatever it is written in")
def _(world):
    where, client = ground(world), world.client
    for name in ("caf\u00e9 1.0.tgz", "\u65e5\u672c\u8a9e", "~!@^&()-_+[]{};,.`"):
        key = dict(where.tools, package=where.name("p"), packageVersion="1.0")
        client.publish_package_version(**key, assetName=name, assetContent=b"x",
                                       assetSHA256=hashlib.sha256(b"x").hexdigest())
        told = client.get_package_version_asset(**key, asset=name)
        # HTTP libraries read headers as Latin-1; the bytes are UTF-8.
        equal(told["assetName"].encode("latin-1").decode(), name)


NOT_JSON = [
    b"{", b"}", b"[]", b'"x"', b"5", b"null", b"true", b"{}x", b"{} {}", b"\0", b"{\0}",
    b"\xff\xfe", b'{"a":"\xc3\x28"}', b'{"a":"\xed\xa0\x80"}', b"\xef\xbb\xbf[]", b"{'a':1}",
    b'{"a":1,}', b'{"a":01}', b'{"a":+1}', b'{"a":.5}', b'{"a":NaN}', b'{"a":"\x01"}',
    b'{"a" 1}', b'{a:1}', b'{"a":"\\x41"}', b'{"a":"\\u12"}', b"<a/>", b"a=b",
    b"[" * 100_000, b'{"a":' * 100_000,
    b'{"unknown":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
]


def with_body(world):
    """The served operations that take JSON."""
    model = world.client.meta.service_model
    for name in world.served:
        operation = model.operation_model(name)
        members = operation.input_shape.members.values()
        if not operation.has_streaming_input and any(in_body(shape) for shape in members):
            yield name, {member: value for member, value in example(operation.input_shape).items()
                         if not in_body(operation.input_shape.members[member])}


# Would make what is not there.
MAKES = {"CreateDomain"}


@check("bodies that are no JSON objects are refused as such by every operation that takes one")
def _(world):
    wire, faults = Wire(world), []
    for name, query in with_body(world):
        for body in NOT_JSON:
            reply = wire.call(name, query, body=body)
            if (reply.status, reply.error) != (400, "ValidationException") \
                    or reply.json.get("reason") != "CANNOT_PARSE":
                faults.append(f"{name} {body[:30]!r}: {reply}")
    true(not faults, "\n    " + "\n    ".join(faults[:40]))


@check("members that the model does not know are ignored, however odd")
def _(world):
    wire, model, faults = Wire(world), world.client.meta.service_model, []
    odd = ['"unknown":1', '"__proto__":{"a":1}', '"":null', '"unknown":1e999999',
           '"unknown":' + "9" * 5000, '"unknown":-0.0e-9', '"unknown":"\\u0000\\ud83d\\udce6"',
           '"unknown":[[[[[{}]]]]]', '"unknown":1,"unknown":2',
           ",".join(f'"u{i}":{i}' for i in range(2000))]
    for name, query in with_body(world):
        if name in MAKES:
            continue
        shape = model.operation_model(name).input_shape
        known = {m: v for m, v in example(shape).items() if in_body(shape.members[m])}
        plain = wire.call(name, {**query, **known})
        inner = json.dumps(known)[1:-1]
        for more in odd:
            for text in (",".join(filter(None, order)) for order in ((inner, more), (more, inner))):
                reply = wire.call(name, query, body=("{" + text + "}").encode())
                if (reply.status, reply.error) != (plain.status, plain.error):
                    faults.append(f"{name} {more[:40]}: {reply} instead of {plain}")
    true(not faults, "\n    " + "\n    ".join(faults[:40]))


@check("a member given twice, a lone surrogate and a long body have typed answers")
def _(world):
    wire, model, faults = Wire(world), world.client.meta.service_model, []
    for name, query in with_body(world):
        if name in MAKES:
            continue
        shape = model.operation_model(name).input_shape
        bodies = [b'{"a":"\\ud83d"}', b'{"\\udce6":1}', b'{"a":"' + b"x" * (2 << 20) + b'"}']
        for member, value in shape.members.items():
            if in_body(value):
                text = json.dumps(example(value))
                bodies += [f'{{"{member}":{text},"{member}":5}}'.encode(),
                           f'{{"{member}":5,"{member}":{text}}}'.encode()]
        for body in bodies:
            reply = wire.call(name, query, body=body)
            if not (reply.status < 500 and (reply.status < 300 or reply.error and reply.message)):
                faults.append(f"{name} {body[:40]!r}: {reply}")
    true(not faults, "\n    " + "\n    ".join(faults[:40]))


@check("a refusal of a million mistakes, or of a long one, is short")
def _(world):
    wire, key = Wire(world), dict(ground(world).tools)
    many = b'{"targetStatus":"Published","versions":[' + b"0," * 500_000 + b"0]}"
    long = json.dumps({"targetStatus": "Published", "versions": ["1.0"],
                       "expectedStatus": "\U0001f4e6" * 80_000}).encode()
    for body in (many, long):
        reply = wire.call("UpdatePackageVersionsStatus", key, body=body)
        equal((reply.status, reply.error), (400, "ValidationException"))
        true(len(reply.content) < 50_000, f"{len(reply.content)} bytes of refusal")
    told = wire.call("UpdatePackageVersionsStatus", key, body=many).message
    true(int(told.split()[0]) > 500_000, f"the mistakes are not counted: {told[:80]}")


@check("odd queries have typed answers, and the connection outlives them")
def _(world):
    wire, where, faults = Wire(world), ground(world), []
    good = f"domain={where.domain}&repository=home"
    described = wire.send("GET", "/v1/repository?" + good)
    equal(described.status, 200, "the plain query")
    same = [good + "&unknown=1", good + "&x=%00", "repository=home&domain=" + where.domain,
            good + "&domain-owner=" + where.owner, good + "&__proto__=1",
            good + "&u=%F0%9F%93%A6"]
    for query in same:
        reply = wire.send("GET", "/v1/repository?" + query)
        if reply.content != described.content:
            faults.append(f"{query}: {reply}")
    odd = [good + "&" + good, good + "&a=b=c", good + "&domain=other",
           "domain=" + where.domain + "&domain=&" + good,
           good + "&domain-owner=", "domain&repository", "=x&" + good, "&&" + good + "&&",
           good + "&x=%", good + "&x=%zz", good + "&x=%ff", "domain=%00&repository=home",
           "domain=%2e%2e&repository=%2e%2e%2f", good.replace("home", "ho%6de"),
           good + "&x=" + "y" * 20_000, "&".join(f"k{i}=v" for i in range(2000)) + "&" + good]
    for query in odd:
        reply = wire.send("GET", "/v1/repository?" + query)
        if not (reply.status == 200 or 400 <= reply.status < 500 and reply.error):
            faults.append(f"{query[:60]}: {reply}")
    true(not faults, "\n    " + "\n    ".join(faults))
    equal(wire.send("GET", "/v1/repository?" + good).content, described.content, "at the end")


@check("a parameter given twice is not read as two things by two parts of the server")
def _(world):
    where, wire = ground(world), Wire(world)
    other = "999999999999" if where.owner != "999999999999" else "888888888888"
    for first, second in ((where.owner, other), (other, where.owner)):
        query = (f"domain={where.domain}&repository=home&domain-owner={first}"
                 f"&domain-owner={second}")
        reply = wire.send("GET", "/v1/repository?" + query)
        if reply.status == 200:
            equal(reply.json["repository"]["domainOwner"], where.owner)
            equal(first, where.owner, "the account that counts")
        else:
            true(reply.status in (400, 403) and reply.error, reply)


@check("a star and a slash in a query are the same encoded and plain")
def _(world):
    where, wire = ground(world), Wire(world)
    where.publish("a*b", "1.0")
    path = (f"/v1/package?domain={where.domain}&repository=home&format=generic&namespace=lab"
            "&package=a")
    for star in ("%2A", "%2a", "*"):
        # Signed as the SDKs sign it, sent as some proxies rewrite it.
        reply = wire.send("GET", path + "%2Ab", sent_path=path + star + "b")
        equal((reply.status, (reply.json or {}).get("package", {}).get("name")), (200, "a*b"), star)
    if "DescribePackageGroup" in world.served:
        for pattern in ("%2F%2A", "%2f%2a", "/*"):
            base = f"/v1/package-group?domain={where.domain}&package-group="
            reply = wire.send("GET", base + "%2F%2A", sent_path=base + pattern)
            equal((reply.status, reply.json["packageGroup"]["pattern"]), (200, "/*"), pattern)


@check("empty strings are values where the model lets them be, and no values elsewhere")
def _(world):
    where, wire = ground(world), Wire(world)
    for parameter in ("package-prefix", "next-token", "max-results", "format", "namespace",
                      "domain-owner"):
        reply = wire.send(
            "POST", f"/v1/packages?domain={where.domain}&repository=home&{parameter}=")
        equal((reply.status, reply.error), (400, "ValidationException"), parameter)
    told = urllib.parse.quote(where.domain)
    reply = wire.call("UpdateRepository", dict(where.repository(), description=""))
    equal(reply.status, 200, told)
