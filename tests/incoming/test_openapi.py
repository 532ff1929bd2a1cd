"""docs/openapi.json: it is an OpenAPI 3.1 document, its examples are taken, and what it says is what is done."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.incoming import shapes, taking
from bot.incoming.door import SIGNATURE

DOCUMENT = json.loads((Path(__file__).parents[2] / "docs/openapi.json").read_text())
POST = DOCUMENT["paths"]["/alerts"]["post"]
BODY = POST["requestBody"]["content"]["application/json"]
SCHEMAS = DOCUMENT["components"]["schemas"]

# The parts of OpenAPI 3.1 (spec.openapis.org/oas/v3.1.0, §4.8) that this document uses, each with what it must have.
_DESCRIBED = {"type": "object", "required": ["description"]}
OPENAPI = {
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "properties": {
        "openapi": {"pattern": r"^3\.1\.\d+$"},
        "info": {"required": ["title", "version"]},
        "servers": {"items": {"required": ["url"]}},
        "security": {"items": {"additionalProperties": {"type": "array"}}},
        "paths": {
            "patternProperties": {
                "^/": {
                    "additionalProperties": {
                        "required": ["responses"],
                        "properties": {
                            "requestBody": {"required": ["content"]},
                            "responses": {
                                "minProperties": 1,
                                "patternProperties": {r"^[1-5]\d\d$": _DESCRIBED},
                                "additionalProperties": False,
                            },
                        },
                    }
                }
            },
            "additionalProperties": False,
        },
        "components": {
            "properties": {"securitySchemes": {"additionalProperties": {"required": ["type"]}}},
        },
    },
    "additionalProperties": False,
}


def told(name: str):
    """A validator of one of the document's schemas; references go within the document."""
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]})


def test_it_is_an_openapi_document():
    Draft202012Validator(OPENAPI).validate(DOCUMENT)
    for schema in (*SCHEMAS.values(), BODY["schema"]):
        Draft202012Validator.check_schema(schema)
    schemes = set(DOCUMENT["components"]["securitySchemes"])
    assert {name for one in DOCUMENT["security"] for name in one} == schemes


def test_what_it_says_is_what_is_done():
    assert DOCUMENT["components"]["securitySchemes"]["signature"]["name"] == SIGNATURE
    assert set(SCHEMAS["Alert"]["properties"]) == set(shapes._Ours.model_fields)
    assert SCHEMAS["Alertmanager"]["properties"]["alerts"]["maxItems"] == shapes.MOST
    assert f"{taking.RATE:,.0f} alerts a second" in POST["responses"]["429"]["description"]


@pytest.mark.parametrize("name", BODY["examples"])
async def test_each_example_is_valid_and_taken(name, sender):
    value = BODY["examples"][name]["value"]
    whole = Draft202012Validator(BODY["schema"] | {"components": DOCUMENT["components"]})
    whole.validate(value)
    status, said = await sender.posts(value)
    assert status == 202
    told("Taken").validate(said)


async def test_what_it_refuses_is_refused(sender):
    many: tuple[dict[str, object], ...] = ({"title": 7}, {"title": "x", "sev": "critical"}, {"alerts": [{}]})
    for wrong in many:
        assert not told("Alert").is_valid(wrong) or not told("Alertmanager").is_valid(wrong)
        status, said = await sender.posts(wrong)
        assert str(status) in POST["responses"]
        assert status == 400
        told("Refusal").validate(said)
