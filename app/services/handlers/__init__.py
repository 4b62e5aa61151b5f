"""What service tasks do: a handler per task type. It gets the act and the open job, and answers what the job's outputs read."""

from app.services import closing, matching, obligations
from app.services.act import Handler
from app.services.funding import handlers as funding
from app.services.handlers import access, cases, documents, operations, people, registers, similar

HANDLERS: dict[str, Handler] = {
    **access.HANDLERS,
    **cases.HANDLERS,
    **closing.HANDLERS,
    **documents.HANDLERS,
    **matching.HANDLERS,
    **obligations.HANDLERS,
    **operations.HANDLERS,
    **people.HANDLERS,
    **registers.HANDLERS,
    **similar.HANDLERS,
    **funding.HANDLERS,
}
"""Task type (`zeebe:taskDefinition type`) -> handler."""
