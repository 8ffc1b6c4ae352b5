-- What a kept model is, and how many events there were when it was made.
--
-- param model INTEGER       number of the model
-- param definition VARCHAR  what decides which events match which stage
-- returns model INTEGER, definition VARCHAR, events BIGINT
select
  getvariable('model') as model,
  getvariable('definition') as definition,
  (select count(*) from loaded_events) as events
