#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Second reader of logs with transcripts, written from docs/report-format.md alone.

It forgives what the page says that cpulevel forgives, and shares nothing with the reader in
common/: where the two disagree, the page decides which is wrong.  transcript.py, which writes
transcripts, forgives nothing.

    transcript_reader.py LOG   prints a line for each transcript
"""

import bisect
import dataclasses
import itertools
import re
import sys
import zlib

COLUMNS = 79
SPAN_BYTES = 4096
PREFIX = 7      # |00001 and a blank
CHECK = 8
REPORT_BYTES, SEAL_BYTES = 0x300000, 10240
MENDED_BREAKS = 4
DIGITS_LEFT = 3 # of a number that may be damaged
BREAK = "\n"

# Characters that are shown, breaks, and what is skipped.
TOKEN = re.compile(
    rb"(?P<plain>[\t -~]+)"
    rb"|(?P<move>[\n\r]|\x1b\[[ -?]*[A-Hdf]|\x1b[ -/]*[DEMc])"
    rb"|\x1b[\]PX^_](?:[^\a\r\n\x1b]|\x1b(?!\\))*(?:\a|\x1b\\)?"    # control strings
    rb"|\x1b\[[ -?]*[@-~]?"
    rb"|\x1b(?![\[\]PX^_])[ -/]*[0-~]?"
    rb"|[^\t -~\n\r\x1b]+")
HEAD = re.compile(r"\|(BEGIN|END) cpulevel (0|[1-9]\d*)(?!\d)(.*)")
SIZES = re.compile(r" lines ([1-9]\d{0,4}) report (0|[1-9]\d*) seal (0|[1-9]\d*)"
                   r" sum ([0-9a-f]{8})\|")
PIECE = re.compile(r"\|(\d{5}) (.{0,63})([|>])", re.ASCII)
CHECKED = re.compile(r"[|>](?=([0-9a-f]{8}))")
START = re.compile(r"\|(?:\n*.){6}")     # PREFIX characters and the breaks within
HEADS = ("|BEGIN ", "|END cp")
NAME = re.compile(rb"[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}")


class Log:
    """The characters of a log; breaks are LF.  start and end are the bytes that each is of."""

    def __init__(self, data):
        self.text, self.start, self.end = "", [], []
        for token in TOKEN.finditer(data):
            first, last = token.span()
            if token["plain"]:
                self.text += token[0].decode("ascii").replace("\t", " ")
                self.start += range(first, last)
                self.end += range(first + 1, last + 1)
            elif token["move"]:
                self.text += BREAK
                self.start.append(first)
                self.end.append(last)


@dataclasses.dataclass
class Block:
    """A transcript; name, report and seal are set if it could be read."""
    total: int
    lines: int
    report_size: int
    seal_size: int
    pieces: dict = dataclasses.field(default_factory=dict)
    torn: set = dataclasses.field(default_factory=set)
    name: bytes = None
    report: bytes = None
    seal: bytes = None

    def put(self, number, piece):
        """A good line; the first of its number counts."""
        if 1 <= number <= self.lines and self.pieces.setdefault(number, piece) != piece:
            self.torn.add(number)

    def missing(self):
        return [number for number in range(1, self.lines + 1) if number not in self.pieces]

    def join(self):
        """Sets name, report and seal, unless something is wrong."""
        data = b"".join(piece for _, piece in sorted(self.pieces.items()))
        name, _, rest = data.partition(b"\n")
        if (not self.missing() and not self.torn and zlib.crc32(data) == self.total and
                NAME.fullmatch(name) and len(rest) == self.report_size + self.seal_size):
            self.name = name
            self.report, self.seal = rest[:self.report_size], rest[self.report_size:]


class Reader:
    """Reads one log: first for BEGIN and END, then for numbered lines."""

    def __init__(self, data):
        self.log = Log(data)
        self.blocks = {}    # by sum, in the order in which they were found
        self.later = False  # there is one of another version

    def rows_after(self, at):
        """The rows from a | on, as long as they can belong to its line; several breaks are one."""
        last = bisect.bisect_right(self.log.end, self.log.start[at] + 1 + SPAN_BYTES)
        start = end = at
        while True:
            stop = self.log.text.find(BREAK, start, last)
            end = stop if stop >= 0 else last
            yield start, end
            while end < last and self.log.text[end] == BREAK:
                end += 1
            if end >= last:
                return
            start = end

    def join(self, rows, skip=0, trim=False, blanks=()):
        """The characters of a line, after which of the log each stands, and the breaks in it."""
        text, ends, breaks = "", [], 0
        for number, (start, end) in enumerate(rows):
            if number:
                breaks = number
                if trim:
                    text = "|" + text[1:].rstrip(" ")
                    del ends[len(text):]
                if number <= len(blanks) and blanks[number - 1]:
                    text += " "
                    ends.append(start)
                start += skip
                if start >= end:
                    break       # a row that is shorter than what is to skip
            text += self.log.text[start:end]
            ends += range(start + 1, end + 1)
            if len(text) >= COLUMNS:
                break
        return text[:COLUMNS], ends, breaks

    def joined(self, rows, column):
        """All ways to join the rows of a line, the plain one first."""
        for skip in dict.fromkeys((0, column, max(column - 1, 0), column + 1)):
            for trim in (False, True):
                text, ends, breaks = self.join(rows, skip, trim)
                yield text, ends
                ways = itertools.product((False, True), repeat=min(breaks, MENDED_BREAKS))
                for blanks in itertools.islice(ways, 1, None):
                    yield self.join(rows, skip, trim, blanks)[:2]

    def line_of(self, text):
        """The length of the line that a text begins with, and what it is; or None."""
        for check in CHECKED.finditer(text, PREFIX):
            line = text[:check.end()]
            found = self.what(line, int(check[1], 16) ^ zlib.crc32(line.encode()))
            if found:
                return len(line) + CHECK, found
        return None

    def what(self, line, total):
        """What a line is that fits this sum: the arguments of Block or of Block.put, or None."""
        piece, head = PIECE.fullmatch(line), HEAD.fullmatch(line)
        if piece:
            return total in self.blocks and (total, int(piece[1]), piece[2].encode() + (
                b"\n" if piece[3] == "|" else b""))
        if total or not head:
            return None
        if head[2] != "1":
            return ("later",)
        sizes = SIZES.fullmatch(head[3])
        if not sizes:
            return None
        lines, report, seal = (int(sizes[at]) for at in (1, 2, 3))
        return report <= REPORT_BYTES and seal <= SEAL_BYTES and (
            int(sizes[4], 16), lines, report, seal)

    def line_at(self, at, column):
        """The line that the | at this place begins: where it ends and what it is, or None."""
        begin = START.match(self.log.text, at)
        start = begin[0].replace(BREAK, "") if begin else "|"
        if start not in HEADS and (len(re.findall("[0-9]", start[1:-1])) < DIGITS_LEFT or
                                   start[-1] != " "):
            return None
        rows = list(self.rows_after(at))
        for text, ends in self.joined(rows, column):
            found = self.line_of(text)
            if found:
                return ends[found[0] - 1], found[1]
            if rows[0][1] - rows[0][0] >= COLUMNS:
                break
        return None

    def lines(self):
        """What each line of the log is, from left to right."""
        at = column = 0     # what is before the row's next line, without other lines
        text = self.log.text
        while True:
            bar = text.find("|", at)
            if bar < 0:
                return
            row = text.rfind(BREAK, at, bar) + 1
            column = bar - row if row else column + bar - at
            found = self.line_at(bar, column)
            at = found[0] if found else bar + 1
            if found:
                yield found[1]
            else:
                column += 1

    def read(self):
        for found in self.lines():
            if found == ("later",):
                self.later = True
            elif len(found) == 4:
                self.blocks.setdefault(found[0], Block(*found))
        for found in self.lines() if self.blocks else ():
            if len(found) == 3:
                self.blocks[found[0]].put(*found[1:])
        for block in self.blocks.values():
            block.join()
        return self


def read(data):
    """Returns a Reader that has read a log."""
    return Reader(data).read()


def spell_block(block):
    """What it is, in the words of tests/respell.c."""
    if block.name is not None:
        return f"{block.name.decode()} {block.report.hex()} {block.seal.hex()}"
    bad = sorted({*block.missing(), *block.torn})
    if bad:
        return "bad " + ",".join(f"{number}{'t' * (number in block.torn)}" for number in bad)
    return "sum"


def spell(log):
    words = [f"{block.total:08x} {spell_block(block)}" for block in log.blocks.values()]
    return "; ".join([*(["later"] if log.later else []), *(words or ["none"])])


def main(arguments):
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    with open(arguments[0], "rb") as file:
        print(spell(read(file.read())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
