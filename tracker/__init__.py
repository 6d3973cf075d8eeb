"""The tracker: a functional core, verbs that are the only writers, thin entry points.

Each layer imports only what stands to its right; those joined by | do not import each other::

    cli -> demo -> app -> web | worker -> pipeline -> queries | mail | planner | feeds -> models -> db -> rules

rules/     pure recruiting rules: the standard library only; no row, no request, no clock
planner/   the loop planner: values in, values out; of other packages numpy alone
models/    rows, one file per noun; constraints hold the facts
queries/   reads, one function per page or question; visibility is applied here, once
mail/      words and envelopes: messages, invitations, the outbox, SMTP
pipeline/  verbs in process order, the only writers
web/       pages: parse, permit, verb, commit, redirect
worker/    ticks: take what is due; one item, one commit
demo/      a believable organisation and the local inbox
clock.py   the only clock; read by entry points alone
db.py      the handle, the typed base, column types and database settings
statements.py  how queries ask: what is kept is compiled once
app.py     the composition root
"""
