-- Every event that matches a stage, with the channel it came through (null: none), one row for
-- each stage it matches.
--
-- `shared` says that it matches the next stage too, `buys` that events of its name are purchases.
-- The channel is the last of the values that `scope` carries; empty text is none.
--
-- returns person_key INTEGER, ts_us BIGINT, position INTEGER, channel VARCHAR, shared BOOLEAN, buys BOOLEAN
with kinds as (
  select
    matches.event,
    matches.passed,
    matches.position,
    coalesce(bool_or(following.position is not null), false) as shared,
    matches.event in (select event from buying_events)
      or '*' in (select event from buying_events) as buys
  from matches
  left join onward_limits on onward_limits.position = matches.position
  left join matches as following
    on following.event = matches.event
    and following.passed = matches.passed
    and following.position = onward_limits.next_position
  group by matches.event, matches.passed, matches.position
)
select
  people.person_key,
  epoch_us(scope.ts) as ts_us,
  kinds.position,
  nullif(scope.by_values[-1], '') as channel,
  kinds.shared,
  kinds.buys
from scope
join kinds on kinds.event = scope.event and kinds.passed = scope.passed
join people on people.user_id = scope.user_id
