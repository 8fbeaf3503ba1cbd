"""The look-up form, the matrix, a treaty, a state; what is expected is from the report and the record's tables."""

import re
from html import unescape

LOOK_UP = "/mem/doc/treaty?country=PER&treaty=illicit-traffic-1988&on=2014-06-30"


def test_report_and_record_stand_beside_each_other(get):
    page = unescape(get(LOOK_UP).text)
    report, record, verdict = re.findall(
        r"<h3>(?:The report’s word|The record|How the two stand)</h3>(.*?)</section>", page, flags=re.S
    )
    assert "Peru has ratified the United Nations Convention against Illicit Traffic" in report
    assert re.search(r'href="/mem/doc/source/PER-R6/en/1/1#27-s1"', report)
    assert "1992-01-16" in record
    assert "since 1992-04-15" in record
    assert "Peru has ratified" not in record
    assert "They agree" in verdict


def test_a_state_is_not_party_before_the_treaty_is_in_force(get):
    asked = "/mem/doc/treaty?country=PER&treaty=untoc-protocol-firearms-2001&on="
    assert "contracting state" in get(f"{asked}2004-01-01").text
    before = re.search(r"<dt>party</dt><dd>(\w+)", get(f"{asked}2005-07-02").text)
    after = re.search(r"<dt>party</dt><dd>(\w+)", get(f"{asked}2005-07-03").text)
    assert (before[1], after[1]) == ("no", "yes")


def test_names_are_forgiven_and_wrong_ones_are_told(get):
    assert "They agree" in get("/mem/doc/treaty?country=Perú&treaty=Convención de Viena de 1988").text
    assert get("/mem/doc/treaty?country=Atlantis&treaty=cifta").status_code == 404
    assert get("/mem/doc/treaty?country=PER&treaty=cifta&on=yesterday").status_code == 400


def test_the_matrix_is_a_table_with_words_in_every_cell(get):
    page = get("/mem/doc/treaty").text
    table = page.partition('<table class="matrix">')[2].partition("</table>")[0]
    states = len(re.findall('<th scope="col">', table)) - 1
    rows = table.count('<th scope="row">')
    assert rows == 16
    assert states >= 10
    cells = re.findall(r'<td><span class="st st-(\w+)"><span aria-hidden="true">.</span> ([^<]+)</span></td>', table)
    assert len(cells) == rows * states
    assert {"party", "unknown"} <= {word for word, _ in cells}
    assert "CSV" in page


def test_a_country_has_every_treaty(get):
    page = get("/mem/doc/country/PER/treaties").text
    assert page.count('<th scope="row">') == 16
    assert "says nothing" in page
    assert get("/mem/doc/country/PER/treaties", "text/turtle").mimetype == "text/turtle"
    assert get("/mem/doc/country/PRE/treaties").status_code == 404
    assert "No report of this state is loaded" in get("/mem/doc/country/BOL/treaties").text


def test_a_treaty_says_who_joined_when_and_what_reports_say(get):
    page = unescape(get("/mem/doc/treaty/cifta-1997").text)
    assert "Inter-American Convention against the Illicit Manufacturing" in page
    assert "Peru has a national authority responsible for coordinating" in page
    dates = re.findall(r'<td class="number">(\d{4}(?:-\d\d){0,2})</td>', page)
    assert len(dates) > 20
    assert dates == sorted(dates)
    assert get("/mem/doc/treaty/cifta").status_code == 404
