"""What is told to people: one template an event, its first line the subject.

`told("dossiers/told/deadline", …)` fills templates/dossiers/told/deadline.txt: the words of the
bell and of the letter. Where a letter says it otherwise, the event has a template of its own for it
(flags_letter.txt). Plain text: nothing is escaped, a mail client shows it as it is.
"""

from typing import Any, TypedDict

from django.template import Context, engines


class Told(TypedDict):
    """What `post` takes."""

    subject: str
    body: str


def told(event: str, **about: Any) -> Told:
    """The words of an event. Errors: TemplateDoesNotExist."""
    template: Any = engines["django"].get_template(f"{event}.txt")
    text = str(template.template.render(Context(about, autoescape=False)))
    subject, _, body = text.strip().partition("\n")
    return Told(subject=subject.strip(), body=body.strip())
