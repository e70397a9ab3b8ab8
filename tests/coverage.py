#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Which lines and branches do the tests reach?  coverage.py BUILD [unit] [tool] [posed]

Runs the unit tests, the groups that run the tool, and the probe's code under a posed firmware, all
built in BUILD with --coverage, or only those named.  Prints the figures of each room;
BUILD/uncovered.txt names the lines that nothing reached and those with branches that nothing took.

After all three the figures are held against LEAST, and each line of efi/ that looks whether the
firmware returned an error must have taken all of its branches.  tests/data/uncovered.tsv has gaps
with a reason, which do not count: the line's function and text tell where it is.  A row that names
no gap is wrong.

Not measured is what a process cannot run: start.c, mem.c and native.c of efi/, and what QEMU's
boots alone reach.

Exit status: 0; 1 if a test fails, if a room has less than LEAST, if an error of the firmware's is
never posed, or if a row of uncovered.tsv names no gap.
"""

import collections
import json
import os
import pathlib
import subprocess
import sys

PARTS = {
    "unit": [],
    # Those that run the tool, boot nothing, and reach what the others do not.
    "tool": ["tool", "knowledge", "drift", "masks", "evc", "recorded", "console", "vmware",
             "guests", "capabilities", "import", "show", "setups", "forms", "take", "documents",
             "fleets", "page", "kernel", "limits", "operands", "quotes", "trust",
             "completion", "write", "memory", "pack", "faults"],
    "posed": ["posed"],
}
# Percent of lines and of branches that each room of a folder must reach.
LEAST = {"common": (97, 90), "efi": (97, 90), "cli": (95, 0)}
# In efi/ both ways are taken wherever the firmware may return an error.
BOTH_WAYS = "EFI_ERROR("
GAPS = "tests/data/uncovered.tsv"

# This build is several times slower than the one that the limits of tests/run are for.  Where a
# test runs the tool as another user, which may not write the counts, nothing is said of that.
COUNTING = {"LIMITS": "8", "GCOV_ERROR_FILE": os.devnull}


def fail(words):
    print(f"coverage: {words}", file=sys.stderr)
    sys.exit(1)


def run(build, parts):
    """Runs parts of the tests; what they count is written beside the objects when a process ends.
    Returns whether all passed."""
    for old in build.rglob("*.gcda"):
        old.unlink()
    log = build / "log"
    groups = [group for part in parts for group in PARTS[part]]
    passed = True
    with log.open("wb") as out:
        for test in sorted(build.glob("unit/san/test_*")) if "unit" in parts else []:
            passed &= subprocess.run([test], stdout=out, stderr=out, check=False).returncode == 0
        if groups:
            command = ["tests/run", str(build)] + groups
            passed &= subprocess.run(command, stdout=out, stderr=out, check=False, close_fds=False,
                                     env=dict(os.environ, **COUNTING)).returncode == 0
    if not passed:
        print(f"coverage: a test failed: {os.path.relpath(log)}", file=sys.stderr)
    return passed


class File:
    """A source: how often each line ran and each branch was taken; the function of each line."""

    def __init__(self, path):
        self.path = path
        self.lines, self.function = collections.Counter(), {}
        self.branches = collections.defaultdict(collections.Counter)
        self.text = dict(enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1))

    def add(self, line):
        number = line["line_number"]
        self.lines[number] += line["count"]
        self.function[number] = line.get("function_name", "")
        for i, branch in enumerate(line["branches"]):
            self.branches[number][i] += branch["count"]

    def untaken(self, number):
        return sum(count == 0 for count in self.branches[number].values())

    def gaps(self):
        return [n for n in sorted(self.lines) if self.lines[n] == 0 or self.untaken(n)]

    def key(self, number):
        return self.path, self.function[number], self.text[number].strip()


def measure(build):
    """Reads what gcov counts of the sources in this tree."""
    files = {}
    notes = sorted(str(n) for n in build.rglob("*.gcno"))
    command = ["gcov", "--branch-probabilities", "--json-format", "--stdout"] + notes
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout
    for document in said.splitlines():
        for source in json.loads(document)["files"]:
            path = source["file"]
            if path.startswith(("common/", "cli/", "efi/")):
                if path not in files:
                    files[path] = File(path)
                for line in source["lines"]:
                    files[path].add(line)
    return [files[path] for path in sorted(files)]


class Figures:
    """Lines and branches, and how many of each the tests reach."""

    def __init__(self):
        self.lines = self.reached = self.branches = self.taken = 0

    def add(self, counted, number):
        self.lines += 1
        self.reached += counted.lines[number] > 0
        self.branches += len(counted.branches[number])
        self.taken += len(counted.branches[number]) - counted.untaken(number)

    def percent(self):
        return (100 * self.reached / self.lines if self.lines else 100,
                100 * self.taken / self.branches if self.branches else 100)

    def row(self, room):
        lines, branches = self.percent()
        return f"{room:16} {self.lines:6} {lines:6.1f}% {self.branches:9} {branches:6.1f}%"


def read_gaps():
    """The gaps that have a reason, by file, function and text."""
    rows = pathlib.Path(GAPS).read_text(encoding="utf-8").splitlines()
    reasons = {}
    for number, row in enumerate(rows, 1):
        if row.startswith("#"):
            continue
        columns = row.split("\t")
        if len(columns) != 4 or not all(columns):
            fail(f"{GAPS}:{number}: not a file, a function, a line's text and a reason")
        reasons[tuple(columns[:3])] = columns[3]
    return reasons


def figures(files, reasons):
    """Adds up rooms, without the gaps that have a reason.  Also returns these."""
    rooms, named = collections.defaultdict(Figures), set()
    for counted in files:
        gaps = set(counted.gaps())
        for number in counted.lines:
            if number in gaps and counted.key(number) in reasons:
                named.add(counted.key(number))
                continue
            rooms[os.path.dirname(counted.path)].add(counted, number)
            rooms["all"].add(counted, number)
    return rooms, named


def list_gaps(files, path):
    with path.open("w", encoding="utf-8") as out:
        for counted in files:
            for number in counted.gaps():
                gap = (f"{counted.untaken(number)} of {len(counted.branches[number])} branches"
                       if counted.lines[number] else "line")
                print(f"{counted.path}:{number}: {counted.function[number]}: {gap}: "
                      f"{counted.text[number].strip()}", file=out)


def never_posed(files, reasons):
    return [f"{counted.path}:{number}: not all branches are taken: {counted.text[number].strip()}"
            for counted in files if counted.path.startswith("efi/") for number in counted.gaps()
            if BOTH_WAYS in counted.text[number] and counted.key(number) not in reasons]


def judge(files, rooms, reasons, named):
    wrong = [f"{GAPS}: no such gap: {' '.join(key)}" for key in reasons if key not in named]
    wrong += never_posed(files, reasons)
    for room, seen in rooms.items():
        least = LEAST.get(room.split("/")[0])
        for what, percent, wanted in zip(("lines", "branches"), seen.percent(), least or ()):
            if percent < wanted:
                wrong.append(f"{room}: {percent:.1f}% of {what}, not {wanted}%")
    for words in wrong:
        print(f"coverage: {words}", file=sys.stderr)
    return not wrong


def main():
    build, parts = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:] or list(PARTS)
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        fail(f"{unknown[0]}: no such part; there are {', '.join(PARTS)}")
    os.chdir(pathlib.Path(__file__).parent.parent)
    reasons = read_gaps()
    passed = run(build, parts)
    files = measure(build)
    rooms, named = figures(files, reasons)
    print(f"{'room':16} {'lines':>6} {'reached':>7} {'branches':>9} {'taken':>7}")
    for room in sorted(rooms, key=lambda room: (room == "all", room)):
        print(rooms[room].row(room))
    list_gaps(files, build / "uncovered.txt")
    print(f"gaps with a reason: {len(named)}; all gaps: {os.path.relpath(build / 'uncovered.txt')}")
    fits = set(parts) != set(PARTS) or judge(files, rooms, reasons, named)
    return 0 if passed and fits else 1


sys.exit(main())
