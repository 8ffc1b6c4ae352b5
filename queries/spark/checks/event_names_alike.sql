-- Event names that differ only in capitals and blanks: most likely one event, of which a stage takes half.
--
-- For Spark: what is put together in an order stands "within group".
--
-- severity warn
-- returns problem VARCHAR
select
  printf(
    'most likely one event: %s',
    string_agg(printf('"%s" (%,d)', event, rows), ', ') within group (order by rows desc, event)
  ) as problem
from (
  select event, cast(sum(rows) as bigint) as rows
  from tally
  group by event
)
group by lower(replace(replace(replace(trim(event), ' ', ''), '_', ''), '-', ''))
having count(*) > 1
