# SPDX-License-Identifier: MIT
"""matrix_print.py - what scripts/matrix writes to the terminal: a table, or all about one guest."""

import textwrap

import boot_models
import matrix_models
from boot_stick import must
from boot_values import place_of
from matrix_models import DIFFERS, NOT_BOOTED, SAME, TROUBLE

SHOWN = 20
WIDTH = 100

JUDGES = {
    "expansion": "query-cpu-model-expansion of what was asked",
    "words": "feature-words: whole registers",
    "asked": "the model's definition, and what was asked besides",
    "table": "cpu_model.def of this program",
    "later": "names that this QEMU does not have yet: 0",
    "values": "identity, last leaves, address width, topology",
    "leaves": "which leaves there are",
    "cpuid": "the features that cpuid names in the same leaves",
}


def number(value):
    return f"{value:,}"


def printable(text):
    return "".join(c if " " <= c <= "~" else "?" for c in text)


def lines_of(differences):
    for one in differences[:SHOWN]:
        where = "" if len(one.processors) > 1 else f", processor {one.processors[0]}"
        yield printable(f"    {one.what} ({one.place}): guest {one.guest}, wanted {one.wanted} by "
                        f"{', '.join(one.judges)}{where}")
    if len(differences) > SHOWN:
        yield f"    and {len(differences) - SHOWN} more"


def about_qemu(catalogue):
    return (f"QEMU {catalogue.version}, {catalogue.machine}, TCG with "
            "x-force-features")


class Table:
    """A line for each model."""

    FORM = "{:<32} {:<11} {:>6} {:>6} {:>8} {:>7} {:>7}"

    def __init__(self, catalogue, processors):
        self.about = f"{about_qemu(catalogue)}; processors: {processors}"

    def begin(self, guests):
        print(f"{self.about}; models: {len(guests)}")
        print(self.FORM.format("model", "result", "bits", "named", "unnamed", "values", "differ"),
              flush=True)

    def show(self, result):
        option, verdict = result.guest.option, result.verdict
        if not verdict:
            print(f"{option:<32} {result.outcome:<11} {printable(result.reason)}")
            for line in result.details[-SHOWN:]:
                print(f"    {printable(line)}")
        else:
            found = matrix_models.differences(verdict)
            print(self.FORM.format(option, result.outcome, verdict.bits,
                                   verdict.counts["expansion"], verdict.unnamed,
                                   verdict.counts["values"], len(found)))
            for line in lines_of(found):
                print(line)
            for name in verdict.strange:
                print(f"    {name}: on, and the table has no place for it: not compared")
        print(end="", flush=True)

    def end(self, results):
        verdicts = [result.verdict for result in results if result.verdict]
        words = [f"{matrix_models.count(results, outcome)} {outcome}"
                 for outcome in (SAME, DIFFERS, NOT_BOOTED, TROUBLE)]
        print(f"\n{len(results)} models: {', '.join(words)}")
        print(f"{number(sum(v.bits for v in verdicts))} bits compared, "
              f"{number(sum(v.counts['expansion'] for v in verdicts))} of them by a name of QEMU, "
              f"{number(sum(v.unnamed for v in verdicts))} without one, and "
              f"{number(sum(v.counts['values'] for v in verdicts))} values; "
              f"{number(sum(v.counts['table'] for v in verdicts))} bits also with cpu_model.def, "
              f"and {number(sum(v.counts['cpuid'] for v in verdicts))} features with cpuid")


def row(name, text):
    """A labelled paragraph."""
    print(textwrap.fill(printable(text), WIDTH, initial_indent=f"{name:<10}",
                        subsequent_indent=" " * 10, break_long_words=False,
                        break_on_hyphens=False))


class One:
    """The decoded report, then what was asked, what the guest saw, and who says otherwise."""

    def __init__(self, shop):
        self.shop = shop

    def begin(self, guests):
        self.guest = guests[0]

    def asked(self, verdict):
        """What was asked by name, and what the guest has of it."""
        places = {bit.name: bit for bit in boot_models.table_bits()}
        for name, value in self.guest.model.properties:
            bit = places.get(name)
            if bit:
                seen = verdict.processors[0].bit(*bit.place)
                yield (f"{name} {'on' if value is True else 'off'}: guest {int(seen)} "
                       f"({place_of(*bit.place)})")
            else:
                yield f"{name}={verdict.said.props.get(name)}"

    def show(self, result):
        verdict = result.verdict
        if not verdict:
            print(f"{result.outcome}: {printable(result.reason)}")
            for line in result.details[-SHOWN:]:
                print(f"    {printable(line)}")
            return
        print(must(self.shop.tool, "show", "--key", self.shop.public, result.path).decode())
        self.verdict(verdict)
        found = matrix_models.differences(verdict)
        row("Result", f"{len(found)} differences" if found else "the guest sees what QEMU says")
        for line in lines_of(found):
            print(line)

    def verdict(self, verdict):
        said = verdict.said
        names = f" ({', '.join(self.guest.names)})" if self.guest.names else ""
        row("Guest", f"{self.guest.option}{names}, processors: {len(verdict.processors)}")
        row("Asked", "; ".join(self.asked(verdict)) or "nothing besides the model")
        if verdict.changed:
            row("Changed", "by QEMU, as it says itself: " + ", ".join(
                f"{name} {'on' if value else 'off'}" for name, value in verdict.changed.items()))
        if verdict.forced:
            row("Forced", f"TCG cannot execute these, and shows them because it is told to: "
                          f"{', '.join(verdict.forced)}")
        alone = list(boot_models.alone(verdict.processors[0]))
        if alone:
            row("Alone", "; ".join(alone))
        if said.warnings:
            row("Warned", "; ".join(said.warnings))
        for name, text in JUDGES.items():
            if verdict.counts[name]:
                wrong = sum(name in one.judges for one in matrix_models.differences(verdict))
                row(name.capitalize(), f"{verdict.counts[name]} compared, {wrong} differ: {text}")
        row("Unnamed", f"{verdict.unnamed} of the bits in feature-words have no name in QEMU")
        if verdict.strange:
            row("Strange", "on, and the table has no place for them, so they were not compared by "
                           f"name: {', '.join(verdict.strange)}")
        row("Untold", f"of {len(verdict.untold) + verdict.zero} registers of the report QEMU says "
                      f"nothing; not zero: {', '.join(verdict.untold)}")

    def end(self, results):
        pass
