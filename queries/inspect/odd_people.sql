-- Who has far more events than others, or more within a minute than a person can: likely machines.
--
-- Far more is at least 100 events and over 10 times the 99th percentile of events a person; more
-- than a person can is 120 events within one minute of the clock.
--
-- param most INTEGER how many to list
-- returns user_id VARCHAR, events BIGINT, share DOUBLE, busiest_minute BIGINT, days BIGINT, why VARCHAR, usual BIGINT
with minutes as (
  select user_id, date_trunc('minute', ts) as minute, count(*) as events
  from events
  where user_id is not null
  group by user_id, date_trunc('minute', ts)
),
people as (
  select
    user_id,
    cast(sum(events) as bigint) as events,
    max(events) as busiest_minute,
    count(distinct cast(minute as date)) as days
  from minutes
  group by user_id
),
usual as (
  select cast(percentile_disc(0.99) within group (order by events) as bigint) as events from people
),
everything as (
  select count(*) as rows from events
)
select
  people.user_id,
  people.events,
  people.events / everything.rows as share,
  people.busiest_minute,
  people.days,
  case when people.busiest_minute >= 120 then 'within a minute' else 'in all' end as why,
  usual.events as usual
from people
cross join usual
cross join everything
where (people.events >= 100 and people.events > 10 * usual.events) or people.busiest_minute >= 120
order by people.events desc, people.user_id
limit getvariable('most')
