-- Where an excluding event strikes each attempt: after one stage and before another, or, where
-- that never comes, until the window ends.
--
-- param window_us BIGINT       longest time from the entry
-- param step_window_us BIGINT  longest time from the stage before
-- returns try_key BIGINT, person_key BIGINT, exclusion INTEGER, first_us BIGINT, end_us BIGINT
with ends as (
  select try_key, max(ts_us) as last_us
  from tried
  group by try_key
)
select
  started.try_key,
  started.person_key,
  exclusions.exclusion,
  started.ts_us + 1 as first_us,
  coalesce(
    ended.ts_us,
    least(
      started.entered_us + getvariable('window_us'), ends.last_us + getvariable('step_window_us')
    ) + 1
  ) as end_us
from tried as started
join exclusions on exclusions.after_position = started.position
join ends on ends.try_key = started.try_key
left join tried as ended
  on ended.try_key = started.try_key and ended.position = exclusions.before_position
