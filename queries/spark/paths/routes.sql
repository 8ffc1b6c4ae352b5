-- The routes that most people took: their stages in words, and how long it took to the last one.
--
-- A route says its first stages and that there are more; everybody has one. Beyond the first `top`
-- routes the others share one row.
--
-- For Spark: texts are put together otherwise.
--
-- param longest INTEGER  how many stages a route says
-- param top INTEGER      how many routes have a row of their own
-- returns route VARCHAR, route_other BOOLEAN, people BIGINT, people_rate DOUBLE, median_seconds DOUBLE, travellers BIGINT
with told as (
  select
    visits.person_key,
    array_join(
      transform(
        sort_array(collect_list(
          if(visits.step <= getvariable('longest'), struct(visits.step, stages.stage), null)
        )),
        one -> one.stage
      ),
      ' > '
    ) || if(max(visits.step) > getvariable('longest'), ' > …', '') as route,
    if(max(visits.step) > 1, max(visits.ts_us) - min(visits.ts_us), null) as took_us
  from visits
  join stages on stages.position = visits.position
  group by visits.person_key
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
