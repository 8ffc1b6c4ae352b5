-- Which stages each person did at all by the new events of a model, when the first of them first, and
-- the first channel that they showed and when. Of channels at one instant the one that sorts first.
--
-- param model INTEGER  number of the model
-- returns model INTEGER, person_key BIGINT, stages BIGINT, entered_us BIGINT, first_touch VARCHAR, first_touch_us BIGINT
select
  model,
  person_key,
  stages,
  entered_us,
  touch.value as first_touch,
  touch.place as first_touch_us
from (
  select
    model,
    person_key,
    bit_or(cast(1 as bigint) << (position - 1)) as stages,
    min(ts_us) filter (where position = 1) as entered_us,
    min({place: ts_us, value: channel}) filter (where channel is not null) as touch
  from new_events
  where model = getvariable('model')
  group by model, person_key
)
order by person_key
