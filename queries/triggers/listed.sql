-- The people for whom a trigger fired, by their ids: when last, after which events, how often, and
-- their next purchase since.
--
-- param guarded BOOLEAN  whether text that a spreadsheet would take for a formula gets an apostrophe before it
-- param most BIGINT      how many people, the first by their ids (null: all)
-- returns user_id VARCHAR, trigger VARCHAR, fired TIMESTAMP, events VARCHAR, event_ts TIMESTAMP, times BIGINT, first_fired TIMESTAMP, bought TIMESTAMP
with chosen_people as (
  select people.user_id, triggers.name, fired.*
  from fired
  join triggers on triggers.trigger = fired.trigger
  join people on people.person_key = fired.person_key
  order by people.user_id
  limit getvariable('most')
)
select
  if(getvariable('guarded') and regexp_matches(user_id, '^[=+\-@\t\r]'), '''', '')
    || user_id as user_id,
  if(getvariable('guarded') and regexp_matches(name, '^[=+\-@\t\r]'), '''', '')
    || name as trigger,
  make_timestamp(last_us) as fired,
  if(getvariable('guarded') and regexp_matches(events, '^[=+\-@\t\r]'), '''', '')
    || events as events,
  make_timestamp(last_event_us) as event_ts,
  times,
  make_timestamp(first_us) as first_fired,
  make_timestamp(bought_after_last_us) as bought
from chosen_people
