#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""evc_json.py SHAPE: EVC modes as a vCenter's tools print them, for tests of the importer.

No vCenter was asked: the modes are three that are public, and the shapes are those of VMware's
documentation of the vSphere API (EVCMode, HostCpuIdInfo, HostFeatureMask) and of what each tool
does to the case of keys and puts around them.
"""

import json
import sys

MEROM = ["CMPXCHG16B", "DS", "LAHF64", "LM", "MWAIT", "NX", "SS", "SSE3", "SSSE3"]
WESTMERE = MEROM + ["SSE41", "SSE42", "POPCNT", "RDTSCP", "AES", "PCLMULQDQ", "VMX"]
SANDYBRIDGE = WESTMERE + ["AVX", "XSAVE", "XCR0_MASTER_SSE", "XCR0_MASTER_YMM_H", "PCID"]

# Shown to guests, but not required of hosts.
MITIGATIONS = ["IBPB", "IBRS", "STIBP", "SSBD", "FCMD"]

# The registers of the story; what is not there is "----:...", nothing said.
REGISTERS = {
    "intel-westmere": {0x1: {"eax": 0x000206C1, "ecx": 0x0298E23F, "edx": 0x8FEBFBFF},
                       0xD: {"eax": 0, "ecx": 0, "edx": 0},
                       0x80000001: {"ecx": 0x00000001, "edx": 0x28100800}},
}

TRACK = ["intel-merom", "intel-penryn", "intel-nehalem", "intel-westmere", "intel-sandybridge"]


def signed(level):
    return level - (1 << 32) if level >> 31 else level


def grouped(value):
    bits = "-" * 32 if value is None else f"{value:032b}"
    return ":".join(bits[i:i + 4] for i in range(0, 32, 4))


def registers(key):
    return [{"level": signed(level), "vendor": None} |
            {name: grouped(values.get(name)) for name in ("eax", "ebx", "ecx", "edx")}
            for level, values in REGISTERS.get(key, {}).items()]


def items(pairs, name="featureName"):
    return [{"key": key, name: key, "value": value} for key, value in pairs]


def masks(features, signature, mitigations):
    return ([(f"cpuid.{name}", "Val:1") for name in features + mitigations + ["Intel"]] +
            [(f"cpuid.{name}", f"Val:{value}") for name, value in signature.items()] +
            [("hv.capable", "Val:1")])


def mode(key, label, features, signature, mitigations=()):
    pairs = masks(features, signature, list(mitigations))
    tier = TRACK.index(key) + 1
    return {
        "key": key, "label": f"Intel\u00ae \"{label}\" Generation", "summary": label,
        "guaranteedCPUFeatures": registers(key),
        "featureCapability": items((name, value[4:]) for name, value in pairs),
        "featureMask": items(pairs),
        "featureRequirement": items((f"cpuid.{name}", "Bool:Min:1") for name in features),
        "vendor": "intel", "track": TRACK[:tier], "vendorTier": tier,
    }


# Not in their order: the tool must sort them.
MODES = [
    mode("intel-sandybridge", "Sandy Bridge", SANDYBRIDGE,
         {"FAMILY": "6", "MODEL": "0x2d", "NUMLEVELS": "0xd"}, MITIGATIONS + ["MDCLEAR"]),
    mode("intel-westmere", "Westmere", WESTMERE,
         {"FAMILY": "6", "MODEL": "0x25", "NUMLEVELS": "0xb"}, MITIGATIONS),
    mode("intel-merom", "Merom", MEROM, {"FAMILY": "6", "MODEL": "0xf", "NUMLEVELS": "0xa"}),
]


def cased(value, change):
    if isinstance(value, list):
        return [cased(item, change) for item in value]
    if isinstance(value, dict):
        return {change(key): cased(item, change) for key, item in value.items()}
    return value


def pascal(key):
    return key[0].upper() + key[1:]


def rest(key):
    wanted = next(mode for mode in MODES if mode["key"] == key)
    return {"key": key, "masks": items(((item["key"], item["value"])
                                        for item in wanted["featureMask"]), "name")}


def shape(name):
    changed = cased(MODES, pascal)
    property_name = "capability.supportedEVCMode"
    return {
        "powercli": changed,
        "powercli-single": changed[1],
        "powercli-5.1": {"value": changed, "Count": len(changed)},
        "govc-0.30": [{"Name": property_name, "Op": "assign", "Val": {"EVCMode": changed}}],
        "govc-0.31": [{"name": property_name, "op": "assign",
                       "val": {"_typeName": "ArrayOfEVCMode", "_value": MODES}}],
        "api": {"capability": {"_typeName": "Capability", "supportedEVCMode": MODES}},
        "rest": rest("intel-merom"),
        "rest-put": {"evc_mode": rest("intel-westmere")},
        "rest-list": [rest(mode["key"]) for mode in MODES],
    }[name]


if __name__ == "__main__":
    json.dump(shape(sys.argv[1]), sys.stdout, indent=2, ensure_ascii=False)
    print()
