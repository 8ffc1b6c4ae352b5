-- What the touchpoints must know of the kinds of rows that match a stage.
--
-- `shared_with` is the next stage where the rows match that too, and one event may not fill both;
-- `buys` says that they are purchases.
--
-- returns event VARCHAR, passed BIGINT, position INTEGER, shared_with INTEGER, buys BOOLEAN
select
  matches.event,
  matches.passed,
  matches.position,
  max(following.position) as shared_with,
  exists (
    select 1
    from buying_events
    where buying_events.event in (matches.event, '*')
      and matches.passed & buying_events.needs = buying_events.needs
  ) as buys
from matches
left join onward_limits
  on onward_limits.position = matches.position and not onward_limits.reuse
left join matches as following
  on following.event = matches.event
  and following.passed = matches.passed
  and following.position = onward_limits.next_position
group by matches.event, matches.passed, matches.position
