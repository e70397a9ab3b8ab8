# SPDX-License-Identifier: MIT
"""Checks that the C reader of transcripts and transcript_reader.py agree, on worn and changed logs.

    mutate_logs.py [--count N] [--seed N] [--keep DIR] COMMAND...
    mutate_logs.py [--seed N] --show INDEX

COMMAND is the C reader, tests/respell.c.  It is given names of logs on its standard input and
prints for each, in their order, what transcript_reader.py prints: each transcript with its name,
report and seal, or what is wrong with it.  A log that is only worn must be read as it was sent.
Lines of transcripts without BEGIN and END are not compared: the page leaves them to the reader.

The same seed makes the same logs.  Exit status: 0 they agree, 1 they do not.
"""

import argparse
import dataclasses
import pathlib
import random
import re
import sys
import zlib

sys.dont_write_bytecode = True  # the source tree stays as it is; must stand before the imports

import mutate_reports
import report_mutations as mutations
import report_seeds
import transcript
import transcript_reader

SEAL = (b"untrusted comment: signature from stick\nRWQAAAAAAAAAAA" + b"x" * 90 +
        b"\ntrusted comment: cpulevel, 0001-A.txt\n" + b"y" * 88 + b"\n")
WORN = 40       # logs of each that was sent
STAMP = b"[2026-11-22 15:41:29] "
BYTES = (mutations.byte_set, mutations.bit_flip, mutations.byte_any, mutations.byte_insert,
         mutations.byte_delete, mutations.byte_swap, mutations.truncate, mutations.blank_add,
         mutations.blank_change, mutations.upper, mutations.crlf_one, mutations.trail)
LINES = (mutations.line_delete, mutations.line_double, mutations.line_swap, mutations.line_move,
         mutations.line_empty, mutations.line_join, mutations.word_delete, mutations.word_copy)
# What programs write into a log before a row, in it, after it, and beside it.
BEFORE = (b"", STAMP, b"\x1b[1;37;40m", b"ts 12:00 \x1b[31m", b"\x1b]0;sol host\x07", b"> ",
          b"\x1b]0;\r", b"\t", b"| ", b"\xc3\xa4 ")
BETWEEN = (b"", b"\x1b[m", b"\x11\x13\xc2\x9b", b"\x1b(B", b"\x1b[3\b", b"\0", b"\x1b[=3h")
ENDS = (b"\n", b"\r\n", b"\r\r\n", b"\r", b"", b"   \r\n", b"\x1b[12;01H", b"\x1b[0m\r\n",
        b"\r\n\x7f", b"\x1bPq\n", b"\x1b[31\n", b"\x1bE", b"\x1b[13;1f\x1b[K")
NOISE = (b"[   12.345678] usb 1-1: |00003 new device|\r\n", b"\r\n| a | table |00012 |\n",
         b"|00003 something else|\n", b"|BEGIN cpulevel 1 lines \n", b"|END cpulevel\n", b"||||\n",
         b"\x1b[2J", b"\x1b_never ends\n", b"|0000a x|01234567\n", b"x" * 200 + b"\n")


def check_of(line, total=0):
    return line + b"%08x" % (zlib.crc32(line) ^ total)


def total_of(lines):
    """The sum of a log's first BEGIN or END that is intact."""
    heads = [transcript.HEAD.fullmatch(line) for line in lines]
    return next((int(head[4], 16) for head in heads if head), 0)


# Changes of lines after which the check is right again.

def checked(change):
    """A mutation of a list of lines, of a function that changes one without its check."""
    def mutation(lines, rnd):
        total = total_of(lines)
        places = [at for at, line in enumerate(lines) if line[1:2].isdigit() == change.numbered]
        if not places or not total:
            return lines
        at = rnd.choice(places)
        line = change(lines[at][:-8], rnd)
        return lines[:at] + [check_of(line, total if change.numbered else 0)] + lines[at + 1:]
    mutation.__name__ = change.__name__
    return mutation


def of_numbered(change):
    change.numbered = True
    return checked(change)


def of_heads(change):
    change.numbered = False
    return checked(change)


@of_numbered
def other_text(line, rnd):
    return line[:7] + mutations.byte_set(line[7:-1], rnd)[:62] + line[-1:] if line[7:-1] else line


@of_numbered
def other_number(line, rnd):
    return b"|%05d" % rnd.choice((0, 1, 2, 3, 4, 5, 99999)) + line[6:]


@of_numbered
def other_separator(line, _rnd):
    return line[:-1] + (b">" if line[-1:] == b"|" else b"|")


@of_numbered
def longer(line, rnd):
    return line[:-1] + b"x" * rnd.choice((1, 5, 63)) + line[-1:]


@of_numbered
def no_text(line, _rnd):
    return line[:7] + line[-1:]


@of_heads
def other_size(line, rnd):
    word = rnd.choice((b"lines", b"report", b"seal"))
    number = rnd.choice((b"0", b"1", b"2", b"5", b"05", b"89", b"10240", b"10241", b"3145728",
                         b"3145729", b"99999", b"100000", b"-1", b""))
    return re.sub(word + rb" \d+", word + b" " + number, line)


@of_heads
def other_version(line, rnd):
    return line.replace(b"cpulevel 1", b"cpulevel " + rnd.choice(
        (b"0", b"01", b"2", b"11", b"1x", b"2 |", b"", b"1 ")))


@of_heads
def other_words(line, rnd):
    return rnd.choice((line.replace(b"BEGIN", b"END"), line.replace(b" seal", b"  seal"),
                       line + b"|", line[:-1] + b" |", line.replace(b"sum ", b"sum 0"),
                       line.replace(b"|END", b"|ENDE"), line[:-1] + b">", line[:40] + b"|"))


@of_heads
def other_sum(line, rnd):
    return re.sub(rb"sum [0-9a-f]{8}", b"sum %08x" % rnd.randrange(2**32), line)


CHECKED = (other_text, other_number, other_separator, longer, no_text, other_size, other_version,
           other_words, other_sum)


# What was sent

def cut_otherwise(name, report, seal, rnd):
    """As transcript.write, but cut anywhere; even where one file ends and the next begins."""
    total = zlib.crc32(name + b"\n" + report + seal)
    data, pieces = name + b"\n" + report + seal, []
    while data:
        size = rnd.randrange(64)
        line, lf, _ = data.partition(b"\n")
        whole = len(line) <= size and lf
        piece = line if whole else line[:size]
        pieces.append(piece + (b"|" if whole else b">"))
        data = data[len(piece) + bool(whole):]
    head = b" cpulevel 1 lines %d report %d seal %d sum %08x|" % (
        len(pieces), len(report), len(seal), total)
    lines = [b"|%05d " % number + piece for number, piece in enumerate(pieces, 1)]
    return [check_of(b"|BEGIN" + head), *(check_of(line, total) for line in lines),
            check_of(b"|END" + head)]


def sent():
    """Names, and the transcripts that are sent under them: (name, report, seal)."""
    short = b'label "twelve words that are cut where a line has no room left for more"\nend of it\n'
    return {
        "page": [(b"0001-A.txt", short, b"a seal")],
        "report": [(b"0001-A.txt", report_seeds.example(), SEAL)],
        "no-seal": [(b"a" * 63, b"cpulevel-report 1\nend\n", b"")],
        "empty": [(b"A", b"", b"")],
        "bars": [(b"0007-X.txt", b"|00001 x|01234567\n|END cpulevel 1|\n\n\n||\n" + b"> " * 90 +
                  b"\n   \n", SEAL)],
        "two": [(b"0001-A.txt", short, SEAL), (b"0002-B.txt", b"another\n", b"s\n")],
        "bad-name": [(b"../evil.txt", short, b"")],
    }


def log_of(files, rnd):
    """The lines that send them, each after the other or mixed."""
    each = [transcript.write(*file) if rnd.random() < 0.7 else cut_otherwise(*file, rnd)
            for file in files]
    if rnd.random() < 0.5:
        return sum(each, [])
    return [line for size in range(max(map(len, each))) for lines in each
            for line in lines[size:size + 1]]


def in_two(lines, rnd):
    """Sent twice, each time without other lines."""
    lost = [rnd.random() < 0.3 for _ in lines]
    return [line for line, gone in zip(lines, lost) if not gone] + \
        [line for line, gone in zip(lines, lost) if gone]


def rows(line, columns):
    return [line[at:at + columns] for at in range(0, len(line), columns)] if columns else [line]


@dataclasses.dataclass(frozen=True)
class Wear:
    """What a console does to rows."""
    before: bytes
    between: bytes  # in the middle of each
    end: bytes
    columns: int    # 0: any number
    late: bool      # before is part of the line that is wrapped
    trim: bool      # blanks at the end are lost
    grows: bool     # a number before each, of two and then three digits

    def restorable(self):
        """Whether the page says that cpulevel can read what it makes."""
        if not self.columns:
            return not (self.trim and not self.end) and not (self.grows and b"\r" in self.before)
        cut = self.late and b"\x1b" in self.before     # within the escape sequence
        filled = self.end.startswith(b" ")             # more than 79 characters, with the blanks
        # Of three rows the number may grow before the second or the third.
        grows = self.grows and (self.late or b"\r" in self.before or self.columns < 40)
        return bool(self.end) and not cut and not filled and not grows and self.columns >= 20

    def log(self, lines, rnd):
        """The log of a console on which the lines were printed, with what others print there."""
        number, log = 97, b""
        for line in lines:
            if rnd.random() < 0.05 and log.endswith((b"\n", b"\r")):
                log += rnd.choice(NOISE)
            for row in rows((self.before if self.late else b"") + line, self.columns):
                number += 1
                row = row.rstrip(b" ") if self.trim else row
                half = len(row) // 2
                log += ((b"%d " % number if self.grows else b"") +
                        (b"" if self.late else self.before) + row[:half] + self.between +
                        row[half:] + self.end)
        return log


def any_wear(rnd):
    return Wear(rnd.choice(BEFORE), rnd.choice(BETWEEN), rnd.choice(ENDS),
                rnd.choice((0, 0, 80, 72, 60, 40, 20, rnd.randrange(7, 100))),
                rnd.random() < 0.3, rnd.random() < 0.3, rnd.random() < 0.2)


def wear(data, rnd):
    return any_wear(rnd).log(data.split(b"\n")[:-1], rnd)


def mutation(seed, index):
    """One log from its number alone, and what both must say of it, if that is known."""
    rnd = random.Random(f"{seed}:{index}")
    name, files = rnd.choice(list(sent().items()))
    lines, names = log_of(files, rnd), [name]
    for change, odds in ((rnd.choice(CHECKED), 0.3), (rnd.choice(CHECKED), 0.1), (in_two, 0.2)):
        if rnd.random() < odds:
            lines = change(lines, rnd)
            names.append(change.__name__)
    data = b"\n".join(lines) + b"\n"
    for changes, odds in ((LINES, 0.3), ((wear,), 0.6), (BYTES, 0.4), (BYTES, 0.3), (BYTES, 0.2)):
        if rnd.random() < odds and data:
            change = rnd.choice(changes)
            data = change(data, rnd) or data
            names.append(change.__name__)
    return f"log {index} ({', '.join(names)})", data


def told(files):
    """What a reader says of files that were sent."""
    words = []
    for name, report, seal in files:
        words.append("%08x " % zlib.crc32(name + b"\n" + report + seal) + (
            f"{name.decode()} {report.hex()} {seal.hex()}"
            if transcript.NAME.fullmatch(name) else "sum"))
    return "; ".join(words)


def only_worn(seed):
    """Logs of which it is known what was sent."""
    for name, files in sent().items():
        for index in range(WORN):
            rnd = random.Random(f"{seed}:{name}:{index}")
            one = any_wear(rnd)
            while not one.restorable():
                one = any_wear(rnd)
            yield f"{name}, {one}", one.log(log_of(files, rnd), rnd), told(files)


class Comparison(mutate_reports.Comparison):
    """Compares what the two say of logs."""

    def compare(self, what, data, valid, name, line):
        found = transcript_reader.spell(transcript_reader.read(data))
        theirs = line.removeprefix(f"{name}: ")
        if theirs != found:
            self.complain(what, data, f"C: {theirs[:300]}; Python: {found[:300]}")
        elif valid not in (None, found):
            self.complain(what, data, f"both say: {found[:300]}")
        elif re.search(r"bad|sum|later|none", found):
            self.refused += 1
        else:
            self.accepted += 1


def main(arguments):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--show", type=int)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    if options.show is not None:
        sys.stdout.buffer.write(mutation(options.seed, options.show)[1])
        return 0
    comparison = Comparison(options.command, options.keep)
    for what, data, valid in only_worn(options.seed):
        comparison.add(what, data, valid)
    for index in range(options.count):
        comparison.add(*mutation(options.seed, index))
    comparison.finish()
    print(f"{comparison.accepted + comparison.refused} logs: {comparison.accepted} accepted, "
          f"{comparison.refused} refused; {comparison.wrong} wrong")
    return 1 if comparison.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
