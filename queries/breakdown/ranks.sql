-- The combinations of values with the row each gets.
--
-- Ranked by people at the last stage, then at the stage before and so on, then by value. The row
-- of people without any value comes last and is never folded; of the others the first `top` keep
-- a row of their own and the rest is folded into the row `other`.
--
-- param top INTEGER  how many combinations keep a row of their own
-- returns by_values VARCHAR[], segment INTEGER, other BOOLEAN
with depths as (
  select value_stages.by_values, stages.position,
    coalesce(sum(value_stages.people) filter (
      value_stages.stages & (cast(1 as bigint) << (stages.position - 1)) > 0
    ), 0) as users
  from value_stages
  cross join stages
  group by value_stages.by_values, stages.position
),
ranked as (
  select
    by_values,
    len(list_filter(by_values, lambda value: value is not null)) = 0 as none,
    row_number() over (
      partition by len(list_filter(by_values, lambda value: value is not null)) = 0
      order by list(users order by position desc) desc, by_values
    ) as place
  from depths
  group by by_values
),
counted as (
  select
    by_values, none, place,
    count(*) filter (where not none) over () > getvariable('top') as too_many
  from ranked
)
select
  by_values,
  cast(case
    when none then getvariable('top') + 2
    when too_many and place > getvariable('top') then getvariable('top') + 1
    else place
  end as integer) as segment,
  too_many and not none and place > getvariable('top') as other
from counted
order by segment, by_values
