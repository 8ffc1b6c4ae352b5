-- What the touchpoints must know of the kinds of rows that match a stage.
--
-- `shared_with` is the next stage where the rows match that too, and one event may not fill both;
-- `buys` says that they are purchases.
--
-- For Spark: a select list has no exists.
--
-- returns event VARCHAR, passed BIGINT, position INTEGER, shared_with INTEGER, buys BOOLEAN
with buying as (
  select distinct matches.event, matches.passed
  from matches
  join buying_events
    on buying_events.event in (matches.event, '*')
    and matches.passed & buying_events.needs = buying_events.needs
)
select
  matches.event,
  matches.passed,
  matches.position,
  max(following.position) as shared_with,
  bool_or(buying.event is not null) as buys
from matches
left join buying on buying.event = matches.event and buying.passed = matches.passed
left join onward_limits
  on onward_limits.position = matches.position and not onward_limits.reuse
left join matches as following
  on following.event = matches.event
  and following.passed = matches.passed
  and following.position = onward_limits.next_position
group by matches.event, matches.passed, matches.position
