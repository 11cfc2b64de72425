# SPDX-License-Identifier: LGPL-2.1-or-later
# Copyright (C) 2026 The spice-client authors
"""Pictures as (width, height, RGB bytes): PPM in, X window dumps in, PNG out, comparison. No other library needed."""
import struct
import zlib
from collections import namedtuple

Picture = namedtuple('Picture', 'width height rgb')


def read_ppm(path):
    with open(path, 'rb') as f:
        data = f.read()
    words, pos = [], 0
    while len(words) < 4:
        while data[pos:pos + 1].isspace():
            pos += 1
        if data[pos:pos + 1] == b'#':
            pos = data.index(b'\n', pos)
            continue
        end = pos
        while end < len(data) and not data[end:end + 1].isspace():
            end += 1
        if end == pos:
            raise ValueError('%s: PPM header cut short' % path)
        words.append(data[pos:end])
        pos = end
    width, height = int(words[1]), int(words[2])
    if words[0] != b'P6' or words[3] != b'255' or len(data) - pos - 1 < width * height * 3:
        raise ValueError('%s: not a complete 8-bit PPM' % path)
    return Picture(width, height, data[pos + 1:pos + 1 + width * height * 3])


def read_xwd(path):
    """The frame buffer file of Xvfb -fbdir: an X window dump of 32-bit TrueColor pixels."""
    with open(path, 'rb') as f:
        data = f.read()
    head = struct.unpack('>25I', data[:100])
    size, width, height, order, bits, stride = head[0], head[4], head[5], head[7], head[11], head[12]
    colours = head[19]
    if bits != 32:
        raise ValueError('%s: %d bits per pixel' % (path, bits))
    start = size + colours * 12
    body = data[start:start + stride * height]
    red, green, blue = (2, 1, 0) if order == 0 else (1, 2, 3)
    rgb = bytearray(width * height * 3)
    for y in range(height):
        row = body[y * stride:y * stride + width * 4]
        out = memoryview(rgb)[y * width * 3:(y + 1) * width * 3]
        out[0::3], out[1::3], out[2::3] = row[red::4], row[green::4], row[blue::4]
    return Picture(width, height, bytes(rgb))


def write_png(path, picture):
    def chunk(kind, body):
        return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))
    stride = picture.width * 3
    rows = b''.join(b'\0' + picture.rgb[y * stride:(y + 1) * stride] for y in range(picture.height))
    with open(path, 'wb') as f:
        f.write(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', picture.width, picture.height, 8, 2, 0, 0, 0))
                + chunk(b'IDAT', zlib.compress(rows, 6)) + chunk(b'IEND', b''))


def crop(picture, x, y, width, height):
    rows = (picture.rgb[((y + i) * picture.width + x) * 3:((y + i) * picture.width + x + width) * 3]
            for i in range(height))
    return Picture(width, height, b''.join(rows))


def colours(picture):
    rgb = picture.rgb
    return len(set(zip(rgb[0::3], rgb[1::3], rgb[2::3])))


def difference(a, b):
    """None when equal, or a sentence that says where they first differ."""
    if (a.width, a.height) != (b.width, b.height):
        return 'sizes differ: %dx%d and %dx%d' % (a.width, a.height, b.width, b.height)
    if a.rgb == b.rgb:
        return None
    wrong = [i // 3 for i in range(0, len(a.rgb), 3) if a.rgb[i:i + 3] != b.rgb[i:i + 3]]
    first = wrong[0]
    return '%d of %d pixels differ, the first at (%d,%d): %s and %s' % (
        len(wrong), a.width * a.height, first % a.width, first // a.width,
        a.rgb[first * 3:first * 3 + 3].hex(), b.rgb[first * 3:first * 3 + 3].hex())


def find(needle, haystack):
    """Where `needle` lies in `haystack`, pixel for pixel: (x, y) or None."""
    row = needle.width * 3
    # a row with many changes is a better first key than a plain one
    key = max(range(needle.height), key=lambda y: len(set(needle.rgb[y * row:(y + 1) * row:3])))
    pattern = needle.rgb[key * row:(key + 1) * row]
    for y in range(haystack.height - needle.height + 1):
        line = haystack.rgb[(y + key) * haystack.width * 3:(y + key + 1) * haystack.width * 3]
        at = line.find(pattern)
        while at >= 0:
            if at % 3 == 0 and crop(haystack, at // 3, y, needle.width, needle.height) == needle:
                return at // 3, y
            at = line.find(pattern, at + 1)
    return None
