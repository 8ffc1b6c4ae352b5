-- The combinations of values with the row each gets.
--
-- Ranked by people at the last stage, then at the stage before and so on, then by value. The row
-- of people without any value comes last and is never folded; of the others the first `top` keep
-- a row of their own and the rest is folded into the row `other`.
--
-- For Spark: lists and structs are written otherwise. A value that is missing sorts last.
--
-- param top INTEGER  how many combinations keep a row of their own
-- returns by_values VARCHAR[], segment INTEGER, other BOOLEAN
with depths as (
  select value_stages.by_values, stages.position,
    coalesce(sum(value_stages.people) filter (where
      value_stages.stages & (cast(1 as bigint) << (stages.position - 1)) > 0
    ), 0) as users
  from value_stages
  cross join stages
  group by value_stages.by_values, stages.position
),
sizes as (
  select
    by_values,
    not exists(by_values, value -> value is not null) as none,
    transform(by_values, value -> struct(value is null as missing, value as value)) as sorted,
    transform(
      sort_array(collect_list(struct(position, users)), false), one -> one.users
    ) as users
  from depths
  group by by_values
),
ranked as (
  select
    by_values,
    none,
    row_number() over (partition by none order by users desc, sorted) as place,
    sum(case when none then 0 else 1 end) over (partition by 1) > getvariable('top') as too_many
  from sizes
)
select
  by_values,
  cast(case
    when none then getvariable('top') + 2
    when too_many and place > getvariable('top') then getvariable('top') + 1
    else place
  end as integer) as segment,
  too_many and not none and place > getvariable('top') as other
from ranked
order by segment
