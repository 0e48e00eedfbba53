"""The two plots of docs/levels.md as SVG: reliability of the probability, and confusion of levels."""

from __future__ import annotations

import math

STYLE = "<style>text{font:11px sans-serif;fill:#333}.axis{stroke:#888;fill:none}.cell{stroke:#eee}</style>"


def _svg(width, height, parts):
    body = "\n".join(parts)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    return f'{head}\n{STYLE}\n<rect width="{width}" height="{height}" fill="white"/>\n{body}\n</svg>\n'


def _text(x, y, text, anchor="middle", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {more}>{text}</text>'


def reliability(views, size=300, left=50, top=16):
    """views: name -> rows of measure.reliability. Dots: share right against mean probability, the larger the more chains; the line: as it should be."""
    colours = ("#1b6ca8", "#d1495b", "#66a182", "#edae49", "#7d5ba6")
    parts = [
        f'<rect x="{left}" y="{top}" width="{size}" height="{size}" class="axis"/>',
        f'<line x1="{left}" y1="{top + size}" x2="{left + size}" y2="{top}" class="axis" stroke-dasharray="4 3"/>',
    ]
    for tick in (0, 0.2, 0.4, 0.6, 0.8, 1):
        parts.append(_text(left + tick * size, top + size + 15, f"{tick:g}"))
        parts.append(_text(left - 6, top + size * (1 - tick) + 4, f"{tick:g}", "end"))
    parts.append(_text(left + size / 2, top + size + 32, "probability that all levels are right"))
    parts.append(_text(0, 0, "share right", more=f'transform="translate(14 {top + size / 2}) rotate(-90)"'))
    for (name, rows), colour in zip(views.items(), colours):
        n = list(views).index(name)
        for count, mean, share in rows:
            if count >= 5:
                at = f'cx="{left + mean * size:.1f}" cy="{top + (1 - share) * size:.1f}"'
                parts.append(
                    f'<circle {at} r="{2 + 1.3 * math.log10(count):.1f}" fill="{colour}" fill-opacity="0.75"/>'
                )
        parts.append(f'<circle cx="{left + size + 18}" cy="{top + 14 + 18 * n}" r="5" fill="{colour}"/>')
        parts.append(_text(left + size + 28, top + 18 + 18 * n, name, "start"))
    return _svg(left + size + 260, top + size + 44, parts)


def confusion(table, levels, cell=22, left=44, top=40):
    """table: levels x levels counts, rows true, columns given; levels that never occur are left out."""
    used = [n for n in range(len(levels)) if table[n].sum() or table[:, n].sum()]
    parts = [_text(left + cell * len(used) / 2, 12, "given level")]
    for a, row in enumerate(used):
        parts.append(_text(left - 5, top + cell * a + 15, levels[row], "end"))
        parts.append(_text(left + cell * a + cell / 2, top - 6, levels[row]))
        for b, column in enumerate(used):
            count = int(table[row, column])
            if count:
                shade = 0.15 + 0.85 * count / max(1, int(table[row].sum()))
                fill = f"rgba({'27,108,168' if row == column else '209,73,91'},{shade:.2f})"
                box = f'x="{left + cell * b}" y="{top + cell * a}" width="{cell}" height="{cell}"'
                title = f"<title>{levels[row]} as {levels[column]}: {count}</title>"
                parts.append(f'<rect {box} fill="{fill}" class="cell">{title}</rect>')
                small = 'style="font-size:8px"'
                parts.append(_text(left + cell * b + cell / 2, top + cell * a + 14, str(count), more=small))
    return _svg(left + cell * len(used) + 10, top + cell * len(used) + 10, parts)
