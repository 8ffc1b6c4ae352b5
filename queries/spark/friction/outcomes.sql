-- Whether the stage was done at or after each first attempt or failure, and in time.
--
-- `open` says that the time for it is not over yet.
--
-- For Spark: there is no ASOF join everywhere; a running minimum over both finds the same.
--
-- param read_until_us BIGINT  first instant that may not be read any more
-- returns segment INTEGER, position INTEGER, failed BOOLEAN, done BOOLEAN, open BOOLEAN
with line as (
  select
    position, person_key, first_us as at_us, cast(null as bigint) as done_us,
    segment, failed, first_us
  from tries
  union all
  select
    position, person_key, ts_us as at_us, ts_us as done_us,
    cast(null as integer) as segment, cast(null as boolean) as failed,
    cast(null as bigint) as first_us
  from stage_events
  where position in (select position from friction_steps)
    and ts_us < getvariable('read_until_us')
),
met as (
  select
    segment, position, failed, first_us,
    min(done_us) over (
      partition by position, person_key
      order by at_us desc
      range between unbounded preceding and current row
    ) as done_us
  from line
)
select
  met.segment,
  met.position,
  met.failed,
  coalesce(met.done_us - met.first_us <= observed.window_us, false) as done,
  met.first_us + observed.window_us > observed.as_of_us as open
from met
cross join observed
where met.segment is not null
