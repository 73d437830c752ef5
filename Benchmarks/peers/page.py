"""The table as a page of its own: one bar chart a cell, drawn in SVG, nothing to load."""

import html

from table import median

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em;
  color: #1c2733; background: #fff }
h2 { font-size: 1.05em; margin: 2em 0 .3em }
p, figcaption { color: #5a6875 }
figure { margin: 0 }
table { border-collapse: collapse } td, th { padding: .1em 1em .1em 0; text-align: left }
td { font-variant-numeric: tabular-nums; vertical-align: top }
svg { width: 100%; height: auto; font: 13px system-ui, sans-serif }
.ours { fill: #1769aa } .peer { fill: #b4bfca } .spread { stroke: #1c2733; stroke-width: 1 }
text { fill: #1c2733 } .dim { fill: #5a6875 }
@media (prefers-color-scheme: dark) {
  body { color: #dde4ea; background: #12171c } p, figcaption { color: #9aa7b3 }
  text { fill: #dde4ea } .dim { fill: #9aa7b3 } .ours { fill: #4ea3e0 } .peer { fill: #4a5661 }
  .spread { stroke: #dde4ea }
}
"""
LABEL, BAR, HEIGHT = 250, 380, 26


def page(table, figures, ours):
    """`ours` tells from a contender's name whether it is one of ours."""
    charts = [figure(table, cell, ours) for cell in dict.fromkeys(r["cell"] for r in table.rows)]
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in table.notes)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Larder: measured</title>'
        f"<style>{STYLE}</style><h1>Larder: measured</h1><p>{html.escape(table.machine)}. Bars are "
        "medians over the rounds, thin lines reach from the slowest round to the fastest."
        f"</p>{figures.page()}{''.join(charts)}{notes}</html>\n"
    )


def figure(table, cell, ours):
    rows = [row for row in table.rows if row["cell"] == cell]
    names = list(dict.fromkeys(row["who"] for row in rows))
    most = max(row["rate"] for row in rows) or 1
    bars = "".join(
        bar(number, name, [row for row in rows if row["who"] == name], most, ours(name))
        for number, name in enumerate(names)
    )
    title = html.escape(f"{cell}, in {rows[0]['unit']}")
    return (
        f"<figure><h2>{title}</h2><svg viewBox='0 0 {LABEL + BAR + 270} {len(names) * HEIGHT}' "
        f"role='img' aria-label='{title}'>{bars}</svg></figure>"
    )


def bar(number, name, rows, most, is_ours):
    y, rates = number * HEIGHT, [row["rate"] for row in rows]
    x = lambda rate: LABEL + BAR * rate / most  # noqa: E731
    rate, middle = median(rows, "rate"), y + HEIGHT / 2
    extras = [f"{rate:,.0f}"]
    for key, word in (("cpu", "µs CPU"), ("p99", "µs p99"), ("device", "written/byte")):
        value = median(rows, key)
        if value is not None:
            extras.append(f"{value:,.2f} {word}" if key == "device" else f"{value:,.0f} {word}")
    return (
        f"<text x='{LABEL - 8}' y='{middle + 4}' text-anchor='end'>{html.escape(name)}</text>"
        f"<rect class='{'ours' if is_ours else 'peer'}' x='{LABEL}' y='{y + 4}' rx='2' "
        f"width='{x(rate) - LABEL:.1f}' height='{HEIGHT - 8}'/>"
        f"<line class='spread' x1='{x(min(rates)):.1f}' x2='{x(max(rates)):.1f}' y1='{middle}' "
        f"y2='{middle}'/><text class='dim' x='{x(max(rates)) + 8:.1f}' y='{middle + 4}'>"
        f"{html.escape(' · '.join(extras))}</text>"
    )
