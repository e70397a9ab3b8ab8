# SPDX-License-Identifier: MIT
"""level, drift, diff and explain: documents and tables say what the text says."""

import csv
import io
import re
from pathlib import Path

from documents_base import AES_OFF, NO_GUEST, RECORDED, ROOT, document, make_host, results, run


def level():
    """What level says as JSON is what it says as text."""
    for path in sorted(RECORDED.glob("*.txt")):
        found, text, wrong = document("level", "-u", path)
        for line, item in zip(text.splitlines(), found.get("levels", [])):
            name, said = line.split(": ", 1)
            reached = {"yes": True, "no": False, "un": None}[said[:3].rstrip(",")
                                                             if said[:2] != "un" else "un"]
            lacking = said.partition("lacks ")[2].partition(";")[0].split()
            if (name, reached, lacking) != (item["level"], item["reached"], item["lacking"]):
                wrong.append(f"{line} is not {item}")
        results.say(wrong, f"level --json: {path.stem}")
    found, text, wrong = document("level", "v3")
    if [f"{i['level']}: {' '.join(i['features'])}" for i in found["levels"]] != text.splitlines():
        wrong.append(text)
    results.say(wrong, "level --json of a level")


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
         {0: "yes", 1: "no"}[d["here"]["number"]] if d["kind"] == "switched_off"
         else d["here"]["text"].split()[0])
        for d in odd["differences"]] for group in document_["groups"] for odd in group["odd"]}


def drift_says(name, wanted, *files):
    """drift as JSON is drift as text; wanted: the outcome of each group, if given."""
    found, text, wrong = document("drift", "-u", *files)
    if wanted and [g["outcome"] for g in found["groups"]] != wanted:
        wrong.append(f"outcomes {[g['outcome'] for g in found['groups']]}, wanted {wanted}")
    if differences_of(text) != differences_in(found):
        wrong.append(f"text {differences_of(text)}; JSON {differences_in(found)}")
    rows = list(csv.reader(io.StringIO(run("drift", "-u", "--csv", *files)[1].decode(),
                                       newline="")))[1:]
    told = sorted({(row[1], row[3]) for row in rows})
    if told != sorted({(host, item[0].replace("(no name)", "")) for hosts,
                       items in differences_in(found).items()
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
    cause = next(c for d in odd["differences"] for c in d["causes"]
                 if d["feature"]["name"] == "AESNI")
    wrong = [] if group["majority"] == ["db-1", "db-2", "db-4",
                                        "db-5"] else [str(group["majority"])]
    wrong += ([] if cause["kind"] == "look_for" and f"in setup, look for {cause['text']}" in text
              else [str(cause)])
    results.say(wrong, "drift --json: the majority, and the option that text names")
    drift_says("no majority", ["no_majority"], "db-1.txt", "db-3.txt")
    for n in (1, 2):
        make_host(f"db-{n}", NO_GUEST)
    make_host("db-4", NO_GUEST, (r"^msr 0000003a .*", "msr 0000003a 1"),
              (r"^bios-version .*", 'bios-version "9.9"'))
    found, text = drift_says("a register, and a revision", ["drift"], "db-1.txt", "db-2.txt",
                             "db-4.txt")
    revisions = {r["revisions"]: r["hosts"] for r in found["groups"][0]["revisions"]}
    results.say([] if [h for r, h in revisions.items() if r.startswith("BIOS 9.9")] == [["db-4"]]
                else [str(revisions)],
                "drift --json: revisions")
    drift_says("every recorded machine", None, RECORDED)
    Path("bad.txt").write_text("cpulevel-report 2\nbad\n")
    found, _ = drift_says("one report cannot be used", ["identical"], "db-1.txt", "db-2.txt",
                          "bad.txt")
    results.say([] if (found["left_out_files"], found["exit_status"]) == (["bad.txt"], 2) and
                any(w.get("about") == "bad.txt" and w.get("line") for w in found["warnings"])
                else [str(found)],
                "drift --json: it is counted, and named with its line")


DIFF_HEADINGS = (("Differences that", "unmasked"), ("Numbers and", "numbers"),
                 ("Expected diff", "expected"),
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
    groups = ("only_first", "only_second", "unmasked", "numbers", "expected", "masked_too",
              "switched_off")
    wrong, some = [], 0
    for a, b in zip(paths, paths[1:]):
        found, text, bad = document("diff", "-ua", a, b)
        wrong += bad
        told = {g: [d["feature"]["name"] or d["feature"]["place"] for d in found[g]] for g in groups
                if found.get(g)}
        some += len(told)
        if told != diff_of(text, a.stem, b.stem):
            wrong.append(f"{a.stem} {b.stem}: {told} is not {diff_of(text, a.stem, b.stem)}")
        rows = csv.DictReader(io.StringIO(run("diff", "-ua", "--csv", a, b)[1].decode(),
                                          newline=""))
        table = {}
        for row in rows:
            table.setdefault(row["group"], []).append(row["name"] or row["place"])
        if table != told:
            wrong.append(f"{a.stem} {b.stem}: CSV {table}")
    results.say(wrong or ([] if some > 40 else [f"{some} groups"]),
                f"diff --json and --csv: {len(paths) - 1} pairs")
    found, text, wrong = document("diff", "-u", "db-1.txt", "db-1.txt")
    results.say(wrong or ([] if found["exit_status"] == 0 and "do not differ" in text else [text]),
                "diff --json: identical")
    found, _, wrong = document("diff", "-u", "db-1.txt", "db-4.txt")
    off = [(s["feature"]["name"], s["off_first"], s["off_second"], s["msr"])
           for s in found["switched_off"]]
    results.say(wrong or ([] if off == [("VMX", False, True, 0x3A)] else [str(off)]),
                "diff --json: switched off by firmware")


REASONS = ((r"in the baseline", "in_baseline"), (r"no host has it", "nobody"),
           (r"\d+ of \d+ hosts? lacks? ", "hosts"),
           (r"not in the reports? of ", "hosts"), (r"all have it, but it needs ", "need"),
           (r"all have it, but its size", "layout"), (r"differs between hosts", "differs"),
           (r"not a property", "never"))


def explained(text):
    """What explain says as text: of each feature the reason, and the hosts that lack it."""
    found = []
    for block in re.split(r"\n(?=\S)", text.split("\nremoving ")[0]):
        lines = block.rstrip("\n").split("\n")
        name = lines[0].split("  ")[0]
        line = next((line for line in lines[1:] for pattern, _ in REASONS
                     if re.match("    " + pattern, line)), None)
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
        told = [(f["feature"]["name"] or f"<{f['feature']['place']}>", f["reason"],
                 f.get("lacking", []))
                for f in found["features"]]
        said = explained(text)
        wrong += [f"text {a}, JSON {b}" for a, b in zip(said, told) if a != b]
        wrong += ([] if len(said) == len(told) and len(said) > 50
                  else [f"{len(said)} in the text, {len(told)} in JSON"])
        worst = re.findall(r"removing or fixing (.*) would add (\d+)", text)
        if worst != [(", ".join(w["hosts"]), str(len(w["gain"])))
                     for w in found["worst"]] or bool(worst) == bool(arguments):
            wrong.append(f"worst: {worst}, {found['worst']}")
        results.say(wrong, f"explain --json: {name}, {len({t[1] for t in told})} reasons")
    found, text, wrong = document("explain", "twin.pool")
    results.say(wrong or ([] if found["features"] == [] and "same features" in text else [text]),
                "explain --json: nothing is lost")
    found, _, wrong = document("explain", "twin.pool", "AESNI", "nonsense")
    results.say(wrong
                or ([] if (found["exit_status"], len(found["features"])) == (2, 1)
                    else [str(found)]),
                "explain --json: an unknown name is a warning, and the status 2")


def left_out():
    """Every command that takes several files says which it could not use."""
    bad = ["db-1.txt", "bad.txt", "db-4.txt"]
    vm = ROOT / "tests/data/cases/vm-runtime.json"
    for command in (["drift", "-u"], ["setup", "-u"], ["level", "-u"], ["evc", "-u"],
                    ["explain", "-u"], ["fits", "-u", vm], ["merge", "-u", "-f", "-o", "l.pool"]):
        found, _, wrong = document(*command, *bad)
        told = [found.get(key) for key in ("left_out", "left_out_files", "exit_status")]
        results.say(wrong or ([] if told == [1, ["bad.txt"], 2] else [str(told)]),
                    f"{command[0]} --json: a file that is left out")
