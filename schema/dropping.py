"""What was left out of an answer because of whom it is for: ``extensions.dropped`` of the answer names it."""

from __future__ import annotations

from typing import Any

from strawberry.extensions import SchemaExtension

from schema.context import Context


class TellDropped(SchemaExtension):
    """Says so in every answer that it holds for, whichever fields were asked."""

    def get_results(self) -> dict[str, Any]:
        """What the answer's ``extensions`` have beside what others add."""
        context = self.execution_context.context
        if not isinstance(context, Context) or not context.dropped:
            return {}
        return {"dropped": sorted(context.dropped)}
