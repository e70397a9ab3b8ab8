# SPDX-License-Identifier: MIT
"""qemu_page.py - docs/qemu-models.md: what changes for guests between two versions of QEMU.

Both are asked over QMP; nothing is booted.  scripts/matrix --page prints the page for the installed
QEMU and another one.
"""

import functools
import re

import qemu_cpu
import qemu_said

HEAD = """\
# QEMU's processor models: {old} and {new}

<!-- Made by "make matrix-page"; tests/matrix.py fails if this page is another one. -->

What changes for a guest that keeps its `-cpu NAME` when QEMU {old} is replaced by QEMU {new}? Both
were asked over QMP (`query-cpu-definitions`, `query-cpu-model-expansion` of type full), with TCG
and `x-force-features=on`, so that a model is told whole, whatever the machine can execute. {old} is
Debian 12's package, {new} that of its backports. [qemu-matrix.md](qemu-matrix.md) says how models
are booted and compared with this.

Under KVM a guest gets no more of a model than the host has, and QEMU changes some features by
itself: it adds x2apic and those of KVM, and takes acpi, monitor and svm away unless they are asked
for. That is not on this page.
"""

# What is compared besides features.
VALUES = ("vendor", "family", "model", "stepping", "level", "xlevel", "xlevel2", "level-func7",
          "model-id", "phys-bits", "lbr-fmt")

# Those that are the number of a leaf.
LEAVES = ("level", "xlevel", "xlevel2")

# Properties of processors that are no features but change what CPUID says: pc_compat_8_2 and
# pc_compat_9_0 of QEMU's hw/i386/pc.c keep them as they were for older machines.  What they do is
# in cpu_x86_cpuid of target/i386/cpu.c (patches of December 2023 to July 2024 on qemu-devel).
MEANINGS = {
    "guest-phys-bits": "80000008.EAX[23:16], the address width for a nested guest; 0 under TCG",
    "legacy-multi-node": "8000001E.ECX, number and nodes of an AMD package",
    "x-amd-topoext-features-only": "8000001D.EDX, no bits that AMD reserves",
    "x-l1-cache-per-thread": "4 and 8000001D EAX, the threads of a core share its L1 caches",
}


def short(catalogue):
    """Without the last number, which Debian's updates change."""
    return catalogue.version.rpartition(".")[0]


def row(cells):
    return f"| {' | '.join(cells)} |\n"


def table(head, rows):
    return row(head) + row(["---"] * len(head)) + "".join(map(row, rows))


def words(names, none="-"):
    return ", ".join(names) or none


def value_of(key, props):
    return f"{props[key]:x}H" if key in LEAVES else props.get(key)


def difference(before, after, names):
    """The cells of a row, or [] if nothing differs.  A name that a QEMU does not know is off."""
    gained = [name for name in names if after.get(name) is True and not before.get(name)]
    lost = [name for name in names if before.get(name) is True and not after.get(name)]
    values = [f"{key} {value_of(key, before)} -> {value_of(key, after)}" for key in VALUES
              if before.get(key) != after.get(key)]
    return [words(gained), words(lost), words(values)] if gained or lost or values else []


@functools.lru_cache(maxsize=None)
def own(qemu, machine, name):
    """What only a processor that exists tells."""
    with qemu_cpu.Qmp(name, machine=machine, qemu=qemu) as qmp:
        path = qmp.ask("query-cpus-fast")[0]["qom-path"]
        found = {key: qmp.get(path, key) for key in qemu_said.OWN}
        qmp.quit()
        return found


class Pair:
    """Two QEMUs on one type of machine each."""

    def __init__(self, old, new, machines, names, **properties):
        self.programs = old, new
        self.old = qemu_said.catalogue(old, machines[0], **properties)
        self.new = qemu_said.catalogue(new, machines[1], **properties)
        self.names = names

    def common(self):
        """The names of -cpu that both have and can expand."""
        return [name for name in self.old.models
                if name in self.new.models and not self.old.needs(name)]

    def props(self, name):
        """Of both.  The width is a default with long mode; max gets its values when it exists."""
        for qemu, one in zip(self.programs, (self.old, self.new)):
            props = one.props(name)
            late = not props["lm"] or not one.models[name]["migration-safe"]
            yield props | (own(qemu, one.machine, one.alias_of(name) or name) if late else {})

    def names_by_version(self):
        """The names of -cpu by the version that they mean in both: {version: its names}."""
        found = {}
        for name in self.common():
            of = self.old.alias_of(name)
            found.setdefault(of if of and of == self.new.alias_of(name) else name, []).append(name)
        return found

    def changed(self):
        """Names that mean the same, and the cells of their row, where something differs."""
        for version, names in self.names_by_version().items():
            cells = difference(*self.props(version), self.names)
            if cells:
                yield names, cells


def coded(names):
    return ", ".join(f"`{name}`" for name in names)


def say_changed(pair):
    changed, count = list(pair.changed()), len(pair.common())
    alike = count - sum(len(names) for names, _ in changed)
    text = (f"{count} names of `-cpu` are in both versions; {alike} mean the same features, "
            "identity, last leaves and address width in both.")
    if not changed:
        return text + "\n"
    rows = [[coded(names), *cells] for names, cells in changed]
    return text + " These do not (`max` is whatever TCG of the version can execute):\n\n" + table(
        ["`-cpu`", "gained", "lost", "values"], rows)


def spelled(value):
    if isinstance(value, bool):
        return "on" if value else "off"
    return {None: "-", 0xffffffff: "KVM's"}.get(value, str(value))


def say_others(kept, newest):
    """What machines set besides features, as one model has it; it is the same in all."""
    catalogues = kept.old, kept.new, newest.new
    return table(["property", *(f"{short(one)}, `{one.machine}`" for one in catalogues),
                  "what it changes"],
                 [[f"`{key}`", *(spelled(one.props("qemu64").get(key)) for one in catalogues),
                   meaning] for key, meaning in MEANINGS.items()])


def version_before(name, catalogue):
    """The version that a version continues, or ""."""
    match = re.fullmatch(r"(.*)-v(\d+)", name)
    before = f"{match[1]}-v{int(match[2]) - 1}" if match else ""
    return before if before in catalogue.models else ""


def say_new(pair):
    """The models that only the new QEMU has: what each has more than the version before it."""
    rows = []
    for name in pair.new.once():
        if name in pair.old.models:
            continue
        before = version_before(name, pair.new)
        if before:
            cells = difference(pair.new.props(before), pair.new.props(name), pair.names)
            rows.append([f"`{name}`", f"`{before}`", *(cells or ["-"] * 3)])
        else:
            props = pair.new.props(name)
            count = sum(props.get(one) is True for one in pair.names)
            rows.append([f"`{name}`", "new", f"{count} features", "-", f"{props['vendor']}, family "
                         f"{props['family']}, model {props['model']}, stepping "
                         f"{props['stepping']}"])
    return table(["model", "compared with", "gained", "lost", "values"], rows)


def families(catalogue):
    """The names whose version the type of the machine decides."""
    return [name for name in catalogue.models if f"{name}-v1" in catalogue.models]


def order(machine):
    """By the version in a machine's name."""
    return [int(n) for n in re.findall(r"\d+", machine.rpartition("-")[2])]


def q35s(machines):
    """The versions of q35, ascending."""
    return sorted((name for name in machines if name.startswith("pc-q35-")), key=order)


def aliases(qemu, machines):
    """Types of machines, grouped by what the names of families mean there."""
    groups = {}
    for machine in q35s(machines) + ["microvm"]:
        with qemu_cpu.Qmp("qemu64", machine=machine, qemu=qemu) as qmp:
            found = {one["name"]: one.get("alias-of", "")
                     for one in qmp.ask("query-cpu-definitions")}
            qmp.quit()
        meaning = tuple((name, found[name]) for name in found if f"{name}-v1" in found)
        groups.setdefault(meaning, []).append(machine)
    return groups


def ranges(names, of):
    """Names that follow one another in of, as ranges."""
    found = []
    for name in names:
        if found and of.index(name) == of.index(found[-1][-1]) + 1:
            found[-1].append(name)
        else:
            found.append([name])
    return ", ".join(f"`{one[0]}`" + (f" to `{one[-1]}`" if len(one) > 1 else "")
                     for one in found) or "-"


def say_machines(pair):
    """Which machines a guest can no longer name, or soon cannot."""
    old, new = pair.old.machines, pair.new.machines
    rows = []
    for prefix in ("pc-q35-", "pc-i440fx-"):
        known = [sorted((name for name in one if name.startswith(prefix)), key=order)
                 for one in (old, new)]
        rows.append([f"`{prefix}...`", ranges([n for n in known[0] if n not in new], known[0]),
                     ranges([n for n in known[1] if new[n].get("deprecated")], known[1])])
    return table(["machine", f"removed since {short(pair.old)}",
                  f"deprecated in {short(pair.new)}"], rows)


def say_meaning(meaning):
    if not any(of for _, of in meaning):
        return "no version: the model as it was before there were versions"
    if all(of == f"{name}-v1" for name, of in meaning):
        return "`NAME-v1`"
    return "the newest version: " + ", ".join(
        f"`{of}`" for name, of in sorted(meaning) if of != f"{name}-v1") + "; of others `NAME-v1`"


def say_aliases(catalogue, qemu):
    return [[short(catalogue), ranges(machines, q35s(catalogue.machines) + ["microvm"]),
             say_meaning(meaning)]
            for meaning, machines in aliases(qemu, catalogue.machines).items()]


def fixed(catalogue):
    """Names that mean a version on any machine: not of a family, but an alias."""
    return {name: catalogue.alias_of(name) for name in catalogue.models
            if catalogue.alias_of(name) and f"{name}-v1" not in catalogue.models}


def deprecated(catalogue):
    return [f"`{name}`" for name, one in catalogue.models.items() if one.get("deprecated")]


def made(old, new):
    """The page for two programs."""
    names = sorted(qemu_cpu.names_of(old) | qemu_cpu.names_of(new))
    newest = Pair(old, new, ("q35", "q35"), names)
    versions = short(newest.old), short(newest.new)
    kept = Pair(old, new, (newest.old.machine, newest.old.machine), names)
    nested = Pair(old, new, ("q35", "q35"), [n for n in names if n.startswith("vmx-")], vmx=True)
    other = [coded(names) for names, cells in nested.changed() if cells[:2] != ["-", "-"]]
    gone = [f"`{name}`" for name in newest.old.models if name not in newest.new.models]
    both = fixed(newest.old), fixed(newest.new)
    text = HEAD.format(old=versions[0], new=versions[1])
    text += f"\n## The same machine: `{kept.old.machine}` in both\n\n"
    text += ("This is a guest whose configuration names its machine, as libvirt's do.\n\n" +
             say_changed(kept))
    text += f"\n## The newest machine: `{newest.old.machine}`, then `{newest.new.machine}`\n\n"
    text += ("This is a guest with `-machine q35`, which means another machine in each version.\n"
             "\n" + say_changed(newest) +
             "\nThese properties are no features, but change what CPUID says. The machine sets "
             "them for every model:\n\n" + say_others(kept, newest))
    text += (f"\nWith `vmx=on` QEMU also tells of the controls for nested guests, the features "
             f"`vmx-...`: they differ in {words(other, 'no model')}.\n")
    text += f"\n## New in {versions[1]}\n\n" + say_new(newest)
    marked = [words(deprecated(one), "none") for one in (newest.old, newest.new)]
    text += (f"\n## Gone, and to go\n\nModels removed since {versions[0]}: {words(gone, 'none')}. "
             f"Marked as deprecated (`query-cpu-definitions`): {marked[0]} in {versions[0]}, "
             f"{marked[1]} in {versions[1]}.\n\nA guest that names its machine needs that machine:"
             "\n\n" + say_machines(newest))
    text += "\n## What a name without a version means\n\n"
    text += ("`EPYC` is `EPYC-v1` or another version, as the type of the machine has it:\n\n" +
             table(["QEMU", "machine", "`NAME` is"], [
                 *say_aliases(newest.old, old), *say_aliases(newest.new, new)]))
    changed = sorted(name for name in both[0] if both[1].get(name) != both[0][name])
    text += (f"\nThese mean the same version on each of these machines, in both QEMUs"
             f"{'' if not changed else ' but for ' + words(changed)}:\n\n" +
             table(["name", "is"], [[f"`{name}`", f"`{of}`"] for name, of in both[1].items()]))
    return text
