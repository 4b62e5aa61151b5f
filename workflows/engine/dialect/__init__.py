"""Files of the Camunda 8 dialect -> SpiffWorkflow's objects, with our own steps, calls, timers, boundaries and multi-instances.

Everything here keeps its hands off the tokens' data (the item of a multi-instance excepted), off the wall clock, and off the definition
once it is read: a definition is shared by all cases and threads of a worker.
"""

from workflows.engine.dialect.definition import Definition

__all__ = ["Definition"]
