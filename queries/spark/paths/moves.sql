-- Moves from one stage to another: how many, by how many people, and how long they took.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown. `visitors` are the people
-- who were at the stage that the move is from. A time is from when a stage was come to until the
-- next one was.
--
-- For Spark: a path is a row a visit there.
--
-- returns segment INTEGER, from_position INTEGER, from_stage VARCHAR, to_position INTEGER, to_stage VARCHAR, backward BOOLEAN, moves BIGINT, visitors BIGINT, people BIGINT, people_rate DOUBLE, median_seconds DOUBLE
with moved as (
  select
    segments.segment,
    visits.before as from_position,
    visits.position as to_position,
    count(*) as moves,
    count(distinct visits.person_key) as people,
    median(visits.ts_us - visits.before_us) / 1e6 as median_seconds
  from visits
  join segments on segments.person_key = visits.person_key
  where visits.before is not null
  group by segments.segment, visits.before, visits.position
),
stayed as (
  select segments.segment, visits.position, count(distinct visits.person_key) as visitors
  from visits
  join segments on segments.person_key = visits.person_key
  group by segments.segment, visits.position
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
