-- Events to show, in order of time: those at the instants of the chosen attempt first, then those
-- of any stage or exclusion, then the rest, up to a number. Of equal events at such an instant no
-- more are always shown than there are stages to fill. The latest event of a stage that lies a little
-- before the instant at which it counts, where none lies at it, belongs to the attempt as well.
--
-- param most INTEGER  how many besides those of the chosen attempt
-- param tie_tolerance_us BIGINT  how long before the stage before it an event may lie
-- returns n BIGINT, ts TIMESTAMP, event VARCHAR, stages BIGINT, fills BIGINT, excludes BOOLEAN, value VARCHAR
with tolerated as (
  select max(numbered.n) as n
  from journeys
  join numbered
    on numbered.fills & (cast(1 as bigint) << (journeys.position - 1)) > 0
    and epoch_us(numbered.ts) >= journeys.ts_us - getvariable('tie_tolerance_us')
    and epoch_us(numbered.ts) <= journeys.ts_us
  group by journeys.position, numbered.value
  having max(epoch_us(numbered.ts)) < max(journeys.ts_us)
  union all
  select n
  from taken_rows
),
ranked as (
  select
    *,
    n in (select n from tolerated) or epoch_us(ts) in (select ts_us from journeys)
      and fills > 0
      and row_number() over (partition by ts, fills, value order by n)
        <= (select max(position) from stages) as at_stage
  from numbered
),
others as (
  select n, row_number() over (order by stages = 0 and not excludes, n) as place
  from ranked
  where not at_stage
)
select ranked.n, ranked.ts, ranked.event, ranked.stages, ranked.fills, ranked.excludes, ranked.value
from ranked
left join others on others.n = ranked.n
where ranked.at_stage or others.place <= getvariable('most')
order by ranked.n
