"""Requests by their bytes: what HTTP allows and no SDK sends, and what it does not allow."""

import hashlib
import json
import socket
import urllib.parse

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from ground import Ground, ground
from harness import check, equal, true
from signatures import at, signed
from wire import Reply, Wire


def digest(content):
    return hashlib.sha256(content).hexdigest()


class Line:
    """A connection on which bytes go out as they are, and replies are read one by one."""

    def __init__(self, world):
        parts = urllib.parse.urlsplit(world.endpoint)
        self.host = parts.netloc
        self._socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        self._read = self._socket.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._read.close()
        self._socket.close()

    def send(self, *pieces):
        for piece in pieces:
            self._socket.sendall(piece if isinstance(piece, bytes) else piece.encode())

    def head(self):
        """Status and headers of the next reply, or (None, {}) where the connection ended."""
        try:
            line = self._read.readline().split()
        except ConnectionError:
            return None, {}
        if not line:
            return None, {}
        headers = {}
        while True:
            field = self._read.readline().rstrip(b"\r\n")
            if not field:
                return int(line[1]), headers
            name, _, value = field.partition(b":")
            headers[name.decode().lower()] = value.strip().decode("latin-1")

    def reply(self):
        """The next final reply; the ones that only say that it is coming are left out."""
        status, headers = self.head()
        while status and status < 200:
            status, headers = self.head()
        content = self._read.read(int(headers.get("content-length", 0))) if status else b""
        return Reply(status or 0, headers, content)


def text(method, path, headers, version="HTTP/1.1"):
    """A request's head."""
    lines = [f"{method} {path} {version}", *(f"{n}: {v}" for n, v in headers.items()), "", ""]
    return "\r\n".join(lines)


def request(world, method, path, body=b"", version="HTTP/1.1", **headers):
    """A whole signed request; headers given with underscores are not signed."""
    own = {n.replace("_", "-"): v for n, v in headers.items()}
    made, path = signed(world, method, path, body or None)
    made.update({"Host": urllib.parse.urlsplit(world.endpoint).netloc,
                 "Content-Length": str(len(body)), **own})
    made = {name: value for name, value in made.items() if value is not None}
    return text(method, path, made, version).encode() + body


def publication(world, where, content, claimed=None, **headers):
    """The head of a signed PublishPackageVersion without any length, and the package's name."""
    name = where.name("raw")
    query = urllib.parse.urlencode(dict(
        domain=where.domain, repository="home", format="generic", namespace="lab", package=name,
        version="1.0", asset="a.bin"))
    claimed = claimed or digest(content)

    class Claiming(SigV4Auth):
        def payload(self, _):
            return claimed

    made, path = signed(world, "POST", f"/v1/package/version/publish?{query}", auth=Claiming,
                        **{"X-Amz-Content-SHA256": claimed})
    made.pop("Content-Length", None)
    host = urllib.parse.urlsplit(world.endpoint).netloc
    return name, text("POST", path, {"Host": host, **made, **headers})


def chunks(content, size, extension="", trailer=""):
    """A body in chunks (RFC 9112 section 7.1)."""
    for start in range(0, len(content), size):
        piece = content[start:start + size]
        yield f"{len(piece):x}{extension}\r\n".encode() + piece + b"\r\n"
    yield f"0\r\n{trailer}\r\n".encode()


def refusal(reply, status, *names):
    """Fails unless a reply is one of these errors, in the form of the others."""
    equal(reply.status, status, f"status of {reply}")
    true(reply.error in names, f"{reply} is none of {names}")
    true(reply.message and reply.headers.get("x-amzn-requestid"), f"no message or id: {reply}")


@check("requests sent before their turn are answered in turn, good ones and bad ones")
def _(world):
    where = ground(world)
    asked = [("home", 200), ("nowhere", 404), ("away", 200), ("a", 400), ("store", 200)] * 8
    batch = b"".join(
        request(world, "GET", f"/v1/repository?domain={where.domain}&repository={name}")
        for name, _ in asked)
    with Line(world) as line:
        line.send(batch)
        replies = [line.reply() for _ in asked]
    equal([reply.status for reply in replies], [status for _, status in asked])
    equal([reply.json["repository"]["name"] for reply in replies if reply.status == 200],
          [name for name, status in asked if status == 200])
    equal(len({reply.headers["x-amzn-requestid"] for reply in replies}), len(asked), "ids")


@check("bodies in chunks are bodies, whatever their chunks look like")
def _(world):
    body = json.dumps({"maxResults": 1, "unknown": "x" * 300}).encode()
    for size, extension, trailer in ((1, "", ""), (7, ";a=b", ""), (1000, "", "X-Late: 1\r\n")):
        made, path = signed(world, "POST", "/v1/domains", body)
        made.pop("Content-Length", None)
        with Line(world) as line:
            line.send(text("POST", path, {
                "Host": line.host, **made, "Transfer-Encoding": "chunked"}))
            for piece in chunks(body, size, extension, trailer):
                line.send(piece)
            reply = line.reply()
            equal((reply.status, len(reply.json["domains"])), (200, 1), f"chunks of {size}")
            line.send(request(world, "POST", "/v1/domains"))
            equal(line.reply().status, 200, "the request after it")


@check("an asset in chunks is published whole, or not at all")
def _(world):
    where, content = Ground(world, "chunks"), hashlib.shake_128(b"chunks").digest(300_000)
    for claimed, status in ((digest(content), 200), (digest(b"other"), 400)):
        name, head = publication(world, where, content, claimed,
                                 **{"Transfer-Encoding": "chunked"})
        with Line(world) as line:
            line.send(head, *chunks(content, 9_999))
            reply = line.reply()
        equal(reply.status, status, f"{reply}")
        got = Wire(world).call("GetPackageVersionAsset", dict(
            where.tools, package=name, packageVersion="1.0", asset="a.bin"))
        equal(got.content if status == 200 else got.status, content if status == 200 else 404)
    name, head = publication(world, where, content, **{"Transfer-Encoding": "chunked"})
    with Line(world) as line:
        # Broken off in the middle.
        line.send(head, next(chunks(content, 9_999)))
    reply = Wire(world).call("DescribePackage", {**where.tools, "package": name})
    equal(reply.status, 404, "what was broken off")


@check("a body too long is refused in words, announced or not, and is not read to its end")
def _(world):
    for announced in (True, False):
        made, path = signed(world, "POST", "/v1/domains", b"x")
        made.pop("Content-Length", None)
        length = {"Content-Length": str(1 << 40)} if announced else {
            "Transfer-Encoding": "chunked"}
        with Line(world) as line:
            line.send(text("POST", path, {"Host": line.host, **made, **length}))
            if not announced:
                for piece in list(chunks(b"x" * (1 << 21), 1 << 16))[:-1]:
                    try:
                        line.send(piece)
                    except ConnectionError:
                        break
            refusal(line.reply(), 413, "RequestEntityTooLargeException")


@check("who waits to be asked for the body is asked, or refused before a byte of it")
def _(world):
    where, content = ground(world), b"waited for"
    length = {"Content-Length": str(len(content)), "Expect": "100-continue"}
    _, head = publication(world, where, content, **length)
    with Line(world) as line:
        line.send(head)
        equal(line.head()[0], 100, "the invitation")
        line.send(content)
        equal(line.reply().status, 200)
    _, head = publication(world, where, content, **length)
    cases = [
        (head.replace("Signature=", "Signature=0"), 400, "IncompleteSignatureException"),
        (head.replace("repository=home", "repository=away"), 403, "InvalidSignatureException"),
        (head.replace("Authorization", "X-Nothing"), 403, "MissingAuthenticationTokenException"),
    ]
    for wrong, status, name in cases:
        with Line(world) as line:
            line.send(wrong)
            got, headers = line.head()
            equal((got, headers.get("x-amzn-errortype")), (status, name), "before the body")
    huge = dict(length, **{"Content-Length": str((5 << 30) + 1)})
    _, head = publication(world, where, content, **huge)
    with Line(world) as line:
        line.send(head)
        equal(line.head()[0], 402, "an asset that is announced as too large")


@check("payloads that are unsigned, or signed in the manner of S3, are refused")
def _(world):
    where = ground(world)
    for claim in ("UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
                  "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "", "a" * 63, "A" * 64):
        class Claiming(SigV4Auth):
            def payload(self, _):
                return claim

        made, path = signed(world, "POST", "/v1/domains", auth=Claiming,
                            **{"X-Amz-Content-SHA256": claim})
        with Line(world) as line:
            line.send(text("POST", path, {"Host": line.host, **made, "Content-Length": "0"}))
            refusal(line.reply(), 400, "IncompleteSignatureException")
        _, head = publication(world, where, b"x", claim or " ", **{"Content-Length": "1"})
        with Line(world) as line:
            line.send(head, b"x")
            refusal(line.reply(), 400, "ValidationException", "IncompleteSignatureException")


def presigned(world, method, path, seconds=60, **headers):
    """The path of an address that carries its own signature."""
    made = AWSRequest(method, world.endpoint + path, headers=headers)
    SigV4QueryAuth(Credentials(world.access_key, world.secret_key), "codeartifact", world.region,
                   expires=seconds).add_auth(made)
    url = urllib.parse.urlsplit(made.url)
    return f"{url.path}?{url.query}"


@check("an address signed beforehand is good for its time, its method and its words, and no more")
def _(world):
    where = ground(world)
    path = "/v1/package/version/asset?" + urllib.parse.urlencode(dict(
        domain=where.domain, repository="home", format="generic", namespace="lab",
        package="tools", version="1.0", asset="a.bin"))
    good = presigned(world, "GET", path)

    def ask(path, method="GET", **more):
        with Line(world) as line:
            line.send(text(method, path, {"Host": line.host, "Content-Length": "0", **more}))
            return line.reply()

    equal(ask(good).content, b"bytes")
    equal(ask(good + "&").content, b"bytes", "an empty parameter, which signs as nothing")
    name = "InvalidSignatureException"
    refusal(ask(good + "&revision=x"), 403, name)
    refusal(ask(good.replace("asset=a.bin", "asset=b.bin")), 403, name)
    refusal(ask(good.replace("X-Amz-Expires=60", "X-Amz-Expires=600")), 403, name)
    refusal(ask(good, Host="elsewhere.example"), 403, name)
    refusal(ask(good.replace("/v1/package/version/asset", "/v1/package/version/readme")), 403, name)
    for seconds in (0, -1, 604_801, "x"):
        changed = good.replace("X-Amz-Expires=60", f"X-Amz-Expires={seconds}")
        refusal(ask(changed), 400, "IncompleteSignatureException")
    refusal(ask(good.replace("X-Amz-Expires=60", "X-Amz-Nothing=60")), 400,
            "IncompleteSignatureException")
    with at(-120):
        late = presigned(world, "GET", path)
    refusal(ask(late), 403, name)
    with at(-120):
        equal(ask(presigned(world, "GET", path, seconds=600)).content, b"bytes", "signed earlier")
    # With both kinds of signature the header counts.
    refusal(ask(good, Authorization="Bearer made-up"), 400, "IncompleteSignatureException")


@check("paths are signed as the service signs them, and only the plain ones are served")
def _(world):
    domain = ground(world).domain
    wire = Wire(world)
    for path in ("/v1//domain", "/v1/./domain", "/v1/x/../domain", "/v1/domain/", "/v1/%64omain",
                 "/v1/domain%2F", "/v1/domain;x=1", "/v1/DOMAIN", "/v1/domain//", "/v1/%2e/domain",
                 "/v1/", "/v1", "/v1/..", "/v1/%00", "/v1/%ff", "/v1/%C3%A9"):
        reply = wire.send("GET", f"{path}?domain={domain}")
        refusal(reply, 404, "UnknownOperationException")


@check("a query means the same however its words are ordered and escaped")
def _(world):
    where, wire = ground(world), Wire(world)
    words = [f"domain={where.domain}", "repository=home", f"domain-owner={where.owner}"]
    plain = wire.send("GET", "/v1/repository?" + "&".join(words))
    equal(plain.status, 200)
    same = ["&".join(words[::-1]), "&".join(words) + "&", "&&".join(words),
            "&".join(words).replace("home", "%68ome"), "&".join(words).replace("=home", "=hom%65"),
            "&".join(words).replace("-owner", "%2downer")]
    for query in same:
        reply = wire.send("GET", "/v1/repository?" + "&".join(words),
                          sent_path="/v1/repository?" + query)
        equal((reply.status, reply.content), (200, plain.content), query)
    for query in ("&".join(words) + "&repository=away", "&".join(words[:2]),
                  "&".join(words).replace("home", "Home")):
        reply = wire.send("GET", "/v1/repository?" + "&".join(words),
                          sent_path="/v1/repository?" + query)
        refusal(reply, 403, "InvalidSignatureException")


@check("headers that come twice, or in odd forms, sign as the service signs them")
def _(world):
    where = ground(world)
    path = f"/v1/domain?domain={where.domain}"

    def ask(made, *more):
        with Line(world) as line:
            fields = [f"Host: {line.host}", *(f"{n}: {v}" for n, v in made.items()), *more]
            line.send("\r\n".join([f"GET {path} HTTP/1.1", *fields, "", ""]))
            return line.reply()

    made, _ = signed(world, "GET", path, **{"X-Odd": "a  b   c"})
    for value in ("a b c", "  a  b \t c  ", "a   b c"):
        equal(ask({**made, "X-Odd": value}).status, 200, repr(value))
    refusal(ask({**made, "X-Odd": "a b  d"}), 403, "InvalidSignatureException")
    equal(ask({name.upper(): value for name, value in made.items()}).status, 200, "upper case")
    made, _ = signed(world, "GET", path, **{"X-Odd": "one,two"})
    made.pop("X-Odd")
    equal(ask(made, "X-Odd: one", "x-odd:  two ").status, 200, "one header in two lines")
    refusal(ask(made, "X-Odd: two", "X-Odd: one"), 403, "InvalidSignatureException")
    made, _ = signed(world, "GET", path)
    refusal(ask(made, f"Authorization: {made['Authorization']}"), 400,
            "IncompleteSignatureException")
    refusal(ask(made, "X-Amz-Date: 20200101T000000Z"), 403, "InvalidSignatureException")
    refusal(ask(made, "X-Amz-Security-Token: x"), 400, "IncompleteSignatureException")
    refusal(ask({**made, "X-Amz-Date": "yesterday"}), 400, "IncompleteSignatureException")
    equal(ask(made, "Amz-Sdk-Request: attempt=1", "User-Agent: x").status, 200, "unsigned extras")


@check("a body may come as any type, or with none, and a read may come with a body")
def _(world):
    body = json.dumps({"maxResults": 1}).encode()
    for kind in ("application/json", "application/json; charset=utf-8", "text/plain", "nonsense",
                 "application/x-amz-json-1.1", "application/x-www-form-urlencoded", None):
        more = {"Content-Type": kind} if kind else {}
        made, path = signed(world, "POST", "/v1/domains", body, **more)
        with Line(world) as line:
            line.send(text("POST", path, {
                "Host": line.host, **made, "Content-Length": str(len(body))}), body)
            reply = line.reply()
        equal((reply.status, len((reply.json or {}).get("domains", []))), (200, 1), kind)
    path = f"/v1/domain?domain={ground(world).domain}"
    with Line(world) as line:
        line.send(request(world, "GET", path, b"{}"))
        equal(line.reply().status, 200)
        line.send(request(world, "GET", path))
        equal(line.reply().status, 200, "the next one on the connection")


@check("a request addressed in full, and one of the older protocol, are answered")
def _(world):
    path = f"/v1/domain?domain={ground(world).domain}"
    made, _ = signed(world, "GET", path)
    with Line(world) as line:
        line.send(text("GET", world.endpoint + path, {"Host": line.host, **made}))
        equal(line.reply().status, 200, "the absolute form (RFC 9112 section 3.2.2)")
    with Line(world) as line:
        line.send(request(world, "GET", path, version="HTTP/1.0"))
        equal(line.reply().status, 200, "HTTP/1.0")
        equal(line.reply().status, 0, "the connection's end")


@check("what is no HTTP, or hides one request in another, is refused, and the server goes on")
def _(world):
    path = f"/v1/domain?domain={ground(world).domain}"
    plain = request(world, "GET", path)
    host = urllib.parse.urlsplit(world.endpoint).netloc
    framed = lambda fields: plain.replace(b"Content-Length: 0", fields)
    wrong = {
        "two lengths": framed(b"Content-Length: 0\r\nContent-Length: 5"),
        "a length and chunks": framed(
            b"Content-Length: 6\r\nTransfer-Encoding: chunked") + b"0\r\n\r\nG",
        "a negative length": framed(b"Content-Length: -1"),
        "a length in words": framed(b"Content-Length: five"),
        "an unknown encoding": framed(b"Transfer-Encoding: gibberish"),
        "a zero byte": framed(b"X-Zero: a\0b\r\nContent-Length: 0"),
        "a space in a name": framed(b"X Odd: 1\r\nContent-Length: 0"),
        "an unknown version": plain.replace(b"HTTP/1.1", b"HTTP/9.9"),
        "no version": plain.replace(b" HTTP/1.1", b""),
        "no HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 200,
        "a long head": framed(b"X-Long: " + b"x" * 70_000),
        "many headers": framed(b"\r\n".join(b"X-%d: 1" % number for number in range(300))),
        "a long path": f"GET /v1/domain?{'x' * 70_000} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
    }
    for what, content in wrong.items():
        with Line(world) as line:
            try:
                line.send(content)
            except ConnectionError:
                pass
            reply = line.reply()
            true(reply.status == 0 or 400 <= reply.status < 500 or reply.status == 505
                 or reply.status == 501, f"{what}: {reply}")
            second = line.reply().status if reply.status else 0
            true(second == 0 or 400 <= second < 500, f"{what}: a second answer, {second}")
    for method in ("HEAD", "OPTIONS", "TRACE", "PATCH", "PROPFIND"):
        with Line(world) as line:
            line.send(request(world, method, path))
            status, headers = line.head()
            true(status and 400 <= status < 500, f"{method}: {status}")
    with Line(world) as line:
        line.send(plain)
        equal(line.reply().status, 200, "afterwards")


@check("a client that goes away in the middle of anything leaves the server as it was")
def _(world):
    where, content = ground(world), b"x" * 100_000
    whole = request(world, "GET", f"/v1/domain?domain={where.domain}")
    lengths = {"Content-Length": str(len(content))}
    names = []
    for cut in (1, 20, len(whole) // 2, len(whole) - 1, len(whole)):
        with Line(world) as line:
            line.send(whole[:cut])
    for cut in (0, 1, 50_000, 99_999):
        name, head = publication(world, where, content, **lengths)
        names.append(name)
        with Line(world) as line:
            line.send(head, content[:cut])
    wire = Wire(world)
    for name in names:
        reply = wire.call("DescribePackage", {**where.tools, "package": name})
        equal(reply.status, 404, "a package of half an asset")
    size = where.client.describe_domain(domain=where.domain)["domain"]["assetSizeBytes"]
    true(size < 50_000, f"{size} bytes are kept")
