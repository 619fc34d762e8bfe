"""What an action may raise. Each is an answer to a person: what happened, and what to do. Channels map them once.

The sentence is said in the reader's language where it is raised: `raise Missing(_("没有这个岗位。"))`, with named parameters.
"""

from __future__ import annotations


class Refusal(Exception):
    """An action was not done. `status` is the HTTP status the API answers with; `code` is stable for programs."""

    status = 422
    code = "refused"
    # Seconds until trying again may help, when that is known.
    retry_after: int | None = None

    def __init__(self, message: str, *, code: str | None = None, fields: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.message = message
        # Field → its sentence with the question's own name, where the form knows it: for a list that stands away from the fields.
        self.lines: dict[str, str] = {}
        self.fields = fields or {}
        if code:
            self.code = code


class Invalid(Refusal):
    """Input is wrong; `fields` says which, and what to do."""

    status = 422
    code = "invalid"


class Forbidden(Refusal):
    """The reader may not do this."""

    status = 403
    code = "forbidden"


class Missing(Refusal):
    """There is no such thing, or the reader may not know of it. Never says which."""

    status = 404
    code = "not_found"


class Conflict(Refusal):
    """Someone else was first, or the matter is not in a state that allows this. Look again, then decide."""

    status = 409
    code = "conflict"
