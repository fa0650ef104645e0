"""Machine-readable answers: JSON documents, version 1 (docs/json.md and cdsplan/views/data.schema.json).

One object, UTF-8, keys in snake_case, dates ISO, absent = null, stable order.
"""
