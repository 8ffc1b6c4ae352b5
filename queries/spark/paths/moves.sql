-- Moves from one stage to another: how many, by how many people, and how long they took.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown. `visitors` are the people
-- who were at the stage that the move is from. A time is from when a stage was come to until the
-- next one was.
--
-- For Spark: lists are looked through by other functions.
--
-- returns segment INTEGER, from_position INTEGER, from_stage VARCHAR, to_position INTEGER, to_stage VARCHAR, backward BOOLEAN, moves BIGINT, visitors BIGINT, people BIGINT, people_rate DOUBLE, median_seconds DOUBLE
with moved as (
  select
    segments.segment,
    arrivals.before as from_position,
    arrivals.position as to_position,
    count(*) as moves,
    count(distinct arrivals.person_key) as people,
    median(arrivals.took_us) / 1e6 as median_seconds
  from arrivals
  join segments on segments.person_key = arrivals.person_key
  group by segments.segment, arrivals.before, arrivals.position
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
