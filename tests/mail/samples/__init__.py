"""One mail of every kind, with facts that make its words show what they can do."""

from tests.mail.samples.answers import OF_ANSWERS
from tests.mail.samples.applications import OF_APPLICATIONS
from tests.mail.samples.choices import OF_CHOICES
from tests.mail.samples.interviews import OF_INTERVIEWS
from tests.mail.samples.nudges import OF_CHASE
from tests.mail.samples.training import OF_TRAINING

SAMPLES = OF_CHASE | OF_INTERVIEWS | OF_APPLICATIONS | OF_ANSWERS | OF_CHOICES | OF_TRAINING
