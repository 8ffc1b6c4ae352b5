-- Moves from one stage to another: how many, by how many people, and how long they took.
--
-- Segment 0 is everybody; further segments are the rows of a breakdown. `visitors` are the people
-- who were at the stage that the move is from. A time is from when a stage was come to until the
-- next one was.
--
-- returns segment INTEGER, from_position INTEGER, from_stage VARCHAR, to_position INTEGER, to_stage VARCHAR, backward BOOLEAN, moves BIGINT, visitors BIGINT, people BIGINT, people_rate DOUBLE, median_seconds DOUBLE
with moved as materialized (
  select
    segments.segment,
    arrivals.person_key,
    arrivals.before as from_position,
    arrivals.position as to_position,
    arrivals.took_us
  from arrivals
  join segments on segments.person_key = arrivals.person_key
),
times as (
  select
    segment,
    from_position,
    to_position,
    count(*) as moves,
    median(took_us) / 1e6 as median_seconds
  from moved
  group by segment, from_position, to_position
),
movers as (
  select segment, from_position, to_position, count(*) as people
  from (select distinct segment, person_key, from_position, to_position from moved)
  group by segment, from_position, to_position
),
stays as (
  -- which stages a path has: the sum of a bit a stage
  select
    segments.segment,
    list_bit_or(
      list_transform(visits.stages, lambda position: cast(1 as bigint) << position)
    ) as stages,
    count(*) as people
  from visits
  join segments on segments.person_key = visits.person_key
  group by all
),
stayed as (
  select stays.segment, stages.position, cast(sum(stays.people) as bigint) as visitors
  from stays
  join stages on stays.stages & (cast(1 as bigint) << stages.position) <> 0
  group by stays.segment, stages.position
)
select
  times.segment,
  times.from_position,
  origin.stage as from_stage,
  times.to_position,
  target.stage as to_stage,
  times.from_position > times.to_position as backward,
  times.moves,
  stayed.visitors,
  movers.people,
  movers.people / stayed.visitors as people_rate,
  times.median_seconds
from times
join movers
  on movers.segment = times.segment
  and movers.from_position = times.from_position
  and movers.to_position = times.to_position
join stayed on stayed.segment = times.segment and stayed.position = times.from_position
join stages as origin on origin.position = times.from_position
join stages as target on target.position = times.to_position
order by times.segment, times.from_position, times.to_position
