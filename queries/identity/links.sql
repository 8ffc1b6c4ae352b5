-- Which ids name the same person: each pair once, with where it was found.
--
-- Ids that say that there is none join nobody.
--
-- param nobody VARCHAR[]  what says that there is no id
-- returns alias VARCHAR, person VARCHAR, in_table BOOLEAN, events BIGINT
select
  alias,
  person,
  bool_or(from_table) as in_table,
  count(*) filter (where not from_table) as events
from named_together
where alias <> person
  and not list_contains(getvariable('nobody'), alias)
  and not list_contains(getvariable('nobody'), person)
group by alias, person
