"""What is said when money is refused (hard stops of the ministry's funding rules)."""

from app.services.sentences import register

register(
    {
        "line_unusable": ("Ligne non utilisable pour ce dossier.", "This line cannot be used for this case."),
        "credit_insufficient": ("Crédit insuffisant : disponible {available} FCFA.", "Insufficient credit: {available} FCFA available."),
        "higher_level": (
            "Décision de niveau supérieur requise : votre limite est de {ceiling} FCFA, le cumul est de {total} FCFA. "
            "Renvoyez la demande : elle ira au niveau compétent.",
            "A higher level must decide: your limit is {ceiling} FCFA, the total is {total} FCFA. "
            "Send the request back: it will go to the competent level.",
        ),
        "double_payment": (
            "Double paiement : cette facture de ce fournisseur est déjà liquidée.",
            "Double payment: this invoice of this supplier has already been liquidated.",
        ),
        "payee_not_validated": (
            "Les coordonnées de paiement de ce bénéficiaire ne sont pas validées, ou ont changé depuis moins de 48 h.",
            "The payment details of this payee are not validated, or changed less than 48 hours ago.",
        ),
        "other_payee": (
            "Ce paiement a été décidé pour un autre bénéficiaire : {payee} ne peut pas le recevoir sans une nouvelle décision.",
            "This payment was decided for somebody else: {payee} cannot receive it without a new decision.",
        ),
        "request_changed": (
            "Avis et accord sans effet : le montant, le bénéficiaire ou une pièce de la demande {number} a changé depuis. "
            "Rétablissez-les, ou refaites la demande.",
            "Opinions and approval have no effect: the amount, the payee or a document of request {number} has changed since. "
            "Restore them, or make the request again.",
        ),
        "advance_unjustified": (
            "Une avance à cette personne attend ses justificatifs depuis plus de {days} jours : régularisez-la d’abord "
            "({amount} FCFA, payés le {day}).",
            "An advance to this person has been waiting for its vouchers for more than {days} days: regularise it first "
            "({amount} FCFA, paid on {day}).",
        ),
        "payment_sides": (
            "Séparation des fonctions : qui a demandé, accordé, certifié ou ordonné cette dépense n’enregistre pas son paiement.",
            "Separation of duties: whoever asked for, granted, certified or ordered this expense does not record its payment.",
        ),
        "payments_frozen": (
            "Paiements gelés sur ce dossier : {reasons}.",
            "Payments are frozen on this case: {reasons}.",
        ),
        "payments_over": (
            "Ligne non utilisable pour ce dossier : les paiements de l’exercice {year} sur {line} ont pris fin le {day}.",
            "This line cannot be used for this case: payments of the year {year} on {line} ended on {day}.",
        ),
        "over_certified": (
            "Le montant dépasse ce qui reste à constater : {left} FCFA au plus.",
            "The amount exceeds what is left to certify: {left} FCFA at most.",
        ),
        "over_withheld": (
            "On ne retient pas plus que le montant liquidé ({amount} FCFA).",
            "No more than the liquidated amount ({amount} FCFA) can be withheld.",
        ),
        "over_uncollected": (
            "Le montant non retiré ne peut pas dépasser les {liquidated} FCFA liquidés.",
            "The amount not collected cannot exceed the {liquidated} FCFA liquidated.",
        ),
        "instalment_unjustified": (
            "La tranche {number} doit être payée, et justifiée à {share} % au moins, avant la suivante.",
            "Instalment {number} must be paid, and at least {share} % of it justified, before the next one.",
        ),
        "number_taken": ("Ce numéro d’engagement existe déjà.", "This commitment number already exists."),
        "imprest_insufficient": ("La régie du poste n’a plus que {balance} FCFA.", "The imprest of the post has only {balance} FCFA left."),
        "voucher_too_much": (
            "Les justificatifs ne montrent pas plus que ce que la régie a payé et qui n’est pas revenu : {most} FCFA.",
            "Vouchers do not show more than the imprest paid and did not get back: {most} FCFA.",
        ),
        "voucher_too_little": (
            "Des justificatifs de {shown} FCFA sont déjà entrés pour cette dépense : écrivez le total.",
            "Vouchers of {shown} FCFA have already been entered for this expense: write the total.",
        ),
        "cash_limit": ("En espèces, {limit} FCFA au plus par personne.", "In cash, {limit} FCFA at most for each person."),
        "over_scale": ("Le barème donne {scale} FCFA au plus pour ce dossier.", "The scale gives {scale} FCFA at most for this case."),
        "over_asked": ("On accorde au plus les {asked} FCFA demandés.", "No more than the {asked} FCFA asked for can be granted."),
        "over_returned": ("On ne peut pas reverser plus que {paid} FCFA.", "No more than {paid} FCFA can be returned."),
        "request_missing": ("La demande ou le paiement {number} n’existe pas.", "The request or payment {number} does not exist."),
    }
)


def grouped(amount: int) -> str:
    """An amount with its thousands apart, for a sentence."""
    return f"{amount:,}".replace(",", "\u202f")
