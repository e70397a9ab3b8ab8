# SPDX-License-Identifier: MIT
"""judge_pool.py - the hosts and the lines of a mask that scripts/judge asks others about."""

import argparse
import functools
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import cpuid_words
import dialect_check
import hypervisor
import levels
import lines
import machines
import pairs
import qemu_cpu
import report_reader
import tables
import xen

NEWEST = 22
# A bit, or several, in the output of mask-explain.
EXPLAINED = re.compile(r"    \S.* ([0-9a-f]+)(?:\.([0-9a-f]+))?\.(E[A-D]X)\[(\d+)(?::(\d+))?\]")
# The features' names of QEMU, and of libvirt with those of QEMU.
TO_QEMU = {row["qemu"] for row in dialect_check.ROWS if row["qemu"]}
TO_LIBVIRT = {row["libvirt"]: row["qemu"] for row in dialect_check.ROWS if row["libvirt"]}


class CannotJudge(Exception):
    """A judge was not asked what it knows."""


class NotAsked(CannotJudge):
    """A judge is not there, or is asked of other lines."""


def installed(program):
    if not shutil.which(program):
        raise NotAsked(f"{program} is not installed (scripts/deps installs it)")


def trouble(message):
    print(f"judge: {message}", file=sys.stderr)
    sys.exit(2)


def start(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True,
                          check=False)


def run(*words):
    done = start(*words)
    if done.returncode:
        sys.stderr.write(done.stderr)
        sys.exit(2)
    return done.stdout


def known_to_xen(word):
    """True if some Xen has the name in "NAME=0"."""
    try:
        return dialect_check.read_xen(f'cpuid="host,{word}"')[0] != set()
    except (SystemExit, ValueError):
        return False


class Guest:
    """What a guest of KVM sees by a -cpu option, and what it could."""

    def __init__(self, option, case):
        seen = dialect_check.guest_of(option)
        self.option, self.case = option, case
        self.words, self.vendor, self.bits = seen.words, seen.vendor, seen.bits
        self.known = qemu_cpu.names()
        self.rows = [row for row in dialect_check.kvm_rows() if row["qemu"] in self.known
                     and row.place[:3] in self.words]

    def sees(self, row):
        return self.words[row.place[:3]] >> row["low"] & 1

    def lacks(self, row):
        """It has not what it could have."""
        return not self.sees(row) and row["qemu"] not in dialect_check.excused(self.case.hosts)

    def hidden(self):
        return {row.place for row in self.rows if self.lacks(row) and
                any(dialect_check.value(host, row) for host in self.case.hosts)}

    def shown(self):
        return {row["name"] for row in self.rows if self.sees(row)}


class Given:
    """
    The lines of a file: for whom they are, and what they hide.  The tool reads those for VMware and
    says what a definition of a guest of KVM is; QEMU and libvirt make a guest of it.
    """

    def __init__(self, tool, path, work):
        self.tool, self.path, self.work = tool, path, work
        self.text = path.read_bytes().decode("utf-8", "replace")
        self.forced, self.warnings, self.unknown = set(), [], []
        found = re.search(r'^\s*virtualHW\.version\s*=\s*"?(\d+)', self.text, re.MULTILINE)
        self.version = int(found[1]) if found else None
        self.format = self.find()

    def find(self):
        checked = start(self.tool, "mask", "-u", "--check", self.path, self.work / "nothing.txt")
        explained = start(self.tool, "mask-explain", self.path)
        if explained.returncode < 2:
            self.read_explained(explained.stdout)
            return "VMware"
        if re.search(r"^cpuid *= *", self.text, re.MULTILINE):
            return "Xen"
        # A definition that the tool can read; the host that is asked for is none.
        if "nothing.txt" not in checked.stderr:
            trouble(checked.stderr.strip().removeprefix("cpulevel: "))
        return "KVM"

    def read_explained(self, text):
        self.hidden, self.vendors, kind, each_vendor = set(), set(), None, False
        for line in text.splitlines():
            if re.match("  [a-z]", line):
                kind = re.match("[a-z]+:?", line.strip())[0]
                each_vendor = "for each vendor" in line
                self.warnings += [line.strip()] if kind == "warning:" else []
            at = EXPLAINED.match(line)
            if at and kind in ("hides", "forces"):
                leaf, sub, register, low, high = at.groups()
                ends = sorted((int(low), int(high or low)))
                places = {(int(leaf, 16), int(sub or "0", 16), register, bit)
                          for bit in range(ends[0], ends[1] + 1)}
                (self.hidden if kind == "hides" else self.forced).update(places)
                self.vendors |= places if each_vendor else set()

    @property
    def for_xen(self):
        """The lines for Xen, as mask --for writes them."""
        text = "".join(f"{line}\n" for line in self.text.splitlines()
                       if line.strip() and not line.startswith("#"))
        return re.sub(r"^cpuid *= *", "cpuid=", text)

    def read_xen(self, case):
        """The names that the lines for Xen hide, and those that they should."""
        read, dialect = (dialect_check.read_xend, "xend") if "[" in self.for_xen else (
            dialect_check.read_xen, "xen")
        try:
            return read(self.for_xen)[0], dialect_check.xen_hidden(case, dialect)
        except SystemExit as why:
            raise CannotJudge(" ".join(str(why.code).split())) from why

    def option(self):
        """What QEMU gets of a definition."""
        installed("qemu-system-x86_64")
        if self.text.lstrip("\ufeff \n").startswith("<"):
            return self.option_of_libvirt()
        if re.search(r"^(cpu|cpu-model):", self.text, re.MULTILINE):
            return self.option_of_proxmox()
        words = self.text.split("\0") if "\0" in self.text else shlex.split(
            self.text.replace("\\\n", " "))
        places = [i for i, word in enumerate(words) if word in ("-cpu", "--cpu")]
        return self.of_model(words[places[-1] + 1] if places else words[0])

    def of_model(self, option):
        model = option.split(",")[0]
        if model in ("host", "max", "host-model", "host-passthrough"):
            raise CannotJudge(f"with {model}, a guest has what its host has")
        if model not in qemu_cpu.models():
            raise CannotJudge(f"{model} is no model of the QEMU that is installed")
        words = []
        for word in option.split(",")[1:]:
            name = word.lstrip("+-").split("=")[0].replace("_", "-")
            if name in TO_QEMU and name not in qemu_cpu.names():
                self.unknown.append(name)
            elif name not in ("enforce", "check"):
                words.append(word)
        return ",".join([model, *words])

    def option_of_libvirt(self):
        """libvirt writes the option; if it is not there or too old, it has QEMU's names for it."""
        root = ElementTree.fromstring(self.text.lstrip("\ufeff \n"))
        cpu = root if root.tag == "cpu" else root.find("cpu")
        if cpu is None or cpu.get("mode", "custom") != "custom" or cpu.get("match") == "minimum":
            raise CannotJudge("the guest has what its host has")
        known = lines.known_to_libvirt() if shutil.which("virsh") else TO_LIBVIRT.keys()
        for part in list(cpu):
            unknown = part.tag == "feature" and part.get("name") in TO_LIBVIRT.keys() - known
            self.unknown += [part.get("name")] * unknown
            if unknown or part.tag not in ("model", "feature", "maxphysaddr"):
                cpu.remove(part)
        cpu.set("check", "none")
        text = ElementTree.tostring(cpu, encoding="unicode").rstrip() + "\n"
        try:
            return self.of_model(dialect_check.libvirt_options(str(self.work), [text])[0])
        except (SystemExit, FileNotFoundError):
            return self.of_model(self.without_libvirt(cpu))

    def without_libvirt(self, cpu):
        words = [cpu.findtext("model", "").strip()]
        for part in cpu.iter("feature"):
            sign = "+" if part.get("policy", "require") in ("require", "force") else "-"
            words.append(sign + TO_LIBVIRT.get(part.get("name"), part.get("name")))
        width = cpu.find("maxphysaddr")
        if width is not None and width.get("bits"):
            words.append(f"phys-bits={width.get('bits')}")
        return ",".join(words)

    def option_of_proxmox(self):
        """Of a section of cpu-models.conf, or of a VM's file that names a model of QEMU."""
        text = "".join(f"{line}\n" for line in self.text.splitlines()
                       if line.strip() and not line.startswith("#"))
        cpu = re.search(r"^cpu: *(?:cputype=)?([^,\n]+)(.*)$", text, re.MULTILINE)
        if cpu:
            text = f"cpu-model: given\n reported-model {cpu[1]}\n" + "".join(
                f" {key} {value}\n" for key, value in re.findall(",(flags|phys-bits)=([^,]*)",
                                                                 cpu[2]))
            if cpu[1].startswith("custom-"):
                raise CannotJudge(f"{cpu[1]}: give the section of cpu-models.conf")
        return self.of_model(dialect_check.proxmox_option(text))


class Pool:
    """The hosts, what their processors answer, and what the mask hides."""

    def __init__(self, options, work):
        self.tool, self.work = options.build / "cpulevel", work
        self.linux = options.linux
        self.reports = [report for path in options.hosts for report in self.reports_of(path)]
        self.names = [report.stem for report in self.reports]
        self.dumps = []
        for report in self.reports:
            self.dumps.append(work / f"{report.stem}.dump")
            self.dumps[-1].write_text(self.ask("export", "--to", "cpuid-r", report), "ascii")
        self.kinds = [pairs.load(report) for report in self.reports]
        self.name_at = {f.place: f.name for f in pairs.FEATURES if f.single}
        self.given = options.mask and Given(self.tool, options.mask, work)
        self.format = self.given.format if self.given else "VMware"
        if self.given and self.format == "VMware":
            self.given.hidden -= {place for place in self.given.vendors if not any(
                word >> place[3] & 1 for host in range(len(self.names))
                for word in self.words(host, *place[:3]))}
        self.version, self.note = self.find_version(options.hw_version)
        self.lines = self.given.text if self.given else self.ask(
            "mask", "--for", "vmx", "-w", self.version, *self.reports)

    def find_version(self, wanted):
        """The version of the virtual hardware that the lines are judged for, and why that one."""
        given = self.given
        if self.format != "VMware" or wanted or not given:
            return wanted or NEWEST, ""
        if given.version:
            return given.version, f"virtual hardware {given.version}, by virtualHW.version"
        kinds = [kind for host in self.kinds for kind in host]
        right = {version: pairs.to_hide(kinds, kinds, version) for version in pairs.VERSIONS}
        best = min(right, key=lambda version: (len(right[version] ^ given.hidden), -version))
        later = min((v for v in right if v > best), default=None)
        return best, (
            f"virtual hardware {best}, which these lines fit best: no virtualHW.version is in the "
            "file, and no -w was given" + (f"; a VM of version {later} or later needs others"
                                           if later else ""))

    def ask(self, command, *words):
        return run(self.tool, command, "-u", *words)

    def reports_of(self, path):
        """A report for each host of a file: itself, a dump, or a pool."""
        if not path.is_file():
            trouble(f"{path}: not found" if not path.exists() else f"{path}: not a file")
        data = path.read_bytes()
        if not report_reader.is_pool(data):
            name = path.name.removesuffix(".bz2").rpartition(".")[0] or path.name
            return [self.report_of(path, name, path)]
        try:
            pool = report_reader.read(data)
        except report_reader.Refused as why:
            trouble(f"{path}:{why.line}:{why.column}: {why.cause}")
        found = []
        for host in pool.hosts:
            name = re.sub("[^A-Za-z0-9._-]", "_", host.name.decode("ascii", "replace"))
            dump = self.work / f"{name}.of-pool"
            dump.write_bytes(report_reader.cpuid_r_of_host(pool, host))
            found.append(self.report_of(dump, name, path))
        return found

    def report_of(self, path, name, source):
        copy = self.work / f"{name}.txt"
        if copy.exists():
            trouble(f"{source}: a second file of this name" if path == source else
                    f"{source}: a second host named {name}")
        if path.read_bytes().startswith(b"cpulevel-report "):
            shutil.copyfile(path, copy)
        else:
            run(self.tool, "import", "-o", copy, path)
        return copy

    def words(self, host, leaf, sub, register):
        """A register of each kind of a host's processors."""
        at = tables.REGISTERS.index(register)
        return [kind.get((leaf, sub), (0,) * 4)[at] for kind in self.kinds[host]]

    def has(self, host, place):
        return all(word >> place[3] & 1 for word in self.words(host, *place[:3]))

    def lacking(self, place):
        return [self.names[host] for host in range(len(self.names)) if not self.has(host, place)]

    @functools.cached_property
    def made(self):
        """The guest that the given lines make, or why it is not known."""
        try:
            guest = Guest(self.given.option(), self.case)
        except CannotJudge as why:
            return why
        except SystemExit as why:
            return CannotJudge(f"QEMU says {' '.join(str(why.code).split())}")
        if self.given.unknown:
            self.note = ("the QEMU and libvirt that are installed, without what they have no name "
                         f"for: {', '.join(self.given.unknown)}")
        return guest

    @property
    def guest(self):
        if isinstance(self.made, CannotJudge):
            raise self.made
        return self.made

    @functools.cached_property
    def hidden(self):
        if self.format == "KVM":
            return self.guest.hidden()
        if self.format == "Xen":
            return {pairs.BY_NAME[name].place for name in self.given.read_xen(self.xen_case)[0]}
        return self.given.hidden if self.given else pairs.hidden(self.lines)

    @functools.cached_property
    def shown(self):
        """The features that a guest sees or would see if they were not hidden."""
        if self.format == "KVM":
            software = {name for name in self.case.everywhere & self.guest.shown()
                        if self.lacking(pairs.BY_NAME[name].place)}
            return self.guest.shown() - software
        if self.format == "Xen":
            return self.given.read_xen(self.xen_case)[1]
        return {f.name for f in pairs.FEATURES if pairs.visible(f, self.version)}

    @functools.cached_property
    def shows(self):
        return {"VMware": "VMware shows", "KVM": "the guest sees",
                "Xen": "Xen must hide"}[self.format]

    @functools.cached_property
    def said_by_cpuid(self):
        """For each host, the features that cpuid says it has and lacks."""
        found = []
        for report in self.reports:
            said = [cpuid_words.names_by_cpuid(words) for words in cpuid_words.decode("".join(
                machines.first_of_kinds(str(self.tool), report)))]
            found.append((set.intersection(*(there for there, _, _ in said)),
                          set.union(*(absent for _, absent, _ in said))))
        return found

    @functools.cached_property
    def case(self):
        return lines.case_of(self.dumps)

    @functools.cached_property
    def xen_case(self):
        return dialect_check.Case(argparse.Namespace(
            dumps=[str(dump) for dump in self.dumps], baseline=False, base=None, host=None,
            kernel=None, dialect="xen", nested=False))

    @functools.cached_property
    def option(self):
        """The -cpu option of the given lines, or for the same hosts."""
        if self.given:
            return self.guest.option
        text = self.ask("mask", "--for", "qemu", "--qemu-version", "{}.{}".format(
            *hypervisor.version_of(hypervisor.NOW["qemu"])), *self.reports)
        return text.removeprefix("-cpu ").strip()

    def lines_for_xen(self):
        if self.given:
            return [("the line", self.given.for_xen)]
        return [(dialect, self.ask("mask", "--for", dialect, "--xen-version", xen.VERSION,
                                   *self.reports)) for dialect in ("xen", "xen-xend")]

    def reasons(self, name):
        """Why a feature that all hosts have is hidden: what it needs, directly or not, is."""
        if name not in pairs.BY_NAME:
            return []
        waiting, seen = [name], set()
        while waiting:
            needs = set(pairs.BY_NAME[waiting.pop()].needs) - seen
            seen |= needs
            waiting += needs
        hidden = [n for n in sorted(seen) if pairs.BY_NAME[n].place in self.hidden]
        moved = [n for n in sorted({name} | seen)
                 if pairs.in_state(pairs.BY_NAME[n], self.layouts)]
        kept = [host for host, answers in zip(self.names, self.case.hosts)
                if not dialect_check.value(answers, dialect_check.BY_NAME[name])
                ] if self.format == "KVM" else []
        return ([f"needs {n}" for n in hidden] + [f"{n} lies elsewhere" for n in moved] +
                [f"KVM keeps it from a guest on {', '.join(kept)}"] * bool(kept))

    @functools.cached_property
    def layouts(self):
        """The extended states that have not one place and size on all hosts."""
        return pairs.other_layouts([kind for kinds in self.kinds for kind in kinds])

    def level(self):
        """The level of a guest with these lines, but for what has a reason to be hidden."""
        if self.format == "KVM":
            words = self.guest.words
            return levels.level_of(lambda leaf, at: words.get((leaf, 0, tables.REGISTERS[at]), 0))
        needless = {place for place in self.hidden if not self.lacking(place) and
                    not self.reasons(self.name_at.get(place))}

        def register(leaf, at):
            word = 0xffffffff
            for kind in (kind for kinds in self.kinds for kind in kinds):
                word &= kind.get((leaf, 0), (0,) * 4)[at]
            for place in needless:
                if place[:3] == (leaf, 0, tables.REGISTERS[at]):
                    word &= ~(1 << place[3])
            return word
        return levels.level_of(register)
