"""What stands before GraphQL: which pages may call, how fast somebody may, and which documents are run."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.requests import Request

from schema.context import Context
from schema.documents_by_id import AnyDocument, Documents
from schema.origins import Origins
from schema.rate_limits import RateLimits


@dataclass(frozen=True)
class Gate:
    """Implements ``schema.http.Gate``. All of its methods raise ``schema.refusals.Turned``."""

    origins: Origins = field(default_factory=Origins)
    limits: RateLimits = field(default_factory=RateLimits)
    documents: Documents = field(default_factory=AnyDocument)

    def look(self, request: Request) -> None:
        """Before anybody knows who calls."""
        self.origins.check(request.method, request.headers)

    def admit(self, request: Request, context: Context) -> None:
        """Once that is known: takes the request's first token."""
        context.allowance = self.limits.allowance(context.principal, _address(request))
        context.allowance.take()

    def refuse(self, request: Request) -> None:
        """Whoever calls has no right credential."""
        self.limits.unknown(_address(request)).take()

    def document(self, text: str | None, id: str | None, context: Context) -> str:
        """What is run."""
        return self.documents.document(text, id, context.principal)


def _address(request: Request) -> str | None:
    return request.client.host if request.client else None
