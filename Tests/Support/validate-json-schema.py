#!/usr/bin/env python3
"""Holds JSON files against a JSON Schema (2020-12): validate-json-schema.py SCHEMA FILE...

Exits 0 when the schema is one and every file fulfils it, 1 with a message for each thing that is wrong, 3 when the
validator is missing.
"""

import json
import sys

try:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError
except ImportError:
    print(
        "no JSON Schema validator: install Debian's python3-jsonschema (4.0 or later), or jsonschema with pip into a "
        "virtual environment in .build/venv; `make setup` does either",
        file=sys.stderr,
    )
    sys.exit(3)


def read(name):
    with open(name, encoding="utf-8") as file:
        return json.load(file)


def main(schema_name, *names):
    schema = read(schema_name)
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        print(f"{schema_name}: no schema: {error.message}")
        return 1
    validator = Draft202012Validator(schema)
    wrong = 0
    for name in names:
        try:
            document = read(name)
        except ValueError as error:
            print(f"{name}: no JSON: {error}")
            wrong += 1
            continue
        for error in validator.iter_errors(document):
            print(f"{name}: {error.json_path}: {error.message[:300]}")
            wrong += 1
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        print("usage: validate-json-schema.py SCHEMA FILE...", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*sys.argv[1:]))
