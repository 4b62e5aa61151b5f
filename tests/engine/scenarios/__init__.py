"""COR from start to end, by the paths that the dossier tells. Every act goes through bytes; facts go through JSON."""

from tests.engine.scenarios import troubled, usual
from tests.engine.scenarios.acts import closed, deed, effects, file, freight, funded, informed, journey, landed, opened, seek, will

ALL = [
    usual.paid_by_the_state,
    usual.opinions,
    usual.insurance,
    usual.local_burial,
    usual.limit_extended,
    usual.disagreement,
    usual.no_family,
    usual.judicial_inquiry,
    usual.freight_refused,
    troubled.refused_once,
    troubled.withdrawn,
    troubled.wrong_identity,
    troubled.mind_changed,
    troubled.mind_changed_late,
    troubled.second_autopsy,
    troubled.already_buried,
    troubled.epidemic,
    troubled.late_payer,
    troubled.given_up,
    troubled.troubled_journey,
    troubled.unidentified,
    troubled.funding_troubles,
]

__all__ = [
    "ALL",
    "closed",
    "deed",
    "effects",
    "file",
    "freight",
    "funded",
    "informed",
    "journey",
    "landed",
    "opened",
    "seek",
    "troubled",
    "usual",
    "will",
]
