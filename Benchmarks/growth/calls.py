"""A larder of its own, calls to it, and what they cost it."""

import datetime
import hashlib
import hmac
import http.client
import json
import os
import subprocess
from urllib.parse import quote, urlsplit

READY = "larder: listening on "


class Caller:
    def __init__(self, larder, scratch):
        self.data = os.path.join(scratch, "data")
        command = [larder, "serve", "--data", self.data, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )
        line = next((line for line in self.process.stdout if line.startswith(READY)), None)
        if line is None:
            raise RuntimeError("larder ended before it was ready")
        self.host = urlsplit(line.removeprefix(READY).strip()).netloc
        with open(os.path.join(self.data, "credentials.json")) as file:
            self.credentials = json.load(file)
        self.connection = http.client.HTTPConnection(self.host)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.process.terminate()
        self.process.wait(60)

    def clone(self):
        """The same with a connection of its own, for another thread."""
        other = object.__new__(Caller)
        other.__dict__.update(self.__dict__)
        other.connection = http.client.HTTPConnection(self.host)
        return other

    def nanoseconds(self):
        """Time on a processor of all threads that the server has now (proc(5), schedstat)."""
        total = 0
        tasks = f"/proc/{self.process.pid}/task"
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/schedstat") as file:
                total += int(file.read().split()[0])
        return total

    def call(self, method, path, body=b"", content=False, **query):
        """A signed call (signature version 4); `content` says that the body is an asset."""
        names = sorted((quote(k, safe="-._~"), quote(v, safe="-._~")) for k, v in query.items())
        query = "&".join(f"{name}={value}" for name, value in names)
        now = datetime.datetime.now(datetime.timezone.utc)
        digest = hashlib.sha256(body).hexdigest()
        signed = {"host": self.host, "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ")}
        if content:
            signed["x-amz-content-sha256"] = digest
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        canonical = f"{method}\n{path}\n{query}\n{lines}\n{';'.join(sorted(signed))}\n{digest}"
        signed["authorization"] = self.signature(canonical, signed)
        return json.loads(self.send(method, f"{path}?{query}", body, signed))

    def signature(self, canonical, signed):
        stamp, region = signed["x-amz-date"], self.credentials["region"]
        scope = f"{stamp[:8]}/{region}/codeartifact/aws4_request"
        digest = hashlib.sha256(canonical.encode()).hexdigest()
        key = b"AWS4" + self.credentials["secretAccessKey"].encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return (
            f"AWS4-HMAC-SHA256 Credential={self.credentials['accessKeyID']}/{scope}, "
            f"SignedHeaders={';'.join(sorted(signed))}, Signature={signature}"
        )

    def reply(self, method, target, body, headers):
        """Once more where the server closed the connection because it was idle."""
        try:
            self.connection.request(method, target, body=body, headers=headers)
            return self.connection.getresponse()
        except ConnectionError:
            self.connection.close()
            self.connection.request(method, target, body=body, headers=headers)
            return self.connection.getresponse()

    def send(self, method, target, body, headers):
        reply = self.reply(method, target, body, headers)
        answer = reply.read()
        if reply.status >= 300:
            raise RuntimeError(f"{method} {target}: {reply.status} {answer[:500]}")
        return answer
