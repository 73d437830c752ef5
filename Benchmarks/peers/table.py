"""Measurements of several contenders over several rounds, as medians and paired ratios."""

import statistics

# Whose ratio to the others is printed, the first of these that was measured.
OURS = ("engine, ring", "engine, threads", "larder, portable door")


class Table:
    def __init__(self, machine):
        self.machine = machine
        self.rows = []
        self.notes = []

    def add(self, cell, who, round, rate, unit, cpu=None, p50=None, p99=None):
        """`rate` in `unit`, `cpu` in µs of processor time an operation, latencies in µs."""
        self.rows.append(
            dict(cell=cell, who=who, round=round, rate=rate, unit=unit, cpu=cpu, p50=p50, p99=p99)
        )

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
        head = f"{cell:<34}{'median':>12} {'unit':<7}{'CPU µs/op':>10}{'p50 µs':>9}{'p99 µs':>9}"
        lines = [head + f"   {ours} is"]
        for name in names:
            mine = [row for row in rows if row["who"] == name]
            line = f"  {name:<32}{median(mine, 'rate'):>12,.0f} {mine[0]['unit']:<7}"
            line += "".join(
                f"{value:>{width}.1f}" if value is not None else " " * width
                for value, width in (
                    (median(mine, "cpu"), 10),
                    (median(mine, "p50"), 9),
                    (median(mine, "p99"), 9),
                )
            )
            lines.append(line + self.ratio(rows, ours, name))
        return lines

    def ratio(self, rows, ours, peer):
        """Ours over the peer's, round by round: the machine's speed drifts, the pairs do not."""
        if ours == peer:
            return ""
        by = {(row["who"], row["round"]): row["rate"] for row in rows}
        rounds = sorted({row["round"] for row in rows})
        pairs = [
            by[ours, r] / by[peer, r] for r in rounds if by.get((ours, r)) and by.get((peer, r))
        ]
        if not pairs:
            return ""
        spread = f"{min(pairs):.2f}–{max(pairs):.2f}"
        return f"   {statistics.median(pairs):.2f} × ({spread})"


def median(rows, key):
    values = [row[key] for row in rows if row[key] is not None]
    return statistics.median(values) if values else None
