#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""matrix.py BUILD: what scripts/matrix compares, writes, and does when it is stopped.

Recorded reports are compared with what QEMU says today, and every bit of one is flipped.  One guest
is booted, by a QEMU that lies.  docs/qemu-models.md must be what the command writes.
"""

import copy
import dataclasses
import difflib
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import types
import xml.etree.ElementTree as ElementTree

import boot_models
import cpuid_words
import documents_base
import hypervisor
import matrix_compare
import matrix_documents
import matrix_models
import matrix_print
import qemu_page
import qemu_said
import report_reader
from boot_stick import must

BUILD = pathlib.Path(sys.argv[1]).resolve()
TOOL = str(BUILD / "cpulevel")
RECORDED = pathlib.Path("tests/data/recorded")
PAGE = pathlib.Path("docs/qemu-models.md")
QEMU = hypervisor.NOW["qemu"]

# Reports of tests/record, and the guests that they are of.
GUESTS = (("skylake", "Skylake-Server", 2), ("milan", "EPYC-Milan", 2),
          ("opteron", "Opteron_G5", 2),
          ("westmere", "Westmere,+pclmulqdq,+vmx,+ds,+monitor,+ss,+rdtscp", 2),
          ("penryn", "Penryn", 1))

said = documents_base.results


def verdict(name, option, processors):
    """How a recorded report compares with a guest."""
    path = RECORDED / f"{name}.txt"
    found = boot_models.compare(qemu_said.ask(qemu_said.parse(option, processors)),
                                qemu_said.catalogue(QEMU), path.read_bytes())
    return matrix_models.with_cpuid(found, TOOL, path)


def recorded():
    for name, option, processors in GUESTS:
        found = verdict(name, option, processors)
        said.say([str(one) for one in found.wrong], f"{name}: recorded as QEMU says of {option}")
    said.say([] if set(found.counts) == set(matrix_print.JUDGES) else [str(found.counts)],
             "all judges were asked")


def others():
    """Reports of other guests: each difference is found, by those who can know."""
    everybody = {"expansion", "words", "asked", "table"}
    for option, processors, wanted in (
            ("Skylake-Server,-avx512f", 2, {
                ("avx512f", "7.0.EBX[16]", "1", "0"): everybody,
                **{(f"XCR0_{name}", f"d.0.EAX[{bit}]", "1", "0"): {"words"}
                   for name, bit in (("OPMASK", 5), ("ZMM_HI256", 6), ("HI16_ZMM", 7))}}),
            ("Skylake-Server,+vmx", 2, {("vmx", "1.ECX[5]", "0", "1"): everybody}),
            ("Skylake-Server,stepping=3,phys-bits=46", 2, {
                ("stepping", "1.EAX", "4", "3"): {"values"},
                ("phys-bits", "80000008.EAX", "40", "46"): {"values"}}),
            ("Skylake-Server", 3, {
                ("processors", "-", "2", "3"): {"values"},
                ("APIC IDs", "1.EBX", "[0, 1]", "[0, 1, 2]"): {"values"},
                ("processors of the package", "1.EBX", "1", "2"): {"values"},
                ("shift of the level", "b.1.EAX", "1", "2"): {"values"},
                ("processors of the level", "b.1.EBX", "2", "3"): {"values"}})):
        found = {(one.what, one.place, one.guest, one.wanted): set(one.judges)
                 for one in matrix_models.differences(verdict("skylake", option, processors))
                 if one.what != "cores of the package"}
        said.say([] if found == wanted else [f"{found} is not {wanted}"],
                 f"not of {option}, {processors} processors: {len(wanted)} differences")


def words():
    """Without its row, a word of cpuid is unexplained, and so is the feature that it is of."""
    key = "feature information (1/ecx)", "PCLMULDQ instruction"
    row = cpuid_words.WORDS.pop(key)
    found = {(one.what, one.place, one.guest, one.wanted, one.judges) for one in
             matrix_models.differences(verdict("skylake", "Skylake-Server", 2))}
    cpuid_words.WORDS[key] = row
    wanted = {(": ".join(key), "-", "no row", "1", ("cpuid",)),
              ("PCLMULQDQ", "1.ECX[1]", "1", "no word, and no row says why", ("cpuid",))}
    said.say([] if found == wanted else [f"{found}"], "a word of cpuid without a row is found")


def flips():
    """Every bit of every register that QEMU tells, each alone."""
    about = qemu_said.ask(qemu_said.parse("Skylake-Server", 2))
    seen = boot_models.processors_of(report_reader.read((RECORDED / "skylake.txt").read_bytes()))[0]
    named, missed, count = boot_models.names_at(about), [], 0
    for leaf, subleaf, register in about.processors[0].words:
        index = boot_models.REGISTERS.index(register)
        for bit in range(32 if (leaf, subleaf) in seen.leaves else 0):
            leaves = copy.deepcopy(seen.leaves)
            leaves[leaf, subleaf][index] ^= 1 << bit
            wrong = boot_models.judge("words", boot_models.judge_words(about, seen, named),
                                      dataclasses.replace(seen, leaves=leaves))[1]
            count += 1
            place = boot_models.place_of(leaf, subleaf, register, bit)
            if [one.place for one in wrong] != [place]:
                missed.append(f"{place}: {wrong}")
    if count < 400:
        missed.append(f"only {count} bits")
    said.say(missed, f"{count} bits of a report, each flipped alone: found")


def options():
    wrong = []
    for option, wanted in (
            ("Haswell", {}), ("Haswell,-avx,+vmx", {"avx": False, "vmx": True}),
            ("Haswell,-avx,+avx,avx=on", {"avx": False}), ("Haswell,+avx,avx=off", {"avx": True}),
            ("Haswell,avx,level=13", {"avx": True, "level": "13"}),
            ("Haswell,x-force-features=off", {}), ("Haswell,model-id=a b", {"model-id": "a b"})):
        found = dict(qemu_said.parse(option).properties)
        if found != wanted:
            wrong.append(f"{option}: {found}")
    said.say(wrong, "options are read as QEMU reads them")


def results_of():
    """One result of each kind, with words that are bad for XML."""
    bad = "\x1b[31m<&\"]]>\xff"
    guest = matrix_models.Guest("Skylake-Server,-avx512f",
                                qemu_said.parse("Skylake-Server,-avx512f", 2), ("a",), "")
    same, wrong = (verdict("skylake", option, 2) for option in ("Skylake-Server",
                                                                guest.option))
    return [matrix_models.Result(guest, matrix_models.SAME, verdict=same, report=b"r",
                                 seconds=1.25),
            matrix_models.Result(guest, matrix_models.DIFFERS, verdict=wrong, report=b"r"),
            matrix_models.Result(dataclasses.replace(guest, option=bad),
                                 matrix_models.NOT_BOOTED, bad),
            matrix_models.Result(guest, matrix_models.TROUBLE, bad, (bad, "b"))]


def valid_junit(path):
    done = subprocess.run(["xmllint", "--noout", "--relaxng", "docs/schema/junit.rng", str(path)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.stdout.splitlines() if done.returncode else []


def documents(folder):
    catalogue = qemu_said.catalogue(QEMU)
    results = results_of()
    about = matrix_documents.About(BUILD / "cpulevel", catalogue, 2, matrix_models.status(results))
    made, junit = folder / "made.json", folder / "made.xml"
    matrix_documents.write_json(made, about, results)
    matrix_documents.write_junit(junit, about, results)
    document = json.loads(made.read_text(encoding="ascii"))
    wrong = [str(one) for check in documents_base.VALIDATORS["matrix"]
             for one in check.iter_errors(document)]
    if document["total"] != {"same": 1, "differs": 1, "not_booted": 1, "trouble": 1}:
        wrong.append(str(document["total"]))
    if document["exit_status"] != 2:
        wrong.append(f"exit status {document['exit_status']}")
    said.say(wrong, "the JSON is as its schema says, and counts")
    wrong = valid_junit(junit)
    suite = ElementTree.parse(junit).getroot()[0]
    kinds = [[child.tag for child in case] for case in suite]
    if kinds != [[], ["failure"], ["skipped"], ["error"]]:
        wrong.append(str(kinds))
    if [suite.get(name) for name in ("tests", "failures", "errors", "skipped")] != \
            ["4", "1", "1", "1"]:
        wrong.append(str(suite.attrib))
    if "avx512f (7.0.EBX[16]): guest 1, wanted 0" not in suite[1][0].text:
        wrong.append(suite[1][0].text)
    said.say(wrong, "the JUnit XML is valid, and counts")
    text = junit.read_text(encoding="utf-8")
    bad = [change for change in (("tests=\"4\"", "tests=\"four\""), ("<skipped", "<skip"),
                                 (" classname=", " class="))
           if change[0] in text and (junit.write_text(text.replace(*change)) or True) and
           not valid_junit(junit)]
    said.say(bad, "and would not be otherwise")


def statuses():
    kinds = [types.SimpleNamespace(outcome=outcome) for outcome in (
        matrix_models.SAME, matrix_models.DIFFERS, matrix_models.NOT_BOOTED,
        matrix_models.TROUBLE)]
    same, differs, unbooted, trouble = kinds
    wrong = [f"{[one.outcome for one in results]} is not {wanted}" for results, wanted in (
        ([same], 0), ([same, unbooted], 0), ([same, differs], 1), ([differs, unbooted], 1),
        ([unbooted], 2), ([same, trouble], 2), ([differs, trouble], 2))
        if matrix_models.status(results) != wanted]
    said.say(wrong, "0 all agree, 1 one differs, 2 trouble")


def matrix(*arguments, **options):
    return subprocess.run(["scripts/matrix", "-b", str(BUILD), *map(str, arguments)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          stdin=subprocess.DEVNULL, check=False, **options)


def says(name, status, pattern, *arguments):
    done = matrix(*arguments)
    right = done.returncode == status and re.search(pattern, done.stdout + done.stderr)
    said.say([] if right else [f"status {done.returncode}", *done.stdout.splitlines(),
                               *done.stderr.splitlines()], name)


def commands():
    says("a model that is misspelt", 2, "Skylake-Sever: QEMU .* has no such model; it has "
         "Skylake-Server", "Skylake-Sever,-avx512f")
    says("a pattern of none", 2, "no such model", "Xeon*")
    says("a feature that there is not", 2, r"trouble: .*Property '.*\.avx513' not found",
         "Haswell,-avx513")
    says("models that no firmware boots", 2, r"(?s)pentium-v1 +not booted .*2 models: 0 same, 0 "
         "differs, 2 not booted", "pentium-v1", "486")
    says("no such QEMU", 2, "no such program", "-q", "/nonexistent/qemu", "Haswell")
    says("no processors", 2, "at least one", "-n", "0")
    says("ROMs of no QEMU", 2, "--share is for", "-L", "/usr/share/qemu", "Haswell")


def program(path, text):
    path.write_text(text, encoding="ascii")
    path.chmod(0o755)
    return path


def lying(folder):
    """A QEMU that boots another guest than it speaks of: 32-bit firmware and probe, too."""
    fake = program(folder / "lying", '#!/bin/bash\nfor word; do\n'
                   '\t[[ $word != n270,* || " $* " == *" stdio "* ]] || word+=,pni=off\n'
                   '\twords+=("$word")\ndone\nexec qemu-system-x86_64 "${words[@]}"\n')
    made, junit, kept = folder / "lie.json", folder / "lie.xml", folder / "kept"
    done = matrix("n270", "-q", fake, "--json", made, "--junit", junit, "--keep", kept)
    wrong = [] if done.returncode == 1 else [f"status {done.returncode}"]
    found = json.loads(made.read_text()) if made.exists() else {"models": [{"verdict": None}]}
    lies = [(one["what"], one["place"], one["judges"])
            for one in (found["models"][0]["verdict"] or {"differences": ()})["differences"]]
    if lies != [("pni", "1.ECX[0]", ["expansion", "words", "asked", "table"])]:
        wrong.append(str(lies))
    for words in ("GenuineIntel, family 6, model 28", "Guest     n270 (n270-v1)",
                  "Result    1 difference",
                  "pni (1.ECX[0]): guest 0, wanted 1 by expansion, words, asked, table"):
        if words not in done.stdout:
            wrong.append(f"does not say {words}")
    said.say(wrong and [*wrong, *done.stdout.splitlines(), *done.stderr.splitlines()],
             "a QEMU that boots another guest: the bit is named, and who says so")
    said.say(valid_junit(junit), "the JUnit XML of it is valid")
    verified = subprocess.run([BUILD / "cpulevel", "verify", "--key", kept / "matrix.pub",
                               kept / "n270.txt"], stdout=subprocess.PIPE, text=True, check=False)
    said.say([] if verified.returncode == 0 else [verified.stdout],
             "the report that is kept has a good seal")


def kept(folder, names):
    """A folder as of --keep, with recorded reports."""
    folder.mkdir(parents=True)
    must(TOOL, "keygen", folder / "key", folder / "matrix.pub")
    for name, report in names.items():
        path = folder / f"{name}.txt"
        path.write_bytes((RECORDED / f"{report}.txt").read_bytes())
        must("minisign", "-S", "-l", "-s", folder / "key", "-m", path, "-x", f"{path}.minisig")
    return folder


def compared(folder):
    """Two folders of reports: aesoff is icelake without AES, PCLMULQDQ and VMX."""
    old = kept(folder / "old", {"A": "icelake", "B": "milan", "C": "icelake", "D": "milan"})
    new = kept(folder / "new", {"A": "aesoff", "B": "milan", "C": "aesoff", "E": "milan"})
    says("two folders of reports: what changed, once for all guests in which it did", 1,
         "(?s)^3 guests are in both; 1 see the same in both\n"
         f"only in {old}: D\nonly in {new}: E\n\n"
         r"A, C\n    1\.ECX f7fa3223 -> f5fa3201; off: PCLMULQDQ, VMX, AESNI\n$", "--compare",
         old, new)
    says("a folder and itself", 0, "^4 guests are in both; 4 see the same in both\n$", "--compare",
         old, old)
    says("two folders of other guests", 2, "no guest in common", "--compare", old,
         kept(folder / "other", {"F": "milan"}))
    says("a folder without reports", 2, "no reports; --keep makes", "--compare", old, folder)
    says("folders, and a model", 2, "two folders, and nothing else", "--compare", old, new,
         "Haswell")
    path = new / "A.txt"
    path.write_bytes(path.read_bytes().replace(b"cpuid 0", b"cpuid 1", 1))
    says("a report that was changed", 2, r"not all reports are good:\n.*A\.txt: BAD SIGNATURE",
         "--compare", old, new)
    seen = [boot_models.Seen(number, {(1, 0): [1, 2, 3, 4]}, 0) for number in (0, 1)]
    other = boot_models.Seen(1, {(1, 0): [1, 2, 3, 5], (7, 0): [0, 0, 0, 1]}, 0)
    wrong = [f"{found} is not {wanted}" for found, wanted in (
        (matrix_compare.compare(seen, [seen[0], other]),
         ("1.EDX 00000004 -> 00000005, processor 1; on: FPU",
          "7.0.EDX 00000000 -> 00000001, processor 1")),
        (matrix_compare.compare(seen, seen[:1]), ("processors: 2 -> 1",))) if found != wanted]
    said.say(wrong, "a change of one processor, and another number of them")


def running(folder):
    """The process ids of programs that were started from a folder."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word.startswith(os.fsencode(folder)) for word in words):
            found.append(int(path.parent.name))
    return found


def heard():
    """SIGINT is ignored in what a shell runs in the background, as these tests."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def stopped(folder, name, script, number):
    """A QEMU that hangs, and a signal meanwhile: all ends, and nothing is left."""
    own = folder / name.replace(" ", "-")
    work = own / "work"
    work.mkdir(parents=True)
    fake = program(own / "qemu", script)
    with subprocess.Popen(
            ["scripts/matrix", "-b", str(BUILD), "-q", fake, "Haswell", "Nehalem"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env=dict(os.environ, TMPDIR=str(work), MARK=str(own / "mark")),
            preexec_fn=heard) as process:
        while not (own / "mark").exists() and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(number)
        text = process.communicate()[0]
    end = time.monotonic() + 60
    while running(own) and time.monotonic() < end:
        time.sleep(0.1)
    wrong = [f"process {one} is left" for one in running(own)]
    wrong += [f"{one} is left" for one in work.iterdir()]
    if process.returncode != 2 or "matrix: stopped" not in text or "Traceback" in text:
        wrong += [f"status {process.returncode}", *text.splitlines()]
    said.say(wrong, f"{name}: ends")


def signals(folder):
    hangs = 'touch "$MARK"; exec -a "$0" sleep 600\n'
    silent = f"#!/bin/bash\n[[ $* != '--version' ]] || exec qemu-system-x86_64 --version\n{hangs}"
    boots = ("#!/bin/bash\n[[ ' '$*' ' != *' stdio '* && $* != *help* && $* != --version ]] || "
             f"exec qemu-system-x86_64 \"$@\"\n{hangs}")
    stopped(folder, "Ctrl-C while QEMU does not answer", silent, signal.SIGINT)
    stopped(folder, "Ctrl-C while guests boot", boots, signal.SIGINT)
    stopped(folder, "TERM while guests boot", boots, signal.SIGTERM)


def page():
    why = hypervisor.take_newest(BUILD)
    if why:
        said.say([], f"{PAGE} # SKIP skipped: no backports: {why}")
        return
    made = qemu_page.made(QEMU, hypervisor.NOW["qemu"])
    there = PAGE.read_text(encoding="ascii") if PAGE.exists() else ""
    said.say(list(difflib.unified_diff(there.splitlines(), made.splitlines(), str(PAGE), "made",
                                       lineterm="")),
             f"{PAGE} is what the command writes; else: make matrix-page")


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder)
        recorded()
        others()
        words()
        flips()
        options()
        documents(path)
        statuses()
        commands()
        compared(path)
        signals(path)
        lying(path)
    page()
    print(f"1..{said.count}")
    return said.failed > 0


if __name__ == "__main__":
    sys.exit(main())
