-- The path of everybody: the stages they came to one after the other, repeats left out.
--
-- At one instant stages are in their order. A visit begins with the first event of a row of events
-- of its stage; `before` is the stage just before it (null: none), `before_us` when that began.
--
-- For Spark: lists are written otherwise there, so a path is a row a visit.
--
-- returns person_key BIGINT, step BIGINT, position INTEGER, ts_us BIGINT, first_bought BOOLEAN, before INTEGER, before_us BIGINT
with ordered as (
  select
    person_key, position, ts_us, first_bought,
    lag(position) over (partition by person_key order by ts_us, position, first_bought) as before
  from path_events
),
arrivals as (
  select person_key, position, ts_us, first_bought, before
  from ordered
  where before is null or before <> position
)
select
  person_key,
  row_number() over path as step,
  position,
  ts_us,
  first_bought,
  before,
  lag(ts_us) over path as before_us
from arrivals
window path as (partition by person_key order by ts_us, position, first_bought)
