# SPDX-License-Identifier: MIT
"""Second reader of reports and pools, written from docs/report-format.md alone.

Its worth is that it shares nothing with the reader in common/: where the two disagree, the page
decides which is wrong.  It is as strict as the page and no stricter.

    report_reader.py [--cpuid-r | --respell | --json] FILE

Exit status: 0 the file is a valid report or pool, 2 it is not, 1 it could not be looked at.
"""

import dataclasses
import json
import re
import sys

REPORT_BYTES = 0x300000
LINE_CHARACTERS = 79
STRING_BYTES = 128
DECIMAL_LAST = 2**64 - 1
NUMBER_LAST = 65535
PROCESSORS = 4096
KINDS = 32
HOST_ANSWERS = 64
HYPERVISOR_BYTES = 12
ANSWERS_OF_KIND = 512
VARIES = 40
MSRS = 64
# Where registers that list features stand among the leaves of an answer.
MSR_LEAVES = 0xd0000000
HOSTS = 2**64 - 1
POOL_ANSWERS = 2**32 - 1
SETUP_QUESTIONS = 512
SETUP_BYTES = 131072
SETUP_PATH_BYTES = 512
SETUP_COUNT_LAST = 2**32 - 1
SETUP_OFFSET_LAST = SETUP_BITS_LAST = 65535

REPORT_WORD = b"cpulevel-report"
POOL_WORD = b"cpulevel-pool"
REGISTERS = ("eax", "ebx", "ecx", "edx")
CUTS = ("leaves", "kinds", "processors", "strings")
SETUP_KINDS = (b"one-of", b"checkbox", b"numeric", b"ordered-list")
SETUP_STATES = (b"suppress-if", b"gray-out-if", b"disable-if", b"suppressed", b"grayed",
                b"unreached")
SETUP_STORES = (b"none", b"variable", b"buffer", b"named")

FIELDS = (
    ("program", "string"),
    ("origin", "string"),
    ("source", "string"),
    ("label", "string"),
    ("sequence", "decimal"),
    ("time", "time"),
    ("system-vendor", "string"),
    ("system-product", "string"),
    ("system-version", "string"),
    ("system-serial", "string"),
    ("system-uuid", "string"),
    ("board-vendor", "string"),
    ("board-product", "string"),
    ("board-version", "string"),
    ("board-serial", "string"),
    ("chassis-vendor", "string"),
    ("chassis-version", "string"),
    ("chassis-serial", "string"),
    ("chassis-asset", "string"),
    ("bios-vendor", "string"),
    ("bios-version", "string"),
    ("bios-date", "string"),
    ("firmware-vendor", "string"),
    ("firmware-revision", "hex"),
    ("uefi-revision", "hex"),
    ("secure-boot", "string"),
    ("boot-medium", "string"),
    ("msr-access", "string"),
)
FIELDS_2 = (
    ("processors-asked", "string"),
    ("processors-cpuid", "decimal"),
    ("processors-acpi", "decimal"),
    ("processors-smbios", "decimal"),
)

# Twenty digits hold every decimal that any line allows; int() refuses thousands of them.
DECIMAL = re.compile(rb"0|[1-9][0-9]{0,19}")
HEX = re.compile(rb"0|[1-9a-f][0-9a-f]{0,15}")
HEX2 = re.compile(rb"[0-9a-f]{2}")
HEX8 = re.compile(rb"[0-9a-f]{8}")
HEX16 = re.compile(rb"[0-9a-f]{16}")
HEX32 = re.compile(rb"[0-9a-f]{32}")
GUID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(
    rb"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)
PLAIN = re.compile(rb"[ !#-\[\]-~]+")
ESCAPED = re.compile(rb'\\(?:["\\]|x[0-9a-f]{2})')
REGISTER = re.compile(rb"e[abcd]x")
CUT = re.compile(rb"[a-z]+")
NOT_TEXT = re.compile(rb"[^\n -~]")


class Refused(Exception):
    """The file is not valid; line and column count from 1, columns in bytes."""

    def __init__(self, line, column, cause):
        super().__init__(cause)
        self.line = line
        self.column = column
        self.cause = cause


@dataclasses.dataclass
class Vary:
    leaf: int
    subleaf: int
    register: int
    values: list


@dataclasses.dataclass
class Kind:
    members: list
    cr4: int | None
    xcr0: int | None
    microcode: int | None
    msrs: list  # of (number, value or None)
    answers: list  # of (leaf, subleaf, eax, ebx, ecx, edx, and the unknown bits of each)
    varies: list


@dataclasses.dataclass
class Question:
    path: bytes
    prompt: bytes
    kind: bytes
    state: list
    store: tuple  # its word, then name and GUID, then offset, bit and bits, where it has them
    value: tuple  # a number and its text or None; or (b"list", text), (b"unknown", cause)
    default: tuple  # the same; or (b"none", None), (b"computed", None)
    manufacturing: tuple


@dataclasses.dataclass
class Setup:
    none: bytes | None  # why there are no questions
    found: int = 0
    chosen: int = 0
    faults: int = 0
    digest: str = ""
    questions: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Report:
    fields: dict  # bytes for strings and times, int for decimals and hex, None for unknown
    disabled: list
    silent: list
    cut: list
    kinds: list
    setup: Setup | None = None


@dataclasses.dataclass
class Host:
    name: bytes
    digest: str
    key: str | None
    answers: list
    machine: tuple | None = None  # of digest, name and whether two machines claim it
    sequence: int | None = None
    time: bytes | None = None
    guest: bytes | bool | None = None  # of which hypervisor; False: of none
    steppings: list | None = None
    microcode: int | None = None


@dataclasses.dataclass
class Pool:
    program: bytes
    hosts: list
    answers: list
    version: int = 3
    left_out: list = dataclasses.field(default_factory=list)


class Line:
    """One line and how far it has been read."""

    def __init__(self, text, number):
        self.text = text
        self.number = number
        self.at = 0

    def refuse(self, cause, at=None):
        raise Refused(self.number, (self.at if at is None else at) + 1, cause)

    def take(self, pattern, cause):
        match = pattern.match(self.text, self.at)
        if not match:
            self.refuse(cause)
        self.at = match.end()
        return match.group()

    def accept(self, word):
        """Takes a fixed word if it is the next one, whole."""
        end = self.at + len(word)
        if self.text[self.at:end] != word or self.text[end:end + 1] not in (b"", b" "):
            return False
        self.at = end
        return True

    def blank(self):
        if self.text[self.at:self.at + 1] != b" ":
            self.refuse("one blank expected")
        self.at += 1

    def ended(self):
        return self.at == len(self.text)

    def end(self):
        if not self.ended():
            self.refuse("end of line expected")

    def decimal(self, last):
        start = self.at
        value = int(self.take(DECIMAL, "decimal number expected"))
        if value > last:
            self.refuse(f"number above {last}", start)
        return value

    def hexadecimal(self, pattern, cause):
        return int(self.take(pattern, cause), 16)

    def string(self, limit=STRING_BYTES):
        if self.text[self.at:self.at + 1] != b'"':
            self.refuse("quoted string expected")
        self.at += 1
        value = bytearray()
        while self.text[self.at:self.at + 1] != b'"':
            start = self.at
            value += self.string_part()
            if len(value) > limit:
                self.refuse(f"string longer than {limit} bytes", start)
        self.at += 1
        return bytes(value)

    def string_part(self):
        match = PLAIN.match(self.text, self.at)
        if match:
            self.at = match.end()
            return match.group()
        start = self.at
        part = self.take(ESCAPED, "closing quote or escape expected")
        if len(part) == 2:
            return part[1:]
        byte = int(part[2:], 16)
        if byte == 0:
            self.refuse("a string cannot hold a zero byte", start)
        if 0x20 <= byte <= 0x7E:
            self.refuse("a byte that can stand for itself is escaped", start)
        return bytes((byte,))


class Source:
    """The lines of a file, read from the first to the last."""

    def __init__(self, data):
        wrong = NOT_TEXT.search(data)
        if wrong:
            before = data[:wrong.start()]
            column = wrong.start() - (before.rfind(b"\n") + 1) + 1
            raise Refused(before.count(b"\n") + 1, column, "neither printable ASCII nor LF")
        self.lines = data.split(b"\n")
        # What follows the last LF is no line, and there must be nothing of it.
        rest = self.lines.pop()
        if rest or not self.lines:
            raise Refused(len(self.lines) + 1, len(rest) + 1, "LF expected")
        self.at = 0

    def next(self, word):
        """Starts the next line, whose first word must be this one."""
        if self.at == len(self.lines):
            raise Refused(self.at + 1, 1, f"the file ends before '{word.decode()}'")
        line = Line(self.lines[self.at], self.at + 1)
        if not line.accept(word):
            line.refuse(f"'{word.decode()}' expected")
        self.at += 1
        return line

    def next_value(self, word):
        line = self.next(word)
        line.blank()
        return line

    def follows(self, word):
        """Whether the next line's first word is this one."""
        if self.at == len(self.lines):
            return False
        return Line(self.lines[self.at], 0).accept(word)

    def end(self):
        self.next(b"end").end()
        if self.at != len(self.lines):
            raise Refused(self.at + 1, 1, "nothing can follow 'end'")


def fill(word, items):
    """Puts items behind a first word, on as few lines as the page has it."""
    lines = []
    line = word
    for item in items:
        if len(line) + 1 + len(item) > LINE_CHARACTERS:
            lines.append(line)
            line = word
        line += b" " + item
    return lines + [line]


def runs(numbers):
    """Spells ascending numbers as the items of a list."""
    spans = []
    for number in numbers:
        if spans and spans[-1][1] + 1 == number:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    if not spans:
        return [b"none"]
    return [b"%d" % first if first == last else b"%d-%d" % (first, last) for first, last in spans]


def check_filled(lines, spelled):
    """Refuses lines that are broken elsewhere than the page breaks them."""
    for line, right in zip(lines, spelled):
        if line.text != right:
            at = 0
            while line.text[at:at + 1] == right[at:at + 1]:
                at += 1
            line.refuse("line broken at another place than before column 80", at)
    # Lines and spelling hold the same items, so once all pairs are equal none is left over.
    assert len(lines) == len(spelled)


def read_items(source, word, read_item):
    """Reads all lines that begin with word, calling read_item for each item; returns the lines."""
    lines = []
    while not lines or source.follows(word):
        line = source.next(word)
        lines.append(line)
        line.blank()
        read_item(line)
        while not line.ended():
            line.blank()
            read_item(line)
    return lines


def read_run(line, numbers, last):
    """Reads one number or run of a list."""
    start = line.at
    first = line.decimal(last)
    if numbers and first <= numbers[-1]:
        line.refuse("number not above the one before", start)
    if numbers and first == numbers[-1] + 1:
        line.refuse("neighbours must be one run", start)
    end = first
    if line.text[line.at:line.at + 1] == b"-":
        line.at += 1
        start = line.at
        end = line.decimal(last)
        if end <= first:
            line.refuse("run does not ascend", start)
    numbers.extend(range(first, end + 1))
    if len(numbers) > PROCESSORS:
        line.refuse(f"more than {PROCESSORS} numbers", start)


def read_list(source, word, last):
    """Reads a list of numbers up to last."""
    numbers = []
    none = False

    def item(line):
        nonlocal none
        if none:
            line.refuse("'none' stands alone")
        if not numbers and line.accept(b"none"):
            none = True
        else:
            read_run(line, numbers, last)

    lines = read_items(source, word, item)
    check_filled(lines, fill(word, runs(numbers)))
    return lines[0], numbers


def read_field(source, name, form):
    line = source.next_value(name.encode())
    if line.accept(b"unknown"):
        value = None
    elif form == "string":
        value = line.string()
    elif form == "decimal":
        value = line.decimal(DECIMAL_LAST)
    elif form == "hex":
        value = line.hexadecimal(HEX, "hexadecimal number without leading zeros expected")
    else:
        value = line.take(TIME, "time expected")
    line.end()
    return value


def read_cut(source):
    line = source.next_value(b"cut")
    words = []
    if not line.accept(b"none"):
        words.append(read_cut_word(line, words))
        while not line.ended():
            line.blank()
            words.append(read_cut_word(line, words))
    line.end()
    return words


def read_cut_word(line, words):
    start = line.at
    word = line.take(CUT, "word of 'cut' expected").decode()
    if word not in CUTS:
        line.refuse("no word of 'cut'", start)
    if words and CUTS.index(word) <= CUTS.index(words[-1]):
        line.refuse("words of 'cut' out of order", start)
    return word


def read_number(source, word, expected):
    """Reads the line that numbers a kind or an answer."""
    line = source.next_value(word)
    start = line.at
    if line.decimal(DECIMAL_LAST) != expected:
        line.refuse(f"number {expected} expected", start)
    line.end()
    return line


def read_answers(source):
    """Reads the cpuid lines of a kind or of an answer."""
    answers = []
    while not answers or source.follows(b"cpuid"):
        line = source.next(b"cpuid")
        answer = read_answer(line)
        if answers and answer[:2] <= answers[-1][:2]:
            line.refuse("leaf and subleaf not above the ones before", len(b"cpuid "))
        if answer[0] >= MSR_LEAVES:
            line.refuse("no processor has such a leaf", len(b"cpuid "))
        if len(answers) == ANSWERS_OF_KIND:
            line.refuse(f"more than {ANSWERS_OF_KIND} answers", 0)
        answers.append(answer + read_unknown(source, answer))
    return answers


def read_unknown(source, answer):
    """Reads the bits that are unknown of a cpuid line, from the line after it if there is one."""
    if not source.follows(b"unknown"):
        return (0, 0, 0, 0)
    line = source.next(b"unknown")
    words = []
    for name in REGISTERS:
        line.blank()
        words.append(line.hexadecimal(HEX8, f"unknown bits of {name}, 8 digits, expected"))
    line.end()
    if not any(words):
        line.refuse("no bit of the leaf is unknown", 0)
    if any(known & unknown for known, unknown in zip(answer[2:], words)):
        line.refuse("a bit that is unknown is set", 0)
    return tuple(words)


def read_pool_msrs(source, answers):
    """Reads the msr lines of an answer, each as a leaf of its own."""
    while source.follows(b"msr"):
        line = source.next_value(b"msr")
        start = line.at
        number = line.hexadecimal(HEX8, "number of 8 digits expected")
        if number > 0xffffffff - MSR_LEAVES:
            line.refuse("no register of this number lists features", start)
        if (MSR_LEAVES | number, 0) <= answers[-1][:2]:
            line.refuse("msr lines out of order", start)
        if len(answers) == ANSWERS_OF_KIND:
            line.refuse(f"more than {ANSWERS_OF_KIND} lines", 0)
        line.blank()
        value = line.hexadecimal(HEX, "hexadecimal number without leading zeros expected")
        answers.append((MSR_LEAVES | number, 0, value & 0xffffffff, 0, 0, value >> 32, 0, 0, 0, 0))
        line.end()


def read_answer(line):
    line.blank()
    words = [line.hexadecimal(HEX8, "leaf of 8 digits expected")]
    line.blank()
    words.append(line.hexadecimal(HEX2, "subleaf of 2 digits expected"))
    for name in REGISTERS:
        line.blank()
        words.append(line.hexadecimal(HEX8, f"{name} of 8 digits expected"))
    line.end()
    return tuple(words)


def read_vary(source, answers, members):
    """Reads a vary block; answers maps leaf and subleaf to the kind's cpuid lines."""
    line = source.next_value(b"vary")
    leaf = line.hexadecimal(HEX8, "leaf of 8 digits expected")
    line.blank()
    subleaf = line.hexadecimal(HEX2, "subleaf of 2 digits expected")
    line.blank()
    register = REGISTERS.index(line.take(REGISTER, "register expected").decode())
    line.end()
    if (leaf, subleaf) not in answers:
        line.refuse("the kind has no such leaf and subleaf", len(b"vary "))
    first = answers[leaf, subleaf][2 + register]
    return line, Vary(leaf, subleaf, register, read_values(source, first, members))


def read_values(source, first, members):
    values = []

    def item(line):
        if len(values) == members:
            line.refuse("more values than members")
        start = line.at
        values.append(line.hexadecimal(HEX8, "value of 8 digits expected"))
        if values[0] != first:
            line.refuse("first value is not that of the cpuid line", start)

    lines = read_items(source, b"values", item)
    if len(values) < members:
        lines[-1].refuse("fewer values than members")
    if values.count(first) == members:
        lines[0].refuse("all values are equal", 0)
    check_filled(lines, fill(b"values", [b"%08x" % value for value in values]))
    return values


def read_varies(source, answers, members):
    known = {answer[:2]: answer for answer in answers}
    varies = []
    while source.follows(b"vary"):
        line, vary = read_vary(source, known, members)
        if varies and vary_place(vary) <= vary_place(varies[-1]):
            line.refuse("vary blocks out of order", len(b"vary "))
        if len(varies) == VARIES:
            line.refuse(f"more than {VARIES} vary blocks", 0)
        varies.append(vary)
    return varies


def vary_place(vary):
    return vary.leaf, vary.subleaf, vary.register


def read_members(source, kinds, taken):
    """Reads which processors are of a kind; taken are those of the kinds before."""
    line, members = read_list(source, b"members", NUMBER_LAST)
    start = len(b"members ")
    if not members:
        line.refuse("a kind without members", start)
    if kinds and members[0] < kinds[-1].members[0]:
        line.refuse("kinds out of the order of their first members", start)
    if not taken.isdisjoint(members):
        line.refuse("a processor is a member of two kinds", start)
    taken.update(members)
    if len(taken) > PROCESSORS:
        line.refuse(f"more than {PROCESSORS} processors", start)
    return members


def read_msrs(source):
    msrs = []
    while source.follows(b"msr"):
        line = source.next_value(b"msr")
        start = line.at
        number = line.hexadecimal(HEX8, "number of 8 digits expected")
        if msrs and number <= msrs[-1][0]:
            line.refuse("msr lines out of order", start)
        if len(msrs) == MSRS:
            line.refuse(f"more than {MSRS} msr lines", 0)
        line.blank()
        value = None
        if not line.accept(b"unknown"):
            value = line.hexadecimal(HEX, "hexadecimal number without leading zeros expected")
        msrs.append((number, value))
        line.end()
    return msrs


def read_kind(source, kinds, taken):
    line = read_number(source, b"kind", len(kinds))
    if len(kinds) == KINDS:
        line.refuse(f"more than {KINDS} kinds", 0)
    members = read_members(source, kinds, taken)
    control = [read_field(source, name, "hex") for name in ("cr4", "xcr0", "microcode")]
    msrs = read_msrs(source)
    answers = read_answers(source)
    return Kind(members, *control, msrs, answers, read_varies(source, answers, len(members)))


def read_version(source, word, known=(b"1",)):
    line = source.next_value(word)
    start = line.at
    line.take(DECIMAL, "decimal number expected")
    line.end()
    if line.text[start:] not in known:
        line.refuse("version that this reader does not know", start)
    return int(line.text[start:])


def fields_of(version):
    return FIELDS + FIELDS_2 if version > 1 else FIELDS


def read_one_of(line, words):
    for word in words:
        if line.accept(word):
            return word
    return line.refuse("one of " + b", ".join(words).decode() + " expected")


def read_setup_head(source):
    line = source.next_value(b"setup")
    if line.accept(b"none"):
        line.blank()
        setup = Setup(line.string())
    else:
        counts = []
        for word in (b"found", b"chosen", b"faults"):
            read_one_of(line, (word,))
            line.blank()
            start = line.at
            counts.append(line.decimal(SETUP_COUNT_LAST))
            if word == b"chosen" and counts[1] > counts[0]:
                line.refuse("more chosen than found", start)
            line.blank()
        read_one_of(line, (b"digest",))
        line.blank()
        setup = Setup(None, *counts, line.take(HEX32, "32 hexadecimal digits expected").decode())
    line.end()
    return setup


def read_setup_states(line):
    states = []
    if line.accept(b"shown"):
        return states
    while True:
        start = line.at
        word = read_one_of(line, SETUP_STATES)
        if states and SETUP_STATES.index(word) <= SETUP_STATES.index(states[-1]):
            line.refuse("states out of order", start)
        states.append(word)
        if line.ended():
            return states
        line.blank()


def read_setup_store(line):
    store = [read_one_of(line, SETUP_STORES)]
    if store[0] != b"none":
        line.blank()
        store.append(line.string())
        line.blank()
        store.append(line.take(GUID, "GUID expected").decode())
    if store[0] in (b"variable", b"buffer"):
        line.blank()
        start = line.at
        store.append(line.hexadecimal(HEX, "hexadecimal offset expected"))
        if store[-1] > SETUP_OFFSET_LAST:
            line.refuse(f"offset above {SETUP_OFFSET_LAST}", start)
        line.blank()
        store.append(line.decimal(7))
        line.blank()
        start = line.at
        store.append(line.decimal(SETUP_BITS_LAST))
        if not store[-1]:
            line.refuse("a width of no bits", start)
    line.end()
    return tuple(store)


def read_setup_value(line, words):
    """A value or a default; words are those that can stand in place of a number."""
    for word in words:
        if line.accept(word):
            text = None
            if word in (b"list", b"unknown"):
                line.blank()
                text = line.string()
            line.end()
            return word, text
    number = line.hexadecimal(HEX, "hexadecimal number without leading zeros expected")
    text = None
    if not line.ended():
        line.blank()
        text = line.string()
    line.end()
    return number, text


def read_setup_question(source, path):
    defaults = (b"list", b"none", b"computed")
    line = source.next_value(b"question")
    prompt = line.string()
    line.blank()
    kind = read_one_of(line, SETUP_KINDS)
    line.blank()
    states = read_setup_states(line)
    line.end()
    store = read_setup_store(source.next_value(b"store"))
    value = read_setup_value(source.next_value(b"value"), (b"list", b"unknown"))
    default = read_setup_value(source.next_value(b"default"), defaults)
    manufacturing = default
    if source.follows(b"manufacturing"):
        line = source.next_value(b"manufacturing")
        manufacturing = read_setup_value(line, defaults)
        if manufacturing == default:
            line.refuse("both defaults are the same", 0)
    return Question(path, prompt, kind, states, store, value, default, manufacturing)


def read_setup(source):
    setup = read_setup_head(source)
    path, first = None, source.at
    while setup.none is None and (source.follows(b"path") or source.follows(b"question")):
        start = source.at
        if path is None or source.follows(b"path"):
            line = source.next_value(b"path")
            before, path = path, line.string(SETUP_PATH_BYTES)
            line.end()
            if path == before:
                line.refuse("the same path again", 0)
        setup.questions.append(read_setup_question(source, path))
        size = sum(len(text) + 1 for text in source.lines[first:source.at])
        count = len(setup.questions)
        if count > min(SETUP_QUESTIONS, setup.chosen) or size > SETUP_BYTES:
            raise Refused(start + 1, 1, "more questions than there can be")
    return setup


def read_report(source):
    version = read_version(source, REPORT_WORD, (b"1", b"2", b"3"))
    fields = {name: read_field(source, name, form) for name, form in fields_of(version)}
    if version == 2 and all(fields[name] is None for name, _ in FIELDS_2):
        raise Refused(2, 1, "version 2 without a field of version 2")
    line = source.next_value(b"processors")
    processors = line.decimal(PROCESSORS)
    line.end()
    disabled = read_list(source, b"disabled", NUMBER_LAST)[1]
    silent = read_list(source, b"silent", NUMBER_LAST)[1]
    cut = read_cut(source)
    kinds = []
    taken = set()
    while source.follows(b"kind"):
        kinds.append(read_kind(source, kinds, taken))
    setup = read_setup(source) if version > 2 else None
    source.end()
    if len(taken) != processors:
        line.refuse("not the sum of the members of all kinds", len(b"processors "))
    return Report(fields, disabled, silent, cut, kinds, setup)


def read_key(source):
    line = source.next_value(b"key")
    key = None
    if not line.accept(b"unsigned"):
        key = line.take(HEX16, "16 hexadecimal digits or 'unsigned' expected").decode()
    line.end()
    return key


def read_digest(source):
    line = source.next_value(b"digest")
    digest = line.take(HEX32, "32 hexadecimal digits expected").decode()
    line.end()
    return digest


def read_machine(source):
    shared = source.follows(b"shared")
    line = source.next_value(b"shared" if shared else b"machine")
    machine = None
    if shared or not line.accept(b"unknown"):
        digest = line.take(HEX32, "32 hexadecimal digits expected").decode()
        line.blank()
        machine = (digest, line.string(), shared)
    line.end()
    return machine


def read_guest(source):
    """Returns the name of a hypervisor, False for a machine, None if it is not known."""
    line = source.next_value(b"guest")
    guest = None
    if line.accept(b"none"):
        guest = False
    elif not line.accept(b"unknown"):
        guest = line.string()
        if len(guest) > HYPERVISOR_BYTES:
            line.refuse("name of a hypervisor too long", len(b"guest "))
    line.end()
    return guest


def read_steppings(source):
    """Only what is known has a line."""
    if not source.follows(b"steppings"):
        return None
    line, steppings = read_list(source, b"steppings", 15)
    if not steppings:
        line.refuse("no steppings", len(b"steppings "))
    return steppings


def read_microcode(source):
    """The same for the microcode."""
    if not source.follows(b"microcode"):
        return None
    line = source.next_value(b"microcode")
    value = line.hexadecimal(HEX, "hexadecimal number without leading zeros expected")
    line.end()
    return value


def read_host(source, hosts, version):
    """Reads a host block; returns the line of its answers too, which cannot be checked yet."""
    top = source.next_value(b"host")
    name = top.string()
    top.end()
    digest = read_digest(source)
    if hosts and (name, digest) <= (hosts[-1].name, hosts[-1].digest):
        top.refuse("hosts out of order", len(b"host "))
    key = read_key(source)
    visit = (None, None, None)
    if version > 1:
        visit = (read_machine(source), read_field(source, "sequence", "decimal"),
                 read_field(source, "time", "time"))
    guest = read_guest(source) if version > 2 else None
    steppings = read_steppings(source) if version > 2 else None
    microcode = read_microcode(source) if version > 2 else None
    line, answers = read_list(source, b"answers", POOL_ANSWERS - 1)
    if not answers:
        line.refuse("a host without answers", len(b"answers "))
    if len(answers) > HOST_ANSWERS:
        line.refuse(f"more than {HOST_ANSWERS} answers", len(b"answers "))
    return line, Host(name, digest, key, answers, *visit, guest, steppings, microcode)


def read_hosts(source, version):
    line = source.next_value(b"hosts")
    count = line.decimal(HOSTS)
    line.end()
    lines = []
    hosts = []
    for _ in range(count):
        line, host = read_host(source, hosts, version)
        lines.append(line)
        hosts.append(host)
    return lines, hosts


def read_pool_answer(source, answers, given, version):
    line = read_number(source, b"answer", len(answers))
    if len(answers) not in given:
        line.refuse("an answer that no host gave", len(b"answer "))
    answer = read_answers(source)
    if version >= 3:
        read_pool_msrs(source, answer)
    for place, words in enumerate(answer):
        if version < 3 and not any(words[2:6]):
            before = sum(any(other[6:]) for other in answer[:place])
            raise Refused(line.number + 1 + place + before, 1, "a leaf of a pool that is all zero")
    if answers and answer <= answers[-1]:
        line.refuse("answers out of order", len(b"answer "))
    return answer


def read_left_out(source):
    names = []
    while source.follows(b"left-out"):
        line = source.next_value(b"left-out")
        names.append(line.string())
        line.end()
        if len(names) > 1 and names[-2] >= names[-1]:
            line.refuse("names out of order", len(b"left-out "))
    if not names:
        raise Refused(1, 1, "version 4 without what it is for")
    return tuple(names)


def read_pool(source):
    version = read_version(source, POOL_WORD, (b"1", b"2", b"3", b"4"))
    line = source.next_value(b"program")
    program = line.string()
    line.end()
    lines, hosts = read_hosts(source, version)
    left_out = read_left_out(source) if version > 3 else ()
    given = set().union(*(host.answers for host in hosts))
    answers = []
    while source.follows(b"answer"):
        answers.append(read_pool_answer(source, answers, given, version))
    source.end()
    for line, host in zip(lines, hosts):
        if host.answers[-1] >= len(answers):
            line.refuse("number of no answer", len(b"answers "))
    return Pool(program, hosts, answers, version, left_out)


def is_pool(data):
    return data.startswith(POOL_WORD + b" ")


def read(data):
    """Reads a report or pool from its bytes.  Raises Refused if it is not valid."""
    if is_pool(data):
        return read_pool(Source(data))
    if len(data) > REPORT_BYTES:
        raise Refused(1, 1, f"longer than {REPORT_BYTES} bytes")
    return read_report(Source(data))


def spell_byte(byte):
    if byte in b'"\\':
        return b"\\%c" % byte
    return b"%c" % byte if 0x20 <= byte <= 0x7E else b"\\x%02x" % byte


def spell_string(value):
    return b'"' + b"".join(map(spell_byte, value)) + b'"'


def spell_field(name, form, value):
    if value is None:
        spelled = b"unknown"
    elif form == "string":
        spelled = spell_string(value)
    elif form == "time":
        spelled = value
    else:
        spelled = b"%d" % value if form == "decimal" else b"%x" % value
    return name.encode() + b" " + spelled


def spell_answers(answers):
    lines = []
    for answer in answers:
        if answer[0] >= MSR_LEAVES:
            lines.append(b"msr %08x %x" % (answer[0] - MSR_LEAVES, answer[5] << 32 | answer[2]))
            continue
        lines.append(b"cpuid %08x %02x %08x %08x %08x %08x" % answer[:6])
        if any(answer[6:]):
            lines.append(b"unknown %08x %08x %08x %08x" % answer[6:])
    return lines


def spell_vary(vary):
    register = REGISTERS[vary.register].encode()
    lines = [b"vary %08x %02x %s" % (vary.leaf, vary.subleaf, register)]
    return lines + fill(b"values", [b"%08x" % value for value in vary.values])


def spell_kind(number, kind):
    lines = [b"kind %d" % number] + fill(b"members", runs(kind.members))
    for name in ("cr4", "xcr0", "microcode"):
        lines.append(spell_field(name, "hex", getattr(kind, name)))
    for number, value in kind.msrs:
        lines.append(b"msr %08x " % number + (b"unknown" if value is None else b"%x" % value))
    lines += spell_answers(kind.answers)
    for vary in kind.varies:
        lines += spell_vary(vary)
    return lines


def spell_setup_value(name, value):
    number, text = value
    spelled = name + b" " + (number if isinstance(number, bytes) else b"%x" % number)
    return spelled if text is None else spelled + b" " + spell_string(text)


def spell_setup_store(store):
    spelled = b"store " + store[0]
    if len(store) > 1:
        spelled += b" " + spell_string(store[1]) + b" " + store[2].encode()
    if len(store) > 3:
        spelled += b" %x %d %d" % store[3:]
    return spelled


def spell_question(question):
    """The lines that the digest is over."""
    lines = [b" ".join([b"question", spell_string(question.prompt), question.kind]
                       + (question.state or [b"shown"])),
             spell_setup_store(question.store),
             spell_setup_value(b"value", question.value),
             spell_setup_value(b"default", question.default)]
    if question.manufacturing != question.default:
        lines.append(spell_setup_value(b"manufacturing", question.manufacturing))
    return lines


def spell_setup(setup):
    if setup.none is not None:
        return [b"setup none " + spell_string(setup.none)]
    lines = [b"setup found %d chosen %d faults %d digest %s"
             % (setup.found, setup.chosen, setup.faults, setup.digest.encode())]
    path = None
    for question in setup.questions:
        if question.path != path:
            lines.append(b"path " + spell_string(question.path))
        path = question.path
        lines += spell_question(question)
    return lines


def spell_report(report):
    version = 3 if report.setup else 2 if FIELDS_2[0][0] in report.fields else 1
    lines = [REPORT_WORD + b" %d" % version]
    lines += [spell_field(name, form, report.fields[name]) for name, form in fields_of(version)]
    lines.append(b"processors %d" % sum(len(kind.members) for kind in report.kinds))
    lines += fill(b"disabled", runs(report.disabled))
    lines += fill(b"silent", runs(report.silent))
    lines.append(" ".join(["cut"] + (report.cut or ["none"])).encode())
    for number, kind in enumerate(report.kinds):
        lines += spell_kind(number, kind)
    return lines + (spell_setup(report.setup) if report.setup else [])


def spell_guest(guest):
    if guest is None:
        return b"guest unknown"
    return b"guest none" if guest is False else b"guest " + spell_string(guest)


def spell_machine(machine):
    if machine is None:
        return b"machine unknown"
    digest, name, shared = machine
    word = b"shared " if shared else b"machine "
    return word + digest.encode() + b" " + spell_string(name)


def spell_host(host, version):
    lines = [b"host " + spell_string(host.name), b"digest " + host.digest.encode()]
    lines.append(b"key " + (host.key or "unsigned").encode())
    if version > 1:
        lines.append(spell_machine(host.machine))
        lines.append(spell_field("sequence", "decimal", host.sequence))
        lines.append(spell_field("time", "time", host.time))
    if version > 2:
        lines.append(spell_guest(host.guest))
    if host.steppings:
        lines += fill(b"steppings", runs(host.steppings))
    if host.microcode is not None:
        lines.append(b"microcode %x" % host.microcode)
    return lines + fill(b"answers", runs(host.answers))


def spell_pool(pool):
    lines = [POOL_WORD + b" %d" % pool.version, b"program " + spell_string(pool.program)]
    lines.append(b"hosts %d" % len(pool.hosts))
    for host in pool.hosts:
        lines += spell_host(host, pool.version)
    lines += [b"left-out " + spell_string(name) for name in pool.left_out]
    for number, answer in enumerate(pool.answers):
        lines += [b"answer %d" % number] + spell_answers(answer)
    return lines


def spell(parsed):
    """Writes what was read by its one spelling."""
    lines = spell_pool(parsed) if isinstance(parsed, Pool) else spell_report(parsed)
    return b"\n".join(lines + [b"end", b""])


def member_answers(kind, index):
    """What member number index of a kind answered."""
    answers = {answer[:2]: list(answer) for answer in kind.answers}
    for vary in kind.varies:
        answers[vary.leaf, vary.subleaf][2 + vary.register] = vary.values[index]
    return list(answers.values())


def cpuid_r(report):
    """Prints what 'cpuid -r' would have printed on the machine."""
    places = [(number, kind, index) for kind in report.kinds
              for index, number in enumerate(kind.members)]
    lines = []
    for number, kind, index in sorted(places, key=lambda place: place[0]):
        lines.append("CPU %d:" % number)
        for words in member_answers(kind, index):
            lines.append("   0x%08x 0x%02x: eax=0x%08x ebx=0x%08x ecx=0x%08x edx=0x%08x"
                         % tuple(words[:6]))
    return "".join(line + "\n" for line in lines).encode()


def cpuid_r_of_host(pool, host):
    """The same of a pool's host: its different processors, without registers."""
    kinds = [Kind([number], None, None, None, [],
                  [words for words in pool.answers[answer] if words[0] < MSR_LEAVES], [])
             for number, answer in enumerate(host.answers)]
    return cpuid_r(Report({}, [], [], [], kinds))


def json_value(value):
    """Gives strings one character for each byte, so that none is lost."""
    return value.decode("latin-1")


def as_json(parsed):
    text = json.dumps(dataclasses.asdict(parsed), default=json_value, indent=1)
    return text.encode() + b"\n"


def output(mode, parsed):
    if mode == "--respell":
        return spell(parsed)
    if mode == "--json":
        return as_json(parsed)
    if mode == "--cpuid-r":
        if isinstance(parsed, Pool):
            raise Refused(1, 1, "a pool does not tell what processors answered")
        return cpuid_r(parsed)
    return b""


def load(path):
    """Returns a file's bytes, but no more of a report than shows that it is too long."""
    with open(path, "rb") as file:
        data = file.read(REPORT_BYTES + 1)
        return data + file.read() if is_pool(data) else data


def printable(name):
    return re.sub(r"[^ -~]", "?", name)


def main(arguments):
    mode = arguments.pop(0) if arguments and arguments[0].startswith("--") else ""
    if mode not in ("", "--cpuid-r", "--respell", "--json") or len(arguments) != 1:
        print("usage: report_reader.py [--cpuid-r | --respell | --json] FILE", file=sys.stderr)
        return 1
    name = printable(arguments[0])
    try:
        sys.stdout.buffer.write(output(mode, read(load(arguments[0]))))
        sys.stdout.buffer.flush()
    except Refused as why:
        print(f"{name}:{why.line}:{why.column}: {why.cause}", file=sys.stderr)
        return 2
    except OSError as why:
        print(f"{name}: {why.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
