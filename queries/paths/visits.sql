-- The path of everybody: the stages they came to one after the other, repeats left out; when each
-- visit began, and whether with the first purchase.
--
-- At one instant stages are in their order. A visit begins with the first event of a row of events
-- of its stage, of purchases at one instant with the first. While they are put in order events are
-- numbers (instant, stage, further purchase) in one list a person: windows over rows
-- take longer, and so does all that is asked of such rows.
--
-- returns person_key BIGINT, stages INTEGER[], instants BIGINT[], first_bought BOOLEAN[]
with ordered as (
  select
    person_key,
    list_sort(list((ts_us * 64 + position) * 2 + cast(not first_bought as integer))) as events
  from path_events
  group by person_key
),
arrivals as (
  select
    person_key,
    list_filter(
      events,
      lambda event, place: place = 1 or (event >> 1) & 63 <> (events[place - 1] >> 1) & 63
    ) as events
  from ordered
)
select
  person_key,
  list_transform(events, lambda event: cast((event >> 1) & 63 as integer)) as stages,
  list_transform(events, lambda event: event >> 7) as instants,
  list_transform(events, lambda event: event & 1 = 0) as first_bought
from arrivals
