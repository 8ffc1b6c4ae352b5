-- The combinations of values of every person, once for each persona; a person may have several, or
-- none, which is null.
--
-- param dimension INTEGER  which of the values is the persona, from 1
-- returns person_key BIGINT, by_values VARCHAR[]
select
  person_values.person_key,
  list_concat(
    person_values.by_values[1:getvariable('dimension') - 1],
    [memberships.persona],
    person_values.by_values[getvariable('dimension') + 1:]
  ) as by_values
from person_values
left join memberships on memberships.person_key = person_values.person_key
