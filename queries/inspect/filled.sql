-- Whether any event has a value of the dimension that was asked for.
--
-- returns filled BOOLEAN
select exists (select 1 from dimension_asked where nullif(by_values[1], '') is not null) as filled
