-- SPDX-License-Identifier: MIT
-- The baseline of all hosts in the table cpu: the fields that are not zero.  It is that of
-- "cpulevel merge", but for model-specific registers, which the table does not have.

with recursive
-- Every processor counts as one: what not all of them have is not in the baseline.
processors as (
    select count(*) as n from (select distinct host, processor from cpu) as p
),
-- Many processors answer alike: each value of a register, and how many have it.
answer as (
    select leaf, subleaf, register, value, count(*) as seen
    from cpu group by leaf, subleaf, register, value
),
-- The rows of the table of features for each subleaf.
field as (
    select f.name, c.leaf, c.subleaf, f.register, f.low, f.high, f.rule
    from (select distinct leaf, subleaf from answer) as c
    join feature as f on f.leaf = c.leaf and (
        (f.all_subleaves_from = 0 and f.subleaf = c.subleaf)
        or (f.all_subleaves_from = 1 and f.subleaf <= c.subleaf and not exists (
            select 1 from feature as own
            where own.leaf = c.leaf and own.subleaf = c.subleaf and own.all_subleaves_from = 0)))
),
bounds as (
    select v.name, v.leaf, v.subleaf, v.register, v.low, v.rule, sum(v.seen) as seen,
        bit_and(v.value) as every, bit_or(v.value) as some, min(v.value) as least, max(v.value) as most
    from (
        select f.name, f.leaf, f.subleaf, f.register, f.low, f.rule, a.seen,
            (a.value >> f.low) & ((1::bigint << (f.high - f.low + 1)) - 1) as value
        from field as f
        join answer as a on a.leaf = f.leaf and a.subleaf = f.subleaf and a.register = f.register
    ) as v
    group by v.name, v.leaf, v.subleaf, v.register, v.low, v.rule
),
-- A subleaf that a processor does not have is all zero there.  Only the layout of an extended state
-- (leaf 0DH from subleaf 2 on) is not told by a processor that lacks the state.
ruled as (
    select b.name, b.leaf, b.subleaf, b.register, b.low,
        case
            when b.rule in ('ANY', 'FIXED') then b.some
            when b.rule = 'NEVER' then 0
            when b.seen < p.n and not (b.leaf = 13 and b.subleaf >= 2) then 0
            when b.rule = 'ALL' then b.every
            when b.rule = 'MIN' then b.least
            when b.rule = 'SAME' and b.least = b.most then b.least
            else 0
        end as value
    from bounds as b cross join processors as p
),
-- Extended states whose size or offset differs.
layout as (
    select distinct subleaf as component
    from (
        select subleaf, register from answer
        where leaf = 13 and subleaf between 2 and 62 and register in ('eax', 'ebx')
        group by subleaf, register having min(value) <> max(value)
    ) as d
),
-- The bits of leaf 0DH that say which extended states there are.
state as (
    select name, subleaf as map, low + case register when 'edx' then 32 else 0 end as component
    from ruled
    where leaf = 13 and ((subleaf = 0 and register in ('eax', 'edx'))
        or (subleaf = 1 and register in ('ecx', 'edx')))
),
present as (
    select distinct name from ruled
    where value <> 0 and name not in (
        select s.name from state as s join layout as l on l.component = s.component)
),
-- What is missing, and what needs something that is.
gone as (
    select f.name from feature as f where f.name not in (select name from present)
    union
    select f.name
    from gone as g
    join feature as n on n.name = g.name
    join feature as f on g.name = any (string_to_array(f.needs, ' '))
    where n.leaf <> 13 or exists (select 1 from answer where leaf = 13 and subleaf = 0)
),
kept as (
    select * from ruled where value <> 0 and name not in (select name from gone)
),
-- Extended states that remain, in XCR0 (map 0) and IA32_XSS (map 1).
remaining as (
    select s.map, s.component from state as s join kept as k on k.name = s.name
),
size as (
    select max(span) as value
    from (
        select sum(k.value) as span
        from kept as k join remaining as r on r.map = 0 and r.component = k.subleaf
        where k.leaf = 13 and k.subleaf >= 2 and k.register in ('eax', 'ebx')
        group by k.subleaf
        union all select 576 where exists (select 1 from remaining where map = 0)
    ) as spans
)
select name, leaf, subleaf, value
from kept
where not (leaf = 13 and subleaf between 2 and 62 and subleaf not in (select component from remaining))
    and not (leaf = 13 and subleaf = 0 and register = 'ecx')
union all
select f.name, 13, 0, s.value
from size as s join feature as f on f.leaf = 13 and f.subleaf = 0 and f.register = 'ecx'
where s.value is not null
order by leaf, subleaf, name;
