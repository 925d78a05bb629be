"""Validates JSON documents by a JSON Schema (2020-12): validate-json-schema.py SCHEMA DOCUMENT…

Exits with 1 and a line for each error where a document isn't valid, with 2 where the validator is missing.
"""

import json
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("Python's jsonschema (4.0 or later) is missing: `make setup` installs it, or `pip install jsonschema`")
    sys.exit(2)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
failed = False
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    for error in validator.iter_errors(document):
        failed = True
        print(f"{path}: {error.json_path}: {error.message[:300]}")
sys.exit(1 if failed else 0)
