-- The path of everybody: the stages they came to one after the other, repeats left out; when each
-- visit began, and whether with the first purchase.
--
-- At one instant stages are in their order. A visit begins with the first event of a row of events
-- of its stage, of purchases at one instant with the first. While they are put in order events are
-- numbers (instant, stage, further purchase) in one list a person.
--
-- For Spark: lists are made and looked through by other functions, and begin at 0.
--
-- returns person_key BIGINT, stages INTEGER[], instants BIGINT[], first_bought BOOLEAN[]
with ordered as (
  select
    person_key,
    array_sort(collect_list((ts_us * 64 + position) * 2 + if(first_bought, 0, 1))) as events
  from path_events
  group by person_key
),
arrivals as (
  select
    person_key,
    filter(
      events,
      (event, place) -> place = 0
        or (shiftright(event, 1) & 63) <> (shiftright(get(events, place - 1), 1) & 63)
    ) as events
  from ordered
)
select
  person_key,
  transform(events, event -> cast(shiftright(event, 1) & 63 as integer)) as stages,
  transform(events, event -> shiftright(event, 7)) as instants,
  transform(events, event -> (event & 1) = 0) as first_bought
from arrivals
