#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""documents.py BUILD: what --json, --csv, --quiet and --color print.

A stock validator checks each document against its schema in docs/schema/, once as it is and once so
that members the schema does not have are wrong.  What a document says is compared with the text.
"""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from pathlib import Path

from results import Results

warnings.simplefilter("ignore")  # newer validators have another way to find schemas
import jsonschema  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
TOOL = str(Path(sys.argv[1]).resolve() / "cpulevel")
RECORDED = ROOT / "tests/data/recorded"
SCHEMAS = {path.stem: json.loads(path.read_text()) for path in sorted((ROOT / "docs/schema").glob("*.json"))}

results = Results()


def strict(schema):
    """A schema that allows no members but its own."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    if "properties" in schema and schema.get("type") == "object":
        made["additionalProperties"] = False
    return made


def validator(name, change):
    """The validator of a schema, after a change of all of them."""
    base = "https://schema.invalid/"
    store = {f"{base}{key}.json": change(value) for key, value in SCHEMAS.items()}
    schema = store[f"{base}{name}.json"]
    resolver = jsonschema.RefResolver(f"{base}{name}.json", schema, store=store)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


VALIDATORS = {name: (validator(name, lambda s: s), validator(name, strict)) for name in SCHEMAS}


def run(*arguments, **options):
    """Runs the tool.  Returns status, standard output and standard error."""
    done = subprocess.run([TOOL, *(a if isinstance(a, bytes) else str(a) for a in arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          stdin=subprocess.DEVNULL, check=False, **options)
    return done.returncode, done.stdout, done.stderr.decode()


def document(command, *arguments):
    """Runs a command as text and as JSON.  Returns the document, the text and what is wrong."""
    status, text, said = run(command, *arguments)
    again, made, said_again = run(command, "--json", *arguments)
    wrong = []
    if status != again or said != said_again:
        wrong.append(f"text: {status} {said!r}; JSON: {again} {said_again!r}")
    if not made.isascii():
        wrong.append("not ASCII")
    try:
        found = json.loads(made)
    except ValueError as error:
        return {}, text.decode(), [*wrong, f"{command} {arguments}: {error}: {made[:200]!r} {said_again}"]
    for check in VALIDATORS[command]:
        wrong += [f"{list(e.absolute_path)}: {e.message}"[:300] for e in check.iter_errors(found)]
    if found.get("exit_status") != again:
        wrong.append(f"exit status {again}, and in the document {found.get('exit_status')}")
    lines = [line.removeprefix("cpulevel: ") for line in said.splitlines()]
    if "\n".join(w["text"] for w in found["warnings"]).splitlines() != lines:
        wrong.append(f"warnings {found['warnings']} are not {lines}")
    return found, text.decode(), wrong


def schemas():
    """The schemas are schemas, and each command with --json has one."""
    wrong = []
    for name, schema in SCHEMAS.items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
        except jsonschema.SchemaError as error:
            wrong.append(f"{name}: {error.message}")
    commands = [line.split()[0] for line in run("--help")[1].decode().splitlines() if line.startswith("  ")]
    has = {name for name in commands if "--json" in run(name, "--help")[1].decode()}
    if has != set(SCHEMAS) - {"common"}:
        wrong.append(f"commands with --json: {sorted(has)}; schemas: {sorted(SCHEMAS)}")
    results.say(wrong, "each command with --json has a schema")


def level():
    """What level says as JSON is what it says as text."""
    for path in sorted(RECORDED.glob("*.txt")):
        found, text, wrong = document("level", "-u", path)
        for line, item in zip(text.splitlines(), found.get("levels", [])):
            name, said = line.split(": ", 1)
            reached = {"yes": True, "no": False, "un": None}[said[:3].rstrip(",") if said[:2] != "un" else "un"]
            lacking = said.partition("lacks ")[2].partition(";")[0].split()
            if (name, reached, lacking) != (item["level"], item["reached"], item["lacking"]):
                wrong.append(f"{line} is not {item}")
        results.say(wrong, f"level --json: {path.stem}")
    found, text, wrong = document("level", "v3")
    if [f"{i['level']}: {' '.join(i['features'])}" for i in found["levels"]] != text.splitlines():
        wrong.append(text)
    results.say(wrong, "level --json of a level")


def make_host(name, *changes, recorded="westmere", serial=None):
    """Writes NAME.txt: a recorded machine with this serial number, and (pattern, text) replaced."""
    text = (RECORDED / f"{recorded}.txt").read_text()
    for pattern, replacement in ((r"^system-serial .*", f'system-serial "{serial or name}"'), *changes):
        text, count = re.subn(pattern, lambda _: replacement, text, flags=re.M)
        assert count, pattern
    Path(f"{name}.txt").write_text(text)


def cpuid_line(leaf, register, clear, recorded="westmere"):
    """The change of a recorded machine that clears bits in a register of a leaf."""
    line = re.search(rf"^cpuid {leaf:08x} 00 .*", (RECORDED / f"{recorded}.txt").read_text(), re.M)[0]
    words = line.split()
    words[3 + register] = f"{int(words[3 + register], 16) & ~clear:08x}"
    return re.escape(line), " ".join(words)


NO_GUEST = cpuid_line(1, 2, 1 << 31)
AES_OFF = cpuid_line(1, 2, 0x2000002)


def differences_of(text):
    """What drift says as text: for each list of odd hosts the names of what differs."""
    found, names = {}, None
    for line in text.splitlines():
        odd = re.fullmatch(r"  (\S.*): \d+ of \d+", line)
        item = re.match(r"    (\(no name\)|\S+) +(\S+) +(\S.*), elsewhere", line)
        count = re.match(r"    (\S+) +(\d+), elsewhere (\d+)", line)
        if odd:
            names = tuple(odd[1].split(", "))
            found[names] = []
        elif count and names:
            found[names].append((count[1], "", count[2]))
        elif item and names and item[1] != "also":
            found[names].append((item[1], item[2], item[3].split()[0]))
    return found


def differences_in(document_):
    """The same of a document."""
    return {tuple(odd["hosts"]): [
        (d["counted"], "", str(d["here"]["number"])) if d["kind"] == "processors" else
        (d["feature"]["name"] or "(no name)",
         "usable" if d["kind"] == "switched_off" else d["feature"]["place"],
         {0: "yes", 1: "no"}[d["here"]["number"]] if d["kind"] == "switched_off" else d["here"]["text"].split()[0])
        for d in odd["differences"]] for group in document_["groups"] for odd in group["odd"]}


def drift_says(name, wanted, *files):
    """drift as JSON is drift as text; wanted: the outcome of each group, if given."""
    found, text, wrong = document("drift", "-u", *files)
    if wanted and [g["outcome"] for g in found["groups"]] != wanted:
        wrong.append(f"outcomes {[g['outcome'] for g in found['groups']]}, wanted {wanted}")
    if differences_of(text) != differences_in(found):
        wrong.append(f"text {differences_of(text)}; JSON {differences_in(found)}")
    rows = list(csv.reader(io.StringIO(run("drift", "-u", "--csv", *files)[1].decode(), newline="")))[1:]
    told = sorted({(row[1], row[3]) for row in rows})
    if told != sorted({(host, item[0].replace("(no name)", "")) for hosts, items in differences_in(found).items()
                       for host in hosts for item in items}):
        wrong.append(f"CSV {told}")
    results.say(wrong, f"drift --json and --csv: {name}")
    return found, text


def drift():
    """drift of hosts that differ in one way each."""
    for n in range(1, 6):
        make_host(f"db-{n}")
    all_hosts = [f"db-{n}.txt" for n in range(1, 6)]
    drift_says("identical", ["identical"], *all_hosts)
    drift_says("one host", ["single"], "db-1.txt")
    make_host("db-3", AES_OFF)
    found, text = drift_says("one odd host", ["drift"], *all_hosts)
    group = found["groups"][0]
    odd = group["odd"][0]
    cause = next(c for d in odd["differences"] for c in d["causes"] if d["feature"]["name"] == "AESNI")
    wrong = [] if group["majority"] == ["db-1", "db-2", "db-4", "db-5"] else [str(group["majority"])]
    wrong += [] if cause["kind"] == "look_for" and f"in setup, look for {cause['text']}" in text else [str(cause)]
    results.say(wrong, "drift --json: the majority, and the option that text names")
    drift_says("no majority", ["no_majority"], "db-1.txt", "db-3.txt")
    for n in (1, 2):
        make_host(f"db-{n}", NO_GUEST)
    make_host("db-4", NO_GUEST, (r"^msr 0000003a .*", "msr 0000003a 1"), (r"^bios-version .*", 'bios-version "9.9"'))
    found, text = drift_says("a register, and a revision", ["drift"], "db-1.txt", "db-2.txt", "db-4.txt")
    revisions = {r["revisions"]: r["hosts"] for r in found["groups"][0]["revisions"]}
    results.say([] if [h for r, h in revisions.items() if r.startswith("BIOS 9.9")] == [["db-4"]] else [str(revisions)],
                "drift --json: revisions")
    drift_says("every recorded machine", None, RECORDED)
    Path("bad.txt").write_text("cpulevel-report 2\nbad\n")
    found, _ = drift_says("one report cannot be used", ["identical"], "db-1.txt", "db-2.txt", "bad.txt")
    results.say([] if (found["left_out_files"], found["exit_status"]) == (["bad.txt"], 2) and
                any(w.get("about") == "bad.txt" and w.get("line") for w in found["warnings"]) else [str(found)],
                "drift --json: it is counted, and named with its line")


def features():
    """The table as JSON and as CSV is the table as text."""
    found, text, wrong = document("features")
    said = [re.fullmatch(r"(\S+) +(\S+) +(\S+) +(\S.*)", line).groups()
            for line in text.splitlines() if not line.startswith(" ")]
    if said != [(row["name"], row["place"], row["rule"], row["about"]) for row in found["features"]]:
        wrong.append("the rows differ")
    squeezed = re.sub(r"\s+", " ", text)
    for row in found["features"]:
        words = [f"Linux {name}" for name in row["names"]["linux"]] + row["kvm"]
        words += [f"needs {', '.join(row['needs'])}"] if row["needs"] else []
        wrong += [f"{row['name']}: {word}" for word in words if word not in squeezed]
    results.say(wrong, f"features --json: {len(said)} rows as in the text")
    table = list(csv.DictReader(io.StringIO(run("features", "--csv")[1].decode(), newline="")))
    wrong = []
    for row, item in zip(table, found["features"], strict=True):
        wanted = {**item, **{who: " ".join(names) for who, names in item["names"].items()}}
        wanted["needs"] = " ".join(item["needs"])
        wanted["all_subleaves_from"] = int(wanted.get("all_subleaves_from", 0))
        wanted["leaf"] = wanted.get("leaf", 0xD0000000 | wanted.get("msr", 0))
        wanted["subleaf"] = wanted.get("subleaf", 0)
        if {key: str(wanted[key]) for key in row} != row:
            wrong.append(str(row))
    results.say(wrong, "features --csv: the same")
    found, _, wrong = document("features", "no-such-name")
    results.say(wrong or ([] if found["features"] == [] and found["exit_status"] == 1 else [str(found)]),
                "features --json of an unknown name: an empty list")


DIFF_HEADINGS = (("Differences that", "unmasked"), ("Numbers and", "numbers"), ("Expected diff", "expected"),
                 ("On both, but", "masked_too"), ("Switched off", "switched_off"))


def diff_of(text, first, second):
    """What diff says as text: for each group the names or places."""
    found, group = {}, None
    for line in text.splitlines():
        item = re.match(r"  (\(no name\)|\S+) +(\S+)", line)
        if line.startswith("Only on "):
            group = "only_first" if line.startswith(f"Only on {first} (") else "only_second"
            assert line.startswith((f"Only on {first} (", f"Only on {second} ("))
        elif line == "Setup":
            group = None
        elif item and group and not line.startswith("   "):
            found.setdefault(group, []).append(item[2] if item[1] == "(no name)" else item[1])
        for words, name in DIFF_HEADINGS:
            group = name if line.startswith(words) else group
    return found


def diff():
    """diff of neighbours in the list of recorded machines."""
    paths = sorted(RECORDED.glob("*.txt"))
    groups = ("only_first", "only_second", "unmasked", "numbers", "expected", "masked_too", "switched_off")
    wrong, some = [], 0
    for a, b in zip(paths, paths[1:]):
        found, text, bad = document("diff", "-ua", a, b)
        wrong += bad
        told = {g: [d["feature"]["name"] or d["feature"]["place"] for d in found[g]] for g in groups if found.get(g)}
        some += len(told)
        if told != diff_of(text, a.stem, b.stem):
            wrong.append(f"{a.stem} {b.stem}: {told} is not {diff_of(text, a.stem, b.stem)}")
        rows = csv.DictReader(io.StringIO(run("diff", "-ua", "--csv", a, b)[1].decode(), newline=""))
        table = {}
        for row in rows:
            table.setdefault(row["group"], []).append(row["name"] or row["place"])
        if table != told:
            wrong.append(f"{a.stem} {b.stem}: CSV {table}")
    results.say(wrong or ([] if some > 40 else [f"{some} groups"]), f"diff --json and --csv: {len(paths) - 1} pairs")
    found, text, wrong = document("diff", "-u", "db-1.txt", "db-1.txt")
    results.say(wrong or ([] if found["exit_status"] == 0 and "do not differ" in text else [text]), "diff --json: identical")
    found, _, wrong = document("diff", "-u", "db-1.txt", "db-4.txt")
    off = [(s["feature"]["name"], s["off_first"], s["off_second"], s["msr"]) for s in found["switched_off"]]
    results.say(wrong or ([] if off == [("VMX", False, True, 0x3A)] else [str(off)]), "diff --json: switched off by firmware")


REASONS = ((r"in the baseline", "in_baseline"), (r"no host has it", "nobody"), (r"\d+ of \d+ hosts? lacks? ", "hosts"),
           (r"not in the reports? of ", "hosts"), (r"all have it, but it needs ", "need"),
           (r"all have it, but its size", "layout"), (r"differs between hosts", "differs"), (r"not a property", "never"))


def explained(text):
    """What explain says as text: of each feature the reason, and the hosts that lack it."""
    found = []
    for block in re.split(r"\n(?=\S)", text.split("\nremoving ")[0]):
        lines = block.rstrip("\n").split("\n")
        name = lines[0].split("  ")[0]
        line = next((line for line in lines[1:] for pattern, _ in REASONS if re.match("    " + pattern, line)), None)
        if not line:
            continue
        reason = next(word for pattern, word in REASONS if re.match("    " + pattern, line))
        hosts = re.search(r"hosts lacks? \S+: ([^;]*)", line)
        found.append((name, reason, hosts[1].split(", ") if hosts and reason == "hosts" else []))
    return found


def explain():
    """explain of a pool of all recorded machines."""
    run("merge", "-u", "-o", "all.pool", RECORDED)
    run("merge", "-u", "-o", "twin.pool", "db-1.txt", "db-2.txt")
    every = [row["name"] for row in document("features")[0]["features"]]
    for name, arguments in (("what is lost", []), ("every feature of the table", every)):
        found, text, wrong = document("explain", "--all", "-u", "all.pool", *arguments)
        told = [(f["feature"]["name"] or f"<{f['feature']['place']}>", f["reason"], f.get("lacking", []))
                for f in found["features"]]
        said = explained(text)
        wrong += [f"text {a}, JSON {b}" for a, b in zip(said, told) if a != b]
        wrong += [] if len(said) == len(told) and len(said) > 50 else [f"{len(said)} in the text, {len(told)} in JSON"]
        worst = re.findall(r"removing or fixing (.*) would add (\d+)", text)
        if worst != [(", ".join(w["hosts"]), str(len(w["gain"]))) for w in found["worst"]] or bool(worst) == bool(arguments):
            wrong.append(f"worst: {worst}, {found['worst']}")
        results.say(wrong, f"explain --json: {name}, {len({t[1] for t in told})} reasons")
    found, text, wrong = document("explain", "twin.pool")
    results.say(wrong or ([] if found["features"] == [] and "same features" in text else [text]), "explain --json: nothing is lost")
    found, _, wrong = document("explain", "twin.pool", "AESNI", "nonsense")
    results.say(wrong or ([] if (found["exit_status"], len(found["features"])) == (2, 1) else [str(found)]),
                "explain --json: an unknown name is a warning, and the status 2")


def fits():
    """fits of the requirements of a VM and every recorded machine."""
    vm = ROOT / "tests/data/cases/vm-runtime.json"
    found, text, wrong = document("fits", "-u", vm, RECORDED)
    flat = re.sub(r"\n {8}", " ", text)
    told = {host["host"]: (host["outcome"], [n["text"] for n in host["lacking"]], [n["text"] for n in host["unknown"]])
            for host in found["hosts"]}
    words = {"can take it": "yes", "cannot take it": "no", "not known": "unknown"}
    said = {}
    for block in re.split(r"\n(?=\S)", flat)[1:-1]:
        host, outcome = block.split("\n")[0].split(": ")
        lists = [re.search(rf"^    {word} (.*)", block, re.M) for word in ("lacks", "not known:")]
        said[host] = (words[outcome], *[m[1].split(", ") if m else [] for m in lists])
    if said != told or len(told) < 10 or len({outcome for outcome, *_ in told.values()}) < 1:
        wrong += [f"{name}: text {said.get(name)}, JSON {told[name]}" for name in told if said.get(name) != told[name]]
    if f"{found['able']} of {len(told)} hosts can take this VM" not in text:
        wrong.append(f"able {found['able']}")
    count = len(json.loads(vm.read_text())["Runtime"]["FeatureRequirement"])
    if found["requirements"]["count"] != count:
        wrong.append(f"{found['requirements']}, wanted {count}")
    table = csv.DictReader(io.StringIO(run("fits", "-u", "--csv", vm, RECORDED)[1].decode(), newline=""))
    if {row["host"]: (row["outcome"], *[list(filter(None, row[k].split("; "))) for k in ("lacking", "unknown")])
            for row in table} != told:
        wrong.append("the table differs")
    results.say(wrong, f"fits --json and --csv: {len(told)} hosts")


def words_after(text, start):
    """The words after a beginning of a line, also in the lines that go on with it."""
    found = re.search(rf"^  {re.escape(start)}:((?:(?: |\n    )\S+)*)", text, re.M)
    return found[1].split() if found else []


def evc():
    """The EVC modes, each by itself and beside the next, and those of recorded machines."""
    found, text, wrong = document("evc")
    lines = [line.split() for line in text.split("\n\n")[0].splitlines()]
    if [(m["mode"], str(m["tier"]), m["source"]) for m in found["modes"]] != [tuple(line[:3]) for line in lines]:
        wrong.append("the lists differ")
    modes = [m["mode"] for m in found["modes"]]
    results.say(wrong, f"evc --json: {len(modes)} modes")
    wrong = []
    for mode in modes:
        found, text, bad = document("evc", mode)
        wrong += bad
        one = found["mode"]
        for key, words in (("guarantees", "guarantees"), ("shows_if_host_has", "shows if the host has it")):
            if words_after(text, words) != one[key]:
                wrong.append(f"{mode}: {key} {one[key]}")
        if f"source: {one['source']} (" not in text or ("incomplete:" in text) != one["incomplete"]:
            wrong.append(f"{mode}: {one['source']} {one['incomplete']}")
    results.say(wrong, "evc --json: what each mode has")
    wrong = []
    for a, b in zip(modes, modes[1:]):
        found, text, bad = document("evc", a, b)
        told = [found[k] for k in ("only_first", "required_only_by_first", "only_second", "required_only_by_second")]
        said = [words_after(text, f"{words} {mode}") for mode in (a, b) for words in ("only", "required of hosts only by")]
        wrong += bad + ([] if said == told else [f"{a} {b}: text {said}, JSON {told}"])
    results.say(wrong, "evc --json: in what each differs from the next")
    wrong, some = [], set()
    for path in sorted(RECORDED.glob("*.txt")):
        found, text, bad = document("evc", "-u", path)
        highest = (found["highest"] or {"mode": "no known mode"})["mode"]
        following = (found["next"] or {"mode": ""})["mode"]
        some |= {highest, following}
        said = [words_after(text, f"{words} {following}") for words in ("this host lacks for", "not in the report, needed for")]
        if f"{path}: {highest}\n" not in text or said != [found["lacking"], found["unknown"]]:
            wrong.append(f"{path.stem}: {highest} {following} {found['lacking']}")
        wrong += bad
    results.say(wrong or ([] if len(some) > 4 else [str(some)]), f"evc --json: recorded machines, {len(some)} modes")


def merge():
    """merge of every recorded machine, of one twice, and of a file that is no report."""
    found, _, wrong = document("merge", "-u", "-f", "-o", "m.pool", RECORDED, "bad.txt")
    pool = Path("m.pool").read_text()
    hosts = re.findall(r"^host \"([^\"]*)\"", pool, re.M)
    if [host["host"] for host in found["hosts"]] != hosts or len(hosts) < 10:
        wrong.append(f"{found['hosts']}: {hosts}")
    said = [w["text"] for w in found["warnings"]]
    if not any(text.startswith(f"{len(hosts)} hosts, {found['different']} different sets") for text in said):
        wrong.append(str(said))
    if f"hosts without a good seal: {found['unsealed_hosts']} of {len(hosts)}" not in said:
        wrong.append(f"unsealed {found['unsealed_hosts']}")
    if (found["left_out"], found["left_out_files"], found["exit_status"]) != (1, ["bad.txt"], 2):
        wrong.append(f"left out: {found['left_out_files']}")
    if set(found["vendors"]) != {"GenuineIntel", "AuthenticAMD"}:
        wrong.append(str(found["vendors"]))
    results.say(wrong, f"merge --json: {len(hosts)} hosts")
    status, made, said = run("merge", "-u", "--json", "db-1.txt")
    results.say([] if status == 2 and not made and "--output" in said else [f"{status} {made} {said}"],
                "merge --json without --output is an error")


def sealed(name, comment="timestamp:1"):
    """A report that a key of ours has sealed."""
    make_host(name)
    subprocess.run(["minisign", "-S", "-l", "-s", "stick.key", "-m", f"{name}.txt", "-t", comment], check=True,
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def verify():
    """verify of good, bad, foreign, missing and hostile seals, and of what is no report."""
    run("keygen", "stick.key", "stick.pub")
    comment = "=cmd|' /C calc'!A0"
    sealed("v-good", comment)
    sealed("v-bad")
    with open("v-bad.txt", "a", encoding="ascii") as file:
        file.write("#")
    make_host("v-none")
    run("merge", "-u", "-s", "stick.key", "-o", "v.pool", "v-good.txt")
    files = ["v-good.txt", "v-bad.txt", "v-none.txt", "v-absent.txt", "v.pool"]
    found, text, wrong = document("verify", "-k", "stick.pub", *files)
    outcomes = {f["file"]: f["outcome"] for f in found["files"]}
    wanted = dict(zip(files, ["good", "bad", "unusable", "unusable", "good"]))
    if outcomes != wanted or found["exit_status"] != 2:
        wrong.append(f"{outcomes}, wanted {wanted}")
    good = found["files"][0]
    if f"v-good.txt: good, written by stick {good['key']}: {comment}\n" not in text or good["comment"] != comment:
        wrong.append(f"{good} {text}")
    if [line.split(":")[0] for line in text.splitlines() if ": good" in line] != \
            [name for name, outcome in outcomes.items() if outcome == "good"]:
        wrong.append(text)
    results.say(wrong, "verify --json: good, bad, none, absent, a pool")
    found, text, wrong = document("verify", "-u", "-k", "stick.pub", "v-none.txt")
    results.say(wrong or ([] if found["files"][0]["outcome"] == "not_verified" and "NOT VERIFIED" in text else [text]),
                "verify --json --unsigned: the format is good")
    rows = run("verify", "--csv", "-k", "stick.pub", *files)[1].decode()
    table = list(csv.DictReader(io.StringIO(rows, newline="")))
    wrong = [] if {row["file"]: row["outcome"] for row in table} == wanted else [rows]
    wrong += [] if table[0]["comment"] == "'" + comment and not rows.replace("\r\n", "").count("\n") else [rows]
    results.say(wrong, "verify --csv: the same, and a comment that is a formula gets a '")


SGR = re.compile(r"\x1b\[[0-9;]*m")


def on_terminal(*arguments, out=True, environment=None):
    """Runs the tool with standard error, and standard output if out, on a terminal.

    Returns the status, what standard output got, and all that the terminal got.
    """
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **(environment or {})}
    environment = {key: value for key, value in environment.items() if value is not None}
    with subprocess.Popen([TOOL, *map(str, arguments)], stdin=subprocess.DEVNULL, stderr=slave,
                          stdout=slave if out else subprocess.PIPE, env=environment) as process:
        os.close(slave)
        seen = bytearray()
        reader = threading.Thread(target=drain, args=(master, seen))
        reader.start()
        output = b"" if out else process.stdout.read()
        reader.join()
        status = process.wait()
    os.close(master)
    return status, output, seen.decode().replace("\r\n", "\n")


def drain(master, seen):
    """Reads a terminal to its end."""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # EIO: nobody has it open any more
            return
        if not part:
            return
        seen += part


def colour():
    """What has colour on a terminal, and what has none."""
    commands = (("drift", "-u", "db-1.txt", "db-2.txt", "db-4.txt"), ("diff", "-u", "db-1.txt", "db-4.txt"),
                ("verify", "-k", "stick.pub", "v-good.txt", "v.pool"), ("level", "-u", "db-1.txt"),
                ("explain", "-u", "all.pool"), ("evc", "-u", "db-1.txt"),
                ("fits", "-u", ROOT / "tests/data/cases/vm-runtime.json", "db-1.txt"))
    wrong, plain = [], {}
    for command in commands:
        plain[command] = run(*command)[1].decode()
        _, _, seen = on_terminal(*command, environment={"NO_COLOR": None})
        if not SGR.search(seen):
            wrong.append(f"{command}: no colour on a terminal")
        said = SGR.sub("", seen)
        if not all(line in said.splitlines() for line in plain[command].splitlines()):
            wrong.append(f"{command}: other words on a terminal")
        if seen.count("\x1b[0m") * 2 != len(SGR.findall(seen)) or re.search(r"\x1b(?!\[[0-9;]*m)", seen):
            wrong.append(f"{command}: a colour that does not end, or another sequence")
        if "\x1b" in plain[command]:
            wrong.append(f"{command}: colour in a pipe")
    results.say(wrong, "colour on a terminal, where it ends, the same words; none in a pipe")
    wrong = []
    for name, options, environment in (
            ("NO_COLOR", [], {"NO_COLOR": "1"}), ("TERM=dumb", [], {"TERM": "dumb"}), ("no TERM", [], {"TERM": None}),
            ("--color=never", ["--color=never"], {}), ("--json", ["--json"], {}), ("--csv", ["--csv"], {})):
        _, _, seen = on_terminal("drift", *options, *commands[0][1:], environment=environment)
        if "\x1b" in seen or "db-4" not in seen:
            wrong.append(f"{name}: {seen[:200]!r}")
    for options, environment in ((["--color=always"], {"NO_COLOR": "1"}), (["--color"], {})):
        if not SGR.search(run("drift", *options, *commands[0][1:], env={**os.environ, **environment})[1].decode()):
            wrong.append(f"{options}: no colour")
    if not SGR.search(on_terminal("drift", *commands[0][1:], environment={"NO_COLOR": ""})[2]):
        wrong.append("an empty NO_COLOR counts")
    if run("drift", "--color=blue", *commands[0][1:])[0] != 2:
        wrong.append("--color=blue is accepted")
    results.say(wrong, "NO_COLOR, TERM, --color, --json and --csv")


def progress():
    """A bar appears after a second, on a terminal only, and goes away."""
    names = []
    for n in range(12):
        names.append(f"slow-{n}.txt")
        os.mkfifo(names[-1])
    text = Path("db-1.txt").read_bytes()

    def feed():
        for name in names:
            with open(name, "wb") as file:
                time.sleep(0.2)
                file.write(text)

    def fed(*arguments, **options):
        feeder = threading.Thread(target=feed)
        feeder.start()
        try:
            return on_terminal(*arguments, *names, **options)
        finally:
            feeder.join()

    status, output, seen = fed("verify", "-u", "--csv", out=False)
    bar = re.findall(r"\r(checking \[[#.]+\] \d+ of 12, \d+ s left)\x1b\[K", seen)
    last = seen[seen.rfind("\r"):]
    wrong = [] if bar and "[K" in last and "checking" not in last else [f"{bar} {last!r}"]
    wrong += [] if status == 2 and output.count(b"\r\n") == 13 and b"\x1b" not in output else [output.decode()]
    results.say(wrong, f"a bar on a terminal after a second, {len(bar)} pictures; it is wiped, and not in the output")
    _, _, seen = fed("verify", "-u", "--quiet", out=False)
    results.say([] if "[K" not in seen else [repr(seen)], "no bar with --quiet")
    status, _, seen = on_terminal("verify", "-u", "db-1.txt", "db-2.txt", out=False)
    results.say([] if "[K" not in seen else [repr(seen)], "no bar for what is done within a second")


def quiet():
    """--quiet prints nothing but errors, with the same exit status."""
    wrong = []
    for command in (("drift", "-u", "db-1.txt", "db-2.txt"), ("drift", "-u", "db-1.txt", "db-4.txt"),
                    ("diff", "-u", "db-1.txt", "db-1.txt"), ("diff", "-u", "db-1.txt", "db-4.txt"),
                    ("level", "-u", "-n", "v4", "db-1.txt"), ("level", "-u", "-n", "v1", "db-1.txt"),
                    ("evc", "-u", "db-1.txt"), ("evc", "intel-haswell", "intel-skylake"), ("explain", "all.pool"),
                    ("fits", "-u", ROOT / "tests/data/cases/vm-runtime.json", "db-1.txt"), ("features", "AESNI"),
                    ("setup", "-u", "db-1.txt", "db-2.txt"), ("merge", "-u", "-f", "-o", "q.pool", "db-1.txt"),
                    ("verify", "-k", "stick.pub", "v-good.txt")):
        status, out, said = run(command[0], "--quiet", *command[1:])
        wanted = run(*command)[0]
        if status != wanted or out or said:
            wrong.append(f"{command}: {status}, wanted {wanted}; {out!r} {said!r}")
    status, out, said = run("verify", "-q", "-k", "stick.pub", "v-bad.txt")
    if status != 1 or out or "BAD SIGNATURE" not in said:
        wrong.append(f"an error: {status} {said!r}")
    for pair in (("--json", "--quiet"), ("--csv", "--json"), ("-q", "--csv")):
        if run("drift", *pair, "-u", "db-1.txt")[0] != 2:
            wrong.append(f"{pair} are accepted")
    results.say(wrong, "--quiet: nothing is printed, errors are, and the exit status is the same")


def full():
    """A document that cannot be written is an error."""
    wrong = []
    for option in ("--json", "--csv"):
        for command in (("drift", "-u", "db-1.txt", "db-2.txt"), ("diff", "-u", "db-1.txt", "db-1.txt"),
                        ("level", "-u", "db-1.txt"), ("features",), ("verify", "-k", "stick.pub", "v-good.txt"),
                        ("fits", "-u", ROOT / "tests/data/cases/vm-runtime.json", "db-1.txt"), ("evc",),
                        ("explain", "all.pool"), ("setup", "-u", "db-1.txt"),
                        ("merge", "-u", "-f", "-o", "q.pool", "db-1.txt")):
            if option == "--csv" and command[0] in ("evc", "explain", "setup", "merge"):
                continue
            with open("/dev/full", "wb") as device:
                done = subprocess.run([TOOL, command[0], option, *map(str, command[1:])], stdout=device, check=False,
                                      stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
            if done.returncode != 2 or b"standard output" not in done.stderr:
                wrong.append(f"{command[0]} {option}: {done.returncode} {done.stderr!r}")
    results.say(wrong, "/dev/full: status 2 and a message, for --json and --csv")


HOSTILE = {"escape": b"\x1b]0;x\x07", "formula": b"=HYPERLINK(1)", "plus": b"+1", "at": b"@SUM(1)", "minus": b"-2+3",
           "quote": b'a"b,c', "invalid": b"\xff\xfe", "cut": b"\xe2\x82", "bidi": "\u202eevil".encode(),
           "surrogate": b"\xed\xa0\x80", "newline": b"x\ny", "script": b"<script>"}


def hostile():
    """Names and strings that a hostile report can have: documents stay JSON, tables stay tables."""
    folder = Path("hostile")
    folder.mkdir()
    text = Path("db-1.txt").read_bytes()
    for n, name in enumerate(HOSTILE.values()):
        vendor = "".join(f"\\x{b:02x}" if b < 32 or b > 126 else '\\"' if b == 34 else chr(b) for b in name)
        made = re.sub(rb'^system-vendor .*', lambda _, v=vendor: b'system-vendor "' + v.encode() + b'"', text, flags=re.M)
        made = re.sub(rb'^system-serial .*', b'system-serial "h%d"' % n, made, flags=re.M)
        with open(os.path.join(b"hostile", name + b".txt"), "wb") as file:
            file.write(made)
    wrong = []
    names = sorted(os.listdir(b"hostile"))
    for command in ("drift", "setup"):
        found, _, bad = document(command, "-u", folder)
        wrong += bad
        told = found["hosts"] if command == "setup" else [{"host": h} for g in found["groups"] for h in g["hosts"]]
        if len(told) != len(names):
            wrong.append(f"{command}: {len(told)} hosts of {len(names)}")
        kept = {name[:-4].decode() for name in names if not name.decode(errors="replace").count("\ufffd")}
        if not kept <= {host["host"] for host in told}:
            wrong.append(f"{command}: {told}")
    found, _, bad = document("level", "-u", b"hostile/" + names[0])
    wrong += bad
    found, _, bad = document("merge", "-u", "-f", "-o", "h.pool", folder)
    wrong += bad
    results.say(wrong, f"--json: {len(names)} hostile names and strings")
    wrong = []
    for command, column in ((("verify", "-u", "--csv", folder), "file"),
                            (("fits", "-u", "--csv", ROOT / "tests/data/cases/vm-runtime.json", folder), "host"),
                            (("drift", "-u", "--csv", folder, "db-4.txt"), "group")):
        made = run(*command)[1]
        if not made.replace(b"\r\n", b"").isascii() or re.search(rb"[\x00-\x1f\x7f]", made.replace(b"\r\n", b"")):
            wrong.append(f"{command[0]}: an unprintable byte")
        table = list(csv.DictReader(io.StringIO(made.decode(), newline=""), strict=True))
        if any(cell is None or cell[:1] in "=+-@" and cell for row in table for cell in row.values()):
            wrong.append(f"{command[0]}: a formula: {table}")
        if command[0] == "fits" and not {"'=HYPERLINK(1)", "'+1", "'@SUM(1)", "'-2+3", 'a"b,c', "??"} <= {
                row[column] for row in table}:
            wrong.append(f"{[row[column] for row in table]}")
    results.say(wrong, "--csv: quotes, commas, formulas and escapes in names")


def main():
    schemas()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        level()
        drift()
        diff()
        explain()
        fits()
        evc()
        merge()
        verify()
        features()
        for test in (colour, progress, quiet, full, hostile):
            test()
    print(f"1..{results.count}")
    return results.failed > 0


if __name__ == "__main__":
    sys.exit(main())
