-- Which ids name the same person: each pair once, with where it was found.
--
-- Ids that say that there is none, as `id_nobody` lists them, join nobody.
--
-- returns alias VARCHAR, person VARCHAR, in_table BOOLEAN, events BIGINT
select
  alias,
  person,
  bool_or(from_table) as in_table,
  count(*) filter (where not from_table) as events
from named_together
where alias <> person
  and alias not in (select id from id_nobody)
  and person not in (select id from id_nobody)
group by alias, person
