# SPDX-License-Identifier: MIT
"""matrix_documents.py - the results of scripts/matrix for programs: JSON and JUnit XML.

docs/schema/matrix.json describes the one, docs/schema/junit.rng what there is of the other.
"""

import dataclasses
import datetime
import hashlib
import json
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import matrix_models
import matrix_print
from boot_stick import must
from matrix_models import DIFFERS, NOT_BOOTED, SAME, TROUBLE

# What XML cannot have.
NOT_XML = re.compile("[^\t\n\r -~]")


@dataclasses.dataclass(frozen=True)
class About:
    """What all results have in common."""
    tool: pathlib.Path
    catalogue: object
    processors: int
    status: int

    @property
    def qemu(self):
        return self.catalogue.version


def verdict_of(verdict):
    return {
        "compared": {**verdict.counts, "unnamed": verdict.unnamed},
        "differences": [dataclasses.asdict(one) for one in matrix_models.differences(verdict)],
        "changed": verdict.changed,
        "forced": verdict.forced,
        "unplaced": verdict.strange,
        "untold": {"registers": len(verdict.untold) + verdict.zero, "not_zero": verdict.untold},
        "warnings": verdict.said.warnings,
    }


def model_of(result):
    return {
        "model": result.guest.option,
        "other_names": result.guest.names,
        "result": result.outcome.replace(" ", "_"),
        "reason": result.reason or None,
        "seconds": round(result.seconds, 1),
        "report_sha256": hashlib.sha256(result.report).hexdigest() if result.report else None,
        "verdict": verdict_of(result.verdict) if result.verdict else None,
    }


def write_json(path, about, results):
    document = {
        "schema": "cpulevel-matrix",
        "version": 1,
        "program": must(about.tool, "--version").decode().strip(),
        "exit_status": about.status,
        "qemu": about.qemu,
        "machine": about.catalogue.machine,
        "processors": about.processors,
        "models": [model_of(result) for result in results],
        "total": {outcome.replace(" ", "_"): matrix_models.count(results, outcome)
                  for outcome in (SAME, DIFFERS, NOT_BOOTED, TROUBLE)},
        "warnings": [],
    }
    pathlib.Path(path).write_text(json.dumps(document, indent=1) + "\n", encoding="ascii")


def clean(text):
    return NOT_XML.sub("?", text)


def case_of(suite, about, result):
    case = ElementTree.SubElement(suite, "testcase", {
        "classname": f"qemu-{about.qemu}.{about.catalogue.machine}",
        "name": clean(result.guest.option), "time": f"{result.seconds:.1f}"})
    if result.outcome == NOT_BOOTED:
        ElementTree.SubElement(case, "skipped", {"message": clean(result.reason)})
    elif result.outcome == TROUBLE:
        error = ElementTree.SubElement(case, "error", {"message": clean(result.reason),
                                                       "type": "trouble"})
        error.text = clean("\n".join(result.details))
    elif result.outcome == DIFFERS:
        found = matrix_models.differences(result.verdict)
        failure = ElementTree.SubElement(case, "failure", {
            "message": f"{len(found)} differences", "type": "difference"})
        failure.text = clean("\n".join(matrix_print.lines_of(found)))


def write_junit(path, about, results):
    counts = {"tests": str(len(results)),
              "failures": str(matrix_models.count(results, DIFFERS)),
              "errors": str(matrix_models.count(results, TROUBLE)),
              "time": f"{sum(result.seconds for result in results):.1f}"}
    root = ElementTree.Element("testsuites", {"name": "cpulevel matrix", **counts})
    suite = ElementTree.SubElement(root, "testsuite", {
        "name": f"QEMU {about.qemu} {about.catalogue.machine}", **counts,
        "skipped": str(matrix_models.count(results, NOT_BOOTED)),
        "timestamp": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")})
    for result in results:
        case_of(suite, about, result)
    ElementTree.indent(root)
    pathlib.Path(path).write_bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True) +
                                   b"\n")
