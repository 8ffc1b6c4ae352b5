-- Whether the stage was done at or after each first attempt or failure, and in time.
--
-- `open` says that the time for it is not over yet.
--
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns segment INTEGER, position INTEGER, failed BOOLEAN, done BOOLEAN, open BOOLEAN
with done as (
  select position, person_key, ts_us
  from stage_events
  where position in (select position from friction_steps)
    and ts_us < getvariable('read_until_us')
)
select
  tries.segment,
  tries.position,
  tries.failed,
  coalesce(done.ts_us - tries.first_us <= observed.window_us, false) as done,
  tries.first_us + observed.window_us > observed.as_of_us as open
from tries
cross join observed
asof left join done
  on done.position = tries.position
  and done.person_key = tries.person_key
  and done.ts_us >= tries.first_us
