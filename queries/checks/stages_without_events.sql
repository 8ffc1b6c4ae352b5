-- Events of a stage that the data lack: renamed in the source, or misspelt in the configuration.
--
-- severity warn
-- returns problem VARCHAR
select distinct printf('stage %s: there is no event "%s"', stages.stage, steps.event) as problem
from steps
join stages on stages.position = steps.position
where steps.event <> '*'
  and steps.event not in (select event from tally)
