"""What service tasks do: a handler per task type. It gets the act and the open job, and answers what the job's outputs read."""

from app.services.act import Handler
from app.services.funding import handlers as funding
from app.services.handlers import cases, documents, people, registers

HANDLERS: dict[str, Handler] = {**cases.HANDLERS, **documents.HANDLERS, **people.HANDLERS, **registers.HANDLERS, **funding.HANDLERS}
"""Task type (`zeebe:taskDefinition type`) -> handler."""
