"""A registry far away: relays TCP with a round-trip time and a bandwidth.

Each side's bytes arrive half a round trip after they were sent, the first ones after one and a half:
a handshake comes before them. One connection carries `rate` bytes a second at most.
"""

import asyncio
import threading


class Distance:
    def __init__(self, port, round_trip=0.04, rate=25e6):
        self.target, self.round_trip, self.rate = port, round_trip, rate
        self.loop = asyncio.new_event_loop()
        self.writers = set()
        self.connections = 0
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        started.wait()

    def _run(self, started):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self._serve, "127.0.0.1", 0, backlog=256)
        )
        self.port = self.server.sockets[0].getsockname()[1]
        started.set()
        self.loop.run_forever()

    def cut(self):
        """From now on nothing is reached any more, and what is under way breaks off."""

        def close():
            self.server.close()
            for writer in list(self.writers):
                writer.transport.abort()

        self.loop.call_soon_threadsafe(close)

    async def _serve(self, reader, writer):
        self.connections += 1
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        self.writers |= {writer, far_writer}
        await asyncio.gather(
            self._relay(reader, far_writer, self.round_trip),
            self._relay(far_reader, writer, 0),
            return_exceptions=True,
        )
        self.writers -= {writer, far_writer}

    async def _relay(self, reader, writer, handshake):
        queue = asyncio.Queue(maxsize=64)
        sender = asyncio.ensure_future(self._send(queue, writer))
        free_at = self.loop.time() + handshake
        while data := await reader.read(65536):
            free_at = max(free_at, self.loop.time()) + len(data) / self.rate
            await queue.put((free_at + self.round_trip / 2, data))
        await queue.put((self.loop.time(), None))
        await sender

    async def _send(self, queue, writer):
        while True:
            arrival, data = await queue.get()
            if data is None:
                break
            await asyncio.sleep(max(0, arrival - self.loop.time()))
            writer.write(data)
            await writer.drain()
        writer.close()
