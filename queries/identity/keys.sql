-- Every id that names somebody together with another, numbered: known ones first, then by name.
--
-- Known is an id that is nowhere the alias of another. The smallest number of a group is so the
-- name of its person, whatever the order of the rows.
--
-- returns id_key INTEGER, id VARCHAR, known BOOLEAN
with ids as (
  select alias as id, false as known from id_links
  union all
  select person, true from id_links
)
select
  cast(row_number() over (order by not bool_and(known), id) as integer) as id_key,
  id,
  bool_and(known) as known
from ids
group by id
