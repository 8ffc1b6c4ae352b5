-- Files whose rows do not add up: rows read are events, rejected rows and duplicates, and no others.
--
-- returns file VARCHAR, rows BIGINT, accepted BIGINT, rejected BIGINT, duplicates BIGINT, events BIGINT
with kept as (
  select "hourglass load" as number, count(*) as events
  from loaded_events
  group by "hourglass load"
)
select
  coalesce(loads.file, '(no file)') as file,
  coalesce(loads.rows, 0) as rows,
  coalesce(loads.accepted, 0) as accepted,
  coalesce(loads.rejected, 0) as rejected,
  coalesce(loads.duplicate, 0) as duplicates,
  coalesce(kept.events, 0) as events
from loads
full join kept on kept.number = loads.number
where loads.rows is distinct from loads.accepted + loads.rejected + loads.duplicate
  or coalesce(loads.accepted, 0) <> coalesce(kept.events, 0)
order by file
