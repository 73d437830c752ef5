"""What the design promises of Larder on this class of machine: one row a figure."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Target:
    # What the figure is called by those who measure it.
    name: str
    # Which measure of bench.py it comes from.
    measure: str
    what: str
    limit: float
    unit: str = ""
    # Whether more than the limit is better, or less.
    is_floor: bool = True
    places: int = 2

    def is_met_by(self, value):
        return value >= self.limit if self.is_floor else value <= self.limit

    def written(self, value):
        number = f"{value:,.{self.places}f}"
        return f"{number} {self.unit}".rstrip()

    @property
    def bound(self):
        limit = f"{self.limit:,.{self.places}f}"
        limit = limit.rstrip("0").rstrip(".") if "." in limit else limit
        return f"{'≥' if self.is_floor else '≤'} {limit} {self.unit}".rstrip()


def floor(*row, places=2):
    return Target(*row, places=places)


def ceiling(*row, places=2):
    return Target(*row, is_floor=False, places=places)


TARGETS = (
    floor("hit rate", "hits", "hit GET 16 KiB, requests/s beside nginx", 1.3, "×"),
    ceiling("hit cost", "hits", "hit GET 16 KiB, CPU a request beside nginx", 0.7, "×"),
    floor("large hit rate", "hits", "hit GET 1 MiB, bytes/s beside nginx", 1.0, "×"),
    floor("unchanged rate", "hits", "304 on a derived document beside nginx's 304", 1.3, "×"),
    floor("puts, RocksDB", "engine", "durable puts 16 KiB x64 beside RocksDB, blob files", 2, "×"),
    floor("puts, files", "engine", "durable puts 16 KiB x64 beside a file a blob, fsync", 5, "×"),
    floor("ingest", "ingest", "large ingest of min(SHA-256 rate, device)", 85, "%", places=0),
    floor("cold gets", "engine", "cold gets 4 KiB x32 of fio at that depth", 85, "%", places=0),
    floor("publish", "publish", "publish over HTTP, 10 KiB, durable", 1000, "/s", places=0),
    ceiling("upstream fetches", "stampede", "stampede of 1,000: upstream fetches", 1, places=0),
    ceiling("first byte", "stampede", "stampede of 1,000: last first byte after round trip", 50,
            "ms", places=0),
    ceiling("upstream fetches, 200 MB", "stampede", "the same for 200 MB: upstream fetches", 1,
            places=0),
    ceiling("first byte, 200 MB", "stampede", "the same for 200 MB: last first byte", 50, "ms",
            places=0),
    ceiling("memory, 200 MB", "stampede", "the same for 200 MB: memory of the server", 314, "MiB",
            places=0),
    ceiling("upstream fetches, packument", "stampede", "the same for 5 MB packument: fetches", 1,
            places=0),
    ceiling("first byte, packument", "stampede", "the same for 5 MB packument: last first byte",
            50, "ms", places=0),
    ceiling("memory, packument", "stampede", "the same for 5 MB packument: memory", 314, "MiB",
            places=0),
    ceiling("blob memory", "scale", "RAM a blob, 10⁷ blobs", 24, "B", places=1),
    ceiling("open", "scale", "open after kill -9, 10⁷ blobs", 1000, "ms", places=0),
    ceiling("ready", "ready", "ready to serve after exec, 10⁶ assets", 100, "ms", places=0),
    ceiling("amplification", "soak", "write amplification at 80 % full", 1.5, "×"),
    ceiling("dead bytes", "soak", "dead bytes at 80 % full", 25, "%", places=1),
    ceiling("idle memory", "memory", "memory of an idle server", 64, "MiB", places=1),
    ceiling("connection memory", "memory", "memory an open connection", 256, "KiB", places=1),
)
