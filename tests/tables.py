# SPDX-License-Identifier: MIT
"""Reads the tables of common/table/*.def: the one reader that the tests in Python share."""

import dataclasses
import functools
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "common" / "table"
REGISTERS = ("EAX", "EBX", "ECX", "EDX")

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
ROW = re.compile(r'^([A-Z_]+)\(((?:"(?:[^"\\]|\\.)*"|[^"])*?)\)\n', re.MULTILINE)
TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|FROM\((\d+)\)|\(([^()]*)\)|([^\s,()"]+)')

# The macros of feature.def: the kind of a row, and what its arguments are.
BIT = ("leaf", "subleaf", "register", "bit", "name", "rule", "needs", "about")
FLAG = ("leaf", "subleaf", "register", "bit", "name", "rule", "about")
FIELD = ("leaf", "subleaf", "register", "low", "high", "name", "rule", "unit", "about")
MACROS = {"BIT": ("FEATURE", BIT), "FLAG": ("FIELD", FLAG), "FIELD": ("FIELD", FIELD),
          "OS_BIT": ("OS", BIT), "OS_FIELD": ("OS", FIELD), "PROCESSOR": ("PROCESSOR", FIELD),
          "MSR_BIT": ("FEATURE", ("msr", "bit", "name", "rule", "needs", "about")),
          "MSR_FIELD": ("FIELD", ("msr", "low", "high", "name", "rule", "unit", "about"))}

# CPUID_MSR of cpuid.h: leaves that are model-specific registers.
MSR = 0xd0000000


def arguments(text):
    """The arguments of a row: strings, or lists for what is in parentheses."""
    words = []
    after_string = False
    for match in TOKEN.finditer(text):
        string, start, several, word = match.groups()
        if string is not None and after_string and text[:match.start()].rstrip()[-1] == '"':
            words[-1] += string         # two strings side by side are one
        elif several is not None:
            words.append([w.strip() for w in several.split(",") if w.strip() != "NONE"])
        else:
            words.append(string if string is not None else f"FROM({start})" if start else word)
        after_string = string is not None
    return words


def rows(name):
    """The rows of a table, each as its macro and its arguments."""
    text = COMMENT.sub("", (FOLDER / f"{name}.def").read_text(encoding="ascii"))
    text = "".join(line for line in text.splitlines(keepends=True)
                   if not line.startswith("#") and not line.startswith("\tFEATURE("))
    return [(macro, arguments(inside)) for macro, inside in ROW.findall(text)]


@dataclasses.dataclass(frozen=True)
class Feature:
    """A row of feature.def."""
    leaf: int
    subleaf: int
    anywhere: bool      # FROM(subleaf): every subleaf from this one
    register: str
    low: int
    high: int
    name: str
    kind: str
    rule: str
    unit: str
    needs: tuple
    about: str

    @property
    def single(self):
        return self.low == self.high

    @property
    def place(self):
        return self.leaf, self.subleaf, self.register, self.low

    @property
    def mask(self):
        return (1 << self.high + 1) - (1 << self.low)


def feature_of(macro, words):
    kind, columns = MACROS[macro]
    if len(words) != len(columns):
        raise ValueError(f"feature.def: {macro} with {len(words)} arguments: {words}")
    row = dict(zip(columns, words))
    low = int(row["bit"] if "bit" in row else row["low"])
    high = int(row.get("high", low))
    if "msr" in row:
        row |= {"leaf": hex(MSR | int(row["msr"], 16)), "subleaf": "0",
                "register": "EAX" if low < 32 else "EDX"}
        low, high = low % 32, high % 32
    subleaf = re.fullmatch(r"(?:FROM\()?(\d+)\)?", row["subleaf"])
    return Feature(int(row["leaf"], 16), int(subleaf[1]), row["subleaf"].startswith("FROM"),
                   row["register"], low, high, row["name"], kind,
                   row["rule"], row.get("unit", "NONE"), tuple(row.get("needs", ())), row["about"])


@functools.lru_cache(maxsize=None)
def features():
    """All rows of feature.def, in their order."""
    return tuple(feature_of(macro, words) for macro, words in rows("feature"))


NAMERS = ("capability", "vmware", "linux", "qemu", "libvirt", "xen", "other")


def names():
    """Who calls a feature what: {feature: {namer: name}}; a feature may have no row."""
    return {words[0]: dict(zip(NAMERS, words[1:])) for _, words in rows("feature_names")}


def vmware():
    """What VMware shows of a feature: {feature: (HOST, OWN, NEVER or NA; first version)}."""
    return {words[0]: (words[1], words[3]) for _, words in rows("vmware")}


@dataclasses.dataclass
class Model:
    """A row of cpu_model.def, with all that it has: features by our names, registers by QEMU's."""
    name: str
    alias: str
    vendor: str
    age: int
    signed: tuple
    leaves: tuple
    since: tuple        # QEMU, libvirt, its alias in libvirt, Proxmox; None: never
    has: set
    unlike: set
    once: set
    registers: set
    said: set           # both, by our names


def version(text):
    numbers = re.fullmatch(r"V\((\d+), (\d+)\)", text)
    return tuple(map(int, numbers.groups())) if numbers else None


def models():
    """The rows of cpu_model.def by their names."""
    text = COMMENT.sub("", (FOLDER / "cpu_model.def").read_text(encoding="ascii"))
    called = names()
    registers = {row.name: called[row.name]["qemu"] for row in features()
                 if row.leaf >= MSR and row.name in called}
    found, by_id = {}, {}
    for block in re.split(r"^(?=MODEL\()", text, flags=re.MULTILINE)[1:]:
        head = re.match(r'MODEL\((\w+), (\w+), "(.*?)", "(.*?)", (\w+), (\d+),\s+SIGNED\((.*?)\), '
                        r'LEAVES\((.*?)\), SINCE\((.*?)\)\)\n', block)
        parent = by_id.get(head[2])
        words = {word: set(re.findall(rf"{word}\((\w+)\)", block))
                 for word in ("HAS", "LACKS", "UNLIKE", "ONCE")}
        said = ((parent.said if parent else set()) | words["HAS"]) - words["LACKS"]
        by_id[head[1]] = found[head[3]] = Model(
            head[3], head[4], head[5], int(head[6]),
            tuple(int(n) for n in head[7].split(", ")),
            tuple(int(n, 0) for n in head[8].split(", ")),
            tuple(version(v) for v in re.findall(r"V\(\d+, \d+\)|NEVER", head[9])),
            said - registers.keys(), words["UNLIKE"], words["ONCE"],
            {registers[name] for name in said & registers.keys()}, said)
    return found
