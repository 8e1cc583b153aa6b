#!/usr/bin/env python3
"""Draws icon.png, the icon of the package: a prompt and the containers that it starts. Python alone, no libraries."""
import os
import struct
import zlib

SIZE, SAMPLES = 128, 4
BLUE, WHITE, GREEN = (0x1F, 0x4E, 0x9E), (255, 255, 255), (0x6F, 0xD0, 0x8C)


def rounded(x, y, left, top, right, bottom, radius):
    if not (left <= x <= right and top <= y <= bottom):
        return False
    dx, dy = max(left + radius - x, x - right + radius, 0), max(top + radius - y, y - bottom + radius, 0)
    return dx * dx + dy * dy <= radius * radius


def near(x, y, ax, ay, bx, by, width):
    t = max(0, min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)))
    return (x - ax - t * (bx - ax)) ** 2 + (y - ay - t * (by - ay)) ** 2 <= width * width


def color(x, y):
    if not rounded(x, y, 4, 4, 124, 124, 22):
        return None
    if near(x, y, 24, 34, 52, 58, 6) or near(x, y, 52, 58, 24, 82, 6):
        return WHITE
    if any(rounded(x, y, 66 + 21 * column, 92 - 21 * row, 82 + 21 * column, 108 - 21 * row, 3) for column, row in ((0, 0), (1, 0), (1, 1))):
        return GREEN
    return BLUE


def pixel(column, row):
    places = [(i + 0.5) / SAMPLES for i in range(SAMPLES)]
    found = [c for c in (color(column + dx, row + dy) for dx in places for dy in places) if c]
    if not found:
        return bytes(4)
    return bytes([round(sum(c[i] for c in found) / len(found)) for i in range(3)] + [255 * len(found) // SAMPLES ** 2])


def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))


rows = b''.join(b'\0' + b''.join(pixel(x, y) for x in range(SIZE)) for y in range(SIZE))
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'icon.png'), 'wb') as file:
    file.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', SIZE, SIZE, 8, 6, 0, 0, 0))
               + chunk(b'IDAT', zlib.compress(rows, 9)) + chunk(b'IEND', b''))
