#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Transcripts of reports, written and read by docs/report-format.md alone.

    transcript.py write NAME REPORT [SEAL]   prints the lines
    transcript.py read LOG                   prints name, report and seal, of a log of nothing else

As a second reader it shares nothing with the one in common/, and it forgives nothing: what a
console does to lines is the other's business.
"""

import re
import sys
import zlib

PIECE = 63
COLUMNS = 79
HEAD = re.compile(rb"\|(?:BEGIN|END) cpulevel 1 lines ([1-9]\d{0,4}) report (0|[1-9]\d*)"
                  rb" seal (0|[1-9]\d*) sum ([0-9a-f]{8})\|([0-9a-f]{8})")
LINE = re.compile(rb"\|(\d{5}) ([ -~]{0,63})([|>])([0-9a-f]{8})")
NAME = re.compile(rb"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")


class Wrong(Exception):
    """The lines are no transcript."""


def require(condition, cause):
    if not condition:
        raise Wrong(cause)


def cut(data):
    """Cuts a file into pieces, each with its separator behind it."""
    pieces = []
    while data:
        line, lf, rest = data.partition(b"\n")
        if len(line) <= PIECE:
            pieces.append(line + (b"|" if lf else b">"))
            data = rest
            continue
        size = line.rfind(b" ", 0, PIECE) + 1 or PIECE
        pieces.append(line[:size] + b">")
        data = data[size:]
    return pieces


def write(name, report, seal):
    """Returns the lines."""
    require(not re.search(rb"[^\n -~]", report + seal), "files of printable ASCII alone are sent")
    total = zlib.crc32(name + b"\n" + report + seal)
    pieces = [name + b"|", *cut(report), *cut(seal)]
    head = b" cpulevel 1 lines %d report %d seal %d sum %08x|" % (
        len(pieces), len(report), len(seal), total)
    lines = [b"|BEGIN" + head, b"|END" + head]
    lines[1:1] = [b"|%05d " % number + piece for number, piece in enumerate(pieces, 1)]
    return [line + b"%08x" % (zlib.crc32(line) ^ (total if line[1:2].isdigit() else 0))
            for line in lines]


def read(lines):
    """Returns name, report and seal of lines that are one whole transcript in order."""
    heads = [HEAD.fullmatch(lines[at]) for at in (0, -1)]
    require(all(heads) and heads[0].groups()[:4] == heads[1].groups()[:4], "no BEGIN and END")
    for line, head in zip((lines[0], lines[-1]), heads):
        require(zlib.crc32(line[:-8]) == int(head[5], 16), "a damaged BEGIN or END")
    count, report, seal = (int(heads[0][at]) for at in (1, 2, 3))
    total = int(heads[0][4], 16)
    require(count == len(lines) - 2, "not as many lines as BEGIN says")
    data = b""
    for number, line in enumerate(lines[1:-1], 1):
        match = LINE.fullmatch(line)
        require(match and len(line) <= COLUMNS, f"line {number} is none")
        require(int(match[1]) == number, f"line {number} has another number")
        require(zlib.crc32(line[:-8]) ^ total == int(match[4], 16), f"line {number} is damaged")
        data += match[2] + (b"\n" if match[3] == b"|" else b"")
    name, _, rest = data.partition(b"\n")
    require(NAME.fullmatch(name) and len(rest) == report + seal, "other sizes than BEGIN says")
    require(zlib.crc32(data) == total, "another sum than BEGIN says")
    return name, rest[:report], rest[report:]


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def main(arguments):
    if len(arguments) in (3, 4) and arguments[0] == "write":
        files = [contents(path) for path in arguments[2:]] + [b""]
        result = b"".join(line + b"\n" for line in write(arguments[1].encode(), *files[:2]))
    elif len(arguments) == 2 and arguments[0] == "read":
        name, report, seal = read(contents(arguments[1]).splitlines())
        result = name + b"\n" + report + seal
    else:
        print(__doc__, file=sys.stderr)
        return 2
    sys.stdout.buffer.write(result)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
