-- Everybody for whom any trigger fired or will, each once.
--
-- returns person_key INTEGER
select distinct person_key
from firings
