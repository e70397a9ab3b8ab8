# SPDX-License-Identifier: MIT
"""matrix_models.py - boots models of QEMU, two at a time, and says of each how it compares.

What scripts/matrix does; the boot tests compare with the same functions of boot_models.py.
"""

import concurrent.futures
import dataclasses
import difflib
import fnmatch
import pathlib
import shutil
import time
import traceback

import boot_models
import boot_values
import cpuid_words
import hypervisor
import processes
import qemu_cpu
import qemu_said
import report_reader
from boot_stick import Failed

BOOTS_AT_A_TIME = 2

SAME, DIFFERS, NOT_BOOTED, TROUBLE = "same", "differs", "not booted", "trouble"

# Without SSE 32-bit OVMF ends in an invalid opcode (pentium2; pentium2,+sse boots), without PAE in
# a page fault (pentium, also with SSE).
NEEDED_32 = ("pae", "sse")


class Trouble(Exception):
    """What is asked for cannot be done; says why."""


@dataclasses.dataclass(frozen=True)
class Guest:
    option: str     # as it was asked for
    model: qemu_said.Model
    names: tuple    # the other names of the model here
    reason: str     # why it is not booted, or ""


@dataclasses.dataclass(frozen=True)
class Result:
    guest: Guest
    outcome: str
    reason: str = ""        # of what is neither same nor different
    details: tuple = ()     # lines
    seconds: float = 0
    verdict: boot_models.Verdict = None
    report: bytes = b""     # not for One alone: it has been verified
    path: pathlib.Path = None


def reason_of(name, catalogue):
    """Why a model cannot be booted here, or ""."""
    if catalogue.needs(name):
        return f"needs {catalogue.needs(name)}"
    props = catalogue.props(name)
    lacks = [name for name in NEEDED_32 if not props[name]]
    if not props["lm"] and lacks:
        return f"has no long mode, and no {' and '.join(lacks)}, which 32-bit OVMF needs"
    return ""


def named(word, catalogue):
    """The names of models that a word means."""
    name = word.split(",")[0]
    if set(name) & set("*?["):
        found = [one for one in catalogue.once() if fnmatch.fnmatchcase(one, name)]
    else:
        found = [name] if name in catalogue.models else []
    if not found:
        like = difflib.get_close_matches(name, catalogue.models, 3)
        raise Trouble(f"{name}: QEMU {catalogue.version} has no such model" +
                      (f"; it has {', '.join(like)}" if like else ""))
    return [",".join([one, *word.split(",")[1:]]) for one in found]


def guests(words, processors, machine):
    """What the words ask for, or every model once; and what this QEMU has."""
    catalogue = qemu_said.catalogue(hypervisor.NOW["qemu"], machine)
    found = []
    for word in words or catalogue.once():
        for option in named(word, catalogue):
            model = qemu_said.parse(option, processors)
            version = catalogue.alias_of(model.name) or model.name
            names = (version,) if version != model.name else tuple(
                name for name in catalogue.models if catalogue.alias_of(name) == version)
            found.append(Guest(option, model, names, reason_of(model.name, catalogue)))
    return found, catalogue


def keep(path, guest, folder):
    """Copies a report and its seal to a folder."""
    name = guest.option.replace("/", "_") + ".txt"
    for suffix in ("", ".minisig"):
        shutil.copy(f"{path}{suffix}", pathlib.Path(folder) / f"{name}{suffix}")


def with_cpuid(verdict, tool, path):
    """The verdict, and what cpuid names otherwise in the report."""
    unlike, facts = cpuid_words.compare(tool, path)
    kinds = report_reader.read(path.read_bytes()).kinds
    places = boot_models.our_bits()
    wrong = [boot_values.Wrong(what, boot_values.place_of(*places[what]) if what in places else "-",
                               ours, theirs, "cpuid", kinds[kind].members[0])
             for kind, what, ours, theirs in unlike]
    return dataclasses.replace(verdict, counts={**verdict.counts, "cpuid": facts},
                               wrong=(*verdict.wrong, *wrong))


def boot_one(shop, number, guest, catalogue, folder):
    if guest.reason:
        return Result(guest, NOT_BOOTED, guest.reason)
    started = time.monotonic()
    own = shop.folder / str(number)
    own.mkdir()
    try:
        path, verdict = boot_models.boot(dataclasses.replace(shop, folder=own), guest.model,
                                         catalogue.machine)
        verdict = with_cpuid(verdict, shop.tool, path)
        if folder:
            keep(path, guest, folder)
        (own / "stick.img").unlink()
        return Result(guest, DIFFERS if verdict.wrong else SAME, "", (),
                      time.monotonic() - started, verdict, path.read_bytes(), path)
    except Failed as why:
        details = [line for detail in why.details for line in
                   (detail.decode("latin-1") if isinstance(detail, bytes) else str(detail))
                   .splitlines()]
        return Result(guest, TROUBLE, str(why), tuple(details), time.monotonic() - started)
    except qemu_cpu.Refused as why:
        return Result(guest, TROUBLE, str(why), (), time.monotonic() - started)
    except processes.Stopped:
        raise
    except Exception as why:
        return Result(guest, TROUBLE, repr(why), tuple(traceback.format_exc().splitlines()),
                      time.monotonic() - started)


def boot_all(shop, wanted, catalogue, folder=None):
    """Yields the results, in the order of the guests."""
    with concurrent.futures.ThreadPoolExecutor(BOOTS_AT_A_TIME) as pool:
        results = [pool.submit(boot_one, shop, number, guest, catalogue, folder)
                   for number, guest in enumerate(wanted)]
        try:
            for result in results:
                yield result.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            processes.stop()
            raise


def count(results, outcome):
    return sum(result.outcome == outcome for result in results)


def status(results):
    """0 all that booted agree, 1 one does not, 2 trouble, or nothing booted."""
    if count(results, TROUBLE) or count(results, NOT_BOOTED) == len(results):
        return 2
    return 1 if count(results, DIFFERS) else 0


@dataclasses.dataclass(frozen=True)
class Difference:
    """One thing that is not as it should be, with all who say so."""
    what: str
    place: str
    guest: str
    wanted: str
    judges: tuple
    processors: tuple


def differences(verdict):
    """The differences of a verdict, each once."""
    found = {}
    for wrong in verdict.wrong:
        judges, processors = found.setdefault(
            (wrong.what, wrong.place, wrong.guest, wrong.wanted), ({}, {}))
        judges[wrong.judge] = processors[wrong.processor] = True
    return [Difference(*key, tuple(judges), tuple(processors))
            for key, (judges, processors) in found.items()]
