"""A public index of Python packages at a distance, which counts what it is asked for.

    far_index.py --round-trip MILLISECONDS --project NAME --releases N --bytes N
                 [--packument BYTES]

With `--packument` it is a registry of npm too, whose document on the project has about that length.
Prints its address. Every answer comes a round trip after its request; `/counts` is answered at
once, with how often each path was asked for.
"""

import argparse
import asyncio
import collections
import hashlib
import json
import random

import client

# How much of a file is given to the socket at once: a head does not wait for a copy of 200 MB.
SLICE = 256 << 10


class Index:
    def __init__(self, project, releases, byte_count, delay, packument):
        self.delay, self.counts = delay, collections.Counter()
        draw = random.Random(byte_count)
        self.files = dict(
            client.wheel_file(project, draw.randbytes(byte_count), f"1.{number}")
            for number in range(releases)
        )
        links = "".join(
            f'<a href="/files/{name}#sha256={hashlib.sha256(content).hexdigest()}">{name}</a><br>\n'
            for name, content in self.files.items()
        )
        page = f"<!DOCTYPE html><html><body>\n{links}</body></html>\n"
        self.pages = {f"/simple/{project}/": ("text/html", page.encode())}
        if packument:
            self.pages[f"/{project}"] = ("application/json", npm_document(project, packument))

    async def serve(self, reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self.answer(head.split()[1].decode(), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def answer(self, path, writer):
        if path == "/counts":
            kind, body = "application/json", json.dumps(self.counts).encode()
        else:
            self.counts[path] += 1
            await asyncio.sleep(self.delay)
            file = self.files.get(path.rpartition("/")[2])
            kind, body = self.pages.get(path, ("application/octet-stream", file))
        status = "404 Not Found" if body is None else "200 OK"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body or b'')}"
        writer.write(head.encode() + b"\r\n\r\n")
        for start in range(0, len(body or b""), SLICE):
            writer.write(memoryview(body)[start:start + SLICE])
            await writer.drain()


def npm_document(project, byte_count):
    """A packument with as many versions as fill it, each as long as many are: some 2 KB."""
    versions, length = {}, 0
    while length < byte_count:
        version = f"1.{len(versions)}.0"
        dependencies = {f"dependency-{n}": f"^{n}.{len(versions)}.0" for n in range(40)}
        versions[version] = {
            "name": project, "version": version, "description": "A package. " * 40,
            "license": "MIT", "dependencies": dependencies, "scripts": {"test": "true"},
            "_id": f"{project}@{version}",
            "dist": {
                "shasum": hashlib.sha1(version.encode()).hexdigest(),
                "tarball": f"http://registry.invalid/{project}/-/{project}-{version}.tgz",
            },
        }
        length += len(json.dumps(versions[version])) + len(version) + 6
    document = {
        "_id": project, "name": project, "dist-tags": {"latest": version}, "versions": versions,
    }
    return json.dumps(document).encode()


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--round-trip", type=float, required=True)
    parser.add_argument("--project", required=True)
    parser.add_argument("--releases", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True)
    parser.add_argument("--packument", type=int, default=0)
    options = parser.parse_args()
    delay = options.round_trip / 1000
    index = Index(options.project, options.releases, options.bytes, delay, options.packument)
    server = await asyncio.start_server(index.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(f"listening on http://127.0.0.1:{port}/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
