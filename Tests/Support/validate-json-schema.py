"""Validates JSON documents by a JSON Schema (2020-12): validate-json-schema.py SCHEMA DOCUMENT…

Exits with 1 and a line for each error where a document isn't valid, with 2 where the validator is missing.

validate-json-schema.py --lines SCHEMA FILE prints for each line of a file, which is a document, 1 or 0: valid or not.
"""

import json
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("Python's jsonschema (4.0 or later) is missing: `make setup` installs it, or `pip install jsonschema`")
    sys.exit(2)

arguments = sys.argv[1:]
by_line = arguments[0] == "--lines"
if by_line:
    del arguments[0]
with open(arguments[0], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
if by_line:
    with open(arguments[1], encoding="utf-8", newline="\n") as file:
        for line in file:
            print(int(validator.is_valid(json.loads(line))))
    sys.exit(0)
failed = False
for path in arguments[1:]:
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    for error in validator.iter_errors(document):
        failed = True
        print(f"{path}: {error.json_path}: {error.message[:300]}")
sys.exit(1 if failed else 0)
