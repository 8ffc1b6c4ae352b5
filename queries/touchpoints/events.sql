-- Every event that matches a stage, with the channel it came through (null: none), one row for
-- each stage it matches.
--
-- `from_us` is when the next stage may follow: one event fills one stage, so where an event is the
-- only one of the next stage at its instant, a microsecond later. `buys` says that events of its
-- name are purchases. The channel is the last of the values that `scope` carries; empty text is
-- none.
--
-- returns person_key INTEGER, ts_us BIGINT, from_us BIGINT, position INTEGER, channel VARCHAR, buys BOOLEAN
with kinds as (
  select
    matches.event,
    matches.passed,
    matches.position,
    max(following.position) as shared_with,
    exists (select 1 from buying_events where event in (matches.event, '*')) as buys
  from matches
  left join onward_limits
    on onward_limits.position = matches.position and not onward_limits.reuse
  left join matches as following
    on following.event = matches.event
    and following.passed = matches.passed
    and following.position = onward_limits.next_position
  group by matches.event, matches.passed, matches.position
),
lonely as (
  select person_key, position, ts_us
  from stage_events
  where position in (select shared_with from kinds)
  group by person_key, position, ts_us
  having count(*) = 1
)
select
  people.person_key,
  epoch_us(scope.ts) as ts_us,
  epoch_us(scope.ts) + cast(lonely.person_key is not null as integer) as from_us,
  kinds.position,
  nullif(scope.by_values[-1], '') as channel,
  kinds.buys
from scope
join kinds on kinds.event = scope.event and kinds.passed = scope.passed
join people on people.user_id = scope.user_id
left join lonely
  on lonely.person_key = people.person_key
  and lonely.ts_us = epoch_us(scope.ts)
  and lonely.position = kinds.shared_with
