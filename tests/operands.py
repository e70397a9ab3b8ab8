#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives each command each kind of files: operands.py BUILD.

Every command reads files, folders and standard input; hosts are reports or pools where a pool says
enough.  What is refused says why.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import results
from operand_texts import TEXTS, check_text, loops, surroundings

RECORDED = pathlib.Path("tests/data/recorded").resolve()
KINDS = ("report", "pool", "folder", "several", "mixed", "empty", "missing", "-pool", "-report")
# What is given for each kind, and what is on standard input.
GIVEN = {"report": ["west.txt"], "pool": ["both.pool"], "folder": ["both"],
         "several": ["has.txt", "west.txt"], "mixed": ["west.txt", "both.pool", "both"],
         "empty": ["none"], "missing": ["gone.txt"], "-pool": ["-"], "-report": ["-"]}
STDIN = {"-pool": "both.pool", "-report": "west.txt"}

NONE = r"none: no reports in this folder: none of its files ends in \.txt$"
GONE = r"gone\.txt: cannot be opened: No such file or directory$"
POOL = r"both\.pool: a pool, by its name; this command reads reports: a pool has CPUID leaves only$"
POOL_IN = r"-: a pool; this command reads reports$"
ONE = r"one file at a time, not \d: "
TWO = r"two files at a time, not \d: "
ANOTHER = r"another file is missing; expected: "
NO_SEAL = r"no seal: "
TO_CSV = r"a pool can only be exported to csv$"
A_REPORT = (r"((west|has)\.txt|-): a report, not a \.vmx file; "
            r"cpulevel mask --for=vmx makes the mask of one$")
A_POOL = r"(both\.pool|-): a pool, not a \.vmx file; "
FOLDER = r": is a folder, not a file; give the name of a file in it$"
NO_STICK = r"has no FAT volume: not a stick, nor its image$"
GOLDEN = r"the golden report must be one file, and this is of a folder$"
NO_TPM = r"no TPM has signed it: there is no file of this name and \.tpm$"
SEVERAL = r"several files need -o and a folder that exists$"

# Command and its arguments; for each kind an exit status, or why the command refuses.  All that
# give an answer for both hosts must give the same; "differs": they need not.
HOSTS = (0, 0, 0, 0, 0, NONE, GONE, 0, 0)
REPORTS = (0, POOL, 0, 0, POOL, NONE, GONE, POOL_IN, 0)
TABLE = (
    ("verify", "", (NO_SEAL,) * 5 + (NONE, GONE, NO_SEAL, NO_SEAL)),
    ("show -u", "differs", (0, 0, ONE, ONE, ONE, NONE, GONE, 0, 0)),
    ("diff -u", "", (ANOTHER, 1, 1, 1, TWO, NONE, ANOTHER, 1, ANOTHER)),
    ("diff -u has.txt", "differs", (1, 1, 1, TWO, TWO, NONE, GONE, 1, 1)),
    ("drift -u", "", REPORTS),
    ("gate -u west.txt", "differs", (0, POOL, 1, 1, POOL, NONE, GONE, POOL_IN, 0)),
    ("gate -u {} west.txt", "differs", (0, POOL, GOLDEN, 1, POOL, NONE, GONE, POOL_IN, 0)),
    ("setup -u", "", REPORTS),
    ("setup -u --baseline", "differs", HOSTS),
    ("page -u -f -o out", "", HOSTS),
    ("merge -u", "", HOSTS),
    ("mask -u --for vmx", "", HOSTS),
    ("mask -u --check domain.xml", "", (1,) * 5 + (NONE, GONE, 1, 1)),
    ("mask-explain", "", (A_REPORT, A_POOL, FOLDER, A_REPORT, A_REPORT, FOLDER, GONE, A_POOL,
                          A_REPORT)),
    ("mask-merge", "", (A_REPORT, A_POOL, FOLDER, A_REPORT, A_REPORT, FOLDER, GONE, A_POOL,
                        A_REPORT)),
    ("evc -u", "differs", HOSTS[:6] + (r"gone\.txt: neither a known EVC mode nor a file; ", 0, 0)),
    ("explain -u", "", HOSTS[:6] + (r"gone\.txt: no such file, and no other$", 0, 0)),
    ("fits -u vm.json", "", HOSTS),
    ("level -u", "", HOSTS),
    ("export -u --to csv", "differs", HOSTS),
    ("export -u --to cpuid-r", "", (0, TO_CSV, ONE, ONE, ONE, NONE, GONE, TO_CSV, 0)),
    ("challenge -u -o keys", "", (NO_TPM, POOL, NO_TPM, NO_TPM, POOL, NONE, GONE, POOL_IN, NO_TPM)),
    ("import", "", ("a report already", "a pool already", SEVERAL, SEVERAL, SEVERAL,
                    "none: no files in this folder$", GONE,
                    "-: a pool already: there is nothing to import$",
                    "-: a report already: there is nothing to import$")),
    ("take -o home", "", (NO_STICK, NO_STICK, NO_SEAL, NO_STICK, NO_STICK, NONE, GONE,
                          "-: standard input is no stick; ", "-: standard input is no stick; ")),
)

# Commands that read no files of hosts.
OTHERS = {"keygen", "check", "image", "write", "features", "probe"}


def run(tool, words, stdin=None):
    with open(stdin or "/dev/null", "rb") as file:
        return subprocess.run([tool, *words], check=False, stdin=file, capture_output=True)


def refused(done, why):
    """What is wrong with a refusal: it has an exit status of its own, and its cause in one line."""
    said = done.stderr.decode()
    if done.returncode == 2 and re.search(why, said, re.MULTILINE):
        return []
    return [f"status {done.returncode}, {said!r}, not {why!r}"]


def check(tool, command, differs, row):
    """What is wrong with the answers of a command."""
    wrong, answers = [], {}
    for kind, right in zip(KINDS, row, strict=True):
        words = command.split()
        at = words.index("{}") if "{}" in words else len(words)
        done = run(tool, words[:at] + GIVEN[kind] + words[at + 1:], STDIN.get(kind))
        bad = []
        if isinstance(right, str):
            bad = refused(done, right)
        elif done.returncode != right:
            bad = [f"status {done.returncode}, not {right}: {done.stderr.decode()!r}"]
        elif kind in ("pool", "folder", "several", "mixed", "-pool"):
            answers[kind] = done.stdout
        wrong += [f"{kind}: {words}" for words in bad]
    if not differs and len(set(answers.values())) > 1:
        wrong.append(f"not one answer for the same hosts: {[*answers]}")
    return wrong


def make(tool):
    """Makes the files."""
    for name, recorded in (("west", "westmere"), ("has", "haswell")):
        for folder in (".", "both"):
            pathlib.Path(folder).mkdir(exist_ok=True)
            pathlib.Path(folder, f"{name}.txt").write_bytes(
                (RECORDED / f"{recorded}.txt").read_bytes())
    pathlib.Path("none").mkdir()
    pathlib.Path("keys").mkdir()
    run(tool, ["merge", "-u", "-o", "both.pool", "both"])
    run(tool, ["merge", "-u", "-o", "west.pool", "west.txt"])
    pathlib.Path("vm.json").write_text(
        '[{"key": "cpuid.sse3", "featureName": "cpuid.sse3", "value": "Bool:Min:1"}]')
    pathlib.Path("domain.xml").write_text(
        "<domain>\n<cpu mode='custom' match='exact'>\n<model>Skylake-Server</model></cpu>\n"
        "</domain>\n")
    pathlib.Path("atom.cpuid").write_bytes((RECORDED.parent / "atom.cpuid").read_bytes())
    pathlib.Path("mask.vmx").write_bytes(
        run(tool, ["mask", "-u", "--for", "vmx", "west.txt", "has.txt"]).stdout)
    pathlib.Path("good.conf").write_text("countdown 3\nexit wait\n")
    run(tool, ["keygen", "s.key", "s.pub"])


def diffs(tool):
    """What is wrong with the two sides of diff."""
    def say(*words, stdin=None):
        done = run(tool, ["diff", "-u", *words], stdin)
        return done.returncode, done.stdout.decode()

    alone, wrong = say("has.txt", "west.txt"), []
    for same in (("both.pool",), ("both",), ("--pool", "both.pool"), ("has.txt", "west.pool")):
        if say(*same) != (alone[0], alone[1]) and say(*same)[1] != alone[1].replace(
                "westmere", "west"):
            wrong.append(f"{same}: not as the two reports")
    if say("-", "west.txt", stdin="has.txt")[1] != alone[1].replace("has ", "stdin ").replace(
            "has\n", "stdin\n").replace("on has", "on stdin"):
        wrong.append("a report on standard input: not as the file")
    # What the Westmere lacks, no group with it has.
    status, text = say("both.pool", "has.txt")
    if status != 1 or "both.pool is 2 hosts; it has a feature if all of them have it" not in text:
        wrong.append(f"a pool beside a report: {status}, {text!r}")
    if "Only on both.pool" in text:
        wrong.append("a pool has what one of its hosts lacks")
    lacks = {word for part in alone[1].split("\n\n") if part.startswith("Only on has ")
             for word in re.findall(r"^  (\w+) ", part, re.MULTILINE)}
    more = {word for part in text.split("\n\n") if "Only on has " in part
            for word in re.findall(r"^  (\w+) ", part, re.MULTILINE)}
    if lacks != more or not lacks:
        wrong.append(f"only on has: {more}, not {lacks}")
    for words, why in ((("west.pool",), r"west\.pool: has 1 host, and diff compares two: "
                        r"give another file to compare with$"),
                       (("three",), r"three: has 3 hosts, .*, or see drift and explain$"),
                       (("-", "-"), r"-: standard input can be read only once$")):
        wrong += refused(run(tool, ["diff", "-u", *words], "both.pool"), why)
    return wrong


def main():
    tool = str(pathlib.Path(sys.argv[1]).resolve() / "cpulevel")
    said = results.Results()
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        make(tool)
        for command, differs, row in TABLE:
            said.say(check(tool, command, differs, row), f"{command}: {len(KINDS)} kinds of files")
        commands = run(tool, ["--help"]).stdout.decode()
        listed = set(re.findall(r"^  ([a-z-]+) ", commands, re.MULTILINE))
        said.say(sorted(listed ^ ({c.split()[0] for c, *_ in TABLE} | OTHERS)),
                 "all commands are here")
        pathlib.Path("three").mkdir()
        for name in ("westmere", "haswell", "penryn"):
            pathlib.Path("three", f"{name}.txt").write_bytes(
                (RECORDED / f"{name}.txt").read_bytes())
        said.say(diffs(tool), "diff of pools and folders")
        twice = run(tool, ["merge", "-u", "-", "-"], "west.txt")
        said.say(refused(twice, "-: standard input can be read only once$"), "standard input twice")
        for name, command, *right in TEXTS:
            said.say(check_text(tool, name, command, right),
                     f"{command}: {name} with CRLF, a mark of byte order, a NUL")
        said.say(loops(tool, [command for command, *_ in TABLE]), "links in a circle")
        surroundings(tool, said)
        os.chdir("/")
    print(f"1..{said.count}")
    return said.failed > 0


if __name__ == "__main__":
    sys.exit(main())
