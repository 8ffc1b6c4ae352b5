"""`[friction.STAGE]`: how one sees that people attempt a stage, and that they fail."""

from hourglass.fields import EventNames, Part


class Friction(Part):
    """`[friction.STAGE]`: names of events."""

    attempted: EventNames
    """Somebody sets about the stage, as by opening its form."""
    failed: EventNames
    """An attempt fails, as by an error of that form."""
