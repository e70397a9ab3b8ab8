#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives every mask for Xen, of all pairs of recorded machines, to libxl: xen.py BUILD.

libxl is Debian 12's, of Xen 4.17; its parser of cpuid= needs no hypervisor.  It is called as xl
calls it: once for each part of the string form, once for each string of the list form.  It is also
asked for each name that our table has for Xen, and must know those of 4.17 and no others.
"""

import ctypes
import itertools
import pathlib
import re
import subprocess
import sys

import results
import tables

LIBRARY = "libxenlight.so.4.17"
VERSION = "4.17"
RECORDED = pathlib.Path("tests/data/recorded")
# The versions of rows of xen.def whose names this libxl knows, and the package that was asked.  An
# update can bring names.
KNOWN, ASKED = {"4_14", "4_17"}, "4.17.7+13"


def names():
    """{libxl's name of a feature: whether this libxl knows it}, by our tables."""
    rows = tables.rows("xen")
    own = {words[0]: words[1] for macro, words in rows if macro == "XEN"}
    since = {words[0]: words[1] for macro, words in rows if macro == "XEN_SINCE"}
    found = {own.get(feature, row["xen"]): since.get(feature, "4_14") in KNOWN
             for feature, row in tables.names().items() if own.get(feature, row["xen"])}
    return found | {name: since.get(feature, "4_14") in KNOWN for feature, name in own.items()}


class Parser:
    """The two parsers of libxl; each returns 0 for what it takes."""

    def __init__(self):
        self.library = ctypes.CDLL(LIBRARY)
        self.asked = 0

    def refused(self, function, words):
        policy = ctypes.c_void_p()
        call = getattr(self.library, function)
        self.asked += len(words)
        return [w for w in words if call(ctypes.byref(policy), w.encode()) != 0]

    def of_line(self, text):
        """What libxl refuses of a mask, and whether there was anything to read."""
        text = "".join(line for line in text.splitlines() if not line.startswith("#"))
        string = re.fullmatch(r'cpuid="host,([^"]*)"', text)
        if string:
            return self.refused("libxl_cpuid_parse_config", string[1].split(",")), True
        several = re.fullmatch(r"cpuid=\[ (.*) \]", text)
        if several:
            return self.refused("libxl_cpuid_parse_config_xend",
                                re.findall(r'"([^"]*)"', several[1])), True
        return [], text == ""


def main():
    tool = str(pathlib.Path(sys.argv[1]) / "cpulevel")
    parser = Parser()
    said = results.Results()

    def say(good, name, wrong="no"):
        said.say([] if good else [wrong], name)

    say(parser.refused("libxl_cpuid_parse_config", ["la57=0", "avx=0", "no such=0"]) ==
        ["la57=0", "no such=0"], "libxl refuses what it does not know")
    width = f'cpuid=[ "0x80000008:eax={"x" * 24}{39:08b}" ]\n'
    say(parser.of_line(width) == ([], True), "libxl reads a width of addresses")
    known = names()
    refused = set(parser.refused("libxl_cpuid_parse_config", [f"{name}=0" for name in known]))
    asked = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", "libxenmisc4.17"], text=True,
                           stdout=subprocess.PIPE, check=True).stdout.startswith(ASKED)
    unlike = [name for name, there in known.items() if there == (f"{name}=0" in refused) and
              (there or asked)]
    say(not unlike, "libxl knows the names that our table says it knows", ", ".join(unlike))
    for pair in itertools.combinations(sorted(RECORDED.glob("*.txt")), 2):
        for dialect in ("xen", "xen-xend"):
            text = subprocess.run([tool, "mask", "-u", "--for", dialect, "--xen-version", VERSION,
                                   *map(str, pair)], check=True, capture_output=True,
                                  text=True).stdout
            refused, readable = parser.of_line(text)
            say(readable and not refused, f"{dialect}: {pair[0].stem} and {pair[1].stem}",
                f"refused: {refused[:5]}; {text[:200]!r}")
    said.judged(parser.asked, f"libxl of Xen {VERSION}")
    return said.end()


if __name__ == "__main__":
    sys.exit(main())
