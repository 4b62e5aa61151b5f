"""Requests that stay below the amount of three quotes one by one, and reach it together: the approver says why they are apart."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import func, select

from app.db.funding import FundingRequest
from app.services import person_aliases, settings
from app.services.act import Act

WINDOW = dt.timedelta(days=90)
QUOTES_FROM = "achat_devis_des"
"""Setting: three written quotes from this amount on."""
OVER = ("refuse", "annule", "differe", "expire")


def split(act: Act, payee: Any, asked: int, besides: Any = None) -> bool:
    """Whether this request for a payee and its others of 90 days, each below the amount of three quotes, reach it together."""
    limit = int(settings.reglages(act.unit.session, act.case_type)[QUOTES_FROM])
    if asked >= limit or not payee:
        return False
    where = (
        FundingRequest.payee_code.in_(person_aliases.codes(act.unit.session, [str(payee)])),
        FundingRequest.requested_at >= act.now - WINDOW,
        FundingRequest.asked < limit,
        FundingRequest.state.not_in(OVER),
        FundingRequest.code != str(besides),
    )
    others = act.unit.session.scalar(select(func.coalesce(func.sum(FundingRequest.asked), 0)).where(*where))
    return int(others or 0) + asked >= limit
