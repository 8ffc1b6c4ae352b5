-- What is odd about the events: how many rows each finding concerns, and the worst case.
--
-- For Spark: rows come in no order, so that none is said to be late; equal rows are told by their
-- text, and days are counted by another function.
--
-- param now TIMESTAMP        the clock: later events are future
-- param show_ids BOOLEAN     whether ids are shown as they are, or as short hashes
-- returns check VARCHAR, count BIGINT, detail VARCHAR
with instants as (
  select user_id, ts, count(*) as n
  from events
  where user_id is not null
  group by user_id, ts
  having count(*) > 1
),
written as (
  select to_json(struct(*)) as cells
  from events
),
copies as (
  select cells, count(*) as n
  from written
  group by cells
  having count(*) > 1
),
busiest as (
  select user_id, count(*) as n
  from events
  where user_id is not null
  group by user_id
  order by n desc, user_id
  limit 1
),
days as (
  select distinct cast(ts as date) as day
  from events
),
everything as (
  select count(*) as n, count(distinct user_id) as people, count(distinct event) as names
  from events
),
unmapped as (
  select events.event
  from events
  left join mapped_events on mapped_events.event = events.event
  where mapped_events.event is null
),
findings as (
  select
    1 as place,
    'rows of one person at one instant' as finding,
    coalesce(sum(n), 0) as n,
    'at most ' || max(n) || ' at once' as detail
  from instants
  union all
  select
    2, 'rows that repeat another exactly', coalesce(sum(n - 1), 0),
    'kept: only an event id tells a copy from a second purchase'
  from copies
  union all
  select 3, 'rows without a person', count(*), 'left out of funnels'
  from events
  where user_id is null
  union all
  select 4, 'rows later than now', count(*), 'the latest: ' || max(ts)
  from events
  where ts > getvariable('now')
  union all
  select
    6, 'rows of one person who has over 5 %', busiest.n,
    'user ' || case
      when getvariable('show_ids') then busiest.user_id
      else left(sha2(busiest.user_id, 256), 8)
    end
  from busiest
  cross join everything
  where busiest.n > 0.05 * everything.n and everything.people > 100
  union all
  select
    7, 'days without events', datediff(max(day), min(day)) + 1 - count(*),
    'between ' || min(day) || ' and ' || max(day)
  from days
  union all
  select
    8, 'rows whose event has no stage', count(*),
    round(100 * count(*) / max(everything.n), 1) || ' % of all; '
      || count(distinct unmapped.event) || ' of ' || max(everything.names) || ' event names'
  from unmapped
  cross join everything
)
select finding as `check`, cast(n as bigint) as `count`, detail
from findings
where n > 0
order by place
