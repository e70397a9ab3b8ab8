#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nothing that is set is invisible: holds what show prints against what processors answer.

    shown.py REPORT <SHOWN

SHOWN is what show prints of the report.  Every set bit of every register of every processor has to
be there: by the name of its row, in the value of a field that is printed, or as <n>; and nothing
may be there that is not set.  The report is read by the second reader, not by the program.
"""

import os
import re
import sys

import report_reader
import tables

TESTS = os.path.dirname(os.path.abspath(__file__))
REGISTERS = tables.REGISTERS
KIND = re.compile(r"processors? ")
REGISTER = re.compile(r"    ([0-9a-f]+)(?:\.([0-9a-f]+))?\.(E[ABCD]X)"
                      r"(?:\[(\d+)(?::(\d+))?\])? +(.*)")
WORD = re.compile(r'<(\d+)>|([A-Z0-9_]+)=("(?:\\.|[^"\\])*"|\w+)|\([^)]*\)|(\S+)')
ESCAPED = re.compile(r"\\x(..)|\\(.)")
RANGE = re.compile(r"0x([0-9a-f]+)(?:-0x([0-9a-f]+))?")


def rows_of_table():
    """The rows by (leaf, subleaf, register), and those for many subleaves by (leaf, register)."""
    exact, many = {}, {}
    for row in tables.features():
        field = row.low, row.high, row.name
        if row.anywhere:
            many.setdefault((row.leaf, row.register), []).append((row.subleaf, field))
        else:
            place = exact.setdefault((row.leaf, row.subleaf), {})
            place.setdefault(row.register, []).append(field)
    return exact, many


def fields(rows, leaf, subleaf, register):
    """All 32 bits of a register as (low, high, name), None for a bit without a row."""
    exact, many = rows
    if (leaf, subleaf) in exact:
        found = exact[leaf, subleaf].get(register, [])
    else:
        found = [field for first, field in many.get((leaf, register), []) if subleaf >= first]
    named = {bit for low, high, _ in found for bit in range(low, high + 1)}
    return sorted(found + [(bit, bit, None) for bit in range(32) if bit not in named],
                  key=lambda field: field[0])


def field_value(word, low, high):
    return (word >> low) & ((1 << (high - low + 1)) - 1)


def number(text):
    """The number that a field's value begins with, whatever stands behind it."""
    if text.startswith('"'):
        letters = ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text[1:-1])
        return int.from_bytes(letters.encode("latin-1"), "little")
    return int(text, 0)


def printed(text, names):
    """What a register's words say: {name or bit: value}; words that are no names are units."""
    said = {}
    for bit, field, value, word in WORD.findall(text):
        if bit:
            said[int(bit)] = 1
        elif field:
            said[field] = number(value)
        elif word in names:
            said[word] = 1
    return said


def read_shown(lines):
    """For each kind its registers, {place: words}, and what varies, {place and bits: values}."""
    kinds, last = [], None
    for line in lines:
        match = REGISTER.fullmatch(line)
        if KIND.match(line):
            kinds.append(({}, {}))
            last = None
        elif kinds and match:
            last = kinds[-1][match[4] is not None], match.groups()[:5]
            last[0][last[1]] = match[6]
        elif last and line.startswith(" " * 18):
            last[0][last[1]] += " " + line.strip()
        else:
            last = None
    return kinds


def spread(text):
    """The values of processors, from "0x0-0x3 0x8"."""
    return [value for first, final in RANGE.findall(text)
            for value in range(int(first, 16), int(final or first, 16) + 1)]


def at_place(shown, leaf, subleaf, register, bits=(None, None)):
    """What is printed at a place, whose subleaf is not always part of its name; None: nothing."""
    keys = [("%x" % leaf, "%x" % subleaf, register) + bits]
    if subleaf == 0:
        keys.append(("%x" % leaf, None, register) + bits)
    return next((shown[key] for key in keys if key in shown), None)


def check_varying(varying, words, place, found):
    """Yields what is wrong with a register that not all of a kind's processors answer alike."""
    for low, high, _ in found:
        values = [field_value(word, low, high) for word in words]
        bits = (str(high), str(low) if low != high else None)
        text = at_place(varying, *place, bits=bits)
        if len(set(values)) == 1:
            if text is not None:
                yield f"{place} {bits}: does not differ"
        elif text is None or spread(text) != values:
            yield f"{place} {bits}: {values}, shown is {text}"


def check_register(shown, names, word, place, found):
    wanted = {name or low: field_value(word, low, high) for low, high, name in found
              if field_value(word, low, high)}
    text = at_place(shown, *place)
    said = printed(text, names) if text is not None else {}
    if said != wanted:
        yield f"{place} {word:08x}: {wanted}, shown is {said}"


def check_kind(rows, kind, shown, varying):
    names = {name for found in rows[0].values() for fields_of in found.values()
             for _, _, name in fields_of}
    names |= {field[2] for found in rows[1].values() for _, field in found}
    members = [report_reader.member_answers(kind, i) for i in range(len(kind.members))]
    for i, answer in enumerate(members[0]):
        for reg, register in enumerate(REGISTERS):
            place = (answer[0], answer[1], register)
            found = fields(rows, *place)
            yield from check_register(shown, names, answer[2 + reg], place, found)
            words = [member[i][2 + reg] for member in members]
            yield from check_varying(varying, words, place, found)


def main(path):
    report = report_reader.read(report_reader.load(path))
    shown = read_shown(sys.stdin.read().splitlines())
    os.chdir(os.path.dirname(TESTS))
    rows = rows_of_table()
    if len(shown) != len(report.kinds):
        print(f"{len(report.kinds)} kinds, shown are {len(shown)}")
        return 1
    wrong = [line for kind, (registers, varying) in zip(report.kinds, shown)
             for line in check_kind(rows, kind, registers, varying)]
    for line in wrong[:20]:
        print(line)
    return len(wrong) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
