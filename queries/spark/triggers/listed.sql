-- The people for whom a trigger fired, by their ids: when last, after which events, how often, and
-- their next purchase since.
--
-- For Spark: patterns, instants and limits are written otherwise, and texts put together.
--
-- param guarded BOOLEAN  whether text that a spreadsheet would take for a formula gets an apostrophe before it
-- param most BIGINT      how many people, the first by their ids (null: all)
-- returns user_id VARCHAR, trigger VARCHAR, fired TIMESTAMP, events VARCHAR, event_ts TIMESTAMP, times BIGINT, first_fired TIMESTAMP, bought TIMESTAMP
with first_people as (
  select people.user_id, triggers.name, fired.*
  from fired
  join triggers on triggers.trigger = fired.trigger
  join people on people.person_key = fired.person_key
  order by people.user_id
  limit coalesce(cast(getvariable('most') as integer), 2147483647)
),
names as (
  select
    first_people.user_id,
    array_join(sort_array(collect_set(triggering.event)), ', ') as events
  from first_people
  join trigger_steps
    on trigger_steps.trigger = first_people.trigger
    and trigger_steps.starts
    and trigger_steps.stops = first_people.own
  join triggering
    on triggering.user_id = first_people.user_id
    and triggering.event = trigger_steps.event
    and triggering.passed & trigger_steps.needs = trigger_steps.needs
    and triggering.ts_us = first_people.last_event_us
  group by first_people.user_id
)
select
  if(getvariable('guarded') and first_people.user_id rlike '^[=+\\-@\\t\\r]', '\'', '')
    || first_people.user_id as user_id,
  if(getvariable('guarded') and first_people.name rlike '^[=+\\-@\\t\\r]', '\'', '')
    || first_people.name as trigger,
  timestamp_micros(first_people.last_us) as fired,
  if(getvariable('guarded') and names.events rlike '^[=+\\-@\\t\\r]', '\'', '')
    || names.events as events,
  timestamp_micros(first_people.last_event_us) as event_ts,
  first_people.times,
  timestamp_micros(first_people.first_us) as first_fired,
  timestamp_micros(first_people.bought_after_last_us) as bought
from first_people
join names on names.user_id = first_people.user_id
