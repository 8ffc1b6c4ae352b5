-- Events from which the chosen attempt can go on to its end, when stages are not bound to follow
-- within a time: all that can be reached. `needs` is the first stage that the run through a
-- contested instant may have begun with.
--
-- returns position INTEGER, person_key BIGINT, ts_us BIGINT, needs INTEGER
select position, person_key, ts_us, run_from as needs
from alive
where position > 1
