"""GraphQL over HTTP: what may come in, which status goes out. Everything refused here is answered as JSON.

JSON is read by the standard library, which keeps integers of any size and half characters as they came, so that the
one event that holds one is refused by name and the rest of its batch is recorded. It is written by orjson.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, NoReturn, TypeVar

import orjson
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

from schema.graphiql import PAGE

Context = TypeVar("Context")

JSON_TYPE: Final = "application/json"
GRAPHQL_TYPE: Final = "application/graphql-response+json"
TEMPLATES: Final = {media_type: Response(media_type=media_type) for media_type in (JSON_TYPE, GRAPHQL_TYPE)}
"""What a response starts from, by its media type; shared, never written on."""

CODES: Final = {
    HTTPStatus.METHOD_NOT_ALLOWED: "METHOD_NOT_ALLOWED",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "BODY_TOO_LARGE",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
    HTTPStatus.SERVICE_UNAVAILABLE: "TIMEOUT",
}


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


class GraphQLOverHTTP(GraphQL[Context, None]):
    """The GraphQL endpoint as an ASGI application. ``context`` makes what resolvers get, once per request.

    ``timeout``: seconds that a request may take. ``answered`` is told the status and the seconds of each.
    """

    def __init__(
        self,
        schema: BaseSchema,
        context: Callable[[], Context],
        *,
        body_limit: int,
        timeout: float = 60.0,
        graphiql: bool = True,
        answered: Callable[[int, float], None] = lambda _, __: None,
    ) -> None:
        super().__init__(schema, graphql_ide="graphiql" if graphiql else None, subscription_protocols=())
        self.context = context
        self.body_limit = body_limit
        self.timeout = timeout
        self.answered = answered

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, limited(receive, self.body_limit))
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.timeout):
                response = await self.run(request)
        except ClientDisconnect:
            return
        except HTTPException as error:
            response = refusal(error.status_code, error.reason, response_type(request))
        except TimeoutError:
            reason = f"This took longer than {self.timeout:g} seconds and was given up; ask for less at once."
            response = refusal(HTTPStatus.SERVICE_UNAVAILABLE, reason, response_type(request))
        self.answered(response.status_code, time.perf_counter() - started)
        await response(scope, receive, send)

    @override
    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        return self.context()

    @override
    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        return TEMPLATES[response_type(request)]

    @override
    def should_render_graphql_ide(self, request: BaseRequestProtocol) -> bool:
        asks_for_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        return asks_for_page and request.query_params.get("query") is None

    @override
    async def render_graphql_ide(self, request: Request) -> Response:
        return FileResponse(PAGE, headers={"cache-control": "no-cache"})

    @override
    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        if request.method == "GET":
            return operation(self.parse_query_params(request.query_params))
        if (request.content_type or "").partition(";")[0].strip().lower() != JSON_TYPE:
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Send the request body as {JSON_TYPE}.")
        return operation(read_json(await request.get_body()))

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
        failed = "data" not in response_data and media_type == GRAPHQL_TYPE
        status = HTTPStatus.BAD_REQUEST if failed else HTTPStatus.OK
        return Response(write_json(response_data), status, media_type=media_type)


def _never_ran(result: ExecutionResult) -> bool:
    """Whether the request failed before anything was executed: what happens during execution has a path."""
    return result.data is None and not any(error.path for error in result.errors or ())


def response_type(request: Request | WebSocket) -> str:
    """The media type to answer with: the GraphQL one where the client lists it."""
    return GRAPHQL_TYPE if GRAPHQL_TYPE in request.headers.get("accept", "") else JSON_TYPE


def refusal(status: int, reason: str, media_type: str = JSON_TYPE) -> Response:
    """A request that did not get as far as GraphQL, as a GraphQL error."""
    code = CODES.get(HTTPStatus(status), "BAD_REQUEST")
    headers = {"allow": "GET, POST"} if status == HTTPStatus.METHOD_NOT_ALLOWED else None
    body = write_json({"errors": [{"message": reason, "extensions": {"code": code}}]})
    return Response(body, status, headers=headers, media_type=media_type)


def bad_request(reason: str) -> HTTPException:
    """What to raise for a request that cannot be understood."""
    return HTTPException(HTTPStatus.BAD_REQUEST, reason)


def operation(parameters: object) -> GraphQLRequestData:
    """The operation a request asks for. Raises HTTPException 400 where a parameter has the wrong type."""
    if isinstance(parameters, list):
        raise bad_request("Send one operation per request; many events go into one trackBatch.")
    if not isinstance(parameters, dict):
        raise bad_request("The request must be a JSON object with a query.")
    return GraphQLRequestData(
        query=_parameter(parameters, "query", str),
        variables=_parameter(parameters, "variables", dict),
        operation_name=_parameter(parameters, "operationName", str),
        extensions=_parameter(parameters, "extensions", dict),
    )


def _parameter(parameters: dict[str, Any], name: str, kind: type) -> Any:
    value = parameters.get(name)
    if value is not None and not isinstance(value, kind):
        raise bad_request(f"{name} must be {'a string' if kind is str else 'an object'} or null.")
    if name == "query" and not value:
        raise bad_request("The request has no query.")
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


def write_json(data: object) -> bytes:
    """Compact UTF-8; what orjson refuses (half characters, integers beyond 64 bits) is escaped or written out."""
    try:
        return orjson.dumps(data)
    except TypeError:
        return json.dumps(data, separators=(",", ":")).encode()
