-- Those people that a list asks for; a value that is null asks for everybody.
--
-- param everybody BOOLEAN   whether people who never entered are in
-- param least INTEGER       the position that they reached
-- param stopped_at INTEGER  the position that they did not get beyond
-- param reason VARCHAR      why they did not get further
-- returns person_key BIGINT, reached INTEGER, entered_us BIGINT, reason VARCHAR
select person_key, reached, entered_us, reason
from outcomes
where (getvariable('everybody') or reached > 0)
  and (getvariable('least') is null or reached >= getvariable('least'))
  and (getvariable('stopped_at') is null or reached = getvariable('stopped_at'))
  and (getvariable('reason') is null or reason = getvariable('reason'))
