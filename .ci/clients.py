"""Asks a running server as analysts' Python tools do: gql with both of its transports, and graphql-core on the schema.

Usage: clients.py ADDRESS, such as http://127.0.0.1:8080
"""
import asyncio
import json
import sys
import urllib.request

from gql import Client, gql
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from graphql import (
    GraphQLSchema,
    build_client_schema,
    build_schema,
    get_introspection_query,
    lexicographic_sort_schema,
    parse,
    print_schema,
    validate,
    validate_schema,
)

ADDRESS = sys.argv[1]
ENDPOINT = ADDRESS + "/graphql"
QUERY = """
query Some($first: Int!, $where: VillageFilter) {
  villages(first: $first, where: $where, orderBy: [{code: ASC}]) {
    totalCount
    nodes { __typename id name ...Incidence }
    pageInfo { hasNextPage endCursor }
  }
}
fragment Incidence on Village { incidence }
"""


def get(path: str) -> str:
    with urllib.request.urlopen(ADDRESS + path, timeout=20) as answer:
        return answer.read().decode()


def same(what: str, found: object, expected: object) -> None:
    if found == expected:
        print(f"clients: {what}")
        return
    if isinstance(found, str) and isinstance(expected, str):
        for number, (left, right) in enumerate(zip(found.splitlines(), expected.splitlines()), 1):
            if left != right:
                sys.exit(f"clients: not so: {what}\n  line {number}: {left!r}\n  expected: {right!r}")
    sys.exit(f"clients: not so: {what}\n  found: {found!r:.2000}\n  expected: {expected!r:.2000}")


def directives(schema: GraphQLSchema) -> list[tuple]:
    """What print_schema leaves out of those that the specification defines."""
    return sorted(
        (
            directive.name,
            directive.description,
            directive.is_repeatable,
            sorted(location.name for location in directive.locations),
            sorted((name, str(argument.type), repr(argument.default_value)) for name, argument in directive.args.items()),
        )
        for directive in schema.directives
    )


def check_schema(client: Client) -> GraphQLSchema:
    published = build_schema(get("/schema.graphql"))
    same("graphql-core finds nothing wrong with /schema.graphql", validate_schema(published), [])
    for name, options in {
        "older clients": {"descriptions": True},
        "the newest clients": {
            "specified_by_url": True,
            "directive_is_repeatable": True,
            "schema_description": True,
            "input_value_deprecation": True,
            "one_of": True,
            "experimental_directive_deprecation": True,
        },
    }.items():
        introspection = client.execute(gql(get_introspection_query(**options)))
        rebuilt = build_client_schema(introspection)
        size = len(json.dumps(introspection))
        if name == "the newest clients":
            sorted_text = print_schema(lexicographic_sort_schema(rebuilt))
            same(
                f"the schema rebuilt from introspection ({size} bytes) is /schema.graphql, for {name}",
                sorted_text,
                print_schema(lexicographic_sort_schema(published)),
            )
            same("so are its directives", directives(rebuilt), directives(published))
            same("it is what introspecting /schema.graphql gives", print_schema(rebuilt), print_schema(published))
        else:
            same(f"a schema can be built from introspection ({size} bytes), for {name}", validate_schema(rebuilt), [])
    return published


def check_questions(schema: GraphQLSchema) -> None:
    questions = json.loads(get("/q"))
    for question in questions:
        document = parse(get(f"/q/{question['name']}/source"))
        same(f"graphql-core finds /q/{question['name']} valid", validate(schema, document), [])
    same("there are saved questions", len(questions) > 0, True)


def check_errors(client: Client) -> None:
    """A client that has no schema sends what is wrong, and is told what."""
    for document, code in {
        "{ nothingOfThisName }": "GRAPHQL_VALIDATION_FAILED",
        "query($n: Int!) { villages(first: $n) { totalCount } }": "BAD_USER_INPUT",
    }.items():
        try:
            client.execute(gql(document))
        except TransportQueryError as error:
            same(f"{document!r} is refused as {code}", error.errors[0]["extensions"]["code"], code)
        else:
            sys.exit(f"clients: {document!r} is answered")


async def check_aiohttp(expected: dict) -> None:
    async with Client(transport=AIOHTTPTransport(url=ENDPOINT), fetch_schema_from_transport=True) as session:
        request = gql(QUERY)
        request.variable_values = {"first": 3, "where": {"incidence": {"lt": "0.5"}}}
        same("gql answers the same over aiohttp", await session.execute(request), expected)


def main() -> None:
    client = Client(
        transport=RequestsHTTPTransport(url=ENDPOINT),
        fetch_schema_from_transport=True,
        introspection_args={"input_value_deprecation": True, "input_object_one_of": True},
    )
    with client as session:
        request = gql(QUERY)
        request.variable_values = {"first": 3, "where": {"incidence": {"lt": "0.5"}}}
        answer = session.execute(request)
        same("gql fetches the schema, validates, and is answered", len(answer["villages"]["nodes"]), 3)
        request.variable_values = {"first": 1}
        same("a variable left out lifts its filter", session.execute(request)["villages"]["totalCount"] > 0, True)
    asyncio.run(check_aiohttp(answer))
    plain = Client(transport=RequestsHTTPTransport(url=ENDPOINT, use_json=True))
    schema = check_schema(plain)
    check_questions(schema)
    check_errors(plain)


main()
