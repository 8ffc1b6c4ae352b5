-- The people of a list, by their ids: how far they came, why not further, when they entered.
--
-- param listed_guarded BOOLEAN  whether an id or a stage that a spreadsheet would take for a formula gets an apostrophe before it
-- param listed_most BIGINT      how many people, the first by their ids (null: all)
-- returns person_key BIGINT, user_id VARCHAR, reached INTEGER, stage VARCHAR, reason VARCHAR, entered TIMESTAMP
with first_ids as (
  -- nothing is sorted for a list of all
  select people.user_id
  from selected
  join people on people.person_key = selected.person_key
  order by people.user_id
  limit coalesce(getvariable('listed_most'), 0)
)
select
  selected.person_key,
  if(getvariable('listed_guarded') and regexp_matches(people.user_id, '^[=+\-@\t\r]'), '''', '')
    || people.user_id as user_id,
  selected.reached,
  if(getvariable('listed_guarded') and regexp_matches(stages.stage, '^[=+\-@\t\r]'), '''', '')
    || stages.stage as stage,
  selected.reason,
  make_timestamp(selected.entered_us) as entered
from selected
join people on people.person_key = selected.person_key
left join stages on stages.position = selected.reached
where getvariable('listed_most') is null or people.user_id in (select user_id from first_ids)
