-- Models whose compact form was made from exactly the events that were there before some loads, and
-- can take those of these loads beside them: a tenth may be out of order, or as many rows as the
-- engine stores together, which costs a question little; more is sorted in again.
--
-- param first_load INTEGER  number of the first of these loads
-- returns model INTEGER, definition VARCHAR
select model, definition
from compact_models
where events = (
    select count(*) from loaded_events where "hourglass load" < getvariable('first_load')
  )
  and (select count(*) from loaded_events) <= sorted + greatest(sorted // 10, 122880)
order by model
