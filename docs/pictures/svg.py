#!/usr/bin/env python3
"""Draws the output of a terminal as SVG: text with ANSI colors from standard input, SVG on standard output.
    svg.py TITLE < output.txt > picture.svg
"""
import re
import sys
from xml.sax.saxutils import escape

WIDTH, LINE, LEFT, TOP, SIZE, COLUMNS = 7.8, 18, 16, 52, 13, 110
COLORS = ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#c9d1d9']
BRIGHT = ['#6e7681', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#ffffff']
PLAIN = '#c9d1d9'


def style(codes, now):
    """The style after the codes of one SGR sequence."""
    for code in [int(c or 0) for c in codes.split(';')]:
        if code == 0:
            now = {}
        elif code == 1:
            now = {**now, 'weight': 'bold'}
        elif code == 22:
            now = {k: v for k, v in now.items() if k != 'weight'}
        elif 30 <= code <= 37:
            now = {**now, 'color': COLORS[code - 30]}
        elif 90 <= code <= 97:
            now = {**now, 'color': BRIGHT[code - 90]}
        elif code == 39:
            now = {k: v for k, v in now.items() if k != 'color'}
    return now


def line(text, number, now):
    """A line as SVG text, and the style at its end."""
    spans, column = [], 0
    for part in re.split(r'(\x1b\[[\d;?]*[A-Za-z])', text):
        if part.startswith('\x1b'):
            now = style(part[2:-1], now) if part.endswith('m') else now
        elif part:
            more = f' font-weight="{now["weight"]}"' if 'weight' in now else ''
            # Each part has its place, so that columns stay columns in any font.
            spans.append(f'<tspan x="{LEFT + column * WIDTH:.1f}" fill="{now.get("color", PLAIN)}"{more}>{escape(part)}</tspan>')
            column += len(part)
    return f'<text y="{TOP + number * LINE}">{"".join(spans)}</text>' if spans else '', column, now


def wrapped(text):
    """The lines that a terminal makes of one: escape sequences take no column."""
    rows, columns = [''], 0
    for part in re.findall(r'\x1b\[[\d;?]*[A-Za-z]|.', text.expandtabs()):
        if len(part) == 1 and columns == COLUMNS:
            rows, columns = [*rows, ''], 0
        rows[-1] += part
        columns += len(part) == 1
    return rows


def main():
    lines = [row for text in sys.stdin.read().rstrip('\n').split('\n') for row in wrapped(text)]
    body, widest, now = [], 60, {}
    for number, text in enumerate(lines):
        drawn, columns, now = line(text, number, now)
        widest = max(widest, columns)
        if drawn:
            body.append(drawn)
    width, height = round(2 * LEFT + widest * WIDTH), TOP + len(lines) * LINE
    buttons = enumerate(('#ff5f57', '#febc2e', '#28c840'))
    dots = ''.join(f'<circle cx="{18 + 18 * i}" cy="18" r="5.5" fill="{color}"/>' for i, color in buttons)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">')
    print(f'<title>{escape(sys.argv[1])}</title><rect width="100%" height="100%" rx="8" fill="#0d1117"/>{dots}')
    print(f'<g font-family="ui-monospace, Consolas, Menlo, \'DejaVu Sans Mono\', monospace" font-size="{SIZE}" xml:space="preserve">')
    print('\n'.join(body))
    print('</g></svg>')


main()
