-- What `compact/keep_ever` says of the new events, together with what is kept of the same people.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, person_key BIGINT, stages BIGINT, entered_us BIGINT, first_touch VARCHAR, first_touch_us BIGINT
select
  model,
  person_key,
  bit_or(stages) as stages,
  min(entered_us) as entered_us,
  min({place: first_touch_us, value: first_touch}).value as first_touch,
  min(first_touch_us) as first_touch_us
from (
  select model, person_key, stages, entered_us, first_touch, first_touch_us
  from new_ever
  union all
  select model, person_key, stages, entered_us, first_touch, first_touch_us
  from compact_ever
  where model = getvariable('model')
    and person_key in (select person_key from new_ever)
)
group by model, person_key
