"""Forms: form-js files read into fields, answers checked and typed, the same for pages and for the API."""

from .definition import FormDefinition, Validation
from .fields import Field, Limits, Option
from .messages import Message, Translate
from .reader import FormError
from .values import from_json, to_json

__all__ = ["Field", "FormDefinition", "FormError", "Limits", "Message", "Option", "Translate", "Validation", "from_json", "to_json"]
