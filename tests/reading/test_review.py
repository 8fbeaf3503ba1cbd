"""What waits for a person, and that what is printed to paste decides it."""

import datetime

import pytest

from mem_graph.errors import CorrectionError
from mem_graph.iris import DEFAULT_BASE, Iris
from mem_graph.outcomes import AuditResult
from mem_graph.reading.deciding import corrections, entries, review

DAY = datetime.date(2026, 11, 25)


@pytest.fixture(scope="session")
def waiting(words):
    """What waits in a text, or in an edition."""
    return lambda edition: review.decisions(edition, words, DAY)


def signed(decision, number=0):
    """The entry of a decision as a person pastes it."""
    pasted = decision.pastes[number]
    assert pasted.file == "corrections/PER-R6.toml"
    return pasted.lines.replace('who = ""', 'who = "Ana Example"').replace('reason = ""', 'reason = "A test."')


def decided(edition, words, text):
    return corrections.apply(edition, entries.parse(text, "corrections/PER-R6.toml"), words)


def put(peru, sentence):
    """Peru's report with one more sentence in the chapter on recommendation 12."""
    return peru.text.replace("Peru estimates illicit crop", f"{sentence} Peru estimates illicit crop", 1)


def test_nothing_waits_in_the_report_on_peru(edition, words, waiting):
    assert waiting(decided(edition, words, "")) == ()


def test_an_entry_as_printed_is_refused_until_it_is_signed(peru, parse, words, waiting):
    odd = parse(put(peru, "Blue ideas sleep."))
    [one] = waiting(odd)
    with pytest.raises(CorrectionError, match="who: expected words"):
        decided(odd, words, one.pastes[1].lines)


def test_a_sentence_not_understood_waits_until_it_is_left_or_read(peru, parse, words, waiting):
    odd = parse(put(peru, "Blue ideas sleep."))
    [one] = waiting(odd)
    assert (one.kind, one.where, one.quote) == ("not-understood", "recommendation 12", "Blue ideas sleep.")
    assert one.line == odd.source.text[: odd.source.text.index("Blue ideas")].count("\n") + 1
    assert waiting(decided(odd, words, signed(one, 1))) == ()
    read = signed(one).replace('focus = ""', 'focus = "Blue ideas"').replace('[""]', '["crop-measurement"]')
    read = read.replace('polarity = ""', 'polarity = "achievement"').replace('modality = ""', 'modality = "other"')
    code = '{ criterion = "12/measurement", outcome = "met", because = "ideas" }'
    read = read.replace('{ criterion = "", outcome = "", because = "" }', code)
    assert waiting(decided(odd, words, read)) == ()


def test_a_new_body_waits_with_the_names_that_are_near(peru, parse, words, waiting):
    new = parse(put(peru, "The National Anti-Drug Schools Office measures coca crops."))
    [one] = waiting(new)
    assert one.kind == "new institution"
    assert "Near names: National Anti-drug School (PER/esandro)" in one.question
    named = decided(new, words, signed(one))
    assert [each.name for each in named.institutions if each.correction] == ["National Anti-Drug Schools Office"]
    assert waiting(named) == ()
    same = review.Paste("tables/institution-names.csv", "PER/esandro,National Anti-Drug Schools Office,en,")
    assert same in one.pastes


def test_an_acronym_of_two_bodies_waits_wherever_it_stands_alone(peru, parse, waiting):
    two = parse(
        put(
            peru,
            "The National Crop Council (NCC) measures coca crops. The National Crop Centre (NCC) measures coca crops. "
            "The NCC measures coca crops.",
        )
    )
    asked = [one for one in waiting(two) if one.kind == "likeness"]
    assert len(asked) == 1
    assert "names.acronym" in asked[0].question
    assert "NCC" in asked[0].quote


def test_a_figure_by_words_that_no_table_has_waits(peru, parse, waiting):
    new = parse(put(peru, "In 2013 the Ministry endowed 14 fellowships."))
    [seen] = [one for one in new.observations if one.measure == "endowed"]
    assert (seen.subject, seen.value, seen.evidence.sureness) == ("fellowships", "14", "fuzzy")
    [asked] = [one for one in waiting(new) if one.kind == "likeness"]
    assert "measure.open" in asked.question


def test_likeness_alone_merges_nothing(peru, parse):
    new = parse(put(peru, "The National Anti-Drug Schools Office measures coca crops."))
    assert "PER/esandro" not in {one.about for one in new.mentions if one.evidence.passage.where == 12}


def test_a_body_without_a_near_name_says_so(peru, parse, waiting):
    [one] = waiting(parse(put(peru, "The Quipu Bureau measures coca crops.")))
    assert one.question == "Is Quipu Bureau a body of its own? No name is near."
    assert len(one.pastes) == 1


def test_a_rating_in_doubt_waits_with_the_rating_of_the_table(peru, parse, words, waiting):
    text = peru.text.replace("Evaluation: Not started", "Evaluation: Not strted", 1)
    doubtful = parse(text)
    one, *others = [each for each in waiting(doubtful) if each.kind == "rating"]
    assert not others
    assert "The summary table has Not started." in one.question
    settled = decided(doubtful, words, signed(one))
    assert [each.rating for each in settled.assessments][7] == "Not started"
    assert waiting(settled) == ()


def test_a_problem_waits_until_a_person_leaves_it(peru, parse, words, waiting):
    strategy = "Complete\n\nPeru has the National Strategy"
    other = parse(peru.text.replace(strategy, strategy.replace("Complete", "Started"), 1))
    waits = waiting(decided(other, words, ""))
    assert {each.kind for each in waits} == {"rating-differs", "count-differs"}
    left = "\n".join(signed(each) for each in waits)
    assert waiting(decided(other, words, left)) == ()


def test_what_was_read_by_likeness_waits_until_it_is_confirmed(edition, words, waiting):
    from dataclasses import replace

    first, *others = edition.mentions
    fuzzy = replace(first, evidence=replace(first.evidence, sureness="fuzzy"))
    [one] = waiting(replace(edition, mentions=(fuzzy, *others)))
    assert one.kind == "likeness"
    for number, action in ((0, "confirm"), (1, "withdraw")):
        assert f'action = "{action}"' in signed(one, number)
        assert waiting(decided(replace(edition, mentions=(fuzzy, *others)), words, signed(one, number))) == ()


def test_a_difference_that_an_audit_found_waits_until_a_person_leaves_it(edition, words):
    quote = "The country did not eradicate poppy crops in 2011."
    result = AuditResult(
        "unread",
        f"{DEFAULT_BASE}id/report/PER-R6",
        "14-s5",
        "warning",
        "",
        "Nothing was read.",
        (f"{DEFAULT_BASE}id/passage/PER-R6/14/en/1/s5",),
        (quote,),
    )
    [one] = review.audited([result], [edition], Iris(), DAY)
    assert (one.kind, one.where) == ("audit unread", "recommendation 14")
    left = decided(edition, words, signed(one))
    assert list(review.audited([result], [left], Iris(), DAY)) == []


def test_a_decision_is_told_in_lines_and_as_an_object(peru, parse, waiting):
    [one] = waiting(parse(put(peru, "The Quipu Bureau measures coca crops.")))
    lines = review.in_words(one, 1, 1)
    assert lines[0].startswith("1 of 1: new institution, PER-R6/en/1, recommendation 12, line ")
    assert lines[3] == "  data/corrections/PER-R6.toml:"
    told = review.to_json(one)
    assert told["paste"][0]["lines"].startswith("[[correction]]\n")
    assert set(told) == {"kind", "edition", "where", "line", "quote", "question", "paste"}


def test_a_finding_without_a_criterion_waits_until_a_person_codes_it(edition, words, waiting):
    from dataclasses import replace

    five = next(one for one in edition.assessments if one.recommendation == 5)
    first, *others = five.findings
    bare = replace(five, findings=(replace(first, codes=()), *others))
    uncoded = replace(edition, assessments=tuple(bare if one is five else one for one in edition.assessments))
    [one] = waiting(uncoded)
    assert (one.kind, one.where) == ("coding", "recommendation 5")
    assert "5/selective (" in one.question
    code = '{ criterion = "5/universal", outcome = "met", because = "universal prevention programs" }'
    empty = '{ criterion = "", outcome = "", because = "" }'
    coded = decided(uncoded, words, signed(one).replace(empty, code))
    [finding] = [each for each in coded.findings if each.evidence.key == "5/s1a"]
    assert [(each.criterion, each.outcome, each.sureness) for each in finding.codes] == [
        ("5/universal", "met", "person")
    ]
    assert waiting(coded) == ()
    assert waiting(decided(uncoded, words, signed(one, 1))) == ()


def test_a_coding_by_likeness_waits_until_a_person_keeps_it_or_takes_it_back(edition, words, waiting):
    from dataclasses import replace

    five = next(one for one in edition.assessments if one.recommendation == 5)
    first, *others = five.findings
    unsure = replace(first, codes=tuple(replace(code, sureness="fuzzy") for code in first.codes))
    chapter = replace(five, findings=(unsure, *others))
    fuzzy = replace(edition, assessments=tuple(chapter if one is five else one for one in edition.assessments))
    [one] = waiting(fuzzy)
    assert "is coded by likeness alone" in one.question
    for number, sureness in ((0, {"person"}), (1, set())):
        after = decided(fuzzy, words, signed(one, number))
        [finding] = [each for each in after.findings if each.evidence.key == first.evidence.key]
        assert {code.sureness for code in finding.codes} == sureness
        assert waiting(after) == ()
