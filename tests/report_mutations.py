# SPDX-License-Identifier: MIT
"""Ways to change a report or pool, most of which make it invalid and some of which do not.

A mutation is a function of the bytes and a random.Random.  It returns other bytes, or None where
the file has nothing that it could change.  Three sorts: of bytes, of words and lines, and of what
a valid file says, which is then spelled right, so that only its meaning can be wrong.
"""

import re

import report_reader as reader

BYTES = (b" ", b"\n", b"\r", b"\t", b"\0", b'"', b"\\", b"-", b"+", b",", b"0", b"1", b"9", b"a",
         b"f", b"g", b"A", b"F", b"_", b"\x1f", b"\x7e", b"\x7f", b"\x80", b"\xff", b"\xc3\xa9")
NUMBERS = (0, 1, 2, 9, 10, 15, 16, 23, 24, 31, 32, 33, 127, 128, 511, 512, 513, 1023, 1024, 1025,
           4095, 4096, 4097, 65535, 65536, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1, 2**64, 10**30)
WORD = re.compile(rb"[^ \n]+")
DECIMAL = re.compile(rb"(?<![0-9a-z])[0-9]+(?![0-9a-z])")
HEX = re.compile(rb"(?<![0-9a-z])[0-9a-f]+(?![0-9a-z])")
QUOTED = re.compile(rb'"(?:[^"\\\n]|\\.)*"')
BLANK = re.compile(rb" ")
LIST = re.compile(rb"(?m)(?:^(disabled|silent|members|answers|values) .*\n)(?:^\1 .*\n)*")
TIMES = (b"2026-11-22T15:41:29", b"0000-00-00T00:00:00Z", b"2026-11-22T15:41:29+01:00",
         b"2026-11-22T15:41:29-1:00", b"2026-11-22 15:41:29", b"2026-11-22T15:41:29z",
         b"2026-11-22T15:41:29+0100", b"2026-11-22T15:41", b"22026-11-22T15:41:29",
         b"2026-11-22T15:41:29 Z", b"2026-11-22T15:41:29.5", b'"2026-11-22T15:41:29"',
         b"2026-11-22T15:41:29Z+01:00", b"2026-11-22T15:41:2g", b"2026/11/22T15:41:29", b"unknown")
ESCAPES = (b"\\n", b"\\t", b"\\x", b"\\x1", b"\\x0g", b"\\x00", b"\\x01", b"\\x1F", b"\\x1f",
           b"\\X1f", b"\\x20", b"\\x41", b"\\x5c", b"\\x22", b"\\x7e", b"\\x7f", b"\\xff", b"\\xFF",
           b"\\'", b"\\\"", b"\\\\", b"\\", b'"', b"\\001", b"\\u0041", b"a", b" ", b"  ")
CUTS = (b"none", b"", b"leaves", b"kinds", b"processors", b"strings", b"unknown", b"Leaves")
MOST_LINES_CUT = 4


def replaced(data, start, end, new):
    return data[:start] + new + data[end:]


def at_match(pattern, data, rnd):
    """Picks one of the places where pattern is."""
    found = list(pattern.finditer(data))
    return rnd.choice(found) if found else None


def at_line(data, word, rnd):
    """Picks a line that begins with one of the words; returns it without its first word."""
    return at_match(re.compile(rb"(?m)(?<=^" + word + rb" ).*$"), data, rnd)


# Bytes

def byte_set(data, rnd):
    at = rnd.randrange(len(data))
    return replaced(data, at, at + 1, rnd.choice(BYTES))


def bit_flip(data, rnd):
    at = rnd.randrange(len(data))
    return replaced(data, at, at + 1, bytes((data[at] ^ 1 << rnd.randrange(8),)))


def byte_any(data, rnd):
    at = rnd.randrange(len(data))
    return replaced(data, at, at + 1, bytes((rnd.randrange(256),)))


def byte_insert(data, rnd):
    at = rnd.randrange(len(data) + 1)
    return replaced(data, at, at, rnd.choice(BYTES))


def byte_delete(data, rnd):
    at = rnd.randrange(len(data))
    return replaced(data, at, at + rnd.choice((1, 1, 1, 2, 8)), b"")


def byte_swap(data, rnd):
    at = rnd.randrange(len(data))
    return replaced(data, at, at + 2, data[at:at + 2][::-1])


def truncate(data, rnd):
    return data[:rnd.randrange(len(data))]


def trail(data, rnd):
    more = rnd.choice(BYTES + (b"\n\n", b"end\n", b"end", b" \n", b"kind 0\n", b"\0" * 9))
    return data + more


def no_last_lf(data, _rnd):
    return data[:-1]


def lead(data, rnd):
    return rnd.choice(BYTES + (b"\xef\xbb\xbf", b"\n\n", b"# x\n")) + data


def crlf_all(data, _rnd):
    return data.replace(b"\n", b"\r\n")


def crlf_one(data, rnd):
    place = at_match(re.compile(rb"\n"), data, rnd)
    return place and replaced(data, *place.span(), rnd.choice((b"\r\n", b"\r", b"\n\r", b"\n\n")))


def blank_add(data, rnd):
    place = at_match(re.compile(rb"[ \n]|^"), data, rnd)  # matches at least at the start
    at = rnd.choice(place.span())
    return replaced(data, at, at, rnd.choice((b" ", b"\t", b"  ")))


def blank_change(data, rnd):
    place = at_match(BLANK, data, rnd)
    return place and replaced(data, *place.span(), rnd.choice((b"", b"\t", b"\n", b"  ", b",")))


def upper(data, rnd):
    place = at_match(re.compile(rb"[a-z]+"), data, rnd)
    return place and replaced(data, *place.span(), place.group().upper())


# Words and lines

def line_edit(edit):
    """Makes a mutation of a function that changes a list of lines."""
    def mutation(data, rnd):
        lines = data.splitlines(keepends=True)
        return b"".join(edit(lines, rnd.randrange(len(lines)), rnd))
    mutation.__name__ = edit.__name__
    return mutation


@line_edit
def line_delete(lines, at, rnd):
    del lines[at:at + rnd.choice((1, 1, 1, rnd.randint(1, MOST_LINES_CUT)))]
    return lines


@line_edit
def line_double(lines, at, rnd):
    return lines[:at] + lines[at:at + rnd.choice((1, 1, 2))] + lines[at:]


@line_edit
def line_swap(lines, at, _rnd):
    lines[at:at + 2] = lines[at:at + 2][::-1]
    return lines


@line_edit
def line_move(lines, at, rnd):
    line = lines.pop(at)
    lines.insert(rnd.randint(0, len(lines)), line)
    return lines


@line_edit
def line_empty(lines, at, rnd):
    lines.insert(at, rnd.choice((b"\n", b" \n", b"# comment\n", b"extra 1\n", b"end\n")))
    return lines


@line_edit
def line_join(lines, at, rnd):
    lines[at] = lines[at].rstrip(b"\n") + rnd.choice((b"", b" "))
    return lines


@line_edit
def line_join_same(lines, at, _rnd):
    """Joins a line that continues a list to the line before it."""
    word = lines[at].split(b" ")[0]
    if at and lines[at - 1].split(b" ")[0] == word:
        lines[at - 1:at + 1] = [lines[at - 1].rstrip(b"\n") + lines[at][len(word):]]
    return lines


def word_delete(data, rnd):
    place = at_match(re.compile(rb" [^ \n]+"), data, rnd)
    return place and replaced(data, *place.span(), b"")


def word_double(data, rnd):
    place = at_match(WORD, data, rnd)
    return place and replaced(data, *place.span(), place.group() + b" " + place.group())


def word_copy(data, rnd):
    place = at_match(WORD, data, rnd)
    return place and replaced(data, *place.span(), at_match(WORD, data, rnd).group())


def word_special(data, rnd):
    place = at_match(re.compile(rb"(?<= )[^ \n]+"), data, rnd)
    special = (b"unknown", b"none", b'""', b'"unknown"', b"0", b"-", b"-1", b"unsigned", b"1-1")
    return place and replaced(data, *place.span(), rnd.choice(special))


def line_break(data, rnd):
    """Continues a line on the next one, beginning with the same word."""
    place = at_match(BLANK, data, rnd)
    if not place:
        return None
    start = data.rfind(b"\n", 0, place.start()) + 1
    word = data[start:].split(b" ", 1)[0]
    return replaced(data, *place.span(), b"\n" + word + b" ")


def near_number(number, rnd):
    near = (number - 1, number + 1, number * 2, number * 16, rnd.choice(NUMBERS))
    return max(0, rnd.choice(near))


def decimal_change(data, rnd):
    place = at_match(DECIMAL, data, rnd)
    return place and replaced(data, *place.span(), b"%d" % near_number(int(place.group()), rnd))


def hex_change(data, rnd):
    """Changes a number and keeps its width, so that mostly only its value can be wrong."""
    place = at_match(HEX, data, rnd)
    if not place:
        return None
    new = b"%0*x" % (len(place.group()), near_number(int(place.group(), 16), rnd))
    return replaced(data, *place.span(), new)


def number_spelling(data, rnd):
    place = at_match(HEX, data, rnd)
    if not place:
        return None
    old = place.group()
    new = (b"0" + old, b"00" + old, b"0x" + old, b"+" + old, b"-" + old, old[1:], old + b"h",
           old.upper(), old.lstrip(b"0"), old.zfill(16), old[:-1], old + b"0", old.title(), b"")
    return replaced(data, *place.span(), rnd.choice(new))


def version_change(data, rnd):
    version = rnd.choice((b"0", b"01", b"2", b"10", b"1 ", b"1 1", b"", b"x", b"1.0", b"9" * 40))
    first = rnd.choice((reader.REPORT_WORD, reader.POOL_WORD, b"cpulevel", b""))
    if rnd.randrange(2):
        first = data.split(b" ", 1)[0]
    return first + b" " + version + b"\n" + data.partition(b"\n")[2]


def string_part(data, rnd):
    place = at_match(QUOTED, data, rnd)
    if not place:
        return None
    at = rnd.randint(place.start(), place.end())
    return replaced(data, at, at + rnd.randrange(2), rnd.choice(ESCAPES))


def string_escape_plain(data, rnd):
    """Escapes a byte of a string that could stand for itself."""
    place = at_match(QUOTED, data, rnd)
    if not place or len(place.group()) < 3:
        return None
    at = rnd.randrange(place.start() + 1, place.end() - 1)
    return replaced(data, at, at + 1, b"\\x%02x" % data[at])


def string_length(data, rnd):
    place = at_match(QUOTED, data, rnd)
    if not place:
        return None
    part = rnd.choice((b"a", b'\\"', b"\\\\", b"\\x01", b" "))
    new = b'"' + part * rnd.choice((0, 1, 127, 128, 129, 2000)) + b'"'
    return replaced(data, *place.span(), new)


def string_quotes(data, rnd):
    place = at_match(QUOTED, data, rnd)
    if not place:
        return None
    inner = place.group()[1:-1]
    new = (inner, b'"' + inner, inner + b'"', b"'" + inner + b"'", b'""' + inner + b'""')
    return replaced(data, *place.span(), rnd.choice(new))


def time_change(data, rnd):
    place = at_line(data, b"time", rnd)
    return place and replaced(data, *place.span(), rnd.choice(TIMES))


def cut_change(data, rnd):
    place = at_line(data, b"cut", rnd)
    words = b" ".join(rnd.choice(CUTS) for _ in range(rnd.randint(1, 5)))
    return place and replaced(data, *place.span(), words)


def value_unknown(data, rnd):
    """Makes any value unknown, by the right word or another."""
    place = at_match(re.compile(rb"(?m)(?<= ).*$"), data, rnd)
    new = (b"unknown", b"unknown", b'"unknown"', b"Unknown", b"none", b"unknown ", b"unknown 1")
    return place and replaced(data, *place.span(), rnd.choice(new))


# Lists and values

def items_of(place):
    return [item for line in place.group().splitlines() for item in line.split()[1:]]


def list_at(data, rnd):
    """Picks a list or the values of a vary block: its span, first word and items."""
    place = at_match(LIST, data, rnd)
    items = place and items_of(place)
    return (place, place.group(1), items) if items else None


def fill(word, items, width):
    lines = []
    line = word
    for item in items:
        if len(line) + 1 + len(item) > width and line != word:
            lines.append(line)
            line = word
        line += b" " + item
    return b"".join(line + b"\n" for line in lines + [line])


def list_edit(edit):
    """Makes a mutation of a function that changes a list's items, and fills its lines again."""
    def mutation(data, rnd):
        found = list_at(data, rnd)
        if not found:
            return None
        place, word, items = found
        return replaced(data, *place.span(), fill(word, edit(items, rnd), 79))
    mutation.__name__ = edit.__name__
    return mutation


def list_width(data, rnd):
    found = list_at(data, rnd)
    if not found:
        return None
    place, word, items = found
    width = rnd.choice((1, 40, 70, 76, 77, 78, 79, 80, 81, 82, 88, 100, 10**9))
    return replaced(data, *place.span(), fill(word, items, width))


@list_edit
def list_delete(items, rnd):
    at = rnd.randrange(len(items))
    return items[:at] + items[at + 1:]


@list_edit
def list_double(items, rnd):
    at = rnd.randrange(len(items))
    return items[:at] + items[at:at + 1] + items[at:]


@list_edit
def list_swap(items, rnd):
    at = rnd.randrange(len(items))
    return items[:at] + items[at:at + 2][::-1] + items[at + 2:]


@list_edit
def list_none(items, rnd):
    return rnd.choice(([b"none"], items + [b"none"], [b"none"] + items, [], [b"none", b"none"]))


@list_edit
def list_insert(items, rnd):
    new = rnd.choice((b"0", b"%d" % rnd.choice(NUMBERS), b"%08x" % rnd.getrandbits(32)))
    at = rnd.randint(0, len(items))
    return items[:at] + [new] + items[at:]


@list_edit
def list_all_alike(items, _rnd):
    return [items[0]] * len(items)


def number_edit(edit):
    """As list_edit, of a list that holds numbers and runs, given as pairs."""
    def changed(items, rnd):
        if not all(re.fullmatch(rb"[0-9]{1,5}(-[0-9]{1,5})?", item) for item in items):
            return items
        spans = [tuple(map(int, item.split(b"-"))) for item in items]
        spans = [(span[0], span[-1]) for span in spans]
        return edit(items, spans, rnd.randrange(len(items)), rnd)
    changed.__name__ = edit.__name__
    return list_edit(changed)


@number_edit
def run_split(items, spans, at, rnd):
    first, last = spans[at]
    middle = rnd.randint(first, last)
    parts = [(first, middle), (middle + 1, last)]
    items[at:at + 1] = [b"%d" % a if a == b else b"%d-%d" % (a, b) for a, b in parts if a <= b]
    return items


@number_edit
def run_expand(items, spans, at, _rnd):
    first, last = spans[at]
    items[at:at + 1] = [b"%d" % number for number in range(first, min(last, first + 99) + 1)]
    return items


@number_edit
def run_join(items, spans, at, _rnd):
    items[at:at + 2] = [b"%d-%d" % (spans[at][0], spans[at:at + 2][-1][1])]
    return items


@number_edit
def run_reverse(items, spans, at, _rnd):
    items[at] = b"%d-%d" % spans[at][::-1]
    return items


@number_edit
def run_spelling(items, spans, at, rnd):
    first, last = spans[at]
    items[at] = rnd.choice((b"%d-" % first, b"-%d" % last, b"%d--%d" % (first, last),
                            b"%d - %d" % (first, last), b"%d-0%d" % (first, last),
                            b"%d..%d" % (first, last), b"%d-%d-%d" % (first, last, last + 1)))
    return items


@number_edit
def run_neighbour(items, spans, at, rnd):
    """Adds a number beside an item, which should then be, or be longer than, a run."""
    first, last = spans[at]
    number, place = rnd.choice(((first - 1, at), (last + 1, at + 1), (last, at + 1)))
    return items[:place] + [b"%d" % abs(number)] + items[place:]


@number_edit
def run_grow(items, spans, at, rnd):
    first, last = spans[at]
    items[at] = b"%d-%d" % (first, last + rnd.choice((1, 2, 10, 1000, 1024, 70000)))
    return items


# What a valid file says, spelled right

def meaning(kind, edit):
    """Makes a mutation of a function that changes a parsed report or pool."""
    def mutation(data, rnd):
        try:
            parsed = reader.read(data)
        except reader.Refused:
            return None
        if not isinstance(parsed, kind) or edit(parsed, rnd) is False:
            return None
        return reader.spell(parsed)
    mutation.__name__ = edit.__name__
    return mutation


def of_report(edit):
    return meaning(reader.Report, edit)


def of_kind(edit):
    def changed(report, rnd):
        return bool(report.kinds) and edit(rnd.choice(report.kinds), rnd)
    changed.__name__ = edit.__name__
    return meaning(reader.Report, changed)


def of_pool(edit):
    def changed(pool, rnd):
        return bool(pool.hosts) and edit(pool, rnd)
    changed.__name__ = edit.__name__
    return meaning(reader.Pool, changed)


@of_report
def cut_words(report, rnd):
    report.cut = [word for word in reader.CUTS if rnd.randrange(2)]
    if rnd.randrange(4) == 0:
        rnd.shuffle(report.cut)


@of_report
def list_numbers(report, rnd):
    numbers = sorted(rnd.sample(range(rnd.choice((70, 300, 65536))), rnd.randint(0, 60)))
    if rnd.randrange(2):
        report.disabled = numbers
    else:
        report.silent = numbers


@of_report
def field_string(report, rnd):
    name = rnd.choice([name for name, form in reader.FIELDS if form == "string"])
    size = rnd.choice((0, 1, 20, 127, 128, 129))
    report.fields[name] = bytes(rnd.randint(rnd.randrange(2), 255) for _ in range(size))


@of_report
def kind_swap(report, rnd):
    rnd.shuffle(report.kinds)


@of_report
def kind_delete(report, rnd):
    if report.kinds:
        report.kinds.remove(rnd.choice(report.kinds))


@of_report
def kind_double(report, rnd):
    """Adds a kind like another, of processors of its own or of the same."""
    if not report.kinds:
        return False
    kind = rnd.choice(report.kinds)
    shift = rnd.choice((0, 1, 2000))
    members = [number + shift for number in kind.members]
    report.kinds.append(reader.Kind(members, 1, 2, 3, kind.msrs, kind.answers, kind.varies))
    return True


@of_report
def member_move(report, rnd):
    if not report.kinds:
        return False
    kinds = (rnd.choice(report.kinds), rnd.choice(report.kinds))
    number = rnd.choice(kinds[0].members)
    if rnd.randrange(2):
        kinds[0].members.remove(number)
    kinds[1].members = sorted(set(kinds[1].members) | {number})
    return True


@of_kind
def member_add(kind, rnd):
    number = rnd.choice((max(kind.members) + 1, rnd.randrange(3000), 0))
    kind.members = sorted(set(kind.members) | {number})
    if rnd.randrange(2):
        for vary in kind.varies:
            vary.values.append(rnd.choice(vary.values))


@of_kind
def member_delete(kind, rnd):
    at = rnd.randrange(len(kind.members))
    kind.members.pop(at)
    if rnd.randrange(4):
        for vary in kind.varies:
            vary.values.pop(at)


@of_kind
def vary_add(kind, rnd):
    """Adds a block in its order or at the end, with values that may be equal."""
    leaf = rnd.choice(kind.answers)
    register = rnd.randrange(4)
    first = leaf[2 + register] + rnd.choice((0, 0, 0, 1)) & 0xFFFFFFFF
    rest = [rnd.choice((first, first ^ 1)) for _ in kind.members[1:]]
    kind.varies.append(reader.Vary(leaf[0], leaf[1], register, [first] + rest))
    if rnd.randrange(3):
        kind.varies.sort(key=reader.vary_place)


@of_kind
def vary_change(kind, rnd):
    if not kind.varies:
        return False
    vary = rnd.choice(kind.varies)
    what = rnd.randrange(5)
    if what == 0:
        vary.values = [vary.values[0]] * len(vary.values)
    elif what == 1:
        vary.values[rnd.randrange(len(vary.values))] ^= 1
    elif what == 2:
        vary.subleaf = (vary.subleaf + 1) & 0xFF
    elif what == 3:
        vary.register = rnd.randrange(4)
    else:
        kind.varies.remove(vary)
    return True


@of_kind
def vary_order(kind, rnd):
    rnd.shuffle(kind.varies)


def leaf_changed(answers, rnd):
    """Changes, adds, removes or moves one cpuid line."""
    at = rnd.randrange(len(answers))
    words = list(answers[at])
    words[rnd.randrange(10 if rnd.randrange(3) == 0 else 6)] ^= rnd.choice((1, 2, 0x80))
    new = rnd.choice((tuple(words), tuple(words), words[:2] + [0] * 8, answers[at]))
    if rnd.randrange(2):
        answers.pop(at)
    if rnd.randrange(3):
        answers.insert(rnd.randint(0, len(answers)), tuple(new))
    if rnd.randrange(4):
        answers.sort()


@of_kind
def kind_leaf(kind, rnd):
    leaf_changed(kind.answers, rnd)


@of_pool
def pool_leaf(pool, rnd):
    leaf_changed(rnd.choice(pool.answers), rnd)


@of_pool
def host_order(pool, rnd):
    rnd.shuffle(pool.hosts)


@of_pool
def host_delete(pool, rnd):
    pool.hosts.remove(rnd.choice(pool.hosts))


@of_pool
def host_double(pool, rnd):
    """Adds a host beside one that it shares its name, its digest or both with."""
    at = rnd.randrange(len(pool.hosts))
    host = pool.hosts[at]
    name = rnd.choice((host.name, host.name, host.name + b"\x01", host.name[:-1], b"~"))
    digest = rnd.choice((host.digest, "f" * 32, "0" * 32, host.digest[:-1] + "7"))
    key = rnd.choice((None, host.key, "0123456789abcdef"))
    pool.hosts.insert(at + rnd.randrange(2), reader.Host(name, digest, key, host.answers))


@of_pool
def host_answers(pool, rnd):
    host = rnd.choice(pool.hosts)
    most = len(pool.answers) + rnd.randrange(2)
    host.answers = sorted(rnd.sample(range(most), rnd.randint(0, min(most, 34))))


@of_pool
def answer_order(pool, rnd):
    at = rnd.randrange(len(pool.answers))
    pool.answers[at:at + 2] = pool.answers[at:at + 2][::-1]


@of_pool
def answer_double(pool, rnd):
    """Adds an answer that another begins with, is the beginning of or equals, and a giver."""
    answer = list(rnd.choice(pool.answers))
    if rnd.randrange(2):
        answer.append((0xFFFFFFFF, 0xFF, 0, 0, 0, rnd.choice((0, 1, 1, 1))))
    elif rnd.randrange(2):
        answer.pop()
    pool.answers.insert(rnd.randint(0, len(pool.answers)), answer)
    if rnd.randrange(2):
        pool.answers.sort()
    if rnd.randrange(2):
        host = rnd.choice(pool.hosts)
        host.answers = sorted(set(host.answers) | {len(pool.answers) - 1})


@of_pool
def answer_delete(pool, rnd):
    pool.answers.remove(rnd.choice(pool.answers))


MUTATIONS = (
    byte_set, bit_flip, byte_any, byte_insert, byte_delete, byte_swap, truncate, trail, no_last_lf,
    lead, crlf_all, crlf_one, blank_add, blank_change, upper, line_delete, line_double, line_swap,
    line_move, line_empty, line_join, line_join_same, word_delete, word_double, word_copy,
    word_special, line_break, decimal_change, hex_change, number_spelling, version_change,
    string_part, string_escape_plain, string_length, string_quotes, time_change, cut_change,
    value_unknown, list_width, list_delete, list_double, list_swap, list_none, list_insert,
    list_all_alike, run_split, run_expand, run_join, run_reverse, run_spelling, run_neighbour,
    run_grow, cut_words, list_numbers, field_string, kind_swap, kind_delete, kind_double,
    member_move, member_add, member_delete, vary_add, vary_change, vary_order, kind_leaf,
    pool_leaf, host_order, host_delete, host_double, host_answers, answer_order, answer_double,
    answer_delete,
)


def mutate(data, rnd):
    """Applies one mutation, or now and then some; returns their names and the bytes."""
    names = []
    wanted = rnd.choice((1, 1, 1, 1, 2, 3))
    while len(names) < wanted:
        mutation = rnd.choice(MUTATIONS)
        new = mutation(data, rnd) if data else b""
        if new is not None and (new != data or not data):
            data = new
            names.append(mutation.__name__)
    return names, data


def systematic(data):
    """Every truncation of a file, and each line left out, doubled and swapped with the next."""
    for size in range(len(data)):
        yield f"cut to {size} bytes", data[:size]
    lines = data.splitlines(keepends=True)
    for at, line in enumerate(lines):
        yield f"without line {at + 1}", b"".join(lines[:at] + lines[at + 1:])
        yield f"line {at + 1} twice", b"".join(lines[:at] + [line] + lines[at:])
        swapped = lines[:at] + lines[at:at + 2][::-1] + lines[at + 2:]
        if swapped != lines:
            yield f"lines {at + 1} and {at + 2} swapped", b"".join(swapped)


def rewrapped(data):
    """Each list of a file with its lines broken a little too early or too late."""
    for place in LIST.finditer(data):
        for width in range(76, 83):
            lines = fill(place.group(1), items_of(place), width)
            if lines != place.group():
                where = data[:place.start()].count(b"\n") + 1
                yield f"list of line {where} filled to {width}", replaced(
                    data, *place.span(), lines)
