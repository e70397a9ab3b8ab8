#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What show says of a machine at a glance, as other programs read the same registers.

    show.py BUILD

hwloc counts sockets, cores and caches, cpuid decodes the descriptors of leaf 2 and names
microarchitectures; libcpuid.py has another judge.  What none of them can read is written down here
from the manuals.
"""

import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import cpuid_words
import documents_base as documents
import results
import spell
import tables

TESTS = os.path.dirname(os.path.abspath(__file__))
DATA = os.path.join(TESTS, "data")
LINE = spell.LINE
CACHE = re.compile(r"(?:[\d.]+ [KM]iB in (\d+) of )?([\d.]+) ([KM]iB)(?:, (\d+) ways|, fully "
                   r"associative|, direct mapped)?"
                   r"(?:,(?: each)? for (?:\d+ to )?(\d+) processors?)?")

# Leaves that hwloc asks with ECX.
SUBLEAVES = 4, 7, 0xb, 0xd, 0x1a, 0x1f, 0x8000001d, 0x80000026

P_CORES = [a + 16 * core for core in range(4) for a in (0, 1, 8, 9)]
E_CORES = [16 * a + b for a in (4, 5) for b in range(0, 16, 2)]


def run(*words, **more):
    return subprocess.run(words, capture_output=True, text=True, timeout=300, check=False, **more)


def glance(tool, path):
    """{label: words} of the lines before the first blank one."""
    said, label = {}, None
    done = run(tool, "show", "-u", path)
    for line in done.stdout.split("\n\n", maxsplit=1)[0].splitlines():
        label = line[:19].strip() or label
        said.setdefault(label, []).append(line[19:])
    return {label: " ".join(words) for label, words in said.items()} or {"error": done.stderr}


def kib(number, unit):
    return int(float(number) * (1024 if unit == "MiB" else 1))


def caches_of(said):
    """{"L2": {(KiB, ways, how many, processors of each)}}; ways 0: not a number."""
    found = {}
    for label, words in said.items():
        match = re.fullmatch(r"(L\d[di]?)(?: cache|, [PE]-cores)", label)
        if match:
            count, size, unit, ways, share = CACHE.fullmatch(words).groups()
            found.setdefault(match[1], set()).add(
                (kib(size, unit), int(ways or 0), int(count or 1), int(share or 0)))
    return found


def rows_of(name, ids):
    """A processor for each APIC ID, from the registers of a real one."""
    text = open(os.path.join(DATA, "cases", name + ".rows"), encoding="ascii").read()
    text = "".join(line for line in text.splitlines(True) if not line.startswith("#"))
    return [text.replace("@A", f"{apic:02x}") for apic in ids]


def dump(processors):
    return "".join(f"CPU {i}:\n{text}" for i, text in enumerate(processors))


def case(name):
    return open(os.path.join(DATA, "cases", name), encoding="ascii").read()


def by_processor(text):
    """The rows of each processor of a dump of cpuid -r."""
    processors = []
    for line in text.splitlines():
        if line.startswith("CPU"):
            processors.append([])
        elif LINE.match(line):
            words = [int(word, 16) for word in LINE.match(line).groups()]
            processors[-1].append((words[0], words[1], words[2:]))
    return processors


def hwloc(folder, text):
    """hwloc's objects, as caches_of has them, and the counts of packages, cores and processors."""
    os.mkdir(folder)
    processors = by_processor(text)
    for i, rows in enumerate(processors):
        with open(f"{folder}/pu{i}", "w", encoding="ascii") as file:
            file.write("# mask e[abcd]x => e[abcd]x\n")
            for leaf, sub, regs in rows:
                mask = 5 if leaf in SUBLEAVES else 1
                file.write(f"{mask} {leaf:x} 0 {sub:x} 0 => " +
                           " ".join("%x" % r for r in regs) + "\n")
    with open(f"{folder}/hwloc-cpuid-info", "w", encoding="ascii") as file:
        file.write("Architecture: x86\n")
    done = run("lstopo-no-graphics", "--of", "xml", "-", env=dict(
        os.environ, HWLOC_CPUID_PATH=folder, HWLOC_COMPONENTS="x86,stop", HWLOC_THISSYSTEM="0"))
    return objects(xml.etree.ElementTree.fromstring(done.stdout))


def objects(root):
    """The same of hwloc's XML."""
    counts, found = {}, {}
    for thing in root.iter("object"):
        kind = thing.get("type")
        counts[kind] = counts.get(kind, 0) + 1
        if not kind.endswith("Cache"):
            continue
        level = "L" + thing.get("depth") + {"1": "d", "2": "i"}.get(thing.get("cache_type"), "")
        ways = max(int(thing.get("cache_associativity")), 0)
        share = sum(1 for below in thing.iter("object") if below.get("type") == "PU")
        key = int(thing.get("cache_size")) // 1024, ways, share
        found.setdefault(level, {})[key] = found.get(level, {}).get(key, 0) + 1
    caches = {level: {(size, ways, many, share) for (size, ways, share), many in of.items()}
              for level, of in found.items()}
    return caches, tuple(counts.get(kind, 0) for kind in ("Package", "Core", "PU"))


def product(words):
    """(packages, cores, processors) of "2 sockets x 8 cores x 2 threads"."""
    sockets, rest = re.match(r"(\d+) sockets? x (.*)", words).groups()
    parts = [(int(cores), int(threads)) for cores, threads in
             re.findall(r"(\d+) (?:[PE]-)?cores? x (\d+) thread", rest)]
    return (int(sockets), int(sockets) * sum(c for c, _ in parts),
            int(sockets) * sum(c * t for c, t in parts))


def machines(tool, folder):
    """Names and dumps of machines, all of whose processors are there."""
    for name in sorted(os.listdir(os.path.join(DATA, "recorded"))):
        if name.endswith(".txt"):
            path = os.path.join(DATA, "recorded", name)
            yield name[:-4], run(tool, "export", "-u", "--to", "cpuid-r", path).stdout
    yield "avoton", case("avoton-cpuid-r-echo.r")
    yield "shimada", case("shimada-4cpu.r")
    yield "clovertown", dump(rows_of("clovertown", [0, 2, 4, 6, 1, 3, 5, 7]))
    yield "raptor", dump(rows_of("raptor-p", P_CORES) + rows_of("raptor-e", E_CORES))
    yield "alder", dump(rows_of("alder-p", P_CORES))


def whole(caches, of_hwloc):
    """Caches without the number of ways where hwloc has none."""
    return {level: {(size, ways if ways in {w for _, w, _, _ in of_hwloc.get(level, ())} else 0,
                     many, share) for size, ways, many, share in of}
            for level, of in caches.items()}


def check_machines(say, tool, folder):
    """Returns how many facts were held."""
    facts = 0
    for name, text in machines(tool, folder):
        path = f"{folder}/{name}.r"
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        said = glance(tool, path)
        caches, counts = hwloc(f"{folder}/{name}", text)
        ours = caches_of(said)
        if name == "knights": # hwloc takes it for memory there
            ours.pop("L3")
        say(f"{name}: caches as hwloc counts them", bool(caches) and whole(ours, caches) == caches,
            ours, caches)
        say(f"{name}: sockets, cores and processors as hwloc counts them",
            product(said.get("topology", "")) == counts, said.get("topology"), counts)
        facts += sum(len(of) for of in caches.values()) * 4 + len(counts)
    return facts


OLD = """   0x00000000 0x00: eax=0x00000002 ebx=0x756e6547 ecx=0x6c65746e edx=0x49656e69
   0x00000001 0x00: eax=0x{signature:08x} ebx=0x00000800 ecx=0x00000000 edx=0x0383f9ff
   0x00000002 0x00: eax=0x0000{descriptor:02x}01 ebx=0x00000000 ecx=0x00000000 edx=0x00000000
   0x80000000 0x00: eax=0x80000000 ebx=0x00000000 ecx=0x00000000 edx=0x00000000
"""


def decode(text):
    """What cpuid -f prints of a dump."""
    with tempfile.NamedTemporaryFile("w", encoding="ascii", suffix=".r") as file:
        file.write(text)
        file.flush()
        return run("cpuid", "-f", file.name).stdout


def numbers(words):
    """The sizes and counts in a line of either program, as a set: entries, ways, KiB, pages."""
    words = words.lower().replace("fully associative", "fully").replace("fully,", "fully")
    found = {("full",)} if "fully" in words else set()
    found |= {("ways", int(n)) for n in re.findall(r"(\d+)[- ]ways?", words)}
    found |= {("entries", int(n)) for n in re.findall(r"(\d+)(?: each)? of |(\d+) entries", words)
              for n in n if n}
    found |= {("kib", int(float(n) * (1024 if unit == "m" else 1))) for n, unit in
              re.findall(r"([\d.]+)(k|m)(?:,|-| mlc)", words)}
    return found


def check_descriptors(say, tool, folder):
    """Every descriptor of leaf 2, as cpuid decodes it; returns how many."""
    rows = {}
    for macro, words in tables.rows("cache_descriptor"):
        rows.setdefault(int(words[0], 16), []).append((macro, words))
    names = sorted(rows)
    text = "".join(f"CPU {i}:\n" + OLD.format(signature=0x6b1, descriptor=number)
                   for i, number in enumerate(names))
    theirs = [re.findall(r"^ {6}0x..: (.*)|^ {12}(\S.*)", part, re.MULTILINE)
              for part in re.split(r"^CPU \d+:", decode(text), flags=re.MULTILINE)[1:]]
    wrong = []
    for number, lines in zip(names, theirs):
        words = "; ".join(a or b for a, b in lines)
        for macro, row in rows[number]:
            have = numbers(words)
            if macro == "CACHE":
                wanted = {("ways", int(row[4])), ("kib", int(row[3]))}
            else:
                wanted = {("entries", int(row[-2]))}
                wanted |= {("full",)} if row[-1] == "WAYS_ALL" else {("ways", int(row[-1]))}
            wanted.discard(("ways", 0))
            if not wanted <= have:
                wrong.append(number)
    say("the descriptors of leaf 2 as cpuid decodes them", len(names) > 90 and wrong == LESS,
        *(f"{number:02x}" for number in wrong))
    return len(names)


# Of these cpuid 20230120 says less than the manual: of 02H, 59H and 61H that they are fully
# associative, of B1H the entries for each size, of C3H those for 1 GiB.
LESS = [0x02, 0x59, 0x61, 0xb1, 0xc3]


def signature(family, model, stepping):
    return (max(family - 15, 0) << 20 | model >> 4 << 16 | min(family, 15) << 8 | (model & 15) << 4
            | stepping)


def known_names():
    """(signature, vendor, words of ours) of each row of cpu_name.def."""
    short = {"INTEL": ("INTEL", 6, 0, 1), "HYBRID": ("INTEL", 6, 0, 0), "AMD": ("AMD", None, 1, 2)}
    for macro, words in tables.rows("cpu_name"):
        if macro == "CPU":
            vendor, family, first, stepping = words[0], int(words[1], 0), words[2], int(words[4], 0)
        else:
            vendor, family, at, _ = short[macro]
            family, first, stepping = family or int(words[0], 0), words[at], 0
        names = [word for word in words if not re.fullmatch(r"(0x)?[0-9a-f]+|[A-Z]+", word)]
        yield signature(family, int(first, 0), stepping), vendor, names


def check_names(say, tool, folder):
    """Microarchitectures and code names as cpuid knows them; returns how many."""
    vendors = {"INTEL": "ebx=0x756e6547 ecx=0x6c65746e edx=0x49656e69",
               "AMD": "ebx=0x68747541 ecx=0x444d4163 edx=0x69746e65",
               "HYGON": "ebx=0x6f677948 ecx=0x656e6975 edx=0x6e65476e"}
    rows = list(known_names())
    text = "".join(f"CPU {i}:\n" + OLD.format(signature=number, descriptor=0).replace(
        vendors["INTEL"], vendors[vendor]) for i, (number, vendor, _) in enumerate(rows))
    parts = re.split(r"^CPU \d+:", decode(text), flags=re.MULTILINE)[1:]
    wrong, judged = [], 0
    for (number, _, names), part in zip(rows, parts):
        theirs = " ".join(re.findall(r"\((?:simple|uarch) synth\) += (.*)", part)).lower()
        ours = [word.lower() for name in names for word in re.split(r", | or |/", name) if word]
        if "unknown model" in theirs or theirs == "unknown":
            continue
        judged += 1
        if not any(word in theirs for word in ours):
            wrong.append(f"{number:06x}")
    say("microarchitectures as cpuid knows them", wrong == OTHERS, judged, wrong)
    return judged


# cpuid 20230120 takes K5 for K6, has no core's name for Granite Rapids-D, the 80486 and Fenghuang,
# and the platform's for Dhyana.
OTHERS = ["000400", "0a06e0", "000500", "850f00", "900f00"]


# By hand from the registers: a Xeon D-2100 (Skylake), whose leaf 80000006H still says 256 KiB of
# level 2 where leaf 4 says 1 MiB; a K10 without leaf 8000001DH (APM volume 3, Fn8000_0005 and 6:
# 64 KiB, 2 ways; 512 KiB, 8H: 16 ways; 6 MiB in units of 512 KiB, BH: 48 ways).
XEON_D = """   0x00000000 0x00: eax=0x00000016 ebx=0x756e6547 ecx=0x6c65746e edx=0x49656e69
   0x00000001 0x00: eax=0x00050654 ebx=0x00100800 ecx=0x7ffefbff edx=0xbfebfbff
   0x00000002 0x00: eax=0x76036301 ebx=0x00f0b5ff ecx=0x00000000 edx=0x00c30000
   0x00000004 0x00: eax=0x1c004121 ebx=0x01c0003f ecx=0x0000003f edx=0x00000000
   0x00000004 0x01: eax=0x1c004122 ebx=0x01c0003f ecx=0x0000003f edx=0x00000000
   0x00000004 0x02: eax=0x1c004143 ebx=0x03c0003f ecx=0x000003ff edx=0x00000000
   0x00000004 0x03: eax=0x1c03c163 ebx=0x0280003f ecx=0x00003fff edx=0x00000004
   0x00000004 0x04: eax=0x00000000 ebx=0x00000000 ecx=0x00000000 edx=0x00000000
   0x80000000 0x00: eax=0x80000008 ebx=0x00000000 ecx=0x00000000 edx=0x00000000
   0x80000006 0x00: eax=0x00000000 ebx=0x00000000 ecx=0x01006040 edx=0x00000000
   0x80000008 0x00: eax=0x0000302e ebx=0x00000000 ecx=0x00000000 edx=0x00000000
"""
K10 = """   0x00000000 0x00: eax=0x00000005 ebx=0x68747541 ecx=0x444d4163 edx=0x69746e65
   0x00000001 0x00: eax=0x00100f42 ebx=0x@A040800 ecx=0x00802009 edx=0x178bfbff
   0x80000000 0x00: eax=0x8000001b ebx=0x68747541 ecx=0x444d4163 edx=0x69746e65
   0x80000005 0x00: eax=0xff30ff10 ebx=0xff30ff20 ecx=0x40020140 edx=0x40020140
   0x80000006 0x00: eax=0x20800000 ebx=0x42004200 ecx=0x02008140 edx=0x0030b140
   0x80000008 0x00: eax=0x00003030 ebx=0x00000000 ecx=0x00002003 edx=0x00000000
"""
# Two nodes in a package, APIC IDs 0 to 5 and 6 to b, then a gap (Opteron 6164 HE, as hwloc has it).
MAGNY_COURS = K10.replace("0x00100f42", "0x00100f91").replace(
    "edx=0x0030b140", "edx=0x0050d140").replace("ecx=0x00002003", "ecx=0x0000400b")
BY_HAND = (
    ("magny-cours", dump([MAGNY_COURS.replace("@A", f"{socket * 16 + core:02x}")
                          for socket in range(2) for core in range(12)]), {
        "topology": "2 sockets x 12 cores x 1 thread",
        "L3 cache": "20 MiB in 4 of 5 MiB, 48 ways, each for 6 processors"}),
    ("xeon-d", dump([XEON_D]), {
        "L2 cache": "1 MiB, 16 ways", "L3 cache": "11 MiB, 11 ways",
        "address bits": "46 physical, 48 virtual",
        "topology": "not known: one processor was read; CPUID counts up to 16 in its socket",
        "TLBs": "L1 data: 64 of 4K (4 ways), 32 of 2M/4M (4 ways), 4 of 1G (4 ways) "
                "L1 instructions: 64 of 4K (8 ways), 8 of 2M/4M (fully associative) "
                "L2 shared: 1536 of 4K/2M (6 ways), 16 of 1G (4 ways)"}),
    ("k10", dump([K10.replace("@A", f"{apic:02x}") for apic in range(4)]), {
        "microarchitecture": "K10 (Shanghai or Deneb)", "topology": "1 socket x 4 cores x 1 thread",
        "L1d cache": "256 KiB in 4 of 64 KiB, 2 ways, each for 1 processor",
        "L2 cache": "2 MiB in 4 of 512 KiB, 16 ways, each for 1 processor",
        "L3 cache": "6 MiB, 48 ways, for 4 processors",
        "TLBs": "L1 data: 48 each of 4K, 2M (fully associative) "
                "L1 instructions: 32 of 4K (fully associative), 16 of 2M (fully associative) "
                "L2 data: 512 of 4K (4 ways), 128 of 2M (2 ways) "
                "L2 instructions: 512 of 4K (4 ways)"}),
    ("gallatin", dump(rows_of("gallatin", [0, 6, 1, 7])), {
        "L1d cache": "16 KiB in 2 of 8 KiB, 4 ways, each for 2 processors",
        "L1 trace cache": "24K micro-operations in 2 of 12K micro-operations, 8 ways, "
                          "each for 2 processors",
        "L2 cache": "1 MiB in 2 of 512 KiB, 8 ways, each for 2 processors",
        "L3 cache": "2 MiB in 2 of 1 MiB, 8 ways, each for 2 processors",
        "x86-64 level": "below x86-64-v1; for v1 it lacks LM"}),
)


def check_by_hand(say, tool, folder):
    for name, text, wanted in BY_HAND:
        with open(f"{folder}/{name}.r", "w", encoding="ascii") as file:
            file.write(text)
        said = glance(tool, f"{folder}/{name}.r")
        for label, words in wanted.items():
            say(f"{name}: {label}", said.get(label) == words, said.get(label), words)


def json_caches(found):
    """The caches of a document, as caches_of has those of the text."""
    letter = {"data": "d", "instruction": "i", "unified": ""}
    caches = {}
    for cache in found["caches"]:
        caches.setdefault(f"L{cache['level']}{letter[cache['type']]}", set()).add(
            (cache["kib"], cache["ways"] or 0, cache["count"] or 1, cache["processors_most"] or 0))
    return caches


def names_in(found):
    return {feature["name"] for group in found["features"] for feature in group["features"]}


def names_of(text):
    """The features by group, in text."""
    return set(re.findall(r"^  ([A-Z0-9_]+(?=  |$)|[A-Z0-9_]{19}(?= ))", text, re.MULTILINE))


def check_documents(say, tool, folder):
    """The text, the document, and the registers have the same features."""
    bits = {row.name for row in tables.features() if row.kind in ("FEATURE", "OS") and
            row.low == row.high}
    copies = {words[0]: words[1] for _, words in tables.rows("feature_copy")}
    paths = [os.path.join(DATA, "recorded", name) for name in sorted(os.listdir(DATA + "/recorded"))
             if name.endswith(".txt")]
    paths += [f"{folder}/{name}.r" for name in ("raptor", "gallatin", "xeon-d")]
    for path in paths:
        name = os.path.basename(path)
        found, text, wrong = documents.document("show", "-u", path)
        whole, registers, more = documents.document("show", "-u", "--all", path)
        in_text = names_of(text)
        in_document = set().union(*(names_in(kind) for kind in found["kinds"]))
        registers = registers.split("\nprocessor", 1)[1]
        registers = re.sub(r"(?m)^    (MSR |CR4|XCR0).*\n", "", registers)
        set_bits = set(re.findall(r"[A-Z0-9_]+", registers)) & bits
        repeated = {copy for copy in set_bits if copies.get(copy) in set_bits}
        if in_text != in_document:
            wrong.append(f"text and document: {in_text ^ in_document}")
        if not in_document or set_bits - repeated != in_document:
            wrong.append(f"registers and document: {(set_bits - repeated) ^ in_document}")
        if name != "gallatin.r" and json_caches(found) != caches_of(glance(tool, path)):
            wrong.append(f"caches {found['caches']}")
        if whole["kinds"][0]["leaves"][0]["eax"] != f"{NUMLEVELS.search(registers)[1]:0>8}":
            wrong.append(f"leaf 0: {whole['kinds'][0]['leaves'][0]}")
        say(f"{name}: as JSON", not wrong + more, *wrong, *more)


NUMLEVELS = re.compile(r"NUMLEVELS=0x([0-9a-f]+)")
CPUINFO = """processor\t: 0
vendor_id\t: GenuineIntel
cpu family\t: 6
model\t\t: 85
model name\t: Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz
stepping\t: 4
microcode\t: 0x2006e05
flags\t\t: fpu tsc msr cx8 apic cmov mmx fxsr sse sse2 syscall nx lm pni ssse3 cx16 sse4_1 sse4_2 \
popcnt lahf_lm
address sizes\t: 46 bits physical, 48 bits virtual

"""


def check_unknown(say, tool, folder):
    """What /proc/cpuinfo does not have is not known, and never 0 or none."""
    path = f"{folder}/cpuinfo"
    with open(path, "w", encoding="ascii") as file:
        file.write(CPUINFO)
    said = glance(tool, path)
    for label, words in {"topology": "1 processor; sockets and cores not known: "
                                     "no APIC IDs in the report",
                         "caches": "not known: the report does not describe them",
                         "TLBs": "not known: the report does not describe them",
                         "virtualization": "not known", "microcode": "revision 0x2006e05",
                         "x86-64 level": "x86-64-v2; for v3 not known: "
                                         "AVX AVX2 BMI1 BMI2 F16C FMA ABM MOVBE XSAVE"
                         }.items():
        say(f"cpuinfo: {label}", said.get(label) == words, said.get(label), words)
    found, _, wrong = documents.document("show", "-u", path)
    kind = found["kinds"][0]
    seen = (found["topology"]["sockets"], found["caches_known"], kind["virtualization"]["vmx"],
            kind["firmware_off"])
    say("cpuinfo: as JSON", not wrong and seen == (None, False, None, None), *wrong, seen)


def check_pool(say, tool, folder):
    hosts = [os.path.join(DATA, "recorded", f"{name}.txt") for name in ("haswell", "skylake")]
    pool = f"{folder}/two.pool"
    run(tool, "merge", "-u", "-o", pool, *hosts)
    found, text, wrong = documents.document("show", "-u", pool)
    say("a pool as JSON", not wrong and found["hosts"] == ["haswell", "skylake"] and
        names_in(found["baseline"]) == names_of(text),
        *wrong, found.get("hosts"))
    say("its level", "x86-64 level       x86-64-v3\n" in text, text[:600])


def check_speculation(say, tool, folder):
    """A processor that says what it is immune to, as Granite Rapids, in a report of the stick."""
    text = open(os.path.join(DATA, "recorded", "icelake.txt"), encoding="ascii").read()
    text = re.sub(r"(?m)^cpuid 00000001 00 \S+ (\S+) \S", r"cpuid 00000001 00 000a06d1 \1 7",
                  text)
    text = re.sub(r"(?m)^(cpuid 00000007 00 \S+ \S+ \S+) \S+", r"\1 bc000400", text)
    # RDCL_NO IBRS_ALL MDS_NO TAA_NO SBDR_SSDP_NO FBSDP_NO PSDP_NO, and GDS_NO RFDS_NO BHI_NO
    text = re.sub(r"(?m)^(msr 000000ce .*)$", r"\1\nmsr 0000010a c10e123", text)
    path = f"{folder}/gnr.txt"
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    said = glance(tool, path)
    wanted = ("immune to Meltdown, L1TF, MDS, TAA, MMIO stale data, BHI "
              "offers IBRS, enhanced IBRS, IBPB, STIBP, SSBD, VERW clears buffers, L1D flush "
              "does not say that it is immune to Spectre v2, SSB")
    say("speculation", said.get("speculation") == wanted, said.get("speculation"), wanted, said)


def check_vmx(say, tool, folder):
    """The parts of VMX by its registers (SDM volume 3, appendix A), without posted interrupts."""
    text = open(os.path.join(DATA, "recorded", "icelake.txt"), encoding="ascii").read()
    secondary = sum(1 << bit for bit in (1, 5, 7, 8, 9, 14, 17, 22, 25)) << 32
    registers = {0x48b: secondary, 0x48c: 1 << 21 | 1 << 17, 0x48d: 0}
    lines = "".join(f"msr {number:08x} {value:x}\n" for number, value in registers.items())
    text = re.sub(r"(?m)^msr 000004(8[b-d]) .*\n", "", text)
    last = [m.end() for m in re.finditer(r"(?m)^msr 0000[0-9a-f]{4} .*\n", text)
            if int(m[0][4:12], 16) < 0x48b][-1]
    path = f"{folder}/vmx.txt"
    with open(path, "w", encoding="ascii") as file:
        file.write(text[:last] + lines + text[last:])
    said = glance(tool, path)
    wanted = ("VMX with EPT, EPT A/D bits, 1 GiB EPT pages, VPID, unrestricted guest, APIC "
              "registers, virtual interrupts, shadow VMCS, PML, MBEC, TSC scaling; without posted "
              "interrupts")
    say("the parts of VMX", said.get("virtualization") == wanted, said)


def check_tables(say):
    """Each feature is in a group, and sentences have the order of the features."""
    rows = tables.rows("feature_group")
    own = {words[1] for macro, words in rows if macro == "IN"}
    leaves = [(int(words[1], 16), int(words[2], 16)) for macro, words in rows if macro == "LEAVES"]
    leaves += [(tables.MSR | int(words[1], 16),) * 2 for macro, words in rows
               if macro == "REGISTER"]
    features = [row for row in tables.features() if row.kind in ("FEATURE", "OS") and
                row.low == row.high]
    without = [row.name for row in features if row.name not in own and
               not any(first <= row.leaf <= last for first, last in leaves)]
    say("each feature is in a group", len(features) > 900 and without == [], without)
    order = [row.name for row in tables.features()]
    sentences = [words[0] for _, words in tables.rows("feature_sentence")]
    say("the sentences ascend", sentences == sorted(sentences, key=order.index), len(sentences))


def main(build):
    tool = os.path.realpath(f"{build}/cpulevel")
    said = results.Results()

    def say(name, right, *seen):
        said.say([] if right else [str(thing) for thing in seen] or ["no"], name)

    with tempfile.TemporaryDirectory() as folder:
        check_tables(say)
        said.judged(check_machines(say, tool, folder), "hwloc: recorded machines")
        said.judged(check_descriptors(say, tool, folder) + check_names(say, tool, folder),
                    f"cpuid {cpuid_words.version()}: descriptors of leaf 2, names of processors")
        check_by_hand(say, tool, folder)
        check_documents(say, tool, folder)
        check_unknown(say, tool, folder)
        check_pool(say, tool, folder)
        check_speculation(say, tool, folder)
        check_vmx(say, tool, folder)
    return said.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
