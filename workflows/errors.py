"""What the engine refuses, apart from incidents (which are values: `outcome.Incident`)."""


class BadDefinition(ValueError):
    """A file of a case type cannot be read, or holds what the engine does not carry out. The message is French and says the cure."""


class TaskNotOpen(LookupError):
    """The step is not open (any more): done meanwhile, withdrawn, or closed by a deadline that came first."""

    def __init__(self, task_id: str):
        super().__init__(f"l'étape {task_id} n'est pas ouverte")
        self.task_id = task_id


class Stuck(Exception):
    """The act does not come to rest, or the case cannot grow further. Becomes an incident."""
