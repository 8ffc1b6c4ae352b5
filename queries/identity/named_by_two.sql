-- How many rows name a person by two ids, and how many by the one that stands for somebody unknown.
--
-- Ids that say that there is none, as `id_nobody` lists them, are none.
--
-- returns by_both BIGINT, by_alias BIGINT
select
  count(*) filter (where known and alias <> person) as by_both,
  count(*) filter (where not known or alias = person) as by_alias
from (
  select alias, person, person is not null and id_nobody.id is null as known
  from ids_at_hand
  left join id_nobody on id_nobody.id = ids_at_hand.person
  where alias not in (select id from id_nobody)
)
