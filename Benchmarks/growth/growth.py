"""What requests about a package of very many versions cost, beside the same about a package of a
hundred: processor time of the server an operation, interleaved in one run, as ratios."""

import argparse
import concurrent.futures
import shutil
import statistics
import sys
import tempfile
import threading

from calls import Caller
from uploads import FORMATS

FEW = 100
PAGE = 50
# The words: "stay within twice the cost at a hundred versions".
LIMIT = 2.0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--larder", required=True, help="the program")
    parser.add_argument("--versions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--operations", type=int, default=200, help="of each kind in a round")
    parser.add_argument("--formats", nargs="*", default=list(FORMATS), choices=list(FORMATS))
    parser.add_argument("--directory", help="a folder on the file system to measure")
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="larder-growth-", dir=options.directory)
    try:
        with Caller(options.larder, scratch) as caller:
            caller.call("POST", "/v1/domain", domain="growth")
            caller.call("POST", "/v1/repository", domain="growth", repository="files")
            worst = max(measure(name, options, caller) for name in options.formats)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    verdict = "within" if worst <= LIMIT else "over"
    print(f"the dearest costs {worst:.2f} times as much, {verdict} the {LIMIT:.0f} of the promise")
    return 0 if worst <= LIMIT else 1


def measure(name, options, caller):
    """Fills two packages, measures, prints a table, and returns the largest ratio."""
    few = Package(name, "few", caller)
    many = Package(name, "many", caller)
    few.fill(FEW)
    many.fill(options.versions)
    few.find_pages()
    many.find_pages()
    head = f"{name}: {many.count:,} versions beside {few.count:,}, µs of the server's processor time"
    costs = {}
    # The first round warms both.
    for round in range(options.rounds + 1):
        for operation in Package.operations:
            for package in (few, many) if round % 2 else (many, few):
                cost = package.cost(operation, options.operations)
                if round:
                    costs.setdefault((operation, package.name), []).append(cost)
    print(head)
    ratios = []
    for operation in Package.operations:
        small, large = costs[operation, few.name], costs[operation, many.name]
        # Round by round: the machine's speed drifts, the pairs do not.
        pairs = [b / a for a, b in zip(small, large)]
        ratios.append(statistics.median(pairs))
        print(
            f"  {operation:<22}{statistics.median(small):>10.0f}{statistics.median(large):>10.0f}"
            f"   {ratios[-1]:.2f} × ({min(pairs):.2f}–{max(pairs):.2f})",
            flush=True,
        )
    return max(ratios)


class Package:
    operations = ("list, first page", "list, middle page", "list, last page", "list, newest first",
                  "describe", "list assets", "publish another")

    def __init__(self, format, name, caller):
        self.name = name
        self.caller = caller
        self.count = 0
        self.put = FORMATS[format](caller, name)
        self.query = self.put.query

    def fill(self, count):
        """Publishes as clients would, some at a time, so that commits are shared."""
        local = threading.local()

        def publish(number):
            if not hasattr(local, "put"):
                local.put = self.put.clone()
            local.put.publish(number)

        pool = concurrent.futures.ThreadPoolExecutor(8)
        try:
            for done, _ in enumerate(pool.map(publish, range(count)), 1):
                if done % 10_000 == 0:
                    print(f"  {done:,} versions are in", file=sys.stderr, flush=True)
        finally:
            # Whoever interrupts does not wait for the rest.
            pool.shutdown(cancel_futures=True)
        self.count = self.filled = count

    def find_pages(self):
        """Walks all pages once, and keeps the tokens that lead to the middle and the last."""
        self.tokens = {}
        wanted = {"middle": self.count // 2, "last": self.count - PAGE}
        for where, before in wanted.items():
            token, passed = None, 0
            while passed < before:
                step = min(1000, before - passed)
                page = self.page(step, token)
                token, passed = page["nextToken"], passed + len(page["versions"])
            self.tokens[where] = token

    def page(self, size, token=None, **more):
        if token:
            more["next-token"] = token
        size = {"max-results": str(size)}
        return self.caller.call("POST", "/v1/package/versions", **self.query, **size, **more)

    def cost(self, operation, count):
        """Returns the processor time of the server, in µs for each of `count` operations."""
        before = self.caller.nanoseconds()
        for number in range(count):
            self.perform(operation, number)
        return (self.caller.nanoseconds() - before) / count / 1000

    def perform(self, operation, number):
        # As many different ones of both, so that what is kept in memory helps both alike.
        version = self.put.version(number * 7919 % FEW * (self.filled // FEW))
        if operation == "list, first page":
            assert len(self.page(PAGE)["versions"]) == PAGE
        elif operation == "list, middle page":
            assert len(self.page(PAGE, self.tokens["middle"])["versions"]) == PAGE
        elif operation == "list, last page":
            assert len(self.page(PAGE, self.tokens["last"])["versions"]) == PAGE
        elif operation == "list, newest first":
            assert len(self.page(PAGE, sortBy="PUBLISHED_TIME")["versions"]) == PAGE
        elif operation == "describe":
            found = self.caller.call("GET", "/v1/package/version", **self.query, version=version)
            assert found["packageVersion"]["version"] == version
        elif operation == "list assets":
            self.caller.call("POST", "/v1/package/version/assets", **self.query, version=version)
        else:
            self.put.publish(self.count)
            self.count += 1


if __name__ == "__main__":
    sys.exit(main())
