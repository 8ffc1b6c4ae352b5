-- Ids that somebody may have meant: a few that differ in up to two characters. Only ids of about
-- the length that begin or end alike are looked at.
--
-- param user VARCHAR  what was typed
-- returns user_id VARCHAR
select user_id
from people
where length(getvariable('user')) <= 100
  and abs(length(user_id) - length(getvariable('user'))) <= 2
  and (
    lower(left(user_id, 1)) = lower(left(getvariable('user'), 1))
    or lower(right(user_id, 1)) = lower(right(getvariable('user'), 1))
  )
  and levenshtein(lower(user_id), lower(getvariable('user'))) <= 2
order by levenshtein(lower(user_id), lower(getvariable('user'))), user_id
limit 5
