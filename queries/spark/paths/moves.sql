-- Moves from one stage to another: how many, by how many people, and how long they took.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown. `visitors` are the people
-- who were at the stage that the move is from. A time is from when a stage was come to until the
-- next one was.
--
-- For Spark: lists become rows by other functions, and begin at 0.
--
-- returns segment INTEGER, from_position INTEGER, from_stage VARCHAR, to_position INTEGER, to_stage VARCHAR, backward BOOLEAN, moves BIGINT, visitors BIGINT, people BIGINT, people_rate DOUBLE, median_seconds DOUBLE
with steps as (
  -- each stage of a path but the first, beside the one before it
  select
    person_key,
    inline(transform(
      slice(stages, 2, size(stages)),
      (position, place) -> named_struct(
        'from_position', get(stages, place),
        'to_position', position,
        'took_us', get(instants, place + 1) - get(instants, place)
      )
    ))
  from visits
),
moved as (
  select
    segments.segment,
    steps.from_position,
    steps.to_position,
    count(*) as moves,
    count(distinct steps.person_key) as people,
    median(steps.took_us) / 1e6 as median_seconds
  from steps
  join segments on segments.person_key = steps.person_key
  group by segments.segment, steps.from_position, steps.to_position
),
stays as (
  select person_key, explode(array_distinct(stages)) as position
  from visits
),
stayed as (
  select segments.segment, stays.position, count(*) as visitors
  from stays
  join segments on segments.person_key = stays.person_key
  group by segments.segment, stays.position
)
select
  moved.segment,
  moved.from_position,
  origin.stage as from_stage,
  moved.to_position,
  target.stage as to_stage,
  moved.from_position > moved.to_position as backward,
  moved.moves,
  stayed.visitors,
  moved.people,
  moved.people / stayed.visitors as people_rate,
  moved.median_seconds
from moved
join stayed on stayed.segment = moved.segment and stayed.position = moved.from_position
join stages as origin on origin.position = moved.from_position
join stages as target on target.position = moved.to_position
order by moved.segment, moved.from_position, moved.to_position
