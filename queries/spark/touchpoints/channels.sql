-- The channels, with the row of the tables that each gets (`lane`) and what kind it is, which is a
-- number too (`kind_lane`): counting by whole numbers is quick.
--
-- Ranked by people in the period, then by name; beyond the first `top` they share one row. Events
-- without a channel have the last row and are never folded. Without a list of physical channels
-- nobody knows the kind of any.
--
-- For Spark: in a case, Sail knows no list of a query.
--
-- param since_us BIGINT     first instant of the period
-- param until_us BIGINT     first instant after the period
-- param top INTEGER         how many channels keep a row of their own
-- param configured BOOLEAN  whether physical channels are listed
-- returns channel VARCHAR, lane INTEGER, other BOOLEAN, kind VARCHAR, kind_lane INTEGER
with sizes as (
  select channel, count(*) as people
  from (
    select distinct channel, person_key
    from touch_events
    where ts_us >= getvariable('since_us') and ts_us < getvariable('until_us')
  )
  group by channel
),
ranked as (
  select
    sizes.channel,
    physical.channel is not null as physical,
    row_number() over (order by sizes.channel is null, people desc, sizes.channel) as place,
    count(sizes.channel) over () > getvariable('top') as too_many
  from sizes
  left join (select distinct channel from physical_channels) as physical
    on physical.channel = sizes.channel
),
named as (
  select
    place,
    channel,
    cast(case
      when channel is null then getvariable('top') + 2
      else least(place, getvariable('top') + 1)
    end as integer) as lane,
    channel is not null and too_many and place > getvariable('top') as other,
    case
      when channel is null or not getvariable('configured') then 'unknown'
      when physical then 'physical'
      else 'digital'
    end as kind
  from ranked
)
select
  channel, lane, other, kind,
  case kind when 'digital' then 1 when 'physical' then 2 else 3 end as kind_lane
from named
order by place
