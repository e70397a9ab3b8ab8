# SPDX-License-Identifier: MIT
"""Builds HII package lists, as a firmware's setup driver publishes them, from a description.

A description is plain data: Board, FormSet, Form and what stands in forms.  build() makes the
bytes; expected() says what a report must hold of them, from the description alone.  Opcodes and
blocks by the UEFI specification, edition 2.10, chapter 33.

    hii_build.py VERSION OUT.bin        one of BOARDS, as a raw export
"""

import dataclasses
import struct
import sys
import uuid

SETUP = "ec87d643-eba4-4bb5-a1e5-3f3e36b20da9"
CPU = "b08f97ff-e6e8-4193-a997-5e9e9b0adb32"
BIT_FIELDS = "82ddd68b-9163-4187-9b27-20a8fd60a71d"
SETUP_CLASS = "93039971-8545-4b04-b45e-32eb8326040e"
TYPES = {1: 0, 2: 1, 4: 2, 8: 3}
END = b"\x29\x02"
TRUE, FALSE = b"\x46\x02", b"\x47\x02"
CONDITIONS = {"suppress": 0x0A, "gray": 0x19, "disable": 0x1E}


@dataclasses.dataclass
class Store:
    number: int
    kind: str  # variable, buffer, named
    name: str
    guid: str
    size: int = 0


@dataclasses.dataclass
class Ask:
    """A question.  options: of (value, text, flags), flags of "s" and "m"."""
    kind: str  # one-of, checkbox, numeric, ordered-list, password, string, date, time
    prompt: str
    store: int
    offset: int
    width: int = 1  # bytes; in bit fields bits
    options: tuple = ()
    defaults: tuple = ()  # of (class, value), value None: an expression
    flags: str = ""  # of a checkbox: s, m
    help: str = ""
    bits: bool = False
    most: int = 255


@dataclasses.dataclass
class When:
    """What is in it is inside a condition: True, False, or a question's number and value."""
    kind: str  # suppress, gray, disable
    condition: object
    inside: list


@dataclasses.dataclass
class Goto:
    prompt: str
    form: int
    guid: str = ""


@dataclasses.dataclass
class Form:
    number: int
    title: str
    inside: list


@dataclasses.dataclass
class FormSet:
    guid: str
    title: str
    stores: list
    forms: list


@dataclasses.dataclass
class Board:
    guid: str
    sets: list
    languages: dict  # language: translations, or None for the texts of the description


def op(code, data=b"", scope=False):
    return bytes((code, len(data) + 2 | (0x80 if scope else 0))) + data


def guid(text):
    return uuid.UUID(text).bytes_le


def words(*numbers):
    return struct.pack(f"<{len(numbers)}H", *numbers)


def number(value, width):
    return value.to_bytes(width, "little")


class Builder:
    def __init__(self, board):
        self.board = board
        self.texts = []
        self.questions = 0

    def text(self, text):
        """Every use has a number of its own, as in firmware; 1 is the language's name."""
        if text == "":
            return 0
        self.texts.append(text)
        return len(self.texts) + 1

    def item(self, item):
        if isinstance(item, When):
            return self.when(item)
        if isinstance(item, Goto):
            data = words(self.text(item.prompt), 0, 0, 0, 0xFFFF) + b"\0" + words(item.form)
            if item.guid:
                data += words(0) + guid(item.guid)
            return op(0x0F, data)
        made = self.ask(item)
        return op(0x5F, guid(BIT_FIELDS), True) + made + END if item.bits else made

    def when(self, when):
        if when.condition is True or when.condition is False:
            condition = TRUE if when.condition else FALSE
        elif isinstance(when.condition, str):  # a constant that is negated is no constant
            condition = op(0x46, b"", True) + op(0x17) + END
        else:
            condition = op(0x12, words(*when.condition))
        inside = b"".join(map(self.item, when.inside))
        return op(CONDITIONS[when.kind], b"", True) + condition + inside + END

    def ask(self, ask):
        self.questions += 1
        head = words(self.text(ask.prompt), self.text(ask.help), self.questions, ask.store,
                     ask.offset) + b"\0"
        width = 4 if ask.bits else ask.width
        size = bytes((ask.width if ask.bits else TYPES[width] if width in TYPES else 0,))
        range_ = number(0, width) + number(ask.most, width) + number(1, width)
        inside = b"".join(
            op(0x09, words(self.text(text))
               + bytes((0x10 * ("s" in flags) | 0x20 * ("m" in flags), TYPES[width]))
               + number(value, width))
            for value, text, flags in ask.options)
        for class_, value in ask.defaults:
            if value is None:
                inside += (op(0x5B, words(class_) + b"\x08", True) + op(0x5A, b"", True)
                           + op(0x42, b"\x05") + END + END)
            elif isinstance(value, bytes):
                inside += op(0x5B, words(class_) + b"\x0b" + value)
            else:
                inside += op(0x5B, words(class_) + bytes((TYPES[width],)) + number(value, width))
        if ask.kind == "checkbox":
            data = bytes((("s" in ask.flags) | ("m" in ask.flags) << 1,))
            return op(0x06, head + data, bool(inside)) + (inside + END if inside else b"")
        if ask.kind == "ordered-list":
            return op(0x23, head + bytes((ask.most, 0)), True) + inside + END
        if ask.kind in ("one-of", "numeric"):
            code = 0x05 if ask.kind == "one-of" else 0x07
            return op(code, head + size + range_, True) + inside + END
        code, data = {"password": (0x08, words(4, 16)), "string": (0x1C, b"\x00\x10\x00"),
                      "date": (0x1A, b"\x00"), "time": (0x1B, b"\x00")}[ask.kind]
        return op(code, head + data)

    def store(self, store):
        if store.kind == "variable":
            return op(0x26, words(store.number) + guid(store.guid)
                      + struct.pack("<IH", 7, store.size) + store.name.encode() + b"\0")
        if store.kind == "buffer":
            return op(0x24, guid(store.guid) + words(store.number, store.size)
                      + store.name.encode() + b"\0")
        return op(0x25, words(store.number) + guid(store.guid))

    def form_set(self, set_):
        """A form set and its stores.  For a named store the offset is the number of its name."""
        made = op(0x0E, guid(set_.guid) + words(self.text(set_.title), 0) + b"\1"
                  + guid(SETUP_CLASS), True)
        made += b"".join(map(self.store, set_.stores))
        for form in set_.forms:
            made += op(0x01, words(form.number, self.text(form.title)), True)
            made += b"".join(map(self.item, form.inside)) + END
        return made + END

    def strings(self, language, translations):
        """Every kind of block: duplicates, skips, extensions, fonts, SCSU, one and several."""
        blocks, first, skipped = b"\x30\x40\x05\x41\x42", {}, 0
        for at, text in enumerate([language] + self.texts, 1):
            said = text if at == 1 or translations is None else translations.get(text.strip())
            if said is None:
                skipped += 1
                continue
            if skipped:
                blocks += b"\x22" + bytes((skipped,)) if skipped < 5 else b"\x21" + words(skipped)
                skipped = 0
            if said in first:
                blocks += b"\x20" + words(first[said])
            elif at % 4 == 1 and said.isascii():
                blocks += b"\x13\x00" + words(1) + said.encode() + b"\0"
            elif at % 4 == 2:
                blocks += b"\x16" + words(1) + said.encode("utf-16-le") + b"\0\0"
            elif at % 4 == 3 and said.isascii():
                blocks += b"\x10" + said.encode() + b"\0"
            else:
                blocks += b"\x14" + said.encode("utf-16-le") + b"\0\0"
            first.setdefault(said, at)
        name = language.encode() + b"\0"
        head = 46 + len(name)
        return package(4, struct.pack("<II", head, head) + bytes(32) + words(1) + name
                       + blocks + b"\0")


def package(kind, data):
    return struct.pack("<I", len(data) + 4 | kind << 24) + data


def build(board):
    builder = Builder(board)
    body = b"".join(package(2, builder.form_set(set_)) for set_ in board.sets)
    body += b"".join(builder.strings(*pair) for pair in board.languages.items())
    body += package(0xDF, b"")
    return guid(board.guid) + struct.pack("<I", len(body) + 20) + body


# What a report must say

STATES = {("suppress", True): "suppressed", ("disable", True): "suppressed",
          ("gray", True): "grayed", ("suppress", None): "suppress-if",
          ("gray", None): "gray-out-if", ("disable", None): "disable-if"}
ORDER = ("suppress-if", "gray-out-if", "disable-if", "suppressed", "grayed", "unreached")


@dataclasses.dataclass
class Expected:
    path: str
    ask: Ask
    states: list
    store: Store | None

    def text(self, value):
        for number_, text, _ in self.ask.options:
            if number_ == value:
                return text.strip()
        return None

    def default(self, class_):
        """None: the forms have none; otherwise a number, or "computed", or a list of bytes."""
        for wanted, value in self.ask.defaults:
            if wanted == class_:
                return "computed" if value is None else value
        for value, _, flags in self.ask.options:
            if self.ask.kind == "one-of" and "sm"[class_] in flags:
                return value
        if self.ask.kind == "checkbox":
            return int("sm"[class_] in self.ask.flags)
        return None


def walk(items, states):
    for item in items:
        if not isinstance(item, When):
            yield item, states
            continue
        constant = item.condition if isinstance(item.condition, bool) else None
        more = set() if constant is False else {STATES[item.kind, constant]}
        yield from walk(item.inside, states | more)


def ways(board):
    """The path and the states of the way to each form, by the shortest way."""
    found, waiting = {}, []
    aimed = {item.guid for set_ in board.sets for form in set_.forms
             for item, _ in walk(form.inside, set()) if isinstance(item, Goto) and item.guid}
    for set_ in board.sets:
        if set_.guid not in aimed:
            waiting.append((set_, set_.forms[0], [set_.title], set()))
    while waiting:
        set_, form, path, states = waiting.pop(0)
        if (set_.guid, form.number) in found:
            continue
        found[set_.guid, form.number] = path, states
        for item, more in walk(form.inside, states):
            if not isinstance(item, Goto):
                continue
            other = next(s for s in board.sets if s.guid == (item.guid or set_.guid))
            to = next(f for f in other.forms if f.number == item.form or not item.form)
            title = other.title if to is other.forms[0] else to.title
            waiting.append((other, to, path + [title], more))
    return found


def expected(board):
    """Yields an Expected for each question that a report can hold, in the order of the forms."""
    reached = ways(board)
    for set_ in board.sets:
        for form in set_.forms:
            path, way = reached.get((set_.guid, form.number),
                                    ([set_.title, form.title], {"unreached"}))
            for ask, states in walk(form.inside, way):
                if isinstance(ask, Ask) and ask.kind in ("one-of", "checkbox", "numeric",
                                                         "ordered-list"):
                    store = next((s for s in set_.stores if s.number == ask.store), None)
                    yield Expected(" > ".join(t.strip() for t in path), ask,
                                   sorted(states, key=ORDER.index), store)


# Two versions of one board's BIOS: the default of AES-NI differs, and offsets have moved.

ENABLED = ((0, "Disabled", ""), (1, "Enabled", "sm"))
DISABLED = ((0, "Disabled", "sm"), (1, "Enabled", ""))
CHIPSET = "c04d93aa-6e17-4f8b-b2d5-19e76f3a8c55"
GERMAN = {"Disabled": "Gesperrt", "Enabled": "Freigegeben", "Advanced": "Erweitert",
          "Processor Configuration": "Einstellungen für den Prozessor", "AES-NI": "AES-Befehle"}


def board(aes, shift):
    processor = [
        Ask("one-of", "AES-NI", 1, 0x10 + shift, options=aes, help="AES instructions"),
        Ask("one-of", "  Intel (R) Virtualization Technology ", 1, 0x11 + shift,
            options=((0, "Disabled", "m"), (1, "Enabled", "s"))),
        Ask("one-of", "Hyper-Threading [ALL]", 1, 0x12 + shift,
            options=((0, "Enable", "sm"), (1, "Disable", ""))),
        Ask("numeric", "Active Processor Cores", 1, 0x14 + shift, 2, defaults=((0, 0),)),
        Ask("checkbox", "MONITOR/MWAIT", 1, 0x16 + shift, flags="sm"),
        When("gray", (2, 0), [
            Ask("one-of", "VMX Lock", 1, 0x17 + shift, options=ENABLED)]),
        When("suppress", "not", [
            Ask("one-of", "Key Locker", 1, 0x18 + shift, options=DISABLED, help="processor")]),
        When("suppress", False, [
            Ask("numeric", "Core limit", 1, 0x20 + shift, defaults=((0, None), (1, 3)))]),
        When("gray", True, [
            Ask("one-of", "Turbo Mode", 2, 0x3, options=ENABLED)]),
        Ask("one-of", "Hardware Prefetcher", 1, (0x1A + shift) * 8 + 3, 2, bits=True,
            options=((0, "Disabled", ""), (2, "Auto", "s"), (3, "Enabled", "m"))),
        Ask("ordered-list", "Core order", 1, 0x24 + shift, most=3, defaults=((0, b"\3\1\2"),),
            options=((1, "Performance", ""), (2, "Efficient", ""), (3, "Low power", ""))),
        Ask("one-of", "Core nobody knows", 1, 0x19 + shift, options=ENABLED),
        Ask("numeric", "Threads of nothing", 0, 0),
        Ask("numeric", "Threads elsewhere", 3, 0x0),
        Ask("numeric", "Threads behind the end", 1, 0x7F0),
        Ask("password", "CPU password", 1, 0x30),
        Ask("string", "CPU name", 1, 0x32), Ask("date", "CPU date", 0, 0),
        Ask("time", "CPU time", 0, 0),
    ]
    debug = Form(4, "Debug", [Ask("one-of", "CFG Lock, locks the C states", 1, 0x1C + shift,
                                  options=ENABLED)])
    fan = Ask("one-of", "Fan speed", 1, 0x1D + shift, options=((0, "Quiet", "sm"), (1, "Fast", "")))
    stores = [Store(1, "variable", "Setup", SETUP, 0x40), Store(2, "buffer", "CpuSetup", CPU, 8),
              Store(3, "buffer", "NoSuch", CPU, 8)]
    return Board("2b7f6a54-9d1c-4c6e-8f35-60a1c47e9b02", [
        FormSet("5a0e1c77-41b8-4e2d-9c63-d2f4587be110", "Setup", stores, [
            Form(1, "Main", [Goto(" Advanced", 2), Goto("Chipset", 0, CHIPSET)]),
            Form(2, "Advanced", [Goto("Processor Configuration", 3),
                                 When("suppress", True, [Goto("Debug", 4)]), fan]),
            Form(3, "Processor Configuration", processor + [Goto("Back", 2)]),
            debug,
            Form(5, "Lost", [Ask("checkbox", "SVM Mode", 1, 0x1E + shift, flags="m")]),
        ]),
        FormSet(CHIPSET, "Chipset", stores[:1], [
            Form(1, "Chipset", [Ask("one-of", "VT-d", 1, 0x1F + shift, options=DISABLED)]),
        ]),
    ], {"x-UEFI-AMI": {"AES-NI": "KEYWORD"}, "de-DE": GERMAN, "en-US": None})


BOARDS = {"2.21.2": board(ENABLED, 0), "2.19.0": board(DISABLED, 4)}


if __name__ == "__main__":
    with open(sys.argv[2], "wb") as out:
        out.write(build(BOARDS[sys.argv[1]]))
