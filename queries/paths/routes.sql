-- The routes that most people took: their stages in words, and how long it took to the last one.
--
-- A route says its first stages and whether there are more; everybody has one. Beyond the first
-- `top` routes the others share one row. Only routes that there are become words: a text for
-- everybody takes ten times as long.
--
-- param longest INTEGER  how many stages a route says
-- param top INTEGER      how many routes have a row of their own
-- returns route VARCHAR, route_other BOOLEAN, people BIGINT, people_rate DOUBLE, median_seconds DOUBLE, travellers BIGINT
with travelled as (
  select
    stages[:getvariable('longest')] as said,
    len(stages) > getvariable('longest') as goes_on,
    if(len(stages) > 1, instants[-1] - instants[1], null) as took_us
  from visits
),
sizes as (
  select said, goes_on, count(*) as people
  from travelled
  group by said, goes_on
),
names as (
  select list(stage order by position) as names
  from stages
),
told as (
  select
    sizes.said,
    sizes.goes_on,
    sizes.people,
    array_to_string(list_transform(sizes.said, lambda position: names.names[position]), ' > ')
      || if(sizes.goes_on, ' > …', '') as route
  from sizes
  cross join names
),
ranked as (
  select
    said, goes_on, route,
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
join ranked on ranked.said = travelled.said and ranked.goes_on = travelled.goes_on
group by if(ranked.other, null, ranked.route), ranked.other
order by route_other, people desc, route
