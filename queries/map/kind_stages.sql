-- The stages that each kind of row matches, as a sum of bits: 1 for the first stage, 0 for none.
--
-- returns kind INTEGER, stages BIGINT
select kinds.kind, cast(coalesce(sum(matches.bit), 0) as bigint) as stages
from kinds
left join matches
  on matches.event = kinds.event and matches.passed = kinds.passed and kinds.inside
group by kinds.kind
