-- Where the attempts of mature entries end.
--
-- returns try_key BIGINT, person_key BIGINT, entered_us BIGINT, struck BOOLEAN, reached INTEGER, completed_us BIGINT, struck_depth INTEGER
select try_key, person_key, entered_us, struck, reached, completed_us, struck_depth
from tried_ends
where entered_us <= (select mature_us from maturity)
