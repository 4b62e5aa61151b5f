"""What the handlers of services would answer, made up: numbers count up, money is only added together."""

from __future__ import annotations

from collections import Counter
from typing import Any

from workflows.outcome import Open


class Handlers:
    """`money`: sums that the handlers were asked to commit, release and pay."""

    def __init__(self) -> None:
        self.money: Counter[str] = Counter()
        self.count: Counter[str] = Counter()
        self.held: dict[str, int] = {}
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def number(self, prefix: str) -> str:
        self.count[prefix] += 1
        return f"{prefix}-{self.count[prefix]}"

    def answer(self, job: Open) -> dict[str, Any]:
        given = dict(job.inputs)
        self.asked.append((str(job.job), given))
        match job.job:
            case "register.number":
                return {"numero": self.number(str(given["registre"]))}
            case "case.priority":
                return {"priorite": given["priorite"]}
            case "case.confidentiality":
                return {"confidentialite": given["niveau"]}
            case "case.spawn":
                return {"dossier_lie": given.get("dossier")}
            case "case.checklist":
                return {"points": [], "liste_controle_ok": True, "total_paye_dossier": self.money["paid"]}
            case "person.duplicates":
                return {"doublons": [], "doublons_n": 0}
            case "person.registers":
                return {"registres_trouves": []}
            case "funding.cumul":
                return {"cumul": 0}
            case "case.move":
                return {"poste": given["poste"]}
            case "document.reuse":
                return {"pieces_connues": []}
        return self.chain(str(job.job), given)

    def chain(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        match name:
            case "funding.reserve":
                self.release(given.get("reservation_id"))
                number = self.number("R")
                self.hold(number, given["montant_demande"])
                return {"disponible": 50_000_000, "deja_accorde_cumul": 0, "regie_solde": 0, "reservation_id": number}
            case "funding.release":
                for number in list(self.held) if given.get("portee") == "dossier" else [given.get("reservation_id")]:
                    self.release(number)
            case "funding.commit" | "payment.advance":
                self.release(given.get("reservation_id"))
                self.money["committed"] += given["montant_accorde"]
                return {"engagement_id": given.get("engagement_id") or self.number("E")}
            case "funding.regularise":
                return {"engage": True, "ligne": "PROT-SOC"}
            case "funding.decommit":
                self.money["decommitted"] += given.get("montant") or 0
            case "payment.liquidate":
                self.money["liquidated"] += given["montant_liquide"]
                return {"paiement_id": self.number("P")}
            case "payment.order":
                return {"mandat_id": self.number("M")}
            case "payment.pay":
                self.money["paid"] = self.money["liquidated"]
                return {"montant_paye": self.money["liquidated"]}
        return {}

    def hold(self, number: str, amount: int) -> None:
        self.held[number] = amount
        self.money["reserved"] = sum(self.held.values())

    def release(self, number: str | None) -> None:
        self.held.pop(number or "", None)
        self.money["reserved"] = sum(self.held.values())
