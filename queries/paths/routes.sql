-- The routes that most people took: their stages in words, and how long it took to the last one.
--
-- A route says its first stages and that there are more; everybody has one. Beyond the first `top`
-- routes the others share one row. Routes are counted as numbers, five bits a stage, and only those
-- that there are become words: a text for everybody takes ten times as long.
--
-- param longest INTEGER  how many stages a route says, 12 at most
-- param top INTEGER      how many routes have a row of their own
-- returns route VARCHAR, route_other BOOLEAN, people BIGINT, people_rate DOUBLE, median_seconds DOUBLE, travellers BIGINT
with travelled as (
  select
    person_key,
    bit_or(cast(position - 1 as bigint) << (5 * (least(step, getvariable('longest')) - 1)))
      filter (where step <= getvariable('longest')) as code,
    least(max(step), getvariable('longest') + 1) as length,
    if(max(step) > 1, max(ts_us) - min(ts_us), null) as took_us
  from visits
  group by person_key
),
sizes as (
  select code, length, count(*) as people
  from travelled
  group by code, length
),
told as (
  select
    sizes.code,
    sizes.length,
    sizes.people,
    string_agg(stages.stage, ' > ' order by places.step)
      || if(sizes.length > getvariable('longest'), ' > …', '') as route
  from sizes
  join (select unnest(generate_series(1, getvariable('longest'))) as step) as places
    on places.step <= sizes.length
  join stages on stages.position = ((sizes.code >> (5 * (places.step - 1))) & 31) + 1
  group by sizes.code, sizes.length, sizes.people
),
ranked as (
  select
    code, length, route,
    row_number() over (order by people desc, route) > getvariable('top') as other
  from told
)
select
  if(ranked.other, null, ranked.route) as route,
  ranked.other as route_other,
  count(*) as people,
  count(*) / (select count(*) from travelled) as people_rate,
  median(travelled.took_us) / 1e6 as median_seconds,
  (select count(*) from travelled) as travellers
from travelled
join ranked on ranked.code = travelled.code and ranked.length = travelled.length
group by if(ranked.other, null, ranked.route), ranked.other
order by route_other, people desc, route
