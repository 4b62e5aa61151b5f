"""Money that is refused (hard stops of the ministry's funding rules), imprests, credit, the treasury and partners."""

SENTENCES: dict[str, tuple[str, str]] = {
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
    "reservation_over": (
        "Rien n’est plus réservé pour cette demande : la réservation a pris fin, ou la décision est prise.",
        "Nothing is reserved for this request any more: the reservation has ended, or the decision has been taken.",
    ),
    "reservation_renewed": (
        "Cette réservation court déjà pour tout son délai, compté d’aujourd’hui.",
        "This reservation already runs for its whole period, counted from today.",
    ),
    "may_not_renew": (
        "Seuls prolongent une réservation la personne qui a demandé l’argent et les finances.",
        "Only the person who asked for the money and the finance department renew a reservation.",
    ),
    "request_missing": ("La demande ou le paiement {number} n’existe pas.", "The request or payment {number} does not exist."),
    "imprest_blocked": (
        "Réapprovisionnement bloqué : {amount} FCFA payés attendent leurs justificatifs depuis plus de {days} jours, "
        "dont {oldest} FCFA du {day}. Entrez-les d’abord ; les secours urgents passent entre-temps par l’accord téléphonique.",
        "Replenishment blocked: {amount} FCFA paid have been waiting for vouchers for more than {days} days, {oldest} FCFA of them "
        "since {day}. Enter these first; urgent help goes through the agreement by telephone meanwhile.",
    ),
    "imprest_above_ceiling": (
        "La régie de {ceiling} FCFA tient {balance} FCFA en caisse et {awaited} FCFA à justifier : {room} FCFA au plus peuvent y entrer.",
        "The imprest of {ceiling} FCFA holds {balance} FCFA in cash and {awaited} FCFA to be shown: {room} FCFA at most can come in.",
    ),
    "imprest_asked_already": (
        "Un réapprovisionnement de {amount} FCFA est déjà en cours pour cette régie.",
        "A replenishment of {amount} FCFA is already under way for this imprest.",
    ),
    "imprest_four_eyes": (
        "Séparation des fonctions : vous, ou un proche, avez demandé ce réapprovisionnement ; une autre personne doit décider.",
        "Separation of duties: you, or a relative, asked for this replenishment; somebody else must decide.",
    ),
    "imprest_receiver": (
        "Séparation des fonctions : qui a accordé ces fonds n’en note pas la réception.",
        "Separation of duties: whoever granted this cash does not record that it was received.",
    ),
    "imprest_over": ("Ce réapprovisionnement a déjà été décidé ou reçu.", "This replenishment has already been decided or received."),
    "imprest_amount": ("Écrivez un montant en francs, par exemple 45 000.", "Write an amount in francs, for example 45,000."),
    "imprest_left": (
        "Il reste {left} FCFA à justifier sur cette dépense : justificatif et reste rendu ne peuvent pas dépasser ce montant.",
        "{left} FCFA of this expense are still to be shown: voucher and returned rest cannot exceed this amount.",
    ),
    "imprest_number": ("Écrivez le numéro du justificatif ou de la quittance.", "Write the number of the voucher or of the receipt."),
    "imprest_file": ("Joignez le justificatif : PDF, JPEG ou PNG.", "Attach the voucher: PDF, JPEG or PNG."),
    "imprest_reason": ("Écrivez le motif.", "Write the reason."),
    "imprest_reference": ("Écrivez la référence du versement.", "Write the reference of the transfer."),
    "move_reason": ("Écrivez la décision et son motif.", "Write the decision and its reason."),
    "move_amount": ("Écrivez un montant en francs, plus grand que zéro.", "Write an amount in francs, greater than zero."),
    "move_same": ("Choisissez une autre ligne.", "Choose another line."),
    "move_other": ("Choisissez une ligne du même exercice.", "Choose a line of the same budget year."),
    "move_too_much": ("Seuls {available} FCFA sont disponibles sur cette ligne.", "Only {available} FCFA are available on this line."),
    "move_frozen": ("Seuls {frozen} FCFA sont gelés sur cette ligne.", "Only {frozen} FCFA are frozen on this line."),
    "year_end_choice": ("Choisissez ce que devient cet engagement.", "Choose what becomes of this commitment."),
    "year_end_spent": (
        "Rien n’est à dégager ni à reporter : le montant est liquidé, ou la régie l’a déjà payé. Il reste à le payer.",
        "Nothing can be given up or carried over: the amount is liquidated, or the imprest has already paid it. It is to be paid.",
    ),
    "year_end_one_year": (
        "Seules les lignes pluriannuelles se reportent : {line} n’en est pas une.",
        "Only lines of several years are carried over: {line} is not one of them.",
    ),
    "year_end_paid": ("Cet engagement n’a plus rien à payer.", "Nothing of this commitment is left to be paid."),
    "year_end_early": (
        "Les engagements de {year} se décident à partir du {day}.",
        "Commitments of {year} are decided on from {day} on.",
    ),
    "treasury_columns": (
        "Il manque la colonne « {names} » : la première ligne nomme mandat, montant, date et statut.",
        "The column “{names}” is missing: the first row names mandat, montant, date and statut.",
    ),
    "treasury_seen": ("Ce fichier a déjà été rapproché.", "This file has already been compared."),
    "treasury_over": ("Ce fichier a déjà été confirmé ou abandonné.", "This file has already been confirmed or given up."),
    "document_doubted": (
        "Une pièce jointe est mise en doute : faites-la vérifier, ou remplacez-la.",
        "An attached document is doubted: have it verified, or replace it.",
    ),
    "gap_has_task": (
        "Cet écart est une tâche du dossier de son mandat : répondez-y là.",
        "This difference is a task of the case of its mandate: answer it there.",
    ),
    "gap_settled": ("Cet écart a déjà été traité.", "This difference has already been dealt with."),
    "gap_result": ("Choisissez un résultat.", "Choose a result."),
    "gap_remarks": ("Écrivez ce qui a été constaté ou fait.", "Write what was found or done."),
    "row_wrong": ("ligne {line} : {text}", "row {line}: {text}"),
    "row_order": ("il manque le numéro du mandat", "the number of the mandate is missing"),
    "row_twice": ("le mandat {order} est déjà à la ligne {line}", "mandate {order} is already on row {line}"),
    "row_amount": ("« {text} » n’est pas un montant en francs", "“{text}” is no amount in francs"),
    "row_date": ("« {text} » n’est pas une date (2026-02-27 ou 27/02/2026)", "“{text}” is no date (2026-02-27 or 27/02/2026)"),
    "row_status": ("« {text} » n’est ni « paye » ni « rejete »", "“{text}” is neither “paye” nor “rejete”"),
    "partner_month": ("Choisissez un mois de l’exercice qui a commencé.", "Choose a month of the year that has begun."),
    "partner_amount": ("Écrivez un montant en francs, zéro s’il n’y a rien.", "Write an amount in francs, zero if there is nothing."),
    "partner_paid": (
        "Le partenaire n’a pas payé plus qu’il n’a engagé : vérifiez les deux montants.",
        "The partner has not paid more than it committed: check both amounts.",
    ),
    "partner_reference": (
        "Écrivez la référence du relevé : numéro, date, expéditeur.",
        "Write the reference of the statement: number, date, sender.",
    ),
    "checklist_open": (
        "Un point de la liste de contrôle n’est pas tenu ({points}) : écrivez le motif de dérogation.",
        "A point of the checklist does not hold ({points}): write the reason for an exception.",
    ),
    "children_uneven": (
        "Les fiches de la demande {number} ont reçu {handed} FCFA, et {paid} FCFA ont été payés : reversez ou rapprochez la différence "
        "avant de clore.",
        "The children of request {number} received {handed} FCFA, and {paid} FCFA were paid: return or explain the difference before "
        "closing.",
    ),
    "credits_columns": (
        "Il manque la colonne « {names} » : la première ligne nomme au moins code et credits.",
        "The column “{names}” is missing: the first row names at least code and credits.",
    ),
    "credits_row": ("ligne {line} : {text}", "row {line}: {text}"),
    "credits_code": ("« {text} » n’est pas un code de ligne", "“{text}” is no code of a line"),
    "credits_twice": ("la ligne {text} est déjà donnée plus haut", "line {text} is already given above"),
    "credits_amount": ("« {text} » n’est pas un montant en francs plus grand que zéro", "“{text}” is no amount in francs above zero"),
    "credits_missing": (
        "la ligne {name} est nouvelle : il manque {text}",
        "line {name} is new: {text} is missing",
    ),
    "credits_source": (
        "« {text} » : la source est un mot, par exemple etat, partenaire ou mixte",
        "“{text}”: the source is one word, for example etat, partenaire or mixte",
    ),
    "credits_day": ("« {text} » n’est pas une date (2027-11-30 ou 30/11/2027)", "“{text}” is no date (2027-11-30 or 30/11/2027)"),
    "credits_days": (
        "les derniers engagements de {text} tombent dans l’exercice, les derniers paiements ensuite",
        "the last commitments of {text} fall within the year, the last payments after them",
    ),
    "credits_items": ("« {text} » : des codes, séparés par des virgules", "“{text}”: codes, separated by commas"),
    "credits_currency": ("« {text} » : une devise en trois lettres, EUR ou XOF", "“{text}”: a currency in three letters, EUR or XOF"),
    "credits_flag": ("« {text} » : oui ou non", "“{text}”: oui or non"),
    "credits_kind": ("Choisissez ce que fait l’acte.", "Choose what the act does."),
    "credits_reference": (
        "Écrivez la référence de l’acte : loi de finances, décret, arrêté, avec sa date.",
        "Write the reference of the act: finance law, decree, order, with its date.",
    ),
    "credits_year": ("Choisissez l’exercice en cours ou le suivant.", "Choose the present budget year or the next."),
    "credits_none": (
        "Écrivez un montant pour une ligne au moins, ou joignez un fichier.",
        "Write an amount for at least one line, or attach a file.",
    ),
    "credits_opened": (
        "Les crédits de {text} sont déjà ouverts : entrez un supplément.",
        "The credits of {text} are open already: enter a supplement.",
    ),
    "credits_unknown": ("L’exercice n’a pas encore de ligne {text}.", "The year has no line {text} yet."),
    "credits_cut": (
        "Seuls {available} FCFA sont disponibles sur {text} : on ne retire pas ce qui est engagé, réservé ou gelé.",
        "Only {available} FCFA are available on {text}: what is committed, reserved or frozen cannot be taken away.",
    ),
    "credits_own": (
        "Séparation des fonctions : vous, ou un proche, avez entré ces crédits ; une autre personne doit les confirmer.",
        "Separation of duties: you, or a relative, entered these credits; somebody else must confirm them.",
    ),
    "credits_over": ("Cet acte a déjà été confirmé ou refusé.", "This act has already been confirmed or refused."),
}
