"""GraphQL over HTTP: what may come in, which status goes out. Everything refused here is answered as JSON.

JSON is read by the standard library, which keeps integers of any size and half characters as they came, so that the
one event that holds one is refused by name and the rest of its batch is recorded. It is written by orjson.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final, NoReturn, Protocol, TypeVar

from cross_web import AsyncHTTPRequestAdapter, HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.base import BaseRequestProtocol
from strawberry.schema import BaseSchema
from strawberry.types import ExecutionResult
from typing_extensions import override

from schema.documents_by_id import AnyDocument, document_id, naming
from schema.graphiql import PAGE
from schema.headers import PAGE_POLICY, POLICY
from schema.principal import LOCAL, Principal
from schema.rate_limits import CODE as RATE_LIMITED
from schema.rate_limits import retry_after
from schema.refusals import JSON_TYPE, METHODS, refusal, told, write_json

Context = TypeVar("Context")
Caller = TypeVar("Caller", contravariant=True)

GRAPHQL_TYPE: Final = "application/graphql-response+json"
TEMPLATES: Final = {media_type: Response(media_type=media_type) for media_type in (JSON_TYPE, GRAPHQL_TYPE)}
"""What a response starts from, by its media type; shared, never written on."""
PAGE_HEADERS: Final = {"cache-control": "no-cache", POLICY: PAGE_POLICY}


class Gate(Protocol[Caller]):
    """What stands before GraphQL (``schema.gate``). All raise ``schema.refusals.Turned``."""

    def look(self, request: Request) -> None:
        """Before anybody knows who calls."""

    def admit(self, request: Request, context: Caller) -> None:
        """Once that is known, before the body is read."""

    def refuse(self, request: Request) -> None:
        """Whoever calls has no right credential."""

    def document(self, text: str | None, id: str | None, context: Caller, /) -> str:
        """What is run for a request with this text, this id of a document, or both."""
        ...


class Open:
    """A gate that lets everything in."""

    def look(self, request: Request) -> None: ...

    def admit(self, request: Request, context: object) -> None: ...

    def refuse(self, request: Request) -> None: ...

    def document(self, text: str | None, id: str | None, _: object) -> str:
        """The text."""
        return AnyDocument().document(text, id, LOCAL)


def limited(receive: Receive, limit: int) -> Receive:
    """``receive`` for a body of ``limit`` bytes at most, however it is sent. Raises HTTPException 413 beyond."""
    taken = 0

    async def bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            reason = f"The request body is larger than {limit} bytes; send smaller batches."
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)
        return message

    return bounded


class Written(Response):
    """A response in JSON. It keeps what it was written from until it has been sent: to forget thousands of rows takes
    nearly as long as to write them, and the caller need not wait for that."""

    def __init__(self, data: object, status: int = HTTPStatus.OK, **options: Any) -> None:
        super().__init__(write_json(data), status, **options)
        self.data = data


class GraphQLOverHTTP(GraphQL[Context, None]):
    """The GraphQL endpoint as an ASGI application. ``context`` makes what resolvers get, once per request.

    ``authenticate``: finds out who calls, which ``context`` then is told; without it nobody is asked.
    ``timeout``: seconds that a request may take. ``answered`` is told the status and the seconds of each.
    """

    def __init__(
        self,
        schema: BaseSchema,
        context: Callable[..., Context],
        *,
        authenticate: Callable[[Request], Awaitable[Principal]] | None = None,
        gate: Gate[Context] | None = None,
        body_limit: int,
        timeout: float = 60.0,
        graphiql: bool = True,
        answered: Callable[[int, float], None] = lambda _, __: None,
    ) -> None:
        super().__init__(schema, graphql_ide="graphiql" if graphiql else None, subscription_protocols=())
        self.context = context
        self.authenticate = authenticate
        self.gate: Gate[Context] = gate or Open()
        self.body_limit = body_limit
        self.timeout = timeout
        self.answered = answered

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, limited(receive, self.body_limit))
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.timeout):
                response = await self._answer(request)
        except ClientDisconnect:
            return
        except HTTPException as error:
            response = told(error, response_type(request))
        except TimeoutError:
            reason = f"This took longer than {self.timeout:g} seconds and was given up; ask for less at once."
            response = refusal(HTTPStatus.SERVICE_UNAVAILABLE, reason, response_type(request))
        self.answered(response.status_code, time.perf_counter() - started)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        """The page, or what the operation answers; whoever may not come in learns so before the body is read."""
        if request.method not in METHODS:
            raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED, f"GraphQL is asked by {' or '.join(METHODS)}.")
        self.gate.look(request)
        if self.should_render_graphql_ide(self.request_adapter_class(request)):
            return await self._page(request)
        template = await self.get_sub_response(request)
        try:
            context = await self.get_context(request, template)
        except HTTPException as error:
            if error.status_code == HTTPStatus.UNAUTHORIZED:
                self.gate.refuse(request)
            raise
        self.gate.admit(request, context)
        return await self.run(request, context)

    async def _page(self, request: Request) -> Response:
        if not self.graphql_ide:
            raise HTTPException(HTTPStatus.NOT_FOUND, "There is no page here: GraphiQL is off.")
        return await self.render_graphql_ide(request)

    @override
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        if self.authenticate is None:
            return self.context()
        if not isinstance(request, Request):
            raise HTTPException(HTTPStatus.NOT_IMPLEMENTED, "There is nothing here for web sockets.")
        return self.context(await self.authenticate(request))

    @override
    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        return TEMPLATES[response_type(request)]

    @override
    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        asks_for_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        return asks_for_page and request.query_params.get("query") is None

    @override
    async def render_graphql_ide(self, request: Request) -> Response:
        return FileResponse(PAGE, headers=PAGE_HEADERS)

    @override
    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        if request.method == "GET":
            return operation(self.parse_query_params(request.query_params))
        if (request.content_type or "").partition(";")[0].strip().lower() != JSON_TYPE:
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the request body as {JSON_TYPE}.")
        return operation(read_json(await request.get_body()))

    @override
    async def execute_single(
        self,
        request: Request,
        request_adapter: AsyncHTTPRequestAdapter,
        sub_response: Response,
        context: Context,
        root_value: None,
        request_data: GraphQLRequestData,
    ) -> ExecutionResult:
        """Of the document that the gate gives."""
        text = self.gate.document(request_data.query, document_id(request_data.extensions), context)
        asked = replace(request_data, query=text)
        return await super().execute_single(request, request_adapter, sub_response, context, root_value, asked)

    @override
    def decode_json(self, data: str | bytes) -> object:
        return read_json(data)

    @override
    def encode_json(self, data: object) -> bytes:
        return write_json(data)

    @override
    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        answer = await super().process_result(request, result)
        if _never_ran(result):
            del answer["data"]
        return answer

    @override
    def create_response(
        self, response_data: GraphQLHTTPResponse | list[GraphQLHTTPResponse], sub_response: Response
    ) -> Response:
        media_type = sub_response.media_type
        if "data" in response_data:
            return Written(response_data, media_type=media_type)
        if (wait_ms := _wait_ms(response_data)) is not None:
            headers = {"retry-after": retry_after(wait_ms)}
            return Written(response_data, HTTPStatus.TOO_MANY_REQUESTS, headers=headers, media_type=media_type)
        status = HTTPStatus.BAD_REQUEST if media_type == GRAPHQL_TYPE else HTTPStatus.OK
        return Written(response_data, status, media_type=media_type)


def _never_ran(result: ExecutionResult) -> bool:
    """Whether the request failed before anything was executed: what happens during execution has a path."""
    return result.data is None and not any(error.path for error in result.errors or ())


def _wait_ms(answer: Any) -> int | None:
    """How long the caller is to wait, where that is what the answer says."""
    said = [error.get("extensions") or {} for error in answer.get("errors", ())]
    return next((each["retryAfterMs"] for each in said if each.get("code") == RATE_LIMITED), None)


def response_type(request: Request | WebSocket) -> str:
    """The media type to answer with: the GraphQL one where the client lists it."""
    return GRAPHQL_TYPE if GRAPHQL_TYPE in request.headers.get("accept", "") else JSON_TYPE


def bad_request(reason: str) -> HTTPException:
    """What to raise for a request that cannot be understood."""
    return HTTPException(HTTPStatus.BAD_REQUEST, reason)


def operation(parameters: object) -> GraphQLRequestData:
    """The operation a request asks for. Raises HTTPException 400 where a parameter has the wrong type."""
    if isinstance(parameters, list):
        raise bad_request("Send one operation per request; many events go into one trackBatch.")
    if not isinstance(parameters, dict):
        raise bad_request("The request must be a JSON object with a query.")
    extensions = _parameter(parameters, "extensions", dict)
    return GraphQLRequestData(
        query=_parameter(parameters, "query", str),
        variables=_parameter(parameters, "variables", dict),
        operation_name=_parameter(parameters, "operationName", str),
        extensions=naming(extensions, _parameter(parameters, "documentId", str)),
    )


def _parameter(parameters: dict[str, Any], name: str, kind: type) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, kind):
        raise bad_request(f"{name} must be {'a string' if kind is str else 'an object'} or null.")
    return value


def read_json(data: str | bytes) -> Any:
    """The value that ``data`` stands for. Raises HTTPException 400 with the place of what is wrong."""
    try:
        return DECODER.decode(data if isinstance(data, str) else data.decode())
    except UnicodeDecodeError as error:
        reason = f"it is not UTF-8 at byte {error.start + 1}"
    except json.JSONDecodeError as error:
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:
        reason = str(error)
    raise bad_request(f"The request cannot be read as JSON: {reason}.")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
