"""Indexes for the search of talks, on PostgreSQL: pairs of letters, and phones from their end."""

from typing import Any

from django.db import migrations

MAKE = """
CREATE FUNCTION letter_pairs(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT substr(lower(words), at, 2)), '{}')
  FROM generate_series(1, length(words) - 1) AS at
$$;
CREATE INDEX conversations_words ON conversations_conversation USING gin (letter_pairs(last_words));
CREATE INDEX citizens_names ON conversations_citizen USING gin (letter_pairs(name));
CREATE INDEX citizens_phones_turned ON conversations_citizen (reverse(phone) text_pattern_ops);
"""
TAKE_AWAY = """
DROP INDEX citizens_phones_turned;
DROP INDEX citizens_names;
DROP INDEX conversations_words;
DROP FUNCTION letter_pairs(text);
"""


def _run(statements: str) -> Any:
    def on_postgresql(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(statements)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("conversations", "0007_trainee")]
    operations = [migrations.RunPython(_run(MAKE), _run(TAKE_AWAY))]
