"""Tasks and cases: who may act, and what is no longer possible."""

SENTENCES: dict[str, tuple[str, str]] = {
    "not_found": ("Cette page n’existe pas pour vous.", "This page does not exist for you."),
    "invalid": ("{count} point(s) à corriger.", "{count} point(s) to correct."),
    "incident": (
        "La procédure n’a pas pu avancer : {message}. L’administrateur est prévenu ; rien n’est perdu.",
        "The procedure could not go on: {message}. The administrator has been told; nothing is lost.",
    ),
    "already_done": ("{who} a terminé cette tâche le {when}.", "{who} completed this task on {when}."),
    "task_withdrawn": (
        "Cette tâche n’est plus à faire : la procédure a continué autrement.",
        "This task is no longer to be done: the procedure went on another way.",
    ),
    "task_moved_on": (
        "Une échéance vient de changer l’état du dossier : relisez la tâche.",
        "A deadline has just changed the case: read the task again.",
    ),
    "case_closed": ("Ce dossier est clos : rien ne peut y être ajouté.", "This case is closed: nothing can be added to it."),
    "case_suspended": ("Ce dossier est suspendu : reprenez-le d’abord.", "This case is suspended: resume it first."),
    "key_reused": (
        "Cette demande a déjà servi pour une autre saisie : rechargez la page.",
        "This request was already used for other data: reload the page.",
    ),
    "not_your_role": (
        "Cette tâche revient au rôle « {role} », que vous ne tenez pas ici.",
        "This task belongs to the role “{role}”, which you do not hold here.",
    ),
    "taken_by_other": ("{who} a pris cette tâche : demandez-lui de la rendre.", "{who} has taken this task: ask them to give it back."),
    "four_eyes": (
        "Séparation des fonctions : vous avez fait « {step} » dans ce dossier ; une autre personne doit faire cette tâche.",
        "Separation of duties: you did “{step}” in this case; somebody else must do this task.",
    ),
    "relative": (
        "Séparation des fonctions : {who}, votre parent déclaré, a fait « {step} » ; une autre personne doit décider.",
        "Separation of duties: {who}, your declared relative, did “{step}”; somebody else must decide.",
    ),
    "own_case": (
        "Séparation des fonctions : ce dossier vous nomme, vous ou un parent déclaré ; une autre personne doit décider (règle S3).",
        "Separation of duties: this case names you or a declared relative; somebody else must decide (rule S3).",
    ),
    "may_not_start": ("Votre rôle n’ouvre pas ce type de dossier à ce poste.", "Your role does not open this type of case at this post."),
    "may_not_suspend": (
        "Seul un superviseur du dossier peut le suspendre ou le reprendre.",
        "Only a supervisor of the case can suspend or resume it.",
    ),
    "not_suspended": ("Ce dossier n’est pas suspendu.", "This case is not suspended."),
    "may_not_assign": (
        "Seuls la personne qui tient la tâche et son superviseur peuvent la confier.",
        "Only the person who holds the task and their supervisor can hand it over.",
    ),
    "assignee_cannot": ("{who} ne peut pas faire cette tâche : {why}", "{who} cannot do this task: {why}"),
    "not_awaited": (
        "Personne n’attend ce message dans ce dossier pour le moment.",
        "Nobody awaits this message in this case at the moment.",
    ),
    "message_unknown": ("Cette procédure ne connaît pas ce message.", "This procedure does not know this message."),
    "unknown_type": ("Ce type de dossier n’existe pas.", "This type of case does not exist."),
    "may_not_correct": (
        "Seul un décideur du dossier peut corriger un fait, avec un motif.",
        "Only a decision-maker of the case can correct a fact, with a reason.",
    ),
    "priority_lower": (
        "Seul un superviseur peut abaisser la priorité, avec un motif.",
        "Only a supervisor can lower the priority, with a reason.",
    ),
    "not_closed": ("Ce dossier n’est pas clos.", "This case is not closed."),
    "reopen_too_late": (
        "Ce dossier est clos depuis plus de {months} mois : ouvrez-en un nouveau, lié à celui-ci.",
        "This case has been closed for more than {months} months: open a new one, linked to it.",
    ),
    "may_not_delegate": (
        "On ne délègue qu’un rôle que l’on tient soi-même, sur ses propres types de dossiers.",
        "Only a role that one holds oneself can be delegated, for one’s own types of cases.",
    ),
    "delegation_above": ("Le plafond délégué dépasse le vôtre.", "The delegated ceiling passes your own."),
    "link_known": ("Ces deux dossiers sont déjà liés ainsi.", "These two cases are already linked so."),
    "link_unknown": ("Ce dossier n’existe pas, ou pas pour vous.", "This case does not exist, or not for you."),
    "link_itself": ("Un dossier ne se lie pas à lui-même.", "A case is not linked to itself."),
    "link_kind": ("Choisissez le lien dans la liste.", "Choose the link from the list."),
    "setting_kind": ("Donnez une valeur de la même sorte que la précédente.", "Give a value of the same kind as before."),
    "cover_is_absent": ("Choisissez une autre personne.", "Choose somebody else."),
    "reason_missing": ("Écrivez le motif.", "Write the reason."),
    "admin_only": ("Cette page est réservée à l’administration fonctionnelle.", "This page is for functional administration only."),
    "scale_read_only": ("Un auditeur lit, il n’agit pas.", "An auditor reads and does not act."),
}
