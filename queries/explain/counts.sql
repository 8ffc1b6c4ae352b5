-- How many events the person has: in scope, of any stage, and left out by `where`.
--
-- param user VARCHAR  the id
-- returns events BIGINT, of_stages BIGINT, filtered BIGINT
select
  count(*) as events,
  count(*) filter (where stages > 0) as of_stages,
  (select count(*) from everything where user_id = getvariable('user')) - count(*) as filtered
from numbered
