#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What VMware shows a guest, by VMware's own table: vmtable.py BUILD.

x86cpuid.h, in the source of open-vm-tools, says of each field of CPUID where it is, what it is
called, whether a guest sees it, and from which virtual hardware version on.  The rows of
common/table/vmware.def, their places in feature.def and their names in feature_names.def must say
the same.  The source is Debian's, which scripts/deps fetches.
"""

import dataclasses
import pathlib
import re
import subprocess
import sys

import results
import tables

WHO = "VMware's x86cpuid.h"
HEADER = pathlib.Path("open-vm-tools/open-vm-tools/lib/include/x86cpuid.h")
LEVEL = re.compile(r"\bCPUIDLEVEL\(\s*\w+,\s*(\w+),\s*(0x[0-9a-fA-F]+|\d+)")
FIELD = re.compile(r"\b(?:FIELD|FLAG)\(\s*(\w+),\s*(\d+),\s*(E[A-D]X),\s*(\d+),\s*(\d+),"
                   r"\s*(\w+),\s*(\w+),\s*(\w+)\s*\)")
FUTURE = 255
# What our table has of a class.
SHOWN = {"YES": ("HOST", "YES"), "ANY": ("OWN", "NO"), "NO": ("NEVER", "NO"), "NA": ("NA", "NO")}
# Our table is of the header of May 2026 (1634dfb42).  That of 13.0.10 has no decision on these yet;
# it calls EBX of leaf 16H the smallest frequency, and has two bits in subleaf 2 of leaf 7.
LATER = {"SHA512", "SM3", "SM4", "AVX_VNNI_INT16", "SGX_EVERIFYREPORT2", "BTC_NO"}
RENAMED = {"PROC_MIN_FREQ": "PROC_MAX_FREQ"}
MOVED = {"AVX10", "APX_F"}


@dataclasses.dataclass(frozen=True)
class Row:
    """A field of the header."""
    place: tuple
    width: int
    name: str
    shows: str          # YES, ANY, NO or NA
    version: int        # 0: none; FUTURE: announced

    def seen(self, version):
        """True if a guest of this version may see it."""
        return self.shows in ("YES", "ANY") and self.version <= version


def number(text):
    return FUTURE if text in ("FUT", "HW_FUTURE") else int(text)


def header(build):
    """{place: its row}; empty if the header was not fetched."""
    path = pathlib.Path(build) / HEADER
    if not path.exists():
        return {}
    text = path.read_text("utf-8")
    leaves = {short: int(leaf, 0) for short, leaf in LEVEL.findall(text)}
    found = {}
    for level, sub, register, low, width, name, shows, version in FIELD.findall(text):
        place = leaves[level], int(sub), register, int(low)
        found[place] = Row(place, int(width), RENAMED.get(name, name), shows, number(version))
    return found


def unlike(theirs, name, words, newest):
    """In what a row of vmware.def differs, and whether one of the two is a later decision."""
    shows, requires, version, source = words[0], words[1], number(words[2]), words[3]
    # A source beside the header says what a class leaves open.
    same = ((shows, requires) == SHOWN[theirs.shows] if source == "HEADER" else
            theirs.shows in ("YES", "ANY"))
    if same and version == theirs.version:
        return [], False
    if theirs.version in (0, FUTURE) and name in LATER:
        return [], True
    if version in (0, FUTURE) and theirs.version > newest:
        return [], True
    return [f"{shows}, {requires}, {words[2]}; the header has {theirs.shows}, {theirs.version}"
            ], False


def check(theirs, feature, names, words, newest):
    """What is wrong with a feature's row, and whether only one table has a decision."""
    wrong, later = unlike(theirs, feature.name, words, newest)
    width = feature.high - feature.low + 1
    if theirs.width != width:
        wrong.append(f"{width} bits; the header has {theirs.width}")
    if names.get("vmware") != theirs.name:
        wrong.append(f"VMware's name is {names.get('vmware')}; the header has {theirs.name}")
    return [f"{feature.name}: {line}" for line in wrong], later


def main(build):
    said = results.Results()
    fetched = subprocess.run(["scripts/deps", "vmware", build], capture_output=True, text=True,
                             check=False)
    theirs = header(build)
    if not theirs:
        said.not_judged(WHO, (fetched.stderr.splitlines() or ["not fetched"])[-1])
        return said.end()
    names, place_of = tables.names(), {row.name: place for place, row in theirs.items()}
    shown = {words[0]: words[1:] for _, words in tables.rows("vmware")}
    newest = max(number(words[2]) for words in shown.values() if words[2] != "HW_FUTURE")
    facts, wrong, undecided = 0, {place[0]: [] for place in theirs}, []
    for feature in tables.features():
        row = theirs.get(feature.place)
        if row and feature.name in shown:
            lines, later = check(row, feature, names.get(feature.name, {}), shown[feature.name],
                                 newest)
            wrong[feature.leaf] += lines
            facts += 2 if later else 3
            undecided += [feature.name] * later
        elsewhere = place_of.get(names.get(feature.name, {}).get("vmware"), feature.place)
        if elsewhere != feature.place and feature.name not in MOVED:
            wrong[elsewhere[0]].append(f"{feature.name} is {feature.place}; the header has "
                                       f"{elsewhere}")
    for leaf, lines in wrong.items():
        said.say(lines, f"leaf {leaf:02X}H")
    print(f"# in one of the two tables only: {', '.join(undecided)}")
    said.judged(facts, WHO)
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
