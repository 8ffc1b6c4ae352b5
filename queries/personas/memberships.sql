-- Who has which persona: whoever has an event in the data that satisfies its predicate.
--
-- returns person_key BIGINT, persona VARCHAR
select distinct event.person_key, personas.persona
from persona_events as event
join personas on event.passed & personas.bit > 0
where event.person_key is not null
