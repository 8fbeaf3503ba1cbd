"""What people decided: found by evidence, applied, told with what it replaced; and everything that is refused."""

import json
from dataclasses import replace

import jsonschema
import pytest

from mem_graph import resources
from mem_graph.errors import CorrectionError
from mem_graph.model import Source
from mem_graph.reading import form, report
from mem_graph.reading.deciding import corrections, entries

DENIED = (
    "Peru does not have selective or indicated prevention programs, "
    "nor has it designed a comprehensive prevention system."
)
MARKING = "In addition, the country does not require the appropriate marking of all confiscated or forfeited firearms."
CORAH = (
    "The CORAH Project measures coca crop eradication areas directly, "
    "with support from Global Positioning Systems (GPS)."
)
SIGNED = 'who = "Ana Example"\ndate = 2026-11-25\nreason = "It is only a test."\n'


def entry(**members):
    """One entry as a person writes it: words with quotation marks, tables and numbers as they are."""
    lines = [f"{name} = {_toml(value)}" for name, value in {"edition": "PER-R6/en/1", **members}.items()]
    signed = "" if "who" in members else SIGNED
    return "[[correction]]\n" + "\n".join(lines) + "\n" + signed + "\n"


def _toml(value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in value.items()) + " }"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value)


@pytest.fixture(scope="session")
def corrected(edition, words):
    """Peru's report, or another edition, with these entries applied."""

    def apply(*written, to=edition):
        return corrections.apply(to, entries.parse("".join(written), "corrections/PER-R6.toml"), words)

    return apply


def findings(edition, number):
    """The findings of a chapter: key, polarity, focus, sureness."""
    here = next(one for one in edition.assessments if one.recommendation == number).findings
    return [(one.evidence.key, one.polarity, one.focus.quote, one.evidence.sureness) for one in here]


# -- what a person does -----------------------------------------------------------------------------------------------

CHANGE = entry(
    action="change", kind="finding", where=24, quote=MARKING, set={"polarity": "achievement", "modality": "does"}
)
WITHDRAW = entry(action="withdraw", kind="finding", where=5, quote=DENIED, words="selective")
ADD = entry(
    action="add",
    kind="finding",
    where=5,
    quote=DENIED,
    set={
        "focus": "selective or indicated prevention programs",
        "polarity": "deficiency",
        "modality": "lacks",
        "topics": ["selective-prevention"],
    },
)


def test_without_entries_nothing_changes_but_the_problems_an_edition_has_with_itself(edition, corrected):
    assert corrected() == edition


def test_a_changed_statement_keeps_its_name_its_sentence_and_what_it_was(edition, corrected):
    before = next(one for one in edition.findings if one.evidence.key == "24/s8a")
    after = next(one for one in corrected(CHANGE).findings if one.evidence.key == "24/s8a")
    assert (before.polarity, after.polarity, after.modality) == ("deficiency", "achievement", "does")
    assert after.evidence.passage == before.evidence.passage
    assert (after.evidence.sureness, after.evidence.rule) == ("person", "correction.change")
    decided = after.evidence.correction
    assert (decided.who, str(decided.date), decided.reason) == ("Ana Example", "2026-11-25", "It is only a test.")
    assert decided.former == before


def test_a_finding_that_asserts_now_loses_the_codes_that_rested_on_the_denial(edition, corrected):
    before = next(one for one in edition.findings if one.evidence.key == "24/s8a")
    after = next(one for one in corrected(CHANGE).findings if one.evidence.key == "24/s8a")
    assert [code.criterion for code in before.codes] == ["24/marking-confiscated"]
    assert after.codes == ()
    code = {"criterion": before.codes[0].criterion, "outcome": "met", "because": "appropriate marking"}
    coded = {"polarity": "achievement", "modality": "does", "codes": [code]}
    given = entry(action="change", kind="finding", where=24, quote=MARKING, set=coded)
    [own] = next(one for one in corrected(given).findings if one.evidence.key == "24/s8a").codes
    assert (own.criterion, own.outcome, own.sureness) == (before.codes[0].criterion, "met", "person")


def test_a_withdrawn_statement_leaves_its_name_and_takes_no_other_s(corrected):
    after = corrected(WITHDRAW)
    assert [key for key, *_ in findings(after, 5)] == ["5/s1a", "5/s2b", "5/s2c"]
    [left] = after.withdrawn
    assert (left.kind, left.evidence.key) == ("finding", "5/s2a")
    assert left.evidence.correction.former.focus.quote == "selective"


def test_an_added_statement_takes_a_free_name(corrected):
    assert findings(corrected(ADD), 5)[-1] == (
        "5/s2d",
        "deficiency",
        "selective or indicated prevention programs",
        "person",
    )


def test_what_is_withdrawn_is_replaced_by_what_stands_in_its_place(corrected):
    instead = [{"kind": "finding", "words": "selective or indicated prevention programs"}]
    withdrawn = entry(action="withdraw", kind="finding", where=5, quote=DENIED, words="selective", replaced_by=instead)
    [left] = corrected(withdrawn, ADD).withdrawn
    assert left.replaced_by == (("finding", "5/s2d"),)


def test_a_confirmed_statement_says_the_same_surely(edition, corrected):
    sentence = next(one for one in edition.mentions if one.evidence.sureness == "rule").evidence.passage
    confirmed = entry(action="confirm", kind="institution-mention", where=sentence.where, quote=sentence.span.quote)
    [before] = [one for one in edition.mentions if one.evidence.passage == sentence]
    [after] = [one for one in corrected(confirmed).mentions if one.evidence.passage == sentence]
    assert (after.about, after.evidence.rule) == (before.about, before.evidence.rule)
    assert after.evidence.sureness == "person"


def test_a_finding_follows_the_reference_that_it_cites(edition, corrected):
    before = next(one for one in edition.findings if len(one.instruments) == 1)
    [cited], passage = before.instruments, before.evidence.passage
    where = passage.where
    changed = entry(
        action="change",
        kind="treaty-reference",
        where=where,
        quote=passage.span.quote,
        words=cited.printed.quote,
        set={"relation": "named" if cited.relation != "named" else "implements"},
    )
    after = next(one for one in corrected(changed).findings if one.evidence.key == before.evidence.key)
    assert after.instruments[0] in corrected(changed).treaty_references
    assert after.instruments[0].relation != cited.relation
    gone = entry(
        action="withdraw",
        kind="treaty-reference",
        where=where,
        quote=passage.span.quote,
        words=cited.printed.quote,
    )
    after = next(one for one in corrected(gone).findings if one.evidence.key == before.evidence.key)
    assert after.instruments == ()


def test_a_body_that_nothing_names_any_more_is_not_listed(edition, corrected):
    [mention] = [one for one in edition.mentions if one.about == "INT/unodc"]
    others = [one for one in edition.findings if "INT/unodc" in (*one.institutions, *one.actors)]
    parts = [
        entry(
            action="change",
            kind="finding" if one.evidence.passage.where != "conclusions" else "conclusion",
            where=one.evidence.passage.where,
            quote=one.evidence.passage.span.quote,
            words=one.focus.quote,
            set={"institutions": ["PER/devida"], "actors": ["PER/devida"]},
        )
        for one in others
    ]
    passage = mention.evidence.passage
    gone = entry(
        action="withdraw",
        kind="institution-mention",
        where=passage.where,
        quote=passage.span.quote,
        words=mention.printed.quote,
    )
    after = corrected(gone, *parts)
    assert "INT/unodc" in {each.key for each in edition.institutions}
    assert "INT/unodc" not in {each.key for each in after.institutions}


VALUES = {
    "treaty-reference": {"treaty": "cifta-1997", "relation": "named", "articles": ["2"]},
    "institution-mention": {"institution": "PER/devida"},
    "affiliation": {"institution": "PER/corah", "part_of": "PER/devida"},
    "observation": {"measure": "eradicated", "subject": "coca", "unit": "ha", "value": 12.50, "year": 2011},
    "fraction": {"part": 1, "whole": 2, "of": "areas"},
    "study-mention": {"named": False, "maker": "PER/corah"},
    "plan-mention": {"plan": "PER/national-strategy-2012-2016"},
    "place-mention": {"place": "PER/vraem", "inside_name": True},
    "glossary-use": {"term": "Recovery"},
    "mechanism-statement": {"topic": "value"},
    "tally": {"rating": "Complete", "count": 3},
    "finding": {"polarity": "achievement", "modality": "does", "topics": ["crop-measurement"]},
}


@pytest.mark.parametrize("kind", VALUES)
def test_every_kind_can_be_added(edition, corrected, kind):
    from mem_graph.reading.deciding.kinds import KINDS, statements

    words = {KINDS[kind].words: "directly"} if KINDS[kind].words else {}
    if kind == "glossary-use":
        words["term"] = None
        VALUES[kind]["term"] = edition.glossary[0].term.quote
        words = {"printed": "directly"}
    given = {**words, **VALUES[kind]}
    after = corrected(entry(action="add", kind=kind, where=12, quote=CORAH, set=given))
    added = [one for one in statements(after, kind) if one.evidence.sureness == "person"]
    assert len(statements(after, kind)) == len(statements(edition, kind)) + 1
    assert len(added) == 1
    assert added[0].evidence.passage.span.quote == CORAH


def test_all_kinds_are_tried():
    from mem_graph.reading.deciding.kinds import KINDS

    assert set(VALUES) | {"conclusion"} == set(KINDS)


# -- after a re-read --------------------------------------------------------------------------------------------------


def test_entries_find_their_sentence_when_others_come_before_it(peru, parse, corrected, edition):
    more = peru.text.replace(
        "Peru offers universal", "The country has a national drug policy. Peru offers universal", 1
    )
    after = corrected(CHANGE, WITHDRAW, ADD, to=parse(more))
    assert [key for key, *_ in findings(after, 5)][-3:] == ["5/s3b", "5/s3c", "5/s3d"]
    assert [left.evidence.key for left in after.withdrawn] == ["5/s3a"]


def test_entries_find_their_sentence_however_its_lines_are_wrapped(peru, parse, corrected):
    wrapped = peru.text.replace("selective or indicated prevention", "selective or indi-\ncated\nprevention", 1)
    after = corrected(WITHDRAW, to=parse(wrapped))
    assert [left.evidence.key for left in after.withdrawn] == ["5/s2a"]


def test_a_better_reader_that_makes_the_withdrawn_statement_no_more_gives_its_name_to_nothing(edition, corrected):
    better = without(edition, "selective")
    kept = WITHDRAW.replace("[[correction]]\n", '[[correction]]\nletter = "a"\n')
    after = corrected(kept, to=better)
    assert [key for key, *_ in findings(after, 5)] == ["5/s1a", "5/s2b", "5/s2c"]
    assert [(left.evidence.key, left.evidence.correction.former) for left in after.withdrawn] == [("5/s2a", None)]


def test_without_its_letter_such_an_entry_stops(edition, corrected):
    with pytest.raises(CorrectionError, match="no such finding of this sentence; give its letter"):
        corrected(WITHDRAW, to=without(edition, "selective"))


def without(edition, focus):
    """An edition whose reader makes one finding of recommendation 5 less, and names the others in their order."""
    five = next(one for one in edition.assessments if one.recommendation == 5)
    kept = [one for one in five.findings if one.focus.quote != focus]
    first, *others = kept
    named = (
        replace(one, evidence=replace(one.evidence, letter=letter)) for one, letter in zip(others, "ab", strict=True)
    )
    better = replace(five, findings=(first, *named))
    return replace(edition, assessments=tuple(better if one is five else one for one in edition.assessments))


def test_a_better_reader_that_reads_as_the_person_did_replaces_nothing(edition, corrected):
    once = corrected(CHANGE)
    read = [replace(one, evidence=replace(one.evidence, correction=None)) for one in once.findings]
    learnt = replace(
        edition,
        assessments=tuple(
            replace(each, findings=tuple(one for one in read if one.evidence.passage.where == each.recommendation))
            for each in edition.assessments
        ),
    )
    was = CHANGE.replace("set =", 'was = { polarity = "deficiency" }\nset =')
    after = next(one for one in corrected(was, to=learnt).findings if one.evidence.key == "24/s8a")
    assert (after.polarity, after.evidence.sureness) == ("achievement", "person")
    told = form.to_json(corrected(was, to=learnt))
    [one] = [one for each in told["assessments"] for one in each["findings"] if one["id"] == "24/s8a"]
    assert "replaced" not in one["correction"]


def test_a_better_reader_that_adds_the_statement_itself_makes_no_second_one(edition, corrected):
    once = corrected(ADD)
    again = corrected(ADD, to=learnt_by_itself(edition, once))
    assert len(findings(again, 5)) == len(findings(once, 5))


def learnt_by_itself(edition, once):
    """An edition whose reader makes what a person had added."""
    plain = tuple(
        replace(
            each, findings=tuple(replace(one, evidence=replace(one.evidence, correction=None)) for one in each.findings)
        )
        for each in once.assessments
    )
    return replace(edition, assessments=plain)


def test_an_entry_for_a_sentence_that_is_gone_stops(peru, parse, corrected):
    other = parse(peru.text.replace("does not have selective or indicated", "lacks selective or indicated", 1))
    with pytest.raises(CorrectionError) as error:
        corrected(CHANGE, WITHDRAW, to=other)
    assert str(error.value).startswith("corrections/PER-R6.toml, entry 2 (line 12): its sentence is gone")


def test_an_entry_whose_sentence_has_moved_says_where_it_stands(corrected):
    with pytest.raises(CorrectionError, match=r"gone.*one of recommendation 5 has"):
        corrected(WITHDRAW.replace("where = 5", "where = 6"))


def test_an_entry_for_a_sentence_that_stands_twice_stops(peru, parse, corrected):
    twice = parse(peru.text.replace(DENIED, f"{DENIED} {DENIED}", 1))
    with pytest.raises(CorrectionError, match="no longer unique: 2 of recommendation 5"):
        corrected(WITHDRAW, to=twice)


# -- ratings, bodies, problems ----------------------------------------------------------------------------------------


def broken(peru, parse, number, line):
    """Peru's report with another evaluation line in one chapter."""
    head, found, rest = peru.text.partition(f"RECOMMENDATION {number}\n")
    at = rest.index("Evaluation: ")
    return parse(head + found + rest[:at] + line + rest[rest.index("\n", at) :])


@pytest.mark.parametrize(
    ("line", "code", "rating"),
    [
        ("Evaluation: Mostly complet", "unknown-rating", "Mostly complete"),
        ("Evaluation:", "rating-missing", "Mostly complete"),
        ("Evaluation: Started\n\nEvaluation: Mostly complete", "rating-doubled", "Mostly complete"),
    ],
)
def test_a_rating_in_doubt_is_settled_by_the_words_that_give_it(peru, parse, corrected, line, code, rating):
    doubtful = broken(peru, parse, 3, line)
    assert [one.code for one in doubtful.problems if one.stops] == [code]
    quote = line.rpartition("\n")[2] if line[-1] != ":" else "scientific research on this subject.\tMOSTLY COMPLETE"
    after = corrected(entry(action="rate", recommendation=3, rating=rating, quote=quote), to=doubtful)
    assert not [one for one in after.problems if one.stops]
    assert [one.settled.who for one in after.problems if one.code == code] == ["Ana Example"]
    rated = next(one for one in after.assessments if one.recommendation == 3)
    assert (rated.rating, rated.line.quote) == (rating, quote)
    assert len(rated.findings) == 8
    assert [one.code for one in after.problems if not one.touches_rating] == []


def test_a_chapter_that_is_missing_is_rated_by_the_table(peru, parse, corrected, words):
    head, _, rest = peru.text.partition("RECOMMENDATION 8\n")
    after = rest[rest.index("DEMAND REDUCTION\n\nRECOMMENDATION 9") :]
    doubtful = parse(head.rstrip().removesuffix("DEMAND REDUCTION") + "\n\n" + after)
    assert [one.code for one in doubtful.problems if one.stops] == ["recommendation-missing"]
    quote = "8\tExplore the means of offering treatment"
    settled = corrected(entry(action="rate", recommendation=8, rating="Not started", quote=quote), to=doubtful)
    assert [one.recommendation for one in settled.assessments] == list(range(1, 28))
    assert not [one for one in settled.problems if one.stops]
    assert settled.assessments[7].area == "Demand reduction"


def test_a_printed_rating_stays_beside_the_one_that_counts(corrected):
    after = corrected(entry(action="rate", recommendation=7, rating="Started", quote="Evaluation: Partially complete"))
    seven = after.assessments[6]
    assert (seven.rating, seven.printed, seven.line.quote) == (
        "Started",
        "Partially complete",
        "Evaluation: Partially complete",
    )


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("Evaluation: Compl", "its quote is gone: 0 times in the report, 0 in the chapter"),
        ("Evaluation: Complete", "its quote is not in its chapter: 16 times in the report, 0 in the chapter"),
        ("drug", "its quote is no longer unique"),
    ],
)
def test_a_rating_without_its_words_is_refused(corrected, quote, reason):
    with pytest.raises(CorrectionError) as error:
        corrected(entry(action="rate", recommendation=7, rating="Started", quote=quote))
    assert reason in str(error.value)


BORDER = "The Office for Border Matters measures coca crops."


@pytest.fixture
def with_a_body(peru, parse):
    """Peru's report with a sentence about a body that no table holds."""
    return parse(peru.text.replace("Peru estimates illicit crop", f"{BORDER} Peru estimates illicit crop", 1))


def test_a_body_that_no_table_holds_is_named(with_a_body, corrected):
    [unknown] = [each for each in with_a_body.institutions if not each.known]
    named = entry(
        action="name",
        where=12,
        quote=BORDER,
        words="Office for Border Matters",
        set={"key": "PER/border-matters", "name": "Office for Border Matters", "acronym": "OBM"},
    )
    after = corrected(named, to=with_a_body)
    [body] = [each for each in after.institutions if each.correction]
    assert (body.key, body.acronym, body.correction.former) == ("PER/border-matters", "OBM", unknown)
    [mention] = [one for one in after.mentions if one.evidence.passage.span.quote == BORDER]
    assert mention.about == "PER/border-matters"
    assert not [one for one in after.findings if unknown.key in (*one.institutions, *one.actors)]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (
            {"key": "PER/devida"},
            "write the row PER/devida,Office for Border Matters,en,<reason> into institution-names.csv",
        ),
        ({"key": "USA/border"}, "expected PER/ or INT/"),
        ({"key": "PER/Border"}, "in small letters"),
    ],
)
def test_a_name_that_cannot_be_is_refused(with_a_body, corrected, given, reason):
    named = entry(action="name", where=12, quote=BORDER, words="Office for Border Matters", set=given)
    with pytest.raises(CorrectionError) as error:
        corrected(named, to=with_a_body)
    assert reason in str(error.value)


def test_a_body_of_the_tables_is_not_named(corrected):
    with pytest.raises(CorrectionError, match="the tables hold PER/corah already"):
        corrected(entry(action="name", where=12, quote=CORAH, words="CORAH", set={"name": "Corah"}))


def test_a_problem_is_left_as_it_is_but_no_rating_in_doubt(peru, parse, corrected):
    table = parse(peru.text.replace("OF DRUGS.\n\nEvaluation: Complete", "OF DRUGS.\n\nEvaluation: Started", 1))
    codes = {one.code for one in corrected(to=table).problems}
    assert "rating-differs" in codes
    [differs] = [one for one in corrected(to=table).problems if one.code == "rating-differs"]
    left = corrected(entry(action="accept", problem="rating-differs", quote=differs.span.quote), to=table)
    assert [one.settled is not None for one in left.problems if one.code == "rating-differs"] == [True]
    assert [one.code for one in left.accepted] == ["rating-differs"]
    doubtful = broken(peru, parse, 3, "Evaluation: Mostly complet")
    with pytest.raises(CorrectionError, match="give the rating"):
        corrected(entry(action="accept", problem="unknown-rating", quote="Evaluation: Mostly complet"), to=doubtful)


def test_a_sentence_not_understood_is_read_by_a_person_or_left(peru, parse, corrected):
    odd = "Blue ideas sleep."
    text = parse(peru.text.replace("Peru estimates illicit crop", f"{odd} Peru estimates illicit crop", 1))
    assert [one.span.quote for one in text.not_understood] == [odd]
    left = corrected(entry(action="accept", problem="not-understood", where=12, quote=odd), to=text)
    assert [one.span.quote for one in left.accepted] == [odd]
    given = {"focus": "Blue ideas", "polarity": "achievement", "modality": "other", "topics": ["crop-measurement"]}
    read = corrected(entry(action="add", kind="finding", where=12, quote=odd, set=given), to=text)
    assert read.not_understood == ()


# -- what is refused --------------------------------------------------------------------------------------------------

PLAIN = {"action": "withdraw", "kind": "finding", "where": 5, "quote": DENIED, "words": "selective"}
MARKED = {"action": "change", "kind": "finding", "where": 24, "quote": MARKING}
CODE = {"criterion": "24/marking", "outcome": "met", "because": "marking"}
REFUSED = [
    ({**MARKED, "set": {"codes": [CODE["criterion"]]}}, "codes: expected { criterion, outcome, because }"),
    ({**MARKED, "set": {"codes": [{**CODE, "criterion": "24/markings"}]}}, "codes: '24/markings' is not known"),
    ({**MARKED, "set": {"codes": [{**CODE, "criterion": "5/selective"}]}}, "codes: '5/selective' is not known"),
    ({**MARKED, "set": {"codes": [CODE, {**CODE, "outcome": "partly"}]}}, "codes: 24/marking stands there twice"),
    (
        {**PLAIN, "action": "erase"},
        "action: expected one of add, change, withdraw, confirm, rate, name, accept, met 'erase'",
    ),
    ({**PLAIN, "kind": "opinion"}, "kind: expected one of treaty-reference, finding"),
    ({**PLAIN, "where": "annex"}, "where: expected the number of a recommendation, met 'annex'"),
    ({**PLAIN, "where": 0}, "where: expected the number of a recommendation, met 0"),
    ({**PLAIN, "letter": "aa"}, "letter: 'aa' has not the form of one small letter"),
    ({**PLAIN, "edition": "PER-R6"}, "edition: 'PER-R6' has not the form PER-R6/en/1"),
    ({**PLAIN, "edition": "CHL-R6/en/1"}, "it is about CHL-R6/en/1, so it belongs into CHL-R6.toml"),
    ({**PLAIN, "number": 3}, "number has no place in an entry that says withdraw"),
    ({**PLAIN, "set": {"polarity": "deficiency"}}, "set has no place in an entry that says withdraw"),
    ({**PLAIN, "was": "deficiency"}, "was: expected a table"),
    ({**PLAIN, "was": {"mood": "bad"}}, "was: a finding has no 'mood', but focus, polarity"),
    ({**PLAIN, "replaced_by": [{"kind": "opinion"}]}, "replaced_by: expected a list of { kind, words }"),
    ({**PLAIN, "who": " ", "reason": "x", "date": "y"}, "who: expected words, met ' '"),
    (
        {**PLAIN, "who": "A", "reason": "x", "date": "2026-11-25"},
        "date: expected a day such as 2026-11-25, without quotation",
    ),
    ({**PLAIN, "who": "A", "date": "2026-11-25"}, "reason is missing"),
    ({"action": "withdraw", "kind": "finding", "where": 5}, "quote is missing"),
    ({**PLAIN, "words": "elective"}, "the words 'elective' do not stand in the sentence"),
    ({**PLAIN, "words": "Peru"}, "the reader makes no such finding of this sentence; give its letter"),
    (
        {"action": "withdraw", "kind": "finding", "where": 5, "quote": DENIED},
        "say which finding by its words or by was: 'selective'",
    ),
    ({**MARKED, "set": {"polarity": "good"}}, "polarity: 'good' is not known"),
    ({**MARKED, "set": {"topics": ["firearm-marking"]}}, "near it: firearms-marking"),
    ({**MARKED, "set": {"focus": "tanks"}}, "the words 'tanks' stand nowhere in the sentence"),
    ({**MARKED, "set": {"actors": ["PER/devid"]}}, "near it: PER/devida"),
    ({**MARKED, "set": {"actors": "PER/devida"}}, "expected a list"),
    ({**MARKED, "action": "add", "set": {"focus": "marking"}}, "a new finding needs polarity"),
    (
        {**MARKED, "action": "add", "kind": "tally", "set": {"printed": "marking", "rating": "Good", "count": 1}},
        "rating: 'Good' is not known in ratings",
    ),
    (
        {**MARKED, "action": "add", "kind": "tally", "set": {"printed": "marking", "rating": "Complete", "count": "1"}},
        "expected a whole number",
    ),
    (
        {"action": "rate", "recommendation": 28, "rating": "Started", "quote": "DEVIDA's Budget Program"},
        "the round has no recommendation 28",
    ),
    (
        {"action": "rate", "recommendation": 7, "rating": "Good", "quote": "Evaluation: Partially complete"},
        "rating: 'Good' is not known",
    ),
    (
        {"action": "accept", "problem": "area-differs", "quote": "x"},
        "there is no problem area-differs with these words",
    ),
]


@pytest.mark.parametrize(("written", "reason"), REFUSED, ids=[reason[:50] for _, reason in REFUSED])
def test_an_entry_that_is_wrong_says_where_and_why(corrected, written, reason):
    text = "".join(f"{name} = {_toml(value)}\n" for name, value in {"edition": "PER-R6/en/1", **written}.items())
    signed = "" if "who" in written else SIGNED
    with pytest.raises(CorrectionError) as error:
        corrected(f"# A file.\n\n[[correction]]\n{text}{signed}")
    assert str(error.value).startswith("corrections/PER-R6.toml, entry 1 (line 3): ")
    assert reason in str(error.value)


def test_all_wrong_entries_are_tried():
    assert len(REFUSED) == 34


@pytest.mark.parametrize(
    ("text", "reason"), [("[[correction]", "is not TOML"), ("[other]\n", "expected [[correction]] tables")]
)
def test_a_file_that_is_none_of_corrections_says_so(text, reason):
    with pytest.raises(CorrectionError) as error:
        entries.parse(text, "corrections/PER-R6.toml")
    assert str(error.value).startswith(f"corrections/PER-R6.toml: {reason}")


def test_two_entries_on_one_statement_are_refused(corrected):
    with pytest.raises(CorrectionError, match=r"entry 2 .*another entry corrects this finding already"):
        corrected(CHANGE, CHANGE)


def test_an_entry_about_an_edition_that_is_not_read_is_refused(edition):
    about = entry(action="withdraw", kind="finding", where=5, quote=DENIED, words="selective").replace("en/1", "es/1")
    with pytest.raises(CorrectionError, match="there is no edition PER-R6/es/1"):
        corrections.unread(entries.parse(about, "PER-R6.toml"), [edition.identity.edition])


# -- what is told -----------------------------------------------------------------------------------------------------


def test_a_corrected_reading_has_the_shape_of_the_schema(corrected, with_a_body):
    named = entry(
        action="name", where=12, quote=BORDER, words="Office for Border Matters", set={"name": "Border Office"}
    )
    rated = entry(action="rate", recommendation=7, rating="Started", quote="Evaluation: Partially complete")
    left = entry(action="accept", problem="tension", where=24, quote=MARKING)
    told = form.to_json(corrected(CHANGE, WITHDRAW, ADD, named, rated, left, to=with_a_body))
    jsonschema.Draft202012Validator(json.loads(resources.reading_schema().read_text("utf-8"))).validate(told)
    assert [one["id"] for one in told["withdrawn"]] == ["5/s2a"]
    assert told["withdrawn"][0]["was"]["polarity"] == "deficiency"
    assert [one["code"] for one in told["accepted"]] == ["tension"]
    assert told["assessments"][6]["printed_rating"] == "Partially complete"
    [changed] = [one for each in told["assessments"] for one in each["findings"] if one["id"] == "24/s8a"]
    assert changed["correction"]["replaced"]["polarity"] == "deficiency"


def test_what_people_decided_is_told_in_lines(corrected):
    lines = form.decisions(corrected(CHANGE, WITHDRAW, ADD))
    assert len(lines) == 3
    assert any(
        line.startswith("change 24/s8a of findings (polarity was deficiency; modality was lacks") for line in lines
    )
    assert all(line.endswith("Ana Example, 2026-11-25: It is only a test.") for line in lines)


def test_the_form_of_a_source_is_not_touched(peru, corrected, words, coding):
    source = Source(peru.text, peru.digest, peru.media_type, peru.name)
    assert corrected(CHANGE, to=report.parse(source, words, coding)).source.text == peru.text
