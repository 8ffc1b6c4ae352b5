-- The people of a list with the names of the stages that never came inside the window, in the order
-- of the model; null for who came to all, and for who never entered.
--
-- param guarded BOOLEAN  whether names that a spreadsheet would take for a formula get an apostrophe before them
-- returns person_key BIGINT, user_id VARCHAR, reached INTEGER, stage VARCHAR, reason VARCHAR, entered TIMESTAMP, missing VARCHAR
with names as (
  select
    awaited.person_key,
    string_agg(model_stages.stage, ', ' order by model_stages.position) as stages
  from awaited
  join model_stages on model_stages.position = awaited.position
  where awaited.person_key in (select person_key from listed)
  group by awaited.person_key
)
select
  listed.person_key, listed.user_id, listed.reached, listed.stage, listed.reason, listed.entered,
  if(getvariable('guarded') and regexp_matches(names.stages, '^[=+\-@\t\r]'), '''', '')
    || names.stages as missing
from listed
left join names on names.person_key = listed.person_key
