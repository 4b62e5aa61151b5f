"""The rights matrix of a death abroad: people of the demonstration, and how much of the case they see."""

import datetime as dt

from app.services.policy import FULL, NONE, SHEET

AUTUMN = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
"""When the auditor's mandate runs."""

MATRIX = {
    FULL: {
        "U-13": "head of the post",
        "U-14": "consular officer of the post",
        "U-32": "case manager of this type",
        "U-36": "head of department of this type",
        "U-39": "delegate general",
        "U-40": "social worker",
        "U-41": "social worker at the transit centre",
        "U-42": "legal adviser",
        "U-49": "secretary general",
        "U-50": "chief of staff",
        "U-51": "minister",
        "U-67": "auditor",
    },
    SHEET: {
        "U-15": "accounting officer of the post",
        "U-44": "finance officer",
        "U-46": "director of finance",
        "U-47": "financial controller",
        "U-48": "Treasury accountant",
    },
    NONE: {
        "U-01": "head of another post",
        "U-02": "consular officer of another post",
        "U-03": "accounting officer of another post",
        "U-27": "station officer, before the body comes to the station",
        "U-33": "case manager of other types",
        "U-37": "head of another department",
        "U-43": "manager of the transit centre",
        "U-52": "coordinator of a programme",
        "U-54": "communication officer",
        "U-55": "statistician",
        "U-56": "assessor",
        "U-58": "committee member",
        "U-63": "partner",
        "U-66": "citizen",
        "U-68": "data protection officer",
        "U-69": "functional administrator",
        "U-70": "technical administrator",
    },
}
