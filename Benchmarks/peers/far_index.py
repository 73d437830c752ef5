"""A public index of Python packages at a distance, which counts what it is asked for.

    far_index.py --round-trip MILLISECONDS --project NAME --releases N --bytes N

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


class Index:
    def __init__(self, project, releases, byte_count, delay):
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
        self.pages = {f"/simple/{project}/": page.encode()}

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
            kind, body = "text/html", self.pages.get(path)
            if body is None:
                kind, body = "application/octet-stream", self.files.get(path.rpartition("/")[2])
        status = "404 Not Found" if body is None else "200 OK"
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body or b'')}"
        writer.write(head.encode() + b"\r\n\r\n" + (body or b""))
        await writer.drain()


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--round-trip", type=float, required=True)
    parser.add_argument("--project", required=True)
    parser.add_argument("--releases", type=int, required=True)
    parser.add_argument("--bytes", type=int, required=True)
    options = parser.parse_args()
    index = Index(options.project, options.releases, options.bytes, options.round_trip / 1000)
    server = await asyncio.start_server(index.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(f"listening on http://127.0.0.1:{port}/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
