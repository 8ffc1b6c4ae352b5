-- The routes that most people took: their stages in words, and how long it took to the last one.
--
-- A route says its first stages and that there are more; everybody has one. Beyond the first `top`
-- routes the others share one row.
--
-- For Spark: texts are put together otherwise, and lists begin at 0.
--
-- param longest INTEGER  how many stages a route says
-- param top INTEGER      how many routes have a row of their own
-- returns route VARCHAR, route_other BOOLEAN, people BIGINT, people_rate DOUBLE, median_seconds DOUBLE, travellers BIGINT
with names as (
  select transform(array_sort(collect_list(struct(position, stage))), one -> one.stage) as names
  from stages
),
told as (
  select
    visits.person_key,
    array_join(
      transform(
        slice(visits.stages, 1, getvariable('longest')),
        position -> get(names.names, position - 1)
      ),
      ' > '
    ) || if(size(visits.stages) > getvariable('longest'), ' > …', '') as route,
    if(
      size(visits.stages) > 1, element_at(visits.instants, -1) - get(visits.instants, 0), null
    ) as took_us
  from visits
  cross join names
),
sizes as (
  select route, row_number() over (order by count(*) desc, route) > getvariable('top') as other
  from told
  group by route
)
select
  if(sizes.other, null, told.route) as route,
  sizes.other as route_other,
  count(*) as people,
  count(*) / (select count(*) from told) as people_rate,
  median(told.took_us) / 1e6 as median_seconds,
  (select count(*) from told) as travellers
from told
join sizes on sizes.route = told.route
group by if(sizes.other, null, told.route), sizes.other
order by route_other, people desc, route
