"""Measurements of several contenders over several rounds, as medians and paired ratios."""

import statistics

# Whose ratio to the others is printed, the first of these that was measured.
OURS = ("engine, ring", "engine, threads", "larder, portable door")


class Table:
    def __init__(self, machine):
        self.machine = machine
        self.rows = []
        self.notes = []

    def add(self, cell, who, round, rate, unit, cpu=None, p50=None, p99=None, device=None):
        """`rate` in `unit`, `cpu` in µs of processor time an operation, latencies in µs, `device`
        in bytes written by the device for each byte put."""
        values = dict(rate=rate, unit=unit, cpu=cpu, p50=p50, p99=p99, device=device)
        self.rows.append(dict(cell=cell, who=who, round=round, **values))

    def note(self, text):
        """A word on what was left out, and why."""
        self.notes.append(text)

    def text(self):
        lines = [self.machine, ""]
        for cell in dict.fromkeys(row["cell"] for row in self.rows):
            lines += self.cell(cell) + [""]
        return "\n".join(lines + self.notes)

    def cell(self, cell):
        rows = [row for row in self.rows if row["cell"] == cell]
        names = list(dict.fromkeys(row["who"] for row in rows))
        ours = next((n for n in OURS if n in names), names[0])
        head = f"{cell:<34}{'median':>12} {'unit':<7}{'CPU µs/op':>10}{'p50 µs':>9}{'p99 µs':>9}{'written':>8}"
        lines = [head + f"   {ours} is"]
        for name in names:
            mine = [row for row in rows if row["who"] == name]
            line = f"  {name:<32}{median(mine, 'rate'):>12,.0f} {mine[0]['unit']:<7}"
            columns = (("cpu", 10, 1), ("p50", 9, 1), ("p99", 9, 1), ("device", 8, 2))
            line += "".join(number(median(mine, key), *form) for key, *form in columns)
            lines.append(line + self.ratio(rows, ours, name))
        return lines

    def pairs(self, cell, ours, peer, key="rate"):
        """Ours over the peer's, a number for each round that has both."""
        return ratios([row for row in self.rows if row["cell"] == cell], ours, peer, key)

    def ratio(self, rows, ours, peer):
        """Ours over the peer's, round by round: the machine's speed drifts, the pairs do not."""
        pairs = ratios(rows, ours, peer, "rate") if ours != peer else []
        if not pairs:
            return ""
        spread = f"{min(pairs):.2f}–{max(pairs):.2f}"
        return f"   {statistics.median(pairs):.2f} × ({spread})"


def ratios(rows, ours, peer, key):
    by = {(row["who"], row["round"]): row[key] for row in rows}
    rounds = sorted({row["round"] for row in rows})
    return [by[ours, r] / by[peer, r] for r in rounds if by.get((ours, r)) and by.get((peer, r))]


def number(value, width, places):
    return " " * width if value is None else f"{value:>{width}.{places}f}"


def median(rows, key):
    values = [row[key] for row in rows if row[key] is not None]
    return statistics.median(values) if values else None
