-- The people of a list, by their ids: how far they came, why not further, when they entered.
--
-- For Spark: patterns, instants and limits are written otherwise.
--
-- param listed_guarded BOOLEAN  whether an id or a stage that a spreadsheet would take for a formula gets an apostrophe before it
-- param listed_most BIGINT      how many people, the first by their ids (null: all)
-- returns person_key BIGINT, user_id VARCHAR, reached INTEGER, stage VARCHAR, reason VARCHAR, entered TIMESTAMP
with first_people as (
  select selected.*, people.user_id
  from selected
  join people on people.person_key = selected.person_key
  order by people.user_id
  limit coalesce(cast(getvariable('listed_most') as integer), 2147483647)
)
select
  first_people.person_key,
  if(getvariable('listed_guarded') and first_people.user_id rlike '^[=+\\-@\\t\\r]', '\'', '')
    || first_people.user_id as user_id,
  first_people.reached,
  if(getvariable('listed_guarded') and stages.stage rlike '^[=+\\-@\\t\\r]', '\'', '')
    || stages.stage as stage,
  first_people.reason,
  timestamp_micros(first_people.entered_us) as entered
from first_people
left join stages on stages.position = first_people.reached
