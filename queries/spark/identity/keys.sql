-- Every id that names somebody together with another: known ones first, then by name.
--
-- Known is an id that is nowhere the alias of another. The smallest key of a group is so the name of
-- its person, whatever the order of the rows.
--
-- For Spark: to number all ids would take one machine; a sign before the id puts them into the same
-- order.
--
-- returns id_key INTEGER, id VARCHAR, known BOOLEAN
with ids as (
  select alias as id, false as known from id_links
  union all
  select person, true from id_links
)
select
  concat(case when bool_and(known) then '0' else '1' end, id) as id_key,
  id,
  bool_and(known) as known
from ids
group by id
