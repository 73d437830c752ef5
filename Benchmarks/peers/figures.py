"""The figures of the design beside what was measured of them, and whether that is enough."""

import html
import statistics

from targets import TARGETS

WHAT, BOUND, VALUE = 54, 11, 12


class Figures:
    def __init__(self):
        self.values = {}
        self.absent = {}

    def add(self, name, values):
        """One value for each round, or each pair of a round."""
        assert any(target.name == name for target in TARGETS), name
        self.values.setdefault(name, []).extend(values)

    def leave_out(self, measure, why, name=None):
        """Says why a measure, or one figure of it, has no value."""
        for target in TARGETS:
            if target.measure == measure and name in (None, target.name):
                self.absent.setdefault(target.name, why)

    def fail(self, measure):
        """What a measure found before it failed does not count."""
        for target in TARGETS:
            if target.measure == measure:
                self.values.pop(target.name, None)
                self.absent[target.name] = "FAILED, see the notes"

    def rows(self):
        """For each target: itself, the median, the spread, and the verdict in words."""
        for target in TARGETS:
            values = self.values.get(target.name)
            if values:
                yield target, statistics.median(values), (min(values), max(values)), verdict(
                    target, values
                )
            elif target.name in self.absent:
                yield target, None, None, self.absent[target.name]

    def json(self):
        return [
            dict(
                name=target.name,
                what=target.what,
                limit=target.limit,
                unit=target.unit,
                isFloor=target.is_floor,
                values=self.values.get(target.name, []),
                verdict=words,
            )
            for target, _, _, words in self.rows()
        ]

    def text(self):
        head = f"{'Figures of the design':<{WHAT}}{'target':>{BOUND}}{'measured':>{VALUE}}"
        return "\n".join([head + "   from – to"] + [line(*row) for row in self.rows()])

    def page(self):
        """The same as a table in HTML."""
        lines = "".join(
            "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells(*row)) + "</tr>"
            for row in self.rows()
        )
        head = "".join(f"<th>{word}</th>" for word in ("", "target", "measured", "from – to", ""))
        return f"<h2>Figures of the design</h2><table><tr>{head}</tr>{lines}</table>"


def verdict(target, values):
    """By the median; where single rounds say otherwise, so do the words."""
    word = "met" if target.is_met_by(statistics.median(values)) else "not met"
    agreed = {target.is_met_by(value) for value in values}
    return word if len(agreed) == 1 else f"{word}, but not in every round"


def cells(target, median, spread, words):
    value = "" if median is None else target.written(median)
    reach = "" if spread is None else f"{spread[0]:,.{target.places}f} – {spread[1]:,.{target.places}f}"
    return target.what, target.bound, value, reach, words


def line(*row):
    what, bound, value, reach, words = cells(*row)
    return f"  {what:<{WHAT - 2}}{bound:>{BOUND}}{value:>{VALUE}}   {reach:<18}{words}".rstrip()
