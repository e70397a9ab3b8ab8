-- SPDX-License-Identifier: MIT
-- The hosts that lack a feature on some processor: with psql, -v feature=AVX512F.

select distinct p.host
from (select distinct host, processor from cpu) as p
join feature as f on f.name = :'feature'
left join cpu as c on c.host = p.host and c.processor = p.processor
    and c.leaf = f.leaf and c.subleaf = f.subleaf and c.register = f.register
where coalesce(c.value, 0) >> f.low & ((1::bigint << (f.high - f.low + 1)) - 1) = 0
order by p.host;
