# SPDX-License-Identifier: MIT
"""Second reader of HII exports, written from the UEFI specification alone (2.10, chapter 33).

It shares nothing with common/hii: another language, other structures, no tables.  questions() gives
what a report must say of each question but its path and the state of the way to its form.
"""

import collections
import struct
import uuid

Question = collections.namedtuple("Question", "prompt kind store default manufacturing")

KINDS = {0x05: b"one-of", 0x06: b"checkbox", 0x07: b"numeric", 0x23: b"ordered-list"}
BIT_FIELDS = uuid.UUID("82ddd68b-9163-4187-9b27-20a8fd60a71d").bytes_le
WIDTH = {0: 1, 1: 2, 2: 4, 3: 8, 4: 1}
TEXT_BYTES = 128


def lists(data):
    at = 0
    while at + 20 <= len(data):
        size, = struct.unpack_from("<I", data, at + 16)
        if size in (0, 0xFFFFFFFF):
            return
        assert 20 <= size <= len(data) - at, "a list is longer than the export"
        yield data[at + 20:at + size]
        at += size


def packages(body):
    at = 0
    while at + 4 <= len(body):
        head, = struct.unpack_from("<I", body, at)
        size = head & 0xFFFFFF
        assert size >= 4, "a package without a length"
        yield head >> 24, body[at:at + size]
        at += size


def language(package):
    return package[46:].split(b"\0")[0].decode()


def ucs2(data, at):
    end = at
    while data[end:end + 2] != b"\0\0":
        end += 2
    return data[at:end].decode("utf-16-le", "replace"), end + 2


def narrow(data, at):
    end = data.index(b"\0", at)
    return data[at:end].decode("latin-1"), end + 1


def strings(package):
    """The strings of a package by their numbers."""
    at, number, found = struct.unpack_from("<I", package, 8)[0], 1, {}
    while package[at]:
        block = package[at]
        if 0x10 <= block <= 0x17:
            at += 2 if block & 1 else 1
            count = 1
            if block & 2:
                count, = struct.unpack_from("<H", package, at)
                at += 2
            for _ in range(count):
                found[number], at = (ucs2 if block & 4 else narrow)(package, at)
                number += 1
        elif block == 0x20:
            found[number] = found[struct.unpack_from("<H", package, at + 1)[0]]
            number, at = number + 1, at + 3
        elif block == 0x21:
            number, at = number + struct.unpack_from("<H", package, at + 1)[0], at + 3
        elif block == 0x22:
            number, at = number + package[at + 1], at + 2
        else:
            assert block in (0x30, 0x31, 0x32), f"block {block:#x}"
            at += struct.unpack_from("<" + {0x30: "B", 0x31: "H", 0x32: "I"}[block], package,
                                     at + 2)[0]
    return found


def clean(text):
    """As the report's page says: without blanks at either end, at most so many bytes of UTF-8."""
    text = "".join(" " if ord(c) <= 32 or c == "\xa0" else c
                   for c in text if not 0xFFF0 <= ord(c) <= 0xFFFF).strip(" ")
    while len(text.encode()) > TEXT_BYTES:
        text = text[:-1]
    return text.rstrip(" ").encode()


class Node:
    """An opcode, and those in its scope."""

    def __init__(self, code, data):
        self.code = code
        self.data = data  # with the header
        self.inside = []

    def words(self, at, count=1):
        return struct.unpack_from(f"<{count}H", self.data, at)


def tree(package):
    """The opcodes of a form package as trees."""
    root = Node(0, b"")
    open_, at = [root], 4
    while at < len(package):
        size = package[at + 1] & 0x7F
        node = Node(package[at], package[at:at + size])
        at += size
        if node.code == 0x29:
            open_.pop()
            continue
        open_[-1].inside.append(node)
        if node.data[1] & 0x80:
            open_.append(node)
    return root


def below(node):
    for one in node.inside:
        yield one
        yield from below(one)


def number(data, at, kind):
    width = WIDTH.get(kind)
    if width is None or at + width > len(data):
        return None
    return int.from_bytes(data[at:at + width], "little")


class Reader:
    def __init__(self, texts):
        self.texts = texts
        self.stores = {}

    def text(self, number_):
        return clean(self.texts.get(number_, ""))

    def options(self, node):
        return [(number(one.data, 6, one.data[5]), self.text(one.words(2)[0]), one.data[4])
                for one in below(node) if one.code == 0x09 and len(one.data) > 6]

    def option(self, node, value):
        return next((text for n, text, _ in self.options(node) if n == value and text), None)

    def listed(self, node, data, width):
        items = []
        for at in range(0, len(data) - width + 1, width):
            value = int.from_bytes(data[at:at + width], "little")
            if value == 0:
                break
            items.append(self.option(node, value) or b"%x" % value)
        return b"list", b", ".join(items)

    def named(self, node, value):
        return value, self.option(node, value) if node.code == 0x05 else None

    def default(self, node, class_):
        for one in below(node):
            if one.code != 0x5B or one.words(2)[0] != class_:
                continue
            if one.data[4] == 8:
                return b"computed", None
            if node.code == 0x23:
                if one.data[4] == 0x0B:
                    return self.listed(node, one.data[5:], self.item_width(node))
                continue
            value = number(one.data, 5, one.data[4])
            if value is not None:
                return self.named(node, value)
        if node.code == 0x05:
            for value, _, flags in self.options(node):
                if flags & (0x10 << class_) and value is not None:
                    return self.named(node, value)
        if node.code == 0x06:
            return node.data[13] >> class_ & 1, None
        return None

    def item_width(self, node):
        return next((WIDTH[one.data[5]] for one in below(node)
                     if one.code == 0x09 and one.data[5] in WIDTH), 1)

    def bits(self, node, fields):
        if node.code == 0x06:
            return 1 if fields else 8
        if node.code == 0x23:
            return node.data[13] * 8 * self.item_width(node)
        return node.data[13] & 0x3F if fields else 8 << (node.data[13] & 3)

    def store(self, node, fields):
        id_, place = node.words(8, 2)
        if id_ == 0 or id_ not in self.stores:
            return (b"none",)
        kind, name, guid = self.stores[id_]
        if kind == b"named":
            return kind, self.text(place), guid
        at = (place // 8, place % 8) if fields else (place, 0)
        return kind, name, guid, *at, self.bits(node, fields)

    def walk(self, node, fields=False):
        for one in node.inside:
            if one.code == 0x0E:
                self.stores = {}
            elif one.code == 0x24:
                self.stores[one.words(18)[0]] = (b"buffer", one.data[22:].split(b"\0")[0],
                                                 str(uuid.UUID(bytes_le=one.data[2:18])))
            elif one.code in (0x25, 0x26):
                kind = b"variable" if one.code == 0x26 and len(one.data) > 26 else b"named"
                self.stores[one.words(2)[0]] = (kind, one.data[26:].split(b"\0")[0],
                                                str(uuid.UUID(bytes_le=one.data[4:20])))
            elif one.code in KINDS:
                default = self.default(one, 0) or (b"none", None)
                yield Question(self.text(one.words(2)[0]), KINDS[one.code],
                               self.store(one, fields), default,
                               self.default(one, 1) or default)
            inner = fields or (one.code == 0x5F and one.data[2:18] == BIT_FIELDS)
            yield from self.walk(one, inner)


def questions(data):
    """Yields the questions of an export, in its order."""
    for body in lists(data):
        parts = list(packages(body))
        texts = {}
        for kind, package in parts:
            if kind == 4 and not language(package).lower().startswith("x-"):
                texts.setdefault(language(package), strings(package))
        best = next((name for name in ("en-US", "en") if name in texts), None)
        best = best or next((name for name in texts if name.startswith("en-")), None)
        best = best or next(iter(texts), None)
        for kind, package in parts:
            if kind == 2:
                yield from Reader(texts.get(best, {})).walk(tree(package))
