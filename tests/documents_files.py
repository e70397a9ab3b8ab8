# SPDX-License-Identifier: MIT
"""features, fits, evc, merge and verify: documents and tables say what the text says."""

import csv
import io
import json
import re
from pathlib import Path

from documents_base import RECORDED, ROOT, document, make_host, results, run, sealed


def features():
    """The table as JSON and as CSV is the table as text."""
    found, text, wrong = document("features")
    said = [re.fullmatch(r"(\S+) +(\S+) +(\S+) +(\S.*)", line).groups()
            for line in text.splitlines() if not line.startswith(" ")]
    if said != [(row["name"], row["place"], row["rule"], row["about"])
                for row in found["features"]]:
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
    results.say(wrong
                or ([] if found["features"] == [] and found["exit_status"] == 1 else [str(found)]),
                "features --json of an unknown name: an empty list")


def fits():
    """fits of the requirements of a VM and every recorded machine."""
    vm = ROOT / "tests/data/cases/vm-runtime.json"
    found, text, wrong = document("fits", "-u", vm, RECORDED)
    flat = re.sub(r"\n {8}", " ", text)
    told = {host["host"]: (host["outcome"], [n["text"] for n in host["lacking"]],
                           [n["text"] for n in host["unknown"]])
            for host in found["hosts"]}
    words = {"can take it": "yes", "cannot take it": "no", "not known": "unknown"}
    said = {}
    for block in re.split(r"\n(?=\S)", flat)[1:-1]:
        host, outcome = block.split("\n")[0].split(": ")
        lists = [re.search(rf"^    {word} (.*)", block, re.M) for word in ("lacks", "not known:")]
        said[host] = (words[outcome], *[m[1].split(", ") if m else [] for m in lists])
    if said != told or len(told) < 10 or len({outcome for outcome, *_ in told.values()}) < 1:
        wrong += [f"{name}: text {said.get(name)}, JSON {told[name]}" for name in told
                  if said.get(name) != told[name]]
    if f"{found['able']} of {len(told)} hosts can take this VM" not in text:
        wrong.append(f"able {found['able']}")
    count = len(json.loads(vm.read_text())["Runtime"]["FeatureRequirement"])
    if found["requirements"]["count"] != count:
        wrong.append(f"{found['requirements']}, wanted {count}")
    table = csv.DictReader(io.StringIO(run("fits", "-u", "--csv", vm, RECORDED)[1].decode(),
                                       newline=""))
    if {row["host"]: (row["outcome"],
                      *[list(filter(None, row[k].split("; "))) for k in ("lacking", "unknown")])
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
    if [(m["mode"], str(m["tier"]), m["source"]) for m in found["modes"]] != [tuple(line[:3])
                                                                              for line in lines]:
        wrong.append("the lists differ")
    modes = [m["mode"] for m in found["modes"]]
    results.say(wrong, f"evc --json: {len(modes)} modes")
    wrong = []
    for mode in modes:
        found, text, bad = document("evc", mode)
        wrong += bad
        one = found["mode"]
        for key, words in (("guarantees", "guarantees"),
                           ("shows_if_host_has", "shows if the host has it")):
            if words_after(text, words) != one[key]:
                wrong.append(f"{mode}: {key} {one[key]}")
        if f"source: {one['source']} (" not in text or ("incomplete:" in text) != one["incomplete"]:
            wrong.append(f"{mode}: {one['source']} {one['incomplete']}")
    results.say(wrong, "evc --json: what each mode has")
    wrong = []
    for a, b in zip(modes, modes[1:]):
        found, text, bad = document("evc", a, b)
        told = [found[k]
                for k in ("only_first", "required_only_by_first", "only_second",
                          "required_only_by_second")]
        said = [words_after(text, f"{words} {mode}") for mode in (a, b)
                for words in ("only", "required of hosts only by")]
        wrong += bad + ([] if said == told else [f"{a} {b}: text {said}, JSON {told}"])
    results.say(wrong, "evc --json: in what each differs from the next")
    wrong, some = [], set()
    for path in sorted(RECORDED.glob("*.txt")):
        found, text, bad = document("evc", "-u", path)
        highest = (found["highest"] or {"mode": "no known mode"})["mode"]
        following = (found["next"] or {"mode": ""})["mode"]
        some |= {highest, following}
        said = [words_after(text, f"{words} {following}")
                for words in ("this host lacks for", "not in the report, needed for")]
        if f"{path}: {highest}\n" not in text or said != [found["lacking"], found["unknown"]]:
            wrong.append(f"{path.stem}: {highest} {following} {found['lacking']}")
        wrong += bad
    results.say(wrong or ([] if len(some) > 4 else [str(some)]),
                f"evc --json: recorded machines, {len(some)} modes")


def merge():
    """merge of every recorded machine, of one twice, and of a file that is no report."""
    found, _, wrong = document("merge", "-u", "-f", "-o", "m.pool", RECORDED, "bad.txt")
    pool = Path("m.pool").read_text()
    hosts = re.findall(r"^host \"([^\"]*)\"", pool, re.M)
    if [host["host"] for host in found["hosts"]] != hosts or len(hosts) < 10:
        wrong.append(f"{found['hosts']}: {hosts}")
    said = [w["text"] for w in found["warnings"]]
    if not any(text.startswith(f"{len(hosts)} hosts, {found['different']} different sets")
               for text in said):
        wrong.append(str(said))
    if f"hosts without a good seal: {found['unsealed_hosts']} of {len(hosts)}" not in said:
        wrong.append(f"unsealed {found['unsealed_hosts']}")
    if (found["left_out"], found["left_out_files"], found["exit_status"]) != (1, ["bad.txt"], 2):
        wrong.append(f"left out: {found['left_out_files']}")
    if set(found["vendors"]) != {"GenuineIntel", "AuthenticAMD"}:
        wrong.append(str(found["vendors"]))
    results.say(wrong, f"merge --json: {len(hosts)} hosts")
    status, made, said = run("merge", "-u", "--json", "db-1.txt")
    results.say([] if status == 2 and not made and "--output" in said
                else [f"{status} {made} {said}"],
                "merge --json without --output is an error")


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
    if (f"v-good.txt: good, written by stick {good['key']}: {comment}\n" not in text
        or good["comment"] != comment):
        wrong.append(f"{good} {text}")
    if [line.split(":")[0] for line in text.splitlines() if ": good" in line] != \
            [name for name, outcome in outcomes.items() if outcome == "good"]:
        wrong.append(text)
    results.say(wrong, "verify --json: good, bad, none, absent, a pool")
    for n in (2, 3, 7):
        sealed(f"{n:04}-s", change=(r"^sequence .*", f"sequence {n}"))
    numbered = sorted(str(path) for path in Path(".").glob("000?-s.txt"))
    found, text, wrong = document("verify", "-k", "stick.pub", *numbered)
    said = re.search(r"stick (\S+): (\d+) reports; numbers 1 to (\d+), missing: (.*)", text)
    told = [(s["key"], str(s["reports"]), str(s["highest"]), s["missing"]) for s in found["sticks"]]
    gaps = [{"first": 1, "last": 1}, {"first": 4, "last": 6}]
    if not said or told != [(*said.groups()[:3], gaps)] or said[4] != "1, 4-6":
        wrong.append(f"{text} {told}")
    if found["total"] != {"good": 3, "bad": 0,
                          "not_verified": 0} or "3 files: 3 good\n" not in text:
        wrong.append(f"{found['total']} {text}")
    results.say(wrong, "verify --json: the total, and the numbers that are missing")
    found, text, wrong = document("verify", "-u", "-k", "stick.pub", "v-none.txt")
    results.say(wrong
                or ([] if found["files"][0]["outcome"] == "not_verified" and "NOT VERIFIED" in text
                    else [text]),
                "verify --json --unsigned: the format is good")
    rows = run("verify", "--csv", "-k", "stick.pub", *files)[1].decode()
    table = list(csv.DictReader(io.StringIO(rows, newline="")))
    wrong = [] if {row["file"]: row["outcome"] for row in table} == wanted else [rows]
    if table[0]["comment"] != "'" + comment or "\n" in rows.replace("\r\n", ""):
        wrong.append(rows)
    results.say(wrong, "verify --csv: the same, and a comment that is a formula gets a '")
