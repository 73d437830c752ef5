"""Requests as the model has them, or as it does not: past every check that the SDK makes itself."""

import http.client
import json
import threading
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class Reply:
    """What came back, unparsed."""

    def __init__(self, status, headers, content):
        self.status, self.headers, self.content = status, headers, content

    @property
    def error(self):
        """The exception's name, or None for a success."""
        return self.headers.get("x-amzn-errortype") if self.status >= 300 else None

    @property
    def json(self):
        return json.loads(self.content) if self.content else None

    @property
    def message(self):
        """What a refusal says; nothing for a success."""
        return (self.json or {}).get("message", "") if self.status >= 300 else ""

    def __repr__(self):
        return f"{self.status} {self.error or ''} {self.content[:300]!r}"


class Wire:
    """Signs and sends anything. Threads may share it: each keeps a connection of its own."""

    def __init__(self, world):
        parts = urllib.parse.urlsplit(world.endpoint)
        self._netloc, self._endpoint = parts.netloc, world.endpoint
        https = parts.scheme == "https"
        self._kind = http.client.HTTPSConnection if https else http.client.HTTPConnection
        self._signer = SigV4Auth(
            Credentials(world.access_key, world.secret_key), "codeartifact", world.region)
        self._model = world.client.meta.service_model
        self._own = threading.local()

    def call(self, name, arguments, body=None, extra_query=""):
        """Sends an operation with these arguments, right or wrong; `body` replaces the body."""
        method, path, content, headers = self.parts(name, arguments)
        if body is not None:
            content = body
        if extra_query:
            path += ("&" if "?" in path else "?") + extra_query
        return self.send(method, path, content, headers)

    def parts(self, name, arguments):
        """Method, path with its query, body and headers of an operation with these arguments."""
        operation = self._model.operation_model(name)
        query, headers, members, content = [], {}, {}, b""
        for member, value in arguments.items():
            shape = operation.input_shape.members[member]
            place = shape.serialization.get("location")
            wire_name = shape.serialization.get("name", member)
            if place == "querystring":
                query.append((wire_name, text(value)))
            elif place == "header":
                headers[wire_name] = text(value)
            elif shape.type_name == "blob":
                content = value
            else:
                members[wire_name] = value
        if members:
            content = json.dumps(members).encode()
        if not operation.has_streaming_input and any(
                "location" not in shape.serialization
                for shape in operation.input_shape.members.values()):
            headers["Content-Type"] = "application/json"
        path = operation.http["requestUri"]
        encoded = urllib.parse.urlencode(query, quote_via=urllib.parse.quote, safe="-_.~")
        return operation.http["method"], path + (f"?{encoded}" if encoded else ""), content, headers

    def send(self, method, path, body=b"", headers=None, sent_path=None):
        """Signs `path` and sends it, or `sent_path` in its place."""
        request = AWSRequest(method, self._endpoint + path, data=body, headers=headers or {})
        self._signer.add_auth(request)
        return self.exchange(method, sent_path or path, body, dict(request.headers))

    def exchange(self, method, path, body, headers):
        """Sends a request as it is."""
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._kind(self._netloc, timeout=60)
        try:
            # Given by hand: http.client leaves it out where there is no body.
            connection.request(method, path, body=body or None,
                               headers={**headers, "Content-Length": str(len(body))})
            reply = connection.getresponse()
            content = reply.read()
        except Exception:
            self._own.connection = None
            connection.close()
            raise
        found = {name.lower(): value for name, value in reply.getheaders()}
        if found.get("connection", "").lower() == "close":
            self._own.connection = None
            connection.close()
        return Reply(reply.status, found, content)


def text(value):
    """A value as a query or a header carries it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)
