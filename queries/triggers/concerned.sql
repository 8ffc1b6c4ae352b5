-- Everybody for whom any trigger fired or will, each once.
--
-- returns person_key BIGINT
select distinct person_key
from firings
