-- The people followed from the landmark on.
--
-- returns person_key BIGINT, entered_us BIGINT, landmark_us BIGINT, bought BOOLEAN
select person_key, entered_us, landmark_us, bought
from followed
where state = 'followed'
