-- Events to show, in order of time: those at the instants of the chosen attempt first, then those
-- of any stage, then the rest, up to a number. Of equal events at such an instant no more are
-- always shown than there are stages to fill.
--
-- param most INTEGER  how many besides those of the chosen attempt
-- returns n BIGINT, ts TIMESTAMP, event VARCHAR, stages BIGINT
with ranked as (
  select
    n, ts, event, stages,
    epoch_us(ts) in (select ts_us from journeys)
      and stages > 0
      and row_number() over (partition by ts, stages order by n)
        <= (select max(position) from stages) as at_stage
  from numbered
),
others as (
  select n, row_number() over (order by stages = 0, n) as place
  from ranked
  where not at_stage
)
select ranked.n, ranked.ts, ranked.event, ranked.stages
from ranked
left join others on others.n = ranked.n
where ranked.at_stage or others.place <= getvariable('most')
order by ranked.n
