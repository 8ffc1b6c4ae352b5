-- Through which channels buyers came first and last.
--
-- Beyond the first `top` channels they share one row; those without a channel have the last one.
--
-- param top INTEGER         how many channels keep a row of their own
-- param configured BOOLEAN  whether physical channels are listed
-- returns channel VARCHAR, channel_other BOOLEAN, kind VARCHAR, first_touch BIGINT, first_touch_rate DOUBLE, last_touch BIGINT, last_touch_rate DOUBLE, buyers BIGINT
with sides as (
  select first_touch as channel, 1 as first, 0 as last from buyers
  union all
  select last_touch as channel, 0 as first, 1 as last from buyers
),
ranked as (
  select
    channel,
    sum(first) as first,
    sum(last) as last,
    row_number() over (
      order by channel is null, sum(first) desc, sum(last) desc, channel
    ) as place,
    count(channel) over () > getvariable('top') as too_many
  from sides
  group by channel
),
placed as (
  select *, channel is not null and too_many and place > getvariable('top') as other
  from ranked
),
folded as (
  select
    if(other, null, channel) as shown,
    other,
    min(place) as place,
    cast(sum(first) as bigint) as first_touch,
    cast(sum(last) as bigint) as last_touch
  from placed
  group by shown, other
)
select
  shown as channel,
  other as channel_other,
  case
    when other then null
    when shown is null or not getvariable('configured') then 'unknown'
    when physical.channel is not null then 'physical'
    else 'digital'
  end as kind,
  first_touch,
  first_touch / (select count(*) from buyers) as first_touch_rate,
  last_touch,
  last_touch / (select count(*) from buyers) as last_touch_rate,
  (select count(*) from buyers) as buyers
from folded
left join (select distinct channel from physical_channels) as physical
  on physical.channel = folded.shown
order by shown is null and not other, place
