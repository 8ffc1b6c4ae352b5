-- What each person did of each stage through each channel in the period: how many events, the
-- first instant, how many events there are at it, and how many of these match the next stage too.
--
-- param since_us BIGINT  first instant of the period
-- param until_us BIGINT  first instant after the period
-- returns person_key INTEGER, position INTEGER, channel VARCHAR, events BIGINT, first_us BIGINT, at_first BIGINT, shared_at_first BIGINT
select
  person_key,
  position,
  channel,
  cast(sum(events) as bigint) as events,
  min(ts_us) as first_us,
  arg_min(events, ts_us) as at_first,
  arg_min(shared, ts_us) as shared_at_first
from (
  select
    person_key, position, channel, ts_us,
    count(*) as events,
    count(*) filter (where shared) as shared
  from touch_events
  where ts_us >= getvariable('since_us') and ts_us < getvariable('until_us')
  group by person_key, position, channel, ts_us
)
group by person_key, position, channel
