-- People in a cycle: where the lines end that never end.
--
-- After more steps than there are links every line of a cycle has come round to somebody in it,
-- and each person of the cycle is the one that another came to.
--
-- returns person_key BIGINT
select distinct end_key as person_key
from lines
where open
