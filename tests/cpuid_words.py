#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Features as cpuid names them: cpuid_words.py BUILD.

Debian's cpuid decodes the same registers by a table of its own.  tests/data/cpuid-words.tsv says
which of its words are which of our features.  Each word must be true of the feature's bit and of no
other, and of every machine cpuid and show must say the same.  scripts/matrix asks of its reports.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

import machines
import results
import shown
import tables

DATA = pathlib.Path(__file__).resolve().parent / "data"
SECTION = re.compile(r"   (\S.*?)(?: = .*|:)?")
BOOLEAN = re.compile(r" +(\S.*?) += (true|false)")
INTEL = (0x756e6547, 0x6c65746e, 0x49656e69)
# Vendors and signatures, as cpuid prints some sections for some vendors only.
MAKERS = {"Intel": (INTEL, 0x50654),
          "AMD": ((0x68747541, 0x444d4163, 0x69746e65), 0xa00f11),
          "Hygon": ((0x6f677948, 0x656e6975, 0x6e65476e), 0x900f01),
          "Centaur": ((0x746e6543, 0x736c7561, 0x48727561), 0x6f0)}
FEATURES = tables.features()
SINGLE = {f.name: f for f in FEATURES if f.single and f.leaf < tables.MSR}
JUDGED = {name for name, f in SINGLE.items() if f.kind in ("FEATURE", "OS")}


def read_words():
    """{(section, word): (name, or "-" for what is no single feature; note)}, and the unnamed."""
    words, unnamed = {}, {}
    for line in (DATA / "cpuid-words.tsv").read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        section, word, name, note = (line.split("\t") + [""])[:4]
        if word == "-":
            unnamed.setdefault(name, {})[section] = note
        elif (section, word) in words:
            raise ValueError(f"{section}, {word}: twice")
        else:
            words[section, word] = name, note
    return words, unnamed


WORDS, UNNAMED = read_words()


def named(section, word):
    """The name of a word, or None.  "*" ends a section or word of which many are alike."""
    for key in ((section, word), (re.sub(r"\w+\)$", "*)", section), word),
                (section, re.sub(r" +\d+ ", " * ", word))):
        if key in WORDS:
            return WORDS[key][0]
    return None


def decode(text):
    """What cpuid says of each processor of a dump: {(section, word): whether it is true}."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".r") as file:
        file.write(text)
        file.flush()
        done = subprocess.run(["cpuid", "-f", file.name], capture_output=True, text=True,
                              timeout=300, check=True)
    processors = []
    section = ""
    for line in done.stdout.splitlines():
        boolean = BOOLEAN.fullmatch(line)
        if re.fullmatch(r"CPU(?: \d+)?:", line):
            processors.append({})
        elif boolean and line.startswith("    "):
            key = section, boolean[1]
            processors[-1][key] = processors[-1].get(key, False) or boolean[2] == "true"
        elif SECTION.fullmatch(line) and not line.startswith("    "):
            section = SECTION.fullmatch(line)[1]
    return processors


def names_by_cpuid(said):
    """The features that cpuid says are there, those it says are not, and words without a row."""
    there, absent, strange = set(), set(), []
    for (section, word), true in said.items():
        name = named(section, word)
        if name is None:
            strange.append(f"{section}: {word}")
        elif name != "-":
            (there if true else absent).add(name)
    return there, absent - there, strange


def row(leaf, sub, regs):
    words = " ".join(f"e{letter}x=0x{value:08x}" for letter, value in zip("abcd", regs))
    return f"   0x{leaf:08x} 0x{sub:02x}: {words}\n"


def posed(maker, places):
    """A dump of a processor on which just these bits are set, of those that are features."""
    vendor, signature = MAKERS[maker]
    words = {(f.leaf, f.subleaf): [0, 0, 0, 0] for f in SINGLE.values()}
    for first, count in ((1, 0x24), (0x80000001, 0x28)):
        for leaf in range(first, first + count):
            words.setdefault((leaf, 0), [0, 0, 0, 0])
    words[0, 0] = [0x24, *vendor]
    for leaf, eax in ((1, signature), (7, 2), (0x20000000, 0x20000001), (0x80000000, 0x80000028),
                      (0x80860000, 0x80860007), (0xc0000000, 0xc0000001)):
        words[leaf, 0] = [eax, 0, 0, 0]
    for leaf, sub, register, bit in places:
        words[leaf, sub][tables.REGISTERS.index(register)] |= 1 << bit
    return "".join(row(*key, regs) for key, regs in sorted(words.items()))


def bits():
    """The bits to pose: all in registers with features, but for fields and caches."""
    fields = {(*f.place[:3], bit) for f in FEATURES if not f.single
              for bit in range(f.low, f.high + 1)}
    registers = {f.place[:3] for f in SINGLE.values() if f.leaf not in (2, 4)}
    return [(*place, bit) for place in sorted(registers) for bit in range(32)
            if (*place, bit) not in fields]


def check_bits(maker):
    """
    Which bit each word is about.  Bits are numbered from 1; of two dumps for each digit of the
    numbers, one has the bits with a 1 there, the other those with a 0.  So the dumps in which a
    word is true spell the number of its bit.
    """
    places = bits()
    name_at = {f.place: f.name for f in SINGLE.values()}
    digits = range(len(places).bit_length())
    dumps = [posed(maker, [place for i, place in enumerate(places, 1) if i >> digit & 1 == value])
             for digit in digits for value in (1, 0)]
    said = decode("".join(f"CPU {i}:\n{text}" for i, text in enumerate(dumps)))
    wrong, found = [], set()
    for section, word in said[0]:
        name = named(section, word)
        true = [one.get((section, word)) for one in said]
        number = sum(true[2 * digit] << digit for digit in digits)
        clean = all(true[2 * digit] != true[2 * digit + 1] for digit in digits)
        place = places[number - 1] if clean and 0 < number <= len(places) else None
        at = name_at.get(place, place)
        if name is None:
            wrong.append(f"{section}: {word}: no row; it is {at}")
        elif name != "-" and name != at:
            wrong.append(f"{section}: {word}: the row says {name}, cpuid asks {at}")
        elif name != "-":
            found.add(name)
    return wrong + ([] if len(found) >= 300 else [f"only {len(found)} features"]), found


def names_by_us(tool, report):
    """What show prints of each kind: the names of its set bits."""
    done = subprocess.run([tool, "show", "-u", "--all", report], capture_output=True, text=True,
                          check=True)
    kinds = shown.read_shown(done.stdout.splitlines())
    return [{name for text in registers.values() for name in shown.printed(text, JUDGED)
             if name in JUDGED} for registers, _ in kinds]


def vendor_of(dump):
    line = re.search(r" 0x00000000 0x00: .*", dump)[0]
    regs = [int(n, 16) for n in re.findall(r"e[a-d]x=0x(\w+)", line)]
    return b"".join(regs[i].to_bytes(4, "little") for i in (1, 3, 2)).decode("latin-1").strip()


def without_word(vendor):
    """The features for which cpuid has no word, on processors of this vendor."""
    return {name for name, notes in UNNAMED.items() if {"-", vendor} & set(notes)}


def compare(tool, report):
    """
    What is wrong with a report: the kind of its processors, a feature or a word of cpuid, what we
    have of it and what cpuid has; and how many facts were held.
    """
    dumps = machines.first_of_kinds(tool, report)
    wrong, facts = [], 0
    for kind, (dump, ours, words) in enumerate(zip(
            dumps, names_by_us(tool, report), decode("".join(dumps)), strict=True)):
        there, absent, strange = names_by_cpuid(words)
        there, absent = there & JUDGED, absent & JUDGED
        silent = ours - there - absent - without_word(vendor_of(dump))
        wrong += [(kind, name, "0", "1") for name in sorted(there - ours)]
        wrong += [(kind, name, "1", "0") for name in sorted(ours & absent)]
        wrong += [(kind, name, "1", "no word, and no row says why") for name in sorted(silent)]
        wrong += [(kind, word, "no row", "1" if words[tuple(word.split(": ", 1))] else "0")
                  for word in strange]
        facts += len(there) + len(absent)
    return wrong, facts


def check_table(said):
    """Rows name features; what differs has a note that names a source."""
    wrong = [f"{name}: no feature" for name, _ in WORDS.values()
             if name != "-" and name not in SINGLE]
    wrong += [f"{name}: no feature" for name in UNNAMED if name not in SINGLE]
    wrong += [f"{key}: no reason" for key, (name, note) in WORDS.items()
              if name == "-" and not note]
    wrong += [f"{name}: no reason" for name, notes in UNNAMED.items() if not all(notes.values())]
    said.say(wrong, "the rows name features, and give reasons")


def check_words(said):
    """Each word, of each maker; returns how many features cpuid has words for."""
    words = set()
    for maker in MAKERS:
        wrong, found = check_bits(maker)
        words |= found
        said.say(wrong, f"{maker}: cpuid's words are of the bits that we say")
    return len(words)


def check_reports(said, tool, reports):
    """Returns how many facts were held."""
    facts = 0
    for report in reports:
        wrong, held = compare(tool, report)
        facts += held
        said.say([f"kind {kind}: {what}: here {ours}, cpuid {theirs}"
                  for kind, what, ours, theirs in wrong],
                 f"{report.stem}: cpuid names what we name")
    return facts


def main(build):
    tool = os.path.realpath(f"{build}/cpulevel")
    said = results.Results()
    check_table(said)
    who = f"cpuid {version()}"
    said.judged(check_words(said), f"{who}: which bit each of its words is")
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        said.judged(check_reports(said, tool, machines.recorded(tool, work)),
                    f"{who}: recorded machines")
        facts = check_reports(said, tool, machines.gathered(tool, build, work))
        if facts:
            said.judged(facts, f"{who}: {machines.GATHERED}")
        else:
            said.not_judged(f"{who}: {machines.GATHERED}", machines.NOT_FETCHED)
    return said.end()


def version():
    done = subprocess.run(["cpuid", "-v"], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
