#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes docs/kvm-baselines.md: what three programs answer for five pools, and what a guest gets.

    baselines.py BUILD            fails if the page is another one
    baselines.py BUILD --print    prints the page

The guest is that of the installed QEMU, asked for what it shows under each answer, with what QEMU
does under KVM.  virsh is the installed one.  ProxCLMC is judged by its rule: it needs a cluster.
"""

import difflib
import pathlib
import re
import sys
import tempfile

import dialect_check
import kvm_guest
import lines
import qemu_cpu
import results

PAGE = pathlib.Path("docs/kvm-baselines.md")
CASES = pathlib.Path("tests/data/cases")

# What a pool is, and its hosts: dumps of real machines.  "AES off" takes bit 25 of leaf 1 ECX away,
# as firmware can.
POOLS = (
    ("Core i7 X 990 (Westmere) and Xeon E5-2699 v3 (Haswell, AES is off)", ("syscall32", "phys46")),
    ("Xeon E3-1245 v3 and Xeon E5-2699 v3, both Haswell, AES is off in the second",
     ("phys39", "phys46")),
    ("EPYC 7713, and the same with AES off", ("milan", "milan AES off")),
    ("EPYC 7551P and EPYC 7713, two generations apart", ("amd-ibpb", "milan")),
    ("EPYC 7713 and EPYC 9654", ("milan", "genoa")),
)
LEAF_1 = re.compile(r"^(   0x00000001 0x00: .*ecx=0x)([0-9a-f]{8})", re.MULTILINE)
AES = 1 << 25

# Proxmox VE's own models: PVE/QemuServer/CPUConfig.pm of qemu-server, 2024.
V2 = "aes popcnt pni sse4.1 sse4.2 ssse3".split()
V3 = V2 + "avx avx2 bmi1 bmi2 f16c fma abm movbe xsave".split()
V4 = V3 + "avx512f avx512bw avx512cd avx512dq avx512vl".split()

# ProxCLMC 1.2.0, src/main.rs: what the flags of a host must have, by Linux's names, for a level,
# which is one of Proxmox VE's models.  The pool's is the lowest of its hosts.  It has a model
# x86-64-v1, which Proxmox VE has not.
LEVELS = (("x86-64-v4", {"avx512f"}, V4), ("x86-64-v3", {"avx", "avx2"}, V3),
          ("x86-64-v2-AES", {"sse4_2", "popcnt"}, V2))

VENDORS = {b"GenuineIntel": "Intel", b"AuthenticAMD": "AMD"}
# Which of these a host is said to be does not matter to virsh, if not all are said to be the same.
BARE = ("qemu32", "kvm32")

HEAD = """\
# Three baselines for KVM, side by side

<!-- Made by tests/baselines.py, which fails if this page is another one. -->

Five pools of real machines, by their CPUID dumps, and what three programs answer to the same
question: which processor can a guest have that is to run on all of them? In one pool, AES has been
taken away from a dump, as firmware can switch it off; in two, the dump of a Xeon lacks it already.

- **cpulevel** is `cpulevel mask --for qemu --qemu-version 7.2`.
- **virsh** is `virsh cpu-baseline` of libvirt 9.0. It was given each host's features by libvirt's
  names, as `virsh capabilities` has them. `hypervisor-cpu-baseline` was not asked: without KVM it
  answers for QEMU's emulation.
- **ProxCLMC** is the rule of credativ's ProxCLMC 1.2.0 (`src/main.rs`): a host is x86-64-v4 if
  Linux lists avx512f, else v3 if it lists avx and avx2, else v2-AES if it lists sse4_2 and popcnt.
  The answer is the lowest level of the pool; its features are those of Proxmox VE's model of that
  name. The program itself was not run.

The features of the guest are those that QEMU 7.2 shows it under the answer. "All share" counts the
features that KVM of Linux 6.12 gives guests on all hosts and QEMU has a name for; features that
other options decide (nested guests, counters, topology) are left out. "A host lacks" is what the
guest sees and cannot use everywhere. "No guest gets" is what the answer asks for, the hosts have,
and KVM of that Linux does not give there: libvirt then starts no guest, if it is told to check. 40
bits of address are QEMU's default, if the answer says nothing.
"""


def report_of(tool, work, name):
    """Imports a dump."""
    text = (CASES / f"{name.split()[0]}.r").read_text(encoding="ascii")
    if name.endswith(" AES off"):
        text = LEAF_1.sub(lambda m: m[1] + format(int(m[2], 16) & ~AES, "08x"), text)
    dump = work / (name.replace(" ", "-") + ".r")
    dump.write_text(text, encoding="ascii")
    report = dump.with_suffix(".txt")
    if not report.exists():
        lines.run(tool, "import", "--from", "cpuid-r", "-o", report, dump)
    return report


def dump_of(tool, work, report):
    dump = work / f"{report.stem}.dump"
    dump.write_text(lines.run(tool, "export", "-u", "--to", "cpuid-r", report), encoding="ascii")
    return dump


def flags(host):
    """What Linux lists of a host in /proc/cpuinfo."""
    return {row["linux"] for row in dialect_check.ROWS if row["linux"] and
            row["low"] == row["high"] and dialect_check.value(host, row)}


def proxclmc(hosts):
    """The name of the model and what QEMU gets of it."""
    name, _, features = LEVELS[max(
        next(n for n, (_, wanted, _) in enumerate(LEVELS) if wanted <= flags(host))
        for host in hosts)]
    option = ["qemu64", f"vendor={dialect_check.vendor_of(hosts)}"] + ["+" + f for f in features]
    return f"`{name}`", ",".join(option)


def host_element(dump, known, model):
    machine = dialect_check.read_dump(dump)
    vendor = VENDORS[dialect_check.vendors_of([machine]).pop()]
    return lines.host_element(machine, known).replace(
        "<model>qemu32</model>", f"<model>{model}</model><vendor>{vendor}</vendor>")


def virsh_of(element):
    """An element in words."""
    model = re.search("<model[^>]*>([^<]*)", element)[1]
    wanted = re.findall("policy='require' name='([^']*)'", element)
    disabled = re.findall("policy='disable' name='([^']*)'", element)
    words = [f"{sign}{len(names)} features" for sign, names in (("+", wanted), ("-", disabled))
             if names]
    return f"`{model}`, " + ", ".join(words)


def ask_virsh(work, pools):
    """The words and QEMU's option for each pool of dumps."""
    known = lines.known_to_libvirt()
    texts = ["".join(host_element(dump, known, BARE[number % 2])
                     for number, dump in enumerate(dumps)) for dumps in pools]
    found = [element + "\n" for element in lines.baselines(work, texts, "cpu-baseline")]
    return list(zip(map(virsh_of, found), dialect_check.libvirt_options(str(work), found)))


def has(guest, row):
    return guest.words.get(row.place[:3], 0) >> row["low"] & 1


def short(names, most=9):
    text = ", ".join(names[:most]) or "-"
    return text + (f" and {len(names) - most} more" if len(names) > most else "")


def judge(case, option):
    """The cells of a row of the table: what a guest gets."""
    guest = dialect_check.guest_of(option)
    left_out = dialect_check.UP_TO_BASE | dialect_check.TILES | {"xsaves"}.union(
        *(dialect_check.REPEATED[vendor] for vendor in dialect_check.vendors_of(case.hosts)))
    rows = [row for row in dialect_check.kvm_rows()
            if row["qemu"] in qemu_cpu.names() and row.place[:3] in guest.words]
    shared = [row for row in rows if row["name"] in case.everywhere and row["qemu"] not in left_out]
    lost = [row["qemu"] for row in shared if not has(guest, row)]
    hosts = [dialect_check.read_dump(str(path)) for path in case.args.dumps]
    lacking = [row["qemu"] for row in rows if has(guest, row)
               and row["qemu"] not in dialect_check.UP_TO_BASE | dialect_check.EMULATED
               and row["name"] not in case.everywhere
               and not all(dialect_check.value(host, row) for host in hosts)]
    never = [row["qemu"] for row in rows if has(guest, row) and row["name"] not in case.everywhere
             and row["qemu"] not in dialect_check.EMULATED
             and kvm_guest.kvm_rows().get(row["name"], [""] * 4)[3] in ("NONE", "")
             and all(dialect_check.value(host, row) for host in hosts)]
    return [f"{len(shared) - len(lost)} of {len(shared)}", short(lost), short(lacking),
            short(never), f"{guest.bits} bits"]


def cpulevel_of(option):
    """The line, with places to break it."""
    return f"`{option.replace(',', ', ')}`"


def table(case, answers):
    head = ["program", "answer", "guest has of what all share", "it loses", "a host lacks",
            "no guest gets", "address"]
    rows = [head, ["---"] * len(head)]
    for program, answer, option in answers:
        rows.append([program, answer, *judge(case, option)])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def width_of(case):
    return f"The narrowest host has {case.last('PHYS_BITS')} bits of address.\n"


def page(tool, work):
    reports = [[report_of(tool, work, name) for name in names] for _, names in POOLS]
    dumps = [[dump_of(tool, work, report) for report in pool] for pool in reports]
    text = HEAD
    for (what, _), pool, own, virsh in zip(POOLS, reports, dumps, ask_virsh(work, dumps)):
        case = lines.case_of(own)
        line = lines.run(tool, "mask", "-u", "--for", "qemu", "--qemu-version", "7.2",
                         "--kernel-version", "6.12", *pool)[5:-1]
        text += f"\n## {what}\n\n{width_of(case)}\n" + table(case, (
            ("cpulevel", cpulevel_of(line), line), ("virsh", *virsh),
            ("ProxCLMC", *proxclmc(case.hosts))))
    return text


def main():
    tool = pathlib.Path(sys.argv[1]).resolve() / "cpulevel"
    with tempfile.TemporaryDirectory() as folder:
        made = page(tool, pathlib.Path(folder))
    if sys.argv[2:] == ["--print"]:
        print(made, end="")
        return 0
    said = results.Results()
    for line in made.splitlines():
        if line.startswith("| cpulevel |"):
            cells = [cell.strip() for cell in line.split("|")[2:-1]]
            said.say([] if cells[2:5] == ["-"] * 3 else [line],
                     f"nothing is lost, and nothing asked for that is not there: {cells[0]}")
    there = PAGE.read_text(encoding="ascii") if PAGE.exists() else ""
    said.say(list(difflib.unified_diff(there.splitlines(), made.splitlines(), str(PAGE), "made",
                                       lineterm="")), f"{PAGE} is what is made today")
    facts = sum(map(int, re.findall(r"\| \d+ of (\d+) \|", made)))
    said.judged(facts, "virsh cpu-baseline, ProxCLMC's rule and QEMU's guests")
    return said.end()


if __name__ == "__main__":
    sys.exit(main())
