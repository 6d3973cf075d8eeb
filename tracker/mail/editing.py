"""The words of one e-mail to a candidate, edited by a person before it goes out.

Names are filled in already, facts are still fields: a time, a link or a promise can be put elsewhere in the text, but
neither changed nor left out. Calendar, foot and receiver are not part of the words at all.
"""

from dataclasses import replace

from tracker.mail import merge
from tracker.mail.clean import many_lines, one_line
from tracker.mail.kinds import KINDS
from tracker.mail.messages import SUBJECT_LENGTH, Mail, Words, reworded
from tracker.rules.refused import Refused

TEXT_LENGTH = 20_000


class BadWords(Refused):
    """The e-mail cannot go out in these words."""


def offered(mail: Mail) -> Words | None:
    """Return the words of a mail as a person may edit them; None where they are not to be edited."""
    if mail.words is None or not KINDS[mail.kind].is_to_candidate:
        return None
    facts = KINDS[mail.kind].facts
    subject, text = (merge.fill(each, mail.values, keep=facts) for each in (mail.words.subject, mail.words.text))
    return cleaned(Words(subject, text))


def facts_in(words: Words) -> list[str]:
    """Return the names of the facts that offered words leave as fields, in their order."""
    return list(dict.fromkeys(merge.FIELD.findall(f"{words.subject}\n{words.text}")))


def edited(mail: Mail, words: Words) -> Mail:
    """Return the mail in the words that a person made of the offered ones. Raises BadWords."""
    words = cleaned(words)
    offer = offered(mail)
    if offer is None:
        raise BadWords("The words of this e-mail cannot be edited.")
    wrong = _problems(words, facts_in(offer))
    gone = [name for name in merge.FIELD.findall(offer.text) if name not in merge.FIELD.findall(words.text)]
    wrong += [f"{merge.mark(name)} stays in the text: please put it back." for name in dict.fromkeys(gone)]
    if wrong:
        raise BadWords(" ".join(wrong[:3]))
    # Once edited, the words are this mail's own: whoever edits again begins with them.
    return replace(reworded(mail, words), words=words)


def cleaned(words: Words) -> Words:
    """Return the words as forms bring them: one line, and lines without control characters or blanks at their ends."""
    text = "\n".join(line.rstrip() for line in many_lines(words.text).split("\n"))
    return Words(one_line(words.subject), text.strip())


def _problems(words: Words, known: list[str]) -> list[str]:
    if not words.subject or not words.text:
        return ["An e-mail has a subject and a text: please fill in both."]
    if len(words.subject) > SUBJECT_LENGTH or len(words.text) > TEXT_LENGTH:
        return [f"At most {SUBJECT_LENGTH} characters in the subject and {TEXT_LENGTH:,} in the text, please."]
    return merge.problems(words.subject, known, where="Subject") + merge.problems(words.text, known)
