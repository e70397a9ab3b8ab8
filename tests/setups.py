#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Setup options of several hosts in setup, drift, diff and explain: setups.py BUILD.

Hosts are made from tests/data/setup/web-01.txt: their CPUID bits, BIOS versions and options are
chosen here, and so is what the tool must say of them.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from results import Results

BASE = pathlib.Path("tests/data/setup/web-01.txt").read_text(encoding="ascii").split("\n")
AES = 1 << 25
ECX = 0x7FBAE3FF
CPU = "Setup > Advanced > Processor Configuration"
GUID = "ec87d643-eba4-4bb5-a1e5-3f3e36b20da9"

results = Results()


def option(prompt, value, default, *, path=CPU, store="variable", name="Setup", offset=16,
           kind="one-of", state="shown"):
    """The lines of a question; value and default are spelled as in a report."""
    place = "none" if store == "none" else f'{store} "{name}" {GUID} {offset:x} 0 8'
    return path, [f'question "{prompt}" {kind} {state}', f"store {place}", f"value {value}",
                  f"default {default}"]


def aes(on, default_on=True, prompt="AES-NI", **more):
    """AES-NI, whose options are 0 "Disabled" and 1 "Enabled"."""
    words = ('0 "Disabled"', '1 "Enabled"')
    return option(prompt, words[on], words[default_on], **more)


def lines_of(options):
    lines, body, before = [], [], None
    for path, question in options:
        if path != before:
            lines.append(f'path "{path}"')
        before = path
        lines += question
        body += question
    digest = hashlib.sha512("".join(line + "\n" for line in body).encode()).hexdigest()[:32]
    return [f"setup found {len(options)} chosen {len(options)} faults 0 digest {digest}"] + lines


class Hosts:
    """Reports in a folder."""

    def __init__(self, tool):
        self.tool = tool
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name)

    def add(self, name, options, has_aes=True, bios="2.21.2", digest=None):
        """options: a list, None for no setup lines, or a string: why there are none."""
        text = []
        for line in BASE[:BASE.index("end")]:
            word = line.split(" ")[0]
            if word in ("setup", "path", "question", "store", "value", "default", "manufacturing"):
                continue
            if word == "system-serial":
                line = f'system-serial "{name}"'
            if word == "bios-version":
                line = f'bios-version "{bios}"'
            if line.startswith("cpuid 00000001 00"):
                words = line.split(" ")
                words[5] = f"{ECX if has_aes else ECX & ~AES:08x}"
                line = " ".join(words)
            text.append(line)
        if options is None:
            text[0] = "cpulevel-report 2"
        elif isinstance(options, str):
            text.append(f'setup none "{options}"')
        else:
            text += lines_of(options)
            if digest:
                text = [f"{line[:line.rindex(' ')]} {digest}" if line.startswith("setup ") else line
                        for line in text]
        (self.path / f"{name}.txt").write_text("\n".join(text + ["end"]) + "\n", encoding="ascii")

    def run(self, *args):
        """The exit status, and the output as one line: breaks of wrapped text do not count."""
        done = subprocess.run([self.tool, *args], cwd=self.path, check=False, capture_output=True,
                              encoding="ascii", timeout=250)
        self.raw = done.stdout
        self.errors = done.stderr
        return done.returncode, " ".join(done.stdout.split())

    def says(self, name, status, wanted, *args, without=()):
        """One result: the status, each wanted text, and none of the others."""
        got, said = self.run(*args)
        wrong = [f"status {got}, wanted {status}"] if got != status else []
        wrong += [f"not said: {text}" for text in wanted if text not in said]
        wrong += [f"said: {text}" for text in without if text in said]
        wrong += [f"longer than 79: {line}" for line in self.raw.split("\n")
                  if len(line) > 79 and line.startswith("  ")]
        if wrong:
            wrong += [""] + self.raw.split("\n") + self.errors.split("\n")
        results.say(wrong, name)


def sentence(tool):
    """The sentence of the project: 12 hosts, two BIOS versions with other defaults and offsets."""
    h = Hosts(tool)
    for n in range(11):
        h.add(f"web-{n:02}", [aes(True, offset=0x10)])
    h.add("web-99", [aes(False, False, offset=0x14)], False, bios="2.19.0")
    h.says("drift: path, value here and on others, defaults of two BIOS versions", 1,
           [f"{CPU} > AES-NI = Disabled here; Enabled on 11 others; this BIOS version's default is "
            "Disabled, 2.21.2's is Enabled."], "drift", "-u", ".", without=["look for"])
    h.says("setup: the same by value, with the hosts", 1,
           [f"{CPU} > AES-NI Enabled: 11 hosts Disabled: web-99 default differs between BIOS "
            "versions: 2.21.2's default is Enabled, 2.19.0's is Disabled"], "setup", "-u", ".")
    h.says("diff: both by their names", 1,
           [f"{CPU} > AES-NI = Enabled on web-01; Disabled on web-99; 2.21.2's default is Enabled, "
            "2.19.0's is Disabled."], "diff", "-u", "web-01.txt", "web-99.txt")
    h.says("a pool is merged", 0, [], "merge", "-u", "-o", "all.pool", ".")
    h.says("explain --setup: hosts with it and without", 0,
           [f"{CPU} > AES-NI = Disabled on 1 host without it; Enabled on 11 hosts with it; "
            "2.19.0's default is Disabled, 2.21.2's is Enabled."],
           "explain", "-u", "--setup", ".", "all.pool", without=["look for"])
    h.says("explain without reports: the names", 0, ["in setup, look for AES-NI; AES Instructions"],
           "explain", "-u", "all.pool")
    h.says("explain names what is a need of another", 0, [f"{CPU} > AES-NI = Disabled on 1 host"],
           "explain", "-u", "--setup", "web-99.txt", "all.pool", "aes")
    steps = [f"web-99, BIOS 2.19.0: {CPU} > AES-NI: Disabled -> Enabled, for AESNI"]
    h.says("setup --baseline: what to do on which host", 1, steps, "setup", "-ub", ".",
           without=["web-01", "not to be gained"])
    h.says("the same from a pool and reports", 1, steps, "setup", "-ub", "all.pool", ".")
    h.says("a pool alone does not know setup", 0,
           ["no setup option in these reports", "AESNI: web-99 (setup not known)"],
           "setup", "-ub", "all.pool")
    h.add("db-01", [aes(False)], False)
    h.says("explain: a report of no host of the pool is not used", 0, [],
           "explain", "-u", "--setup", "db-01.txt", "all.pool", "aes")
    results.say([] if "setup options of 1 report not used: of no host in the pool" in h.errors
                else h.errors.split("\n"), "and standard error says so")
    h.says("reports need seals, here too", 2, [], "setup", "web-01.txt")
    h.says("with --setup too", 2, [], "explain", "--setup", "web-01.txt", "all.pool")


def no_difference(tool):
    """CPUID differs and setup does not."""
    h = Hosts(tool)
    h.add("a", [aes(True)])
    h.add("b", [aes(True)])
    h.add("c", [aes(True)], False)
    cause = "a fuse, microcode, an MSR, or an option that the firmware does not publish"
    h.says("drift: no difference in setup is named as such", 1,
           [f"{CPU} > AES-NI = Enabled on all: no difference in setup. The cause is {cause}.",
            f"all of setup is the same: the cause is {cause}"], "drift", "-u", ".",
           without=["look for", "different in setup", "something else"])
    h.says("diff: too", 1, ["AES-NI = Enabled on all: no difference in setup."], "diff", "-u",
           "a.txt", "c.txt", without=["something else"])
    h.says("a pool is merged", 0, [], "merge", "-u", "-o", "all.pool", ".")
    h.says("explain: the processor's model may be the cause", 0,
           ["no difference in setup. The cause is the processor's model, a fuse,"], "explain", "-u",
           "--setup", ".", "all.pool")
    text = (h.path / "c.txt").read_text(encoding="ascii").replace('"R210"', '"R310"')
    (h.path / "other.type").write_text(text, encoding="ascii")
    h.says("diff of two models: too", 1, ["The cause is the processor's model, a fuse,"], "diff",
           "-u", "a.txt", "other.type", without=["all of setup"])
    h.says("setup: nothing differs", 0, ["0 of 1 options differ"], "setup", "-u", ".")
    h.says("--baseline: it is set as on the others", 0, ["AESNI: c (set as on hosts that have it)"],
           "setup", "-ub", ".")
    h.add("b", [aes(True)], digest="0" * 32)
    h.says("something else differs, by the digest", 1,
           ["something else in setup differs, which reports do not list: a, b"], "setup", "-u", ".")
    h.says("drift: too, and no drift for that", 0,
           ["2 hosts, all identical something else in setup differs, which reports do not list: "
            "a, b"],
           "drift", "-u", "a.txt", "b.txt")
    h.add("b", [aes(True)], digest="0" * 32, bios="3")
    h.says("digests of two BIOS versions say nothing", 0, ["0 of 1 options differ"], "setup", "-u",
           "a.txt", "b.txt", without=["something else"])


def renamed(tool):
    """An option with another name in another version."""
    h = Hosts(tool)
    h.add("a", [aes(True), option("Old Word", '1 "On"', '1 "On"', offset=0x20)])
    h.add("b", [aes(True, path="Setup > Advanced > CPU"),
                option("New Word", '1 "On"', '1 "On"', offset=0x20)], bios="3")
    h.says("a renamed option is only here, and so is one with another path", 1,
           [f"{CPU} > AES-NI Enabled: a not in setup: b the default is Enabled",
            "Setup > Advanced > CPU > AES-NI Enabled: b not in setup: a",
            f"{CPU} > Old Word On: a not in setup: b", f"{CPU} > New Word On: b not in setup: a"],
           "setup", "-u", ".")
    h.add("b", [aes(False, path="Setup > Advanced > CPU")], False, bios="3")
    h.says("drift: says where it is and where not", 1,
           [f"{CPU} > AES-NI = not in setup here; Enabled on 1 other; the default is Enabled.",
            "Setup > Advanced > CPU > AES-NI = Disabled here; not in setup on 1 other"],
           "drift", "-u", ".")


def polarity(tool):
    """0 is Enable: the text counts."""
    words = ('0 "Enable"', '1 "Disable"')
    h = Hosts(tool)
    h.add("a", [option("AES-NI", words[0], words[1])])
    h.add("b", [option("AES-NI", words[0], words[1])])
    h.add("c", [option("AES-NI", words[1], words[1])], False)
    h.says("drift: Enable is 0 and Disable 1", 1,
           [f"{CPU} > AES-NI = Disable here; Enable on 2 others; the default is Disable."], "drift",
           "-u", ".")
    h.says("to-do: to Enable", 1, ["AES-NI: Disable -> Enable, for AESNI"], "setup", "-ub", ".")
    h.add("c", [option("AES-NI", '1 "Enable"', '0 "Disable"')], bios="3")
    h.says("another number with the same text is no difference", 0, ["0 of 1 options differ"],
           "setup", "-u", ".")


def three(tool):
    """Three options named Hyper-Threading, in two stores, as on an HP board."""
    def all_of(cpu, setup, move):
        words = ('0 "On"', '1 "Off"')
        return [option("Hyper-Threading", words[cpu], words[0], name="CpuSetup", offset=5 + move,
                       store="buffer", state="suppressed"),
                option("Hyper-Threading", words[setup], words[0], offset=0xcad + move),
                option("Hyper-Threading", words[setup], words[0], offset=0xcad + move,
                       state="unreached")]
    h = Hosts(tool)
    h.add("a", all_of(0, 0, 0))
    h.add("b", list(reversed(all_of(1, 0, 4))), bios="3")
    h.says("three options of one name: the one of CpuSetup differs", 1,
           ["1 of 3 options differ",
            f"{CPU} > Hyper-Threading in buffer CpuSetup at 0x5 (suppressed) On: a Off: b "
            "the default is On"], "setup", "-u", ".", without=["0xcad"])
    h.says("all of them", 1,
           [f"{CPU} > Hyper-Threading in variable Setup at 0xcad On: a, b",
            f"{CPU} > Hyper-Threading in variable Setup at 0xcad (no form leads here) On: a, b"],
           "setup", "-ua", ".")


def no_value(tool):
    """Values that are not known, and defaults of other kinds."""
    gone = 'unknown "no such variable"'
    h = Hosts(tool)
    h.add("a", [option("AES-NI", gone, "computed", state="suppress-if gray-out-if")])
    h.add("b", [option("AES-NI", gone, "computed", state="suppress-if gray-out-if")], False)
    h.says("no value is no value, not the same one", 1,
           [f"{CPU} > AES-NI (may be hidden, may be grayed) = no value (no such variable) here; no "
            "value (no such variable) on 1 other; the default is computed."], "drift", "-u", ".")
    h.says("to-do: hosts that have the feature give no value", 1,
           ["AES-NI (may be hidden, may be grayed): no value (no such variable) now; hosts that "
            "have the feature lack the option, for AESNI"], "setup", "-ub", ".")
    h.add("c", [option("AES-NI", "7", "none", kind="numeric"),
                option("x", "1", "0", kind="checkbox"),
                option("y", 'list "A, B"', 'list "B, A"', kind="ordered-list", store="none")])
    h.says("one report: numbers, checkboxes and lists", 0,
           ["c, BIOS 2.21.2", "AES-NI = 7 default none", "x = checked default not checked",
            "y = A, B default B, A"], "setup", "-u", "c.txt")


def mixed(tool):
    """Hosts with setup lines beside hosts without."""
    h = Hosts(tool)
    h.add("a", [aes(True)])
    h.add("b", None)
    h.add("c", "no HII database", False)
    h.add("d", [aes(True)])
    h.says("drift: what is not known is said", 1,
           ["AES-NI = not known here; Enabled on 2 others; not known on 1 other; the default is "
            "Enabled.", "setup options are not known of: b, c (no HII database)"],
           "drift", "-u", ".")
    h.says("one report without", 0, ["the report has no setup options"], "setup", "-u", "b.txt")
    h.says("one that says why", 0, ["no options were read: no HII database"],
           "setup", "-u", "c.txt")
    h.says("several", 0, ["4 hosts, 2 with setup options; 0 of 1 options differ",
                          "setup options are not known of: b, c (no HII database)"],
           "setup", "-u", ".")
    h.says("nobody has: the names", 1, ["in setup, look for AES-NI"],
           "drift", "-u", "b.txt", "c.txt", without=["setup options"])
    h.says("--baseline: not known on c", 0, ["AESNI: c (setup not known)"], "setup", "-ub", ".")


def as_json(tool):
    """The same as JSON."""
    h = Hosts(tool)
    h.add("a", [aes(True), option("odd", "f" * 16, "none", kind="numeric", store="none")])
    h.add("b", [aes(False, False, offset=0x14, state="suppressed unreached")], False,
          bios="2.19.0")
    h.add("c", "no HII database")
    status, _ = h.run("setup", "-uj", ".")
    said = json.loads(h.raw)
    hosts = {host["host"]: host for host in said["hosts"]}
    first = {d["prompt"]: d for d in said["groups"][0]["differences"]}
    wrong = [] if status == 1 else [f"status {status}"]
    on = {entry["host"]: entry for entry in first["AES-NI"]["on"]}
    for name, got, wanted in (
            ("values", {k: v["value"]["text"] for k, v in on.items()},
             {"a": "Enabled", "b": "Disabled"}),
            ("defaults", {k: v["default"]["number"] for k, v in on.items()}, {"a": 1, "b": 0}),
            ("state", hosts["b"]["options"][0]["state"], ["suppressed", "unreached"]),
            ("store", hosts["b"]["options"][0]["store"],
             {"kind": "variable", "name": "Setup", "guid": GUID, "offset": 0x14, "bit": 0,
              "bits": 8}),
            ("path", hosts["a"]["options"][0]["path"], CPU),
            ("a large number", hosts["a"]["options"][1]["value"], {"number": str(2**64 - 1)}),
            ("no default", hosts["a"]["options"][1]["default"], None),
            ("not stored", hosts["a"]["options"][1]["store"], None),
            ("only there", first["odd"]["on"][0]["host"], "a"),
            ("why", (hosts["c"]["known"], hosts["c"]["why"]), (False, "no HII database")),
            ("BIOS", hosts["b"]["bios_version"], "2.19.0")):
        if got != wanted:
            wrong.append(f"{name}: {got}, wanted {wanted}")
    results.say(wrong, "setup --json: values, defaults, states, stores")
    h.says("--json and --baseline exclude each other", 2, [], "setup", "-ujb", ".")
    h.says("--from takes no report", 2, [], "setup", "-u", "--from", "x", "a.txt")
    h.add("hostile", [option("\\x1b[2J\\xff", '1 "\\xc3\\xa9"', "none")])
    h.says("no escape sequence gets out", 0, ["?[2J? = ??"], "setup", "-u", "hostile.txt")
    status, _ = h.run("setup", "-uj", "hostile.txt")
    option_of = json.loads(h.raw)["hosts"][0]["options"][0]
    results.say([] if (option_of["prompt"], option_of["value"]["text"]) == ("?[2J?", "\u00e9")
                else [str(option_of)], "--json: UTF-8 stays, other bytes are ?")


def one_version(tool):
    """Defaults that a BIOS version does not tell, and more options and hosts than are named."""
    h = Hosts(tool)
    kinds = [option("AES-NI", f'{n} "Level {n}"', f'{n} "Level {n}"') for n in range(8)]
    for n in range(8):
        h.add(f"v{n}", [kinds[n]], n > 0)
    counts = ", ".join(f'Level {n} on 1' for n in range(6))
    h.says("defaults of one version are counted, and not all named", 1,
           [f"defaults differ: {counts}, and more"], "setup", "-u", ".")
    h.says("explain, without reports that have setup, too", 1,
           ["Level 0 here;", "defaults differ: "], "drift", "-u", ".")
    h = Hosts(tool)
    many = [f"Option {n:02}" for n in range(14)]
    odd = [option(word, "0", "0", kind="numeric", offset=n)
           for n, word in enumerate(many, 32)]
    values = [option("List", 'list "A, B"', 'list "B, A"', kind="ordered-list", offset=64),
              option("Sum", 'unknown "no such variable"', "computed", offset=80)]
    for name, has in (("a", True), ("b", False), ("c", False), ("d", True)):
        own = [odd[n] if has else option(word, "1", "0", kind="numeric", offset=32 + n)
               for n, word in enumerate(many)]
        h.add(name, [aes(has), *own, *values], has)
    h.says("drift: options beyond those named are counted", 1,
           ["Option 09, Option 10 and 3 more"], "drift", "-u", ".")
    said = h.run("setup", "-ub", ".")[1]
    results.say([] if 0 <= said.find("b, BIOS") < said.find("c, BIOS") else [said],
                "to-do of two hosts, in order")
    h.run("drift", "--json", "-u", ".")
    document = json.loads(h.raw)
    text = json.dumps(document)
    results.say([word for word in ["AES-NI", *many] if f'"{word}"' not in text],
                "drift --json: all options that differ")
    h.run("setup", "--json", "-ua", ".")
    text = json.dumps(json.loads(h.raw))
    results.say([word for word in ('{"list": "', '{"unknown": "no such variable"}',
                                   '{"computed": true}') if word not in text],
                "setup --json: values of each kind")


def thousand(tool):
    """1,000 hosts: ten times as many take about ten times as long."""
    h = Hosts(tool)
    some = [option(f"Option {n}", '1 "On"', '1 "On"', offset=n) for n in range(60)]
    h.add("h0000", some + [aes(False, False)], False, bios="2.19.0")
    for n in range(1, 1000):
        h.add(f"h{n:04}", some + [aes(True)])
    files = sorted(path.name for path in h.path.iterdir())
    took = {}
    for count in (100, 1000):
        start = time.monotonic()
        h.says(f"setup of {count} hosts", 1,
               [f"{count} hosts, {count} with setup options; 1 of 61 options differ",
                f"Enabled: {count - 1} hosts"], "setup", "-u", *files[:count])
        took[count] = time.monotonic() - start
    results.say([] if took[1000] < 40 * took[100] + 5 else [str(took)],
                "1,000 hosts take no more than 40 times as long as 100")
    print(f"# 100 hosts {took[100]:.1f} s, 1,000 hosts {took[1000]:.1f} s")
    h.says("drift of 1,000 hosts", 1, ["AES-NI = Disabled here; Enabled on 999 others;"],
           "drift", "-u", *files)
    h.says("to-do of 1,000 hosts", 1, ["h0000, BIOS 2.19.0:", "Disabled -> Enabled"],
           "setup", "-ub", *files)


def readme(tool):
    """README quotes what drift says of the reports in tests/data/setup."""
    said = subprocess.run([tool, "drift", "-u", "tests/data/setup"], check=False,
                          capture_output=True, encoding="ascii").stdout.split("\n")
    text = pathlib.Path("README.md").read_text(encoding="utf-8").split("\n")
    start = text.index("    " + said[0])
    quoted = [line[4:] for line in text[start:text.index("", start)]]
    results.say([line for line in quoted if line not in said] or
                ([] if len(quoted) == 7 else [f"{len(quoted)} lines"]), "README quotes drift")


def main():
    tool = str(pathlib.Path(sys.argv[1]).resolve() / "cpulevel")
    for case in (sentence, no_difference, renamed, polarity, three, no_value, mixed, as_json,
                 one_version, thousand, readme):
        case(tool)
    print(f"1..{results.count}")
    return results.failed > 0


if __name__ == "__main__":
    sys.exit(main())
