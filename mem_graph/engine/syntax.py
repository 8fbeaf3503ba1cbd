"""SPARQL as tokens: the grammar of SPARQL 1.1 as a table, and a walk over a text that takes it or says where it errs.

The engine's own message points up to a keyword's length behind a mistake, because it reads keywords ahead. The grammar
of the specification is LL(1), so one token decides each step: this walk stops at the very token that cannot stand
there, and knows what could. It holds its stack in a list, so that no nesting overflows it.

Tokens are cut where the grammar can take them. Only so is ``?a <?b) #>`` cut as the engine cuts it, a comparison and a
comment, and not as an IRI. What is in a string, an IRI, a comment or a name is never a keyword.

>>> [token.kind for token in walk("ASK { ?s a 'SERVICE' }")]
['ASK', '{', 'VAR', 'a', 'STRING', '}']

https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from mem_graph.errors import BadRequest
from mem_graph.iris import PREFIXES
from mem_graph.wording import Wording

# Rules as in section 19.8, in its notation, under its names (a rule used once may stand inside its user). What is in
# quotes is a keyword or a sign; upper-case names are the terminals below.
GRAMMAR = r"""
Query ::= Prologue ( SelectQuery | ConstructQuery | DescribeQuery | AskQuery ) ValuesClause
Prologue ::= ( 'BASE' IRIREF | 'PREFIX' PNAME_NS IRIREF )*
SelectQuery ::= SelectClause DatasetClause* WhereClause SolutionModifier
SubSelect ::= SelectClause WhereClause SolutionModifier ValuesClause
SelectClause ::= 'SELECT' ( 'DISTINCT' | 'REDUCED' )? ( ( VAR | '(' Expression 'AS' VAR ')' )+ | '*' )
ConstructQuery ::= 'CONSTRUCT' ( ConstructTemplate DatasetClause* WhereClause SolutionModifier
    | DatasetClause* 'WHERE' '{' TriplesTemplate? '}' SolutionModifier )
DescribeQuery ::= 'DESCRIBE' ( VarOrIri+ | '*' ) DatasetClause* WhereClause? SolutionModifier
AskQuery ::= 'ASK' DatasetClause* WhereClause SolutionModifier
DatasetClause ::= 'FROM' ( iri | 'NAMED' iri )
WhereClause ::= 'WHERE'? GroupGraphPattern
SolutionModifier ::= GroupClause? HavingClause? OrderClause? LimitOffsetClauses?
GroupClause ::= 'GROUP' 'BY' GroupCondition+
GroupCondition ::= BuiltInCall | FunctionCall | '(' Expression ( 'AS' VAR )? ')' | VAR
HavingClause ::= 'HAVING' Constraint+
OrderClause ::= 'ORDER' 'BY' OrderCondition+
OrderCondition ::= ( 'ASC' | 'DESC' ) BrackettedExpression | Constraint | VAR
LimitOffsetClauses ::= 'LIMIT' INTEGER ( 'OFFSET' INTEGER )? | 'OFFSET' INTEGER ( 'LIMIT' INTEGER )?
ValuesClause ::= ( 'VALUES' DataBlock )?
TriplesTemplate ::= TriplesSameSubject ( '.' TriplesTemplate? )?
GroupGraphPattern ::= '{' ( SubSelect | GroupGraphPatternSub ) '}'
GroupGraphPatternSub ::= TriplesBlock? ( GraphPatternNotTriples '.'? TriplesBlock? )*
TriplesBlock ::= TriplesSameSubjectPath ( '.' TriplesBlock? )?
GraphPatternNotTriples ::= GroupGraphPattern ( 'UNION' GroupGraphPattern )*
    | 'OPTIONAL' GroupGraphPattern
    | 'MINUS' GroupGraphPattern
    | 'GRAPH' VarOrIri GroupGraphPattern
    | 'SERVICE' 'SILENT'? VarOrIri GroupGraphPattern
    | 'FILTER' Constraint
    | 'BIND' '(' Expression 'AS' VAR ')'
    | 'VALUES' DataBlock
DataBlock ::= VAR '{' DataBlockValue* '}' | ( NIL | '(' VAR* ')' ) '{' ( '(' DataBlockValue* ')' | NIL )* '}'
DataBlockValue ::= iri | RDFLiteral | NumericLiteral | BooleanLiteral | 'UNDEF'
Constraint ::= BrackettedExpression | BuiltInCall | FunctionCall
FunctionCall ::= iri ArgList
ArgList ::= NIL | '(' 'DISTINCT'? Expression ( ',' Expression )* ')'
ExpressionList ::= NIL | '(' Expression ( ',' Expression )* ')'
ConstructTemplate ::= '{' ConstructTriples? '}'
ConstructTriples ::= TriplesSameSubject ( '.' ConstructTriples? )?
TriplesSameSubject ::= VarOrTerm PropertyListNotEmpty | TriplesNode PropertyListNotEmpty?
PropertyListNotEmpty ::= Verb ObjectList ( ';' ( Verb ObjectList )? )*
Verb ::= VarOrIri | 'a'
ObjectList ::= GraphNode ( ',' GraphNode )*
TriplesSameSubjectPath ::= VarOrTerm PropertyListPathNotEmpty | TriplesNodePath PropertyListPathNotEmpty?
PropertyListPathNotEmpty ::= ( Path | VAR ) ObjectListPath ( ';' ( ( Path | VAR ) ObjectListPath )? )*
ObjectListPath ::= GraphNodePath ( ',' GraphNodePath )*
Path ::= PathSequence ( '|' PathSequence )*
PathSequence ::= PathEltOrInverse ( '/' PathEltOrInverse )*
PathEltOrInverse ::= '^'? PathPrimary ( '?' | '*' | '+' )?
PathPrimary ::= iri | 'a' | '!' PathNegatedPropertySet | '(' Path ')'
PathNegatedPropertySet ::= PathOneInPropertySet
    | NIL | '(' ( PathOneInPropertySet ( '|' PathOneInPropertySet )* )? ')'
PathOneInPropertySet ::= iri | 'a' | '^' ( iri | 'a' )
TriplesNode ::= '(' GraphNode+ ')' | '[' PropertyListNotEmpty ']'
TriplesNodePath ::= '(' GraphNodePath+ ')' | '[' PropertyListPathNotEmpty ']'
GraphNode ::= VarOrTerm | TriplesNode
GraphNodePath ::= VarOrTerm | TriplesNodePath
VarOrTerm ::= VAR | iri | RDFLiteral | NumericLiteral | BooleanLiteral | BLANK_NODE_LABEL | ANON | NIL
VarOrIri ::= VAR | iri
Expression ::= ConditionalAndExpression ( '||' ConditionalAndExpression )*
ConditionalAndExpression ::= RelationalExpression ( '&&' RelationalExpression )*
RelationalExpression ::= NumericExpression ( ( '=' | '!=' | '<' | '>' | '<=' | '>=' ) NumericExpression
    | 'IN' ExpressionList | 'NOT' 'IN' ExpressionList )?
NumericExpression ::= MultiplicativeExpression ( ( '+' | '-' ) MultiplicativeExpression
    | SignedNumber ( ( '*' | '/' ) UnaryExpression )* )*
MultiplicativeExpression ::= UnaryExpression ( ( '*' | '/' ) UnaryExpression )*
UnaryExpression ::= '!' UnaryExpression | ( '+' | '-' )? PrimaryExpression
PrimaryExpression ::= BrackettedExpression | BuiltInCall | iri ArgList?
    | RDFLiteral | NumericLiteral | BooleanLiteral | VAR
BrackettedExpression ::= '(' Expression ')'
BuiltInCall ::= Function ExpressionList
    | 'BOUND' '(' VAR ')'
    | ( 'EXISTS' | 'NOT' 'EXISTS' ) GroupGraphPattern
    | 'COUNT' '(' 'DISTINCT'? ( '*' | Expression ) ')'
    | ( 'SUM' | 'MIN' | 'MAX' | 'AVG' | 'SAMPLE' ) '(' 'DISTINCT'? Expression ')'
    | 'GROUP_CONCAT' '(' 'DISTINCT'? Expression ( ';' 'SEPARATOR' '=' STRING )? ')'
Function ::= 'STR' | 'LANG' | 'LANGMATCHES' | 'DATATYPE' | 'IRI' | 'URI' | 'BNODE' | 'RAND' | 'ABS' | 'CEIL'
    | 'FLOOR' | 'ROUND' | 'CONCAT' | 'STRLEN' | 'SUBSTR' | 'REPLACE' | 'UCASE' | 'LCASE' | 'ENCODE_FOR_URI'
    | 'CONTAINS' | 'STRSTARTS' | 'STRENDS' | 'STRBEFORE' | 'STRAFTER' | 'YEAR' | 'MONTH' | 'DAY' | 'HOURS'
    | 'MINUTES' | 'SECONDS' | 'TIMEZONE' | 'TZ' | 'NOW' | 'UUID' | 'STRUUID' | 'MD5' | 'SHA1' | 'SHA256'
    | 'SHA384' | 'SHA512' | 'COALESCE' | 'IF' | 'STRLANG' | 'STRDT' | 'SAMETERM' | 'ISIRI' | 'ISURI' | 'ISBLANK'
    | 'ISLITERAL' | 'ISNUMERIC' | 'REGEX'
RDFLiteral ::= STRING ( LANGTAG | '^^' iri )?
NumericLiteral ::= INTEGER | NUMBER | SignedNumber
SignedNumber ::= SIGNED
BooleanLiteral ::= 'true' | 'false'
iri ::= IRIREF | PNAME_LN | PNAME_NS
"""

END = ""
"""The kind of the token behind the last one, and so of no token in a text."""


class Token(NamedTuple):
    """A piece of a query: its kind (a terminal of the grammar), its text, and where that starts (code points)."""

    kind: str
    text: str
    start: int


# Terminals, section 19.8, rules 139 to 173. Repetitions give nothing back (``*+``), so that no text is slow to cut.
_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHARS = rf"_\-0-9{_BASE}\u00b7\u0300-\u036f\u203f-\u2040"
_HEX = "[0-9A-Fa-f]"
_CODE = rf"\\u{_HEX}{{4}}|\\U{_HEX}{{8}}"
_ESCAPE = rf"\\[tbnrf\\\"']|{_CODE}"
_ESCAPED_NAME = rf"%{_HEX}{{2}}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_LOCAL = rf"[{_CHARS}:]|{_ESCAPED_NAME}"
_DOTTED = rf"(?:[{_CHARS}]|\.++(?=[{_CHARS}]))*+"
_GAP = r"(?:[ \t\r\n]++|\#[^\r\n]*+)*+"
_DIGITS = r"[0-9]++\.?[0-9]*+[eE][+-]?[0-9]++|\.[0-9]++[eE][+-]?[0-9]++|[0-9]*+\.[0-9]++"
_TERMINALS = re.compile(
    rf"""
      (?P<IRIREF><(?:[^\x00-\x20<>"{{}}|^`\\]++|{_CODE})*+>)
    | (?P<VAR>[?$][_0-9{_BASE}][_0-9{_BASE}\u00b7\u0300-\u036f\u203f-\u2040]*+)
    | (?P<STRING>\"\"\"(?:[^"\\]++|{_ESCAPE}|"(?!""))*+\"\"\" | \'\'\'(?:[^'\\]++|{_ESCAPE}|'(?!\'\'))*+\'\'\'
        | "(?!"")(?:[^"\\\n\r]++|{_ESCAPE})*+" | '(?!\'\')(?:[^'\\\n\r]++|{_ESCAPE})*+')
    | (?P<LANGTAG>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<BLANK_NODE_LABEL>_:[_0-9{_BASE}]{_DOTTED})
    | (?P<PNAME_LN>(?:[{_BASE}]{_DOTTED})?+:(?:[_0-9{_BASE}:]|{_ESCAPED_NAME})(?:{_LOCAL}|\.++(?={_LOCAL}))*+)
    | (?P<PNAME_NS>(?:[{_BASE}]{_DOTTED})?+:)
    | (?P<SIGNED>[+-](?:{_DIGITS}|[0-9]++))
    | (?P<NUMBER>{_DIGITS})
    | (?P<INTEGER>[0-9]++)
    | (?P<WORD>[A-Za-z_][A-Za-z0-9_]*+)
    | (?P<NIL>\({_GAP}\))
    | (?P<ANON>\[{_GAP}\])
    """,
    re.VERBOSE,
)
_SIGNS = re.compile(r"\^\^|&&|\|\||!=|<=|>=|[{}()\[\].,;*/|^?+!=<>-]")
_GAPS = re.compile(_GAP)
_BLANK = r"[ \t\r\n]"
_PREFIXES = re.compile(
    rf"(?:{_BLANK}*+PREFIX{_BLANK}++(?:[A-Z][A-Z0-9_-]*+)?+:{_BLANK}*+<[^\x00-\x20<>\"{{}}|^`\\]*+>)*+",
    re.ASCII | re.IGNORECASE,
)
"""Declarations of prefixes at the beginning of a query, in their plainest form: most queries have some."""

Symbols = tuple[str, ...]
Table = Mapping[str, Mapping[str, Symbols]]


def walk(text: str) -> list[Token]:
    """The tokens of a query, if it follows the grammar; raises BadRequest with line, column and what could stand there.

    Only the grammar is held against it: prefixes and variables may still be wrong.
    """
    table, stack, tokens = _table(), [END, "Query"], list[Token]()
    while stack:
        start = _gap(text, tokens[-1].start + len(tokens[-1].text) if tokens else 0)
        for kind, end in _cuts(text, start):
            if _step(table, stack, kind):
                tokens.append(Token(kind, text[start:end], start))
                break
        else:
            raise _misplaced(text, start, tokens)
    return tokens[:-1]


def first_word(text: str) -> Token:
    """The first token behind the prologue, which names the form of a query or the operation of an update."""
    found = _PREFIXES.match(text)
    token = Token(END, "", found.end() if found else 0)
    while True:
        start = _gap(text, token.start + len(token.text))
        kind, end = next(_cuts(text, start), (END, start))
        token = Token(kind, text[start:end], start)
        if kind not in ("BASE", "PREFIX", "IRIREF", "PNAME_NS", "STRING") and token.text.upper() != "VERSION":
            return token


def star_order(text: str) -> tuple[str, ...]:
    """The names of the variables of a ``SELECT *`` as they first appear; none for a query of another form.

    None either for a text that the grammar does not take, though an engine might.

    >>> star_order("SELECT * { ?s ?p ?o FILTER(?o > 1) }")
    ('s', 'p', 'o')
    """
    if "*" not in text or not _is_star(text):
        return ()
    try:
        tokens = walk(text)
    except BadRequest:
        return ()
    return tuple(dict.fromkeys(token.text[1:] for token in tokens if token.kind == "VAR"))


def _is_star(text: str) -> bool:
    """Whether a query asks for all variables: its form is SELECT, and what follows that a star."""
    word = first_word(text)
    while word.text.upper() in ("SELECT", "DISTINCT", "REDUCED"):
        start = _gap(text, word.start + len(word.text))
        kind, end = next(_cuts(text, start), (END, start))
        word = Token(kind, text[start:end], start)
    return word.kind == "*"


def _step(table: Table, stack: list[str], kind: str) -> bool:
    """Take one token off the stack, unfolding the rules above it; False where the token cannot stand there.

    Rules that are unfolded to nothing on the way to a refusal would be so by any other cut of the same text.
    """
    while (top := stack[-1]) in table:
        if (symbols := table[top].get(kind)) is None:
            return False
        stack.pop()
        stack.extend(symbols)
    if top == kind:
        stack.pop()
    return top == kind


def _gap(text: str, start: int) -> int:
    """Where the next token starts: behind blanks and comments."""
    found = _GAPS.match(text, start)
    return found.end() if found else start


def _cuts(text: str, start: int) -> Iterator[tuple[str, int]]:
    """The tokens that can be cut from here, as kind and end: the longest first, then a bare sign."""
    if start == len(text):
        yield END, start
    elif found := _TERMINALS.match(text, start):
        yield _kind(found), found.end()
    if sign := _SIGNS.match(text, start):
        yield sign[0], sign.end()


def _kind(found: re.Match[str]) -> str:
    """The kind of a terminal: for a word the keyword it is, in any case but for ``a`` (section 19.8, note 1)."""
    if found.lastgroup != "WORD":
        return str(found.lastgroup)
    word = found[0]
    if word in ("a", "A"):
        return "a" if word == "a" else "word"
    upper = word.upper()
    return next((each for each in (upper, upper.lower()) if each in _keywords()), "word")


# The grammar as a table: rules unfolded to plain ones, then for each rule the tokens that choose one of its forms.


@cache
def _keywords() -> frozenset[str]:
    return frozenset(word for word in re.findall(r"'(\w+)'", GRAMMAR) if word != "a")


@cache
def _rules() -> Mapping[str, list[Symbols]]:
    """Each rule with its forms; what stands in brackets or is repeated has become a rule of its own."""
    rules: dict[str, list[Symbols]] = {}
    for name, body in re.findall(r"^(\w+) ::=((?:.+\n?(?! *\w+ ::=))+)", GRAMMAR, re.MULTILINE):
        words = re.findall(r"'[^']+'|[\w]+|[()|*+?]", body)
        rules[name] = _forms(words, rules, name)
    return rules


def _forms(words: list[str], rules: dict[str, list[Symbols]], name: str) -> list[Symbols]:
    """The forms that a list of words spells, up to its end or a closing bracket; takes the words away."""
    forms: list[list[str]] = [[]]
    while words and (word := words.pop(0)) != ")":
        if word == "|":
            forms.append([])
        elif word in ("*", "+", "?"):
            forms[-1].append(_repeated(forms[-1].pop(), word, rules, name))
        elif word == "(":
            forms[-1].append(_named(_forms(words, rules, name), rules, name))
        else:
            forms[-1].append(word.strip("'"))
    return [tuple(form) for form in forms]


def _named(forms: list[Symbols], rules: dict[str, list[Symbols]], name: str) -> str:
    """A rule of its own for these forms."""
    fresh = f"{name}.{len(rules)}"
    rules[fresh] = forms
    return fresh


def _repeated(symbol: str, mark: str, rules: dict[str, list[Symbols]], name: str) -> str:
    """A rule for a symbol that may be left out or come again."""
    if mark == "?":
        return _named([(symbol,), ()], rules, name)
    again = _named([], rules, name)
    rules[again] += [(symbol, again), ()]
    return again if mark == "*" else _named([(symbol, again)], rules, name)


@cache
def _table() -> Table:
    """For each rule: token → the symbols to put on the stack, the first one last.

    Raises ValueError where two forms of a rule begin alike: a mistake in the grammar above.
    """
    rules, table = _rules(), dict[str, dict[str, Symbols]]()
    follow = _follow()
    for name, forms in rules.items():
        row = table[name] = {}
        for form in forms:
            starts, empty = _starts(form)
            for kind in starts | (follow[name] if empty else frozenset()):
                if kind in row:
                    raise ValueError(f"{name}: two forms begin with {kind!r}")
                row[kind] = form[::-1]
    return table


@cache
def _first() -> Mapping[str, tuple[frozenset[str], bool]]:
    """For each rule: the tokens it can begin with, and whether it can be empty."""
    first = {name: (frozenset[str](), False) for name in _rules()}
    while True:
        before = dict(first)
        for name, forms in _rules().items():
            found = [_starts(form, first) for form in forms]
            first[name] = frozenset[str]().union(*(each for each, _ in found)), any(empty for _, empty in found)
        if first == before:
            return first


def _starts(
    form: Symbols, first: Mapping[str, tuple[frozenset[str], bool]] | None = None
) -> tuple[frozenset[str], bool]:
    """The tokens that a form can begin with, and whether it can be empty."""
    known, starts = first or _first(), frozenset[str]()
    for symbol in form:
        begins, empty = known.get(symbol, (frozenset([symbol]), False))
        starts |= begins
        if not empty:
            return starts, False
    return starts, True


@cache
def _follow() -> Mapping[str, frozenset[str]]:
    """For each rule: the tokens that can come behind it."""
    follow = {name: frozenset[str]() for name in _rules()}
    follow["Query"] = frozenset([END])
    while True:
        before = dict(follow)
        for name, forms in _rules().items():
            for form in forms:
                for place, symbol in enumerate(form):
                    if symbol in follow:
                        starts, empty = _starts(form[place + 1 :])
                        follow[symbol] |= starts | (follow[name] if empty else frozenset())
        if follow == before:
            return follow


# What went wrong, in words.

_FUNCTIONS = frozenset(re.findall(r"'(\w+)'", GRAMMAR.partition("\nFunction ::=")[2].partition("::=")[0]))
_GROUPS: Sequence[tuple[str, frozenset[str]]] = (
    (Wording("token.variable"), frozenset(["VAR"])),
    (Wording("token.iri"), frozenset(["IRIREF", "PNAME_LN", "PNAME_NS"])),
    (Wording("token.literal"), frozenset(["STRING", "INTEGER", "NUMBER", "SIGNED", "true", "false"])),
    (Wording("token.number"), frozenset(["INTEGER"])),
    (Wording("token.blank-node"), frozenset(["BLANK_NODE_LABEL", "ANON"])),
    (Wording("token.function"), _FUNCTIONS),
    (
        Wording("token.operator"),
        frozenset(["=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "&&", "||", "IN", "NOT"]),
    ),
    (Wording("token.language-tag"), frozenset(["LANGTAG"])),
    (Wording("token.end"), frozenset([END])),
)
"""Words for what a message would otherwise list one by one; a group is named where all of it could stand."""

_UNSAID = frozenset(
    [
        "SERVICE",
        "NIL",
        "SIGNED",
        "COUNT",
        "SUM",
        "MIN",
        "MAX",
        "AVG",
        "SAMPLE",
        "GROUP_CONCAT",
        "BOUND",
        "EXISTS",
        "NOT",
    ]
)
"""What is not worth a word in a list: refused here, or like something listed."""


def place(text: str, start: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset in a text; a line ends with LF, CR or both."""
    lines = re.split(r"\r\n|\n|\r", text[:start])
    return len(lines), len(lines[-1]) + 1


def fault(text: str, start: int, problem: str, near: tuple[str, ...] = ()) -> BadRequest:
    """The error at an offset of a query."""
    line, column = place(text, start)
    return BadRequest(problem=problem, line=line, column=column, near=near)


def explain(text: str, said: str) -> BadRequest:
    """Why an engine refused a query: by the grammar, or else by what we know of IRIs and prefixes, or in its own words.

    In: the query, and the engine's message, which may end in line and column.
    """
    try:
        tokens = walk(text)
    except BadRequest as error:
        return error
    return undeclared(text, tokens) or _bad_iri(text, tokens) or _as_said(text, said)


def _misplaced(text: str, start: int, before: list[Token]) -> BadRequest:
    """The error at a place where no token of the text can stand."""
    expected = _expected(before)
    met = next((text[start:end] for _, end in _cuts(text, start)), text[start : start + 1])[:40]
    keywords = sorted(expected & _keywords())
    near = tuple(get_close_matches(met.upper(), keywords, n=2)) if re.fullmatch(r"\w+", met) else ()
    return fault(text, start, _problem(text, start, met, expected), near)


def _problem(text: str, start: int, met: str, expected: frozenset[str]) -> str:
    cut = _TERMINALS.match(text, start)
    if met in ("'", '"') and not cut:
        return Wording("string-open")
    if met == "<" and "IRIREF" in expected and not cut:
        return Wording("iri-open")
    if not met:
        return Wording("cut-off", expected=_listed(expected))
    return Wording("cannot-stand", met=met, expected=_listed(expected))


def _expected(before: list[Token]) -> frozenset[str]:
    """The tokens that can come behind these."""
    table, stack = _table(), [END, "Query"]
    for token in before:
        _step(table, stack, token.kind)
    return _starts(tuple(reversed(stack)))[0]


def _listed(expected: frozenset[str]) -> tuple[str, ...]:
    """The tokens as words for a sentence: kinds of terms, then keywords, then signs."""
    words, left = list[str](), set(expected)
    for word, group in _GROUPS:
        if group <= left:
            words.append(word)
            left -= group
    words += sorted(kind for kind in left - _UNSAID if kind.isalpha())
    words += sorted(repr(kind) for kind in left - _UNSAID if not kind[:1].isalpha())
    return tuple(words)


def undeclared(text: str, tokens: Sequence[Token]) -> BadRequest | None:
    """The first name whose prefix no PREFIX has declared (section 4.1.1)."""
    declared = set()
    for before, token in pairwise((Token("", "", 0), *tokens)):
        if token.kind == "PNAME_NS" and before.kind == "PREFIX":
            declared.add(token.text)
        elif token.kind in ("PNAME_NS", "PNAME_LN") and (name := token.text.partition(":")[0]) + ":" not in declared:
            known = PREFIXES.get(name)
            said = Wording("undeclared.known", prefix=name, iri=known) if known else Wording("undeclared", prefix=name)
            return fault(text, token.start, said)
    return None


def _bad_iri(text: str, tokens: Sequence[Token]) -> BadRequest | None:
    """The first IRI with a percent sign that has no code behind it (RFC 3986, section 2.1)."""
    for token in tokens:
        if token.kind == "IRIREF" and re.search(r"%(?![0-9A-Fa-f]{2})", token.text):
            return fault(text, token.start, Wording("bad-iri", iri=token.text))
    return None


_UNSAYABLE = Wording("cannot-be")
_SAID = re.compile(r"(?:error )?at (\d+):(\d+): (?:expected (?:one of )?)?(.*)", re.DOTALL)


def _as_said(text: str, said: str) -> BadRequest:
    """The engine's message: the sentence in its list of what it expected, if there is one, and its line and column."""
    found = _SAID.match(said)
    if found is None:
        return BadRequest(problem=said if isinstance(said, Wording) else Wording("by-engine", words=said))
    sentence = next((part.strip() for part in found[3].split(",") if re.search(r"[a-z]+ [a-z]+", part)), None)
    lines = re.split(r"\r\n|\n|\r", text)
    line = min(int(found[1]), len(lines))
    column = min(int(found[2]), len(lines[line - 1]) + 1)
    problem = Wording("by-engine", words=sentence) if sentence else _UNSAYABLE
    return BadRequest(problem=problem, line=line, column=column)
