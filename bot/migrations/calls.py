"""The functions that a statement calls while it runs, told by its tokens: a name before a parenthesis. Pure."""

from collections.abc import Sequence

from bot.migrations.lexing import Is, Token
from bot.migrations.words import plain

# Functions that only compute. Any other may do anything: it is PostgreSQL's or the wallet's own.
HARMLESS = frozenset(
    """
    now clock_timestamp statement_timestamp transaction_timestamp gen_random_uuid uuid_generate_v4 random
    jsonb_build_object json_build_object jsonb_build_array json_build_array to_jsonb to_json jsonb_agg
    json_agg jsonb_object_agg jsonb_set jsonb_array_elements jsonb_array_elements_text jsonb_array_length
    jsonb_typeof jsonb_strip_nulls jsonb_each jsonb_each_text row_to_json digest hmac encode decode md5 sha256
    format concat concat_ws btrim ltrim rtrim left right lpad rpad substr position strpos replace
    regexp_replace regexp_match split_part to_char to_date to_number to_timestamp date_part date_trunc
    make_interval make_date age timezone current_setting cardinality array_length array_position array_remove
    array_append array_to_string string_to_array nullif num_nonnulls num_nulls to_regclass
    pg_get_serial_sequence quote_ident quote_literal mod div ceiling trunc sign power width_bucket nextval
    currval lower upper length char_length octet_length initcap translate reverse hashtext row setseed
    bool_and bool_or every percentile_cont lag lead ntile rank dense_rank count sum avg min max array_agg
    string_agg abs round floor ceil sqrt row_number generate_series unnest coalesce date now timezone json_agg
    any all exists
    """.split()  # noqa: SIM905  # words to be read, not typed
)
BRACKETED = frozenset(
    """
    CHECK UNIQUE KEY REFERENCES INCLUDE WITH USING AS IN AND OR NOT WHERE VALUES ARRAY ANY ALL SOME EXISTS
    THEN ELSE WHEN CASE END CAST COALESCE NULLIF GREATEST LEAST EXTRACT SUBSTRING TRIM POSITION OVERLAY ROW
    EXCLUDE IDENTITY ON NUMERIC DECIMAL VARCHAR CHAR CHARACTER VARYING BIT TIME TIMESTAMP TIMESTAMPTZ INTERVAL
    FLOAT VECTOR IS LIKE ILIKE BETWEEN SELECT FROM BY DEFAULT
    CONFLICT GROUP SET LIMIT OFFSET RETURNING UNION EXCEPT INTERSECT DISTINCT LATERAL SETS ROLLUP CUBE TO
    HAVING PARTITION FETCH UPDATE ALWAYS FILTER OVER
    """.split()  # noqa: SIM905  # words to be read, not typed
)
SCHEMAS = frozenset({"pg_catalog", "extensions"})
_BEGIN = frozenset({"DEFAULT", "USING", "CHECK", "AS", "WHERE", "ON", "EXPRESSION", "VALUES", "FROM", "TO"})
_BEFORE_A_TABLE = frozenset({"REFERENCES", "CONSTRAINT", "ON", "INTO", "AS", "ONLY"})


def named(tokens: Sequence[Token], begin: int = 0, *, besides: str = "") -> list[str]:
    """The names before a parenthesis from *begin* on, those of tables and of words of SQL left out.

    *besides*: a word behind which another name than a function's stands, such as the method of an index.
    """
    found = []
    for n in range(max(begin, 1), len(tokens)):
        one, before = tokens[n], tokens[n - 1]
        if one.raw != "(" or one.kind is not Is.SIGN or before.kind not in (Is.WORD, Is.NAME):
            continue
        dotted = n > 2 and tokens[n - 2].raw == "."
        leads = tokens[n - 4 if dotted else n - 2].word if n > (3 if dotted else 1) else ""
        if (before.word in BRACKETED and not dotted) or leads in _BEFORE_A_TABLE or (leads and leads == besides):
            continue
        name = plain(before)
        schema = plain(tokens[n - 3]) if dotted else ""
        found.append(name if schema in {*SCHEMAS, ""} else f"{schema}.{name}")
    return list(dict.fromkeys(found))


def expressions(tokens: Sequence[Token], *, besides: str = "") -> list[str]:
    """The same, behind the first word with which an expression may begin: of a statement that defines something."""
    begins = [n for n, one in enumerate(tokens) if one.word in _BEGIN]
    return named(tokens, begins[0] + 1, besides=besides) if begins else []


def unknown(names: Sequence[str]) -> list[str]:
    """Those of *names* that may do more than compute."""
    return [one for one in names if one not in HARMLESS]
