# SPDX-License-Identifier: MIT
"""Valid reports and pools for mutate_reports.py to start from, and files at every limit.

The seeds are small where they can be: a mutation of a small file more often hits what matters.
"""

import pathlib
import re

import report_reader as reader

PAGE = pathlib.Path(__file__).resolve().parent.parent / "docs" / "report-format.md"
EXAMPLE = re.compile(r"cpulevel-report 1\n    program (?:.*\n    )+?end\n")


def example():
    """The report in the page, which so is tested to be one."""
    text = EXAMPLE.search(PAGE.read_text(encoding="ascii")).group()
    return text.replace("\n    ", "\n").encode()


def fields(**known):
    known = {name.replace("_", "-"): value for name, value in known.items()}
    newer = any(name in known for name, _ in reader.FIELDS_2)
    values = {name: None for name, _ in reader.fields_of(2 if newer else 1)}
    values.update(known)
    return values


def kind(members, answers=1, varies=0, cr4=None, msrs=()):
    """A kind with as many answers; the registers of the first ones vary."""
    leaves = [(leaf, leaf & 3, leaf * 5, 1, 2, 0xFFFFFFFF, 0, 0, 0, 0) for leaf in range(answers)]
    made = reader.Kind(members, cr4, None, 0x10203, list(msrs), leaves, [])
    for place in range(varies):
        leaf, register = divmod(place, 4)
        first = leaves[leaf][2 + register]
        values = [(first + index) & 0xFFFFFFFF for index in range(len(members))]
        made.varies.append(reader.Vary(leaf, leaf & 3, register, values))
    return made


def report(kinds, disabled=(), silent=(), cut=(), **known):
    return reader.Report(fields(**known), list(disabled), list(silent), list(cut), kinds)


def every_field():
    """A report of version 2 without unknown fields, with each byte that a string can hold."""
    known = {}
    for place, (name, form) in enumerate(reader.fields_of(2)):
        known[name] = bytes(range(1 + place * 12, 13 + place * 12)) if place < 20 else b"\xf1\xff"
        if form in ("decimal", "hex"):
            known[name] = 2**64 - 1
    known["time"] = b"9999-99-99T99:99:99-99:99"
    known["label"] = b""
    known["system-serial"] = b'\\"' * 64
    known["system-uuid"] = b"\xff" * 128
    return report([kind([65535])], **known)


def hybrid():
    """Three kinds whose members are mixed, with lists that fill lines."""
    kinds = [
        kind([0, 1, 4, 5, 9], answers=6, varies=6, cr4=0x668),
        kind([2, 3, 7], answers=5, varies=1, cr4=0x40668),
        kind([6, 11, 13, 14], answers=2,
             msrs=[(0x1B, 0xFEE00900), (0x3A, None), (0xC0010015, 0)]),
    ]
    return report(kinds, range(100, 160, 2), range(1000, 1030, 3), ["leaves", "strings"],
                  program=b"cpulevel 0.1.0", origin=b"stick", sequence=0,
                  time=b"2026-11-22T15:41:29Z")


def unknown_bits():
    """A kind of which a program told some bits only."""
    made = kind([0], answers=3)
    made.answers[0] = made.answers[0][:6] + (0x80000000, 0xFFFFFFFE, 0, 0)
    made.answers[2] = (2, 2, 0, 0, 0, 1, 0xFFFFFFFF, 0, 0, 0xFFFFFFFE)
    return report([made], origin=b"/proc/cpuinfo", source=b"cpuinfo.txt")


def unknown_pool():
    """Answers that differ in what is unknown only."""
    answers = [answer((0, 1)), answer((0, 1))]
    answers[1][0] = answers[1][0][:6] + (0, 0, 0, 1)
    return reader.Pool(b"x", [host(b"h", [0]), host(b"i", [1])], answers)


def full_lines():
    """Lists with lines of exactly 79 and, were they not broken, exactly 80 characters."""
    exact = list(range(10, 30, 2)) + list(range(100, 120, 2)) + [65531]
    beyond = list(range(10, 30, 2)) + list(range(1000, 1016, 2)) + [65530, 65532, 65534]
    return report([kind([0], cr4=2**64 - 1)], exact, beyond, [], secure_boot=b"unknown")


def many(answers, processors):
    return report([kind(list(range(1, 2 * processors, 2)), answers, 2)], sequence=9)


def host(name, answers, digest=1, key=None):
    return reader.Host(name, "%032x" % digest, key, answers)


def answer(*leaves):
    return [(leaf, 0, value, 0, 0, 0, 0, 0, 0, 0) for leaf, value in leaves]


GUID = "ec87d643-eba4-4bb5-a1e5-3f3e36b20da9"


def question(path=b"Setup > CPU", prompt=b"AES-NI", kind=b"one-of", state=(), store=None,
             value=(0, b"Disabled"), default=(1, b"Enabled"), manufacturing=None):
    store = store or (b"variable", b"Setup", GUID, 0x10, 0, 8)
    return reader.Question(path, prompt, kind, list(state), store, value, default,
                           manufacturing or default)


def setup_report(questions, chosen=None, found=None, faults=0):
    chosen = len(questions) if chosen is None else chosen
    made = report([kind([0])])
    # A report of version 3 has the fields of version 2.
    made.fields = {name: None for name, _ in reader.fields_of(3)}
    made.setup = reader.Setup(None, chosen if found is None else found, chosen, faults,
                              "0f" * 16, questions)
    return made


def setup_none(why=b"no HII database"):
    made = setup_report([])
    made.setup = reader.Setup(why)
    return made


def setup_words():
    """Each word that setup lines can have, and each limit but those of sizes."""
    return setup_report([
        question(),
        question(prompt=b"", kind=b"checkbox", state=reader.SETUP_STATES, value=(1, None),
                 store=(b"buffer", b"", "0" * 8 + GUID[8:], 65535, 7, 65535),
                 default=(b"none", None), manufacturing=(0, None)),
        question(path=b"", prompt=b'\xc3\xa4"\\', kind=b"numeric", state=(b"gray-out-if",),
                 store=(b"none",), value=(b"unknown", b"not stored"),
                 default=(b"computed", None), manufacturing=(2**64 - 1, b"")),
        question(path=b"p" * 512, kind=b"ordered-list", value=(b"list", b"a, b"),
                 default=(b"list", b""), manufacturing=(b"list", b"b"),
                 store=(b"named", b"n" * 128, GUID)),
        question(path=b"q", value=(0, None), default=(0, b"x"), manufacturing=(0, b"")),
    ], found=2**32 - 1, chosen=2**32 - 1, faults=2**32 - 1)


def setup_bytes(size):
    """Setup lines of this size in bytes."""
    bare = sum(len(line) + 1 for line in reader.spell_question(question(prompt=b"")))
    rest = size - len(b'path "Setup > CPU"\n')
    count = -(-rest // (bare + 128))
    each, more = divmod(rest - count * bare, count)
    return setup_report([question(prompt=b"x" * (each + (at < more))) for at in range(count)])


def small_pool(version=3):
    """Hosts of one name, and answers of which one begins another."""
    hosts = [
        host(b"", [0], key="00000000000000ff"),
        host(b"node 1", [0, 1, 3]),
        host(b"node 1", [2], digest=2, key="ffffffffffffffff"),
        host(b"node 10", [1, 2, 3], digest=0),
        host(b'node"\\\xff', [1]),
    ]
    machine = "0123456789abcdef" * 2
    hosts[0].machine, hosts[0].sequence = (machine, b"S-1", False), 2**64 - 1
    hosts[1].machine, hosts[1].time = (machine, b"\"\x80", True), b"2026-11-26T13:10:16"
    hosts[2].sequence, hosts[2].time = 0, b"2026-11-26T13:10:16+01:00"
    if version > 2:
        hosts[0].guest, hosts[1].guest, hosts[2].guest = False, b"KVMKVMKVM", b"\"\x80"
    answers = [answer((0, 1)), answer((0, 1), (1, 5)), answer((0, 2)), answer((1, 1))]
    return reader.Pool(b"cpulevel 0.1.0", hosts, answers, version)


def wide_pool(count=150):
    """Lists of answers that need more than one line, and up to the most answers of a host."""
    answers = [answer((leaf, 7)) for leaf in range(count)]
    hosts = [host(b"%06d" % at, list(range(at, min(count, at + 64), 2)))
             for at in range(0, count, 30)]
    hosts += [host(b"all", list(range(start, min(count, start + 32))), digest=start)
              for start in range(0, count, 32)]
    return reader.Pool(b"", hosts, answers)


def seeds():
    """Returns names and bytes."""
    made = {
        "empty": report([], cut=reader.CUTS),
        "every-field": every_field(),
        "hybrid": hybrid(),
        "full-lines": full_lines(),
        "many": many(30, 100),
        "most": many(3, 4096),
        "kinds": report([kind([number], 2) for number in range(0, 64, 2)]),
        "setup": setup_words(),
        "setup-small": setup_report([question()], chosen=2, found=3),
        "setup-none": setup_none(),
        "unknown-bits": unknown_bits(),
        "unknown-pool": unknown_pool(),
        "no-hosts": reader.Pool(b"\x01", [], []),
        "one-host": reader.Pool(b"x", [host(b"h", [0])], [answer((0, 1))]),
        "small-pool": small_pool(),
        "pool-1": small_pool(version=1),
        "pool-2": small_pool(version=2),
        "many-hosts": pool_of(host_names(5000), [answer((0, 1))]),
        "wide-pool": wide_pool(),
    }
    return {"example": example()} | {name: reader.spell(data) for name, data in made.items()}


def host_names(count):
    return [host(b"%06d" % at, [0]) for at in range(count)]


def pool_of(hosts, answers):
    return reader.Pool(b"p", hosts, answers)


def pool_answers(count):
    """As many answers, each host giving as many of them as it may."""
    hosts = [host(b"%06d" % at, list(range(at, min(at + 32, count))))
             for at in range(0, count, 32)]
    return pool_of(hosts, [answer((at, 1)) for at in range(count)])


def machine_name(size):
    machine = ("0" * 32, b"m" * size, False)
    return pool_of([reader.Host(b"h", "0" * 32, None, [0], machine)], [answer((0, 1))])


def host_answers(count):
    numbers = list(range(count))
    return pool_of([host(b"h", numbers)], [answer((at, 1)) for at in numbers])


# Each makes a file that holds so many of something, and the most that the page allows of it.
LIMITS = {
    "members": (lambda n: report([kind(list(range(n)))]), 4096),
    "members-apart": (lambda n: report([kind(list(range(0, 2 * n, 2)), 1, 1)]), 4096),
    "two-kinds": (lambda n: report([kind([0]), kind(list(range(1, n)))]), 4096),
    "number": (lambda n: report([kind([n])]), 65535),
    "number-in-run": (lambda n: report([kind([0])], range(65530, n + 1)), 65535),
    "disabled": (lambda n: report([kind([0])], range(n)), 4096),
    "silent": (lambda n: report([kind([0])], [], range(0, 2 * n, 2)), 4096),
    "kinds": (lambda n: report([kind([at]) for at in range(n)]), 32),
    "answers": (lambda n: report([kind([0, 1], n)]), 512),
    "varies": (lambda n: report([kind([0, 1], 12, n)]), 40),
    "string": (lambda n: report([], label=b"s" * n), 128),
    "string-escaped": (lambda n: report([], label=b"\xff" * n), 128),
    "string-quotes": (lambda n: report([], secure_boot=b'"' * n), 128),
    "sequence": (lambda n: report([], sequence=n), 2**64 - 1),
    "revision": (lambda n: report([], uefi_revision=n), 2**64 - 1),
    "cr4": (lambda n: report([kind([0], cr4=n)]), 2**64 - 1),
    "msr": (lambda n: report([kind([0], msrs=[(0, n)])]), 2**64 - 1),
    "msr-number": (lambda n: report([kind([0], msrs=[(n, 0)])]), 2**32 - 1),
    "msrs": (lambda n: report([kind([0], msrs=[(at, at) for at in range(n)])]), 64),
    "setup-questions": (lambda n: setup_report([question(b"", b"")] * n), 512),
    "setup-bytes": (setup_bytes, 131072),
    "setup-path": (lambda n: setup_report([question(b"p" * n)]), 512),
    "setup-prompt": (lambda n: setup_report([question(prompt=b"\xff" * n)]), 128),
    "setup-value": (lambda n: setup_report([question(value=(n, None))]), 2**64 - 1),
    "setup-chosen": (lambda n: setup_report([], chosen=n, found=4), 4),
    "setup-faults": (lambda n: setup_report([], faults=n), 2**32 - 1),
    "setup-offset": (
        lambda n: setup_report([question(store=(b"buffer", b"s", GUID, n, 0, 1))]), 65535),
    "setup-bit": (
        lambda n: setup_report([question(store=(b"buffer", b"s", GUID, 0, n, 1))]), 7),
    "setup-bits": (
        lambda n: setup_report([question(store=(b"buffer", b"s", GUID, 0, 0, n))]), 65535),
    "setup-cause": (lambda n: setup_none(b"c" * n), 128),
    "pool-program": (lambda n: reader.Pool(b"p" * n, [], []), 128),
    "machine-name": (machine_name, 128),
    "host-name": (lambda n: pool_of([host(b"h" * n, [0])], [answer((0, 1))]), 128),
    "host-answers": (host_answers, 64),
    "pool-answer-lines": (
        lambda n: pool_of([host(b"h", [0])], [answer(*((at, 1) for at in range(n)))]), 512),
}


def limits():
    """Returns for each limit what is just within and just beyond, and whether it is valid."""
    made = []
    for name, (make, most) in LIMITS.items():
        made.append((name + " at its limit", reader.spell(make(most)), True))
        made.append((name + " beyond its limit", reader.spell(make(most + 1)), False))
    return made
