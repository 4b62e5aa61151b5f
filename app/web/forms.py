"""The forms of the steps on the web: posted data to raw answers, raw answers to what the templates draw.

A page does, in this order:

    submitted = forms.read(form, request.form, ours=frozenset({"cle", "brouillon"}))
    raw = forms.press(form, submitted)                      # « ajouter » and « retirer » of rows, files and records
    for path, file in forms.uploads(form, request.files):   # each is stored by the documents service, which gives its code
        raw = forms.attach(form, raw, path, store(file))
    if submitted.action: show again with forms.view(form, raw, context)
    else: complete the task; on Invalid show again with forms.view(form, raw, context, errors), status 422

and draws `FormView` with `templates/components/fields.html`. A read form is drawn from `forms.answers`.
"""

from app.web.form_answers import AnswerView, answers
from app.web.form_data import Submitted, attach, press, read, uploads
from app.web.form_model import Candidate, FieldView, FormContext, FormView, NoRegisters, Registers
from app.web.form_view import view

__all__ = [
    "AnswerView",
    "Candidate",
    "FieldView",
    "FormContext",
    "FormView",
    "NoRegisters",
    "Registers",
    "Submitted",
    "answers",
    "attach",
    "press",
    "read",
    "uploads",
    "view",
]
