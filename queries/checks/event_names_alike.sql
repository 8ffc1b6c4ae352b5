-- Event names that differ only in capitals and blanks: most likely one event, of which a stage takes half.
--
-- severity warn
-- returns problem VARCHAR
select
  printf(
    'most likely one event: %s',
    string_agg(printf('"%s" (%,d)', event, rows), ', ' order by rows desc, event)
  ) as problem
from (
  select event, cast(sum(rows) as bigint) as rows
  from tally
  group by event
)
group by lower(replace(replace(replace(trim(event), ' ', ''), '_', ''), '-', ''))
having count(*) > 1
