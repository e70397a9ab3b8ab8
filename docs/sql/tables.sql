-- SPDX-License-Identifier: MIT
-- The tables that the queries beside this file read: what "cpulevel export --to csv" and
-- "cpulevel features --csv" print.  docs/fleet.md explains them.

create table cpu (
    host text,
    processor integer,
    leaf bigint,
    subleaf bigint,
    register text,
    value bigint,
    unknown bigint -- bits that the report does not say; 0 in reports of the probe
);

create table feature (
    name text,
    place text,
    leaf bigint,
    subleaf bigint,
    all_subleaves_from integer, -- 1: the row is about this subleaf and all after it
    register text,
    low integer,
    high integer,
    kind text,
    rule text, -- how it merges
    about text,
    needs text, -- names of other features
    vmware text,
    linux text,
    qemu text,
    libvirt text,
    xen text,
    other text
);
