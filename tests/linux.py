#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Features as Linux names them, by a kernel's headers: linux.py BUILD.

cpufeatures.h numbers the bits of CPUID that Linux keeps; cpufeature.h says which register each word
of them is.  Each name that our table has for Linux must be of our bit.  The headers are Debian's,
which scripts/deps fetches.
"""

import pathlib
import re
import subprocess
import sys

import results
import tables

WHO = "the headers of Debian's kernel"
# The words of Linux that are registers of CPUID, by the names of enum cpuid_leafs.
WORD = re.compile(r"CPUID_([0-9A-F]{4}_[0-9A-F]{4}|[0-9A-F]+)(?:_([0-9]+))?_(E[A-D]X)")
FEATURE = re.compile(r"#define X86_FEATURE_(\w+)\s+\(\s*(\d+)\*32\+\s*(\d+)\)"
                     r"\s*(?:/\* *(\"\w*\")?)?")


def trees(build):
    """The kernels whose headers are there, the newest of each place last."""
    return [tree for place in (pathlib.Path("/usr/src"), build / "headers" / "root" / "usr" / "src")
            for tree in sorted(place.glob("linux-*"))]


def places(folders):
    """
    {name in /proc/cpuinfo: its places}, of the last folder that has headers.  Older kernels write a
    name only where it is not the macro's.
    """
    folders = [folder / "arch" / "x86" / "include" / "asm" for folder in folders]
    folders = [folder for folder in folders if (folder / "cpufeatures.h").exists()]
    if not folders:
        return {}
    order = re.search(r"enum cpuid_leafs\s*\{(.*?)\}",
                      (folders[-1] / "cpufeature.h").read_text("utf-8"), re.DOTALL)[1]
    words = {}
    for number, word in enumerate(re.findall(r"CPUID_\w+", order)):
        if WORD.fullmatch(word):
            leaf, sub, register = WORD.fullmatch(word).groups()
            words[number] = int(leaf.replace("_", ""), 16), int(sub or 0), register
    found = {}
    for name, word, bit, shown in FEATURE.findall(
            (folders[-1] / "cpufeatures.h").read_text("utf-8")):
        if int(word) in words and shown != '""':
            found[(shown.strip('"') or name).lower()] = {(*words[int(word)], int(bit))}
    return found


def main(build):
    said = results.Results()
    fetched = subprocess.run(["scripts/deps", "headers", build], capture_output=True, text=True,
                             check=False)
    if fetched.returncode:
        said.not_judged(WHO, (fetched.stderr.splitlines() or ["not fetched"])[-1])
        return said.end()
    theirs, facts = places(trees(pathlib.Path(build))[-1:]), 0
    features = {f.name: f for f in tables.features()}
    for name, row in tables.names().items():
        feature = features[name]
        if row["linux"] in theirs and feature.single:
            facts += 1
            said.say([] if feature.place in theirs[row["linux"]] else
                     [f"{feature.place}, Linux has {theirs[row['linux']]}"],
                     f"{row['linux']} is {name}")
    said.judged(facts, WHO)
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
