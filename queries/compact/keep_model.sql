-- What a kept model is, and how many events there were when it was made; all of them are sorted.
--
-- param model INTEGER       number of the model
-- param definition VARCHAR  what decides which events match which stage
-- returns model INTEGER, definition VARCHAR, events BIGINT, sorted BIGINT
select
  getvariable('model') as model,
  getvariable('definition') as definition,
  (select count(*) from loaded_events) as events,
  (select count(*) from loaded_events) as sorted
