-- Rows of the tables, with the channels that are put together in each: those of channels, then one
-- for each kind.
--
-- returns lane INTEGER, by_kind BOOLEAN, channel VARCHAR
select lane, false as by_kind, channel
from channels
union all
select
  case kind when 'digital' then 1 when 'physical' then 2 else 3 end as lane,
  true as by_kind,
  channel
from channels
