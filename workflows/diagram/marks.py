"""The signs inside the shapes, as outlines that take their colour from the theme. Each is drawn around the point 0 0."""

_ENVELOPE = "M-7-5H7V5H-7ZL0 1 7-5"
_PERSON = "M0-1a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM-6 6c0-4 2.5-6 6-6s6 2 6 6Z"

TASK = {
    "userTask": _PERSON,
    "manualTask": _PERSON,
    "sendTask": _ENVELOPE,
    "receiveTask": _ENVELOPE,
    "serviceTask": "M0-2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5ZM0-7V-4.5M0 4.5V7M-7 0H-4.5M4.5 0H7"
    "M-5-5-3.2-3.2M3.2 3.2 5 5M5-5 3.2-3.2M-3.2 3.2-5 5",
    "businessRuleTask": "M-7-5H7V5H-7ZM-7-1.5H7M-2.5-5V5",
    "scriptTask": "M-4-6H6L4 6H-6ZM-1-3H3M-1.5 0H2.5M-2 3H2",
}

EVENT = {
    "timer": "M0-9a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM0-5V0L3.5 2.5",
    "message": _ENVELOPE,
    "terminate": "M0-6a6 6 0 1 0 0 12 6 6 0 0 0 0-12Z",
}

GATEWAY = {
    "exclusiveGateway": "M-6-7 6 7M6-7-6 7",
    "parallelGateway": "M0-10V10M-10 0H10",
    "inclusiveGateway": "M0-9a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
    "eventBasedGateway": "M0-8 8-2 5 7H-5L-8-2Z",
}

CALL = "M-6-6H6V6H-6ZM0-3.5V3.5M-3.5 0H3.5"
SEVERAL = {"parallel": "M-4-5V5M0-5V5M4-5V5", "sequential": "M-5-4H5M-5 0H5M-5 4H5"}
