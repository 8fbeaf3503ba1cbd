"""The look-up form, the matrix, a treaty, a state; what is expected is from the report and the record's tables."""

import csv
import re
from html import unescape

LOOK_UP = "/mem/doc/treaty?country=PER&treaty=illicit-traffic-1988&on=2014-06-30"


def test_report_and_record_stand_beside_each_other(get):
    page = unescape(get(LOOK_UP).text)
    report, record, verdict = re.findall(
        r"<h3>(?:The report’s word|The record|How the two stand)</h3>(.*?)</section>", page, flags=re.S
    )
    assert "Peru has ratified the United Nations Convention against Illicit Traffic" in report
    assert re.search(r'href="/mem/doc/source/PER-R6/en/1/1\?at=27#27-s1"', report)
    assert "1992-01-16" in record
    assert "since 1992-04-15" in re.sub("<[^>]*>", "", record)
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


def matrix(page):
    """The matrix of a page: its states, its treaties, and by both the word and where it leads."""
    table = unescape(page.partition('<table class="matrix')[2].partition("</table>")[0])
    head, *rows = re.findall(r"<tr>(.*?)</tr>", table, flags=re.S)
    treaties = re.findall(r'<th scope="col"><a href="/mem/doc/treaty/([^"]+)">', head)
    states = [re.search(r'<th scope="row"><a href="/mem/doc/country/([A-Z]{3})/treaties', row)[1] for row in rows]
    cells = [re.findall(r'<td><a class="st (\w+)" href="([^"]+)">([^<]+)</a></td>', row) for row in rows]
    return states, treaties, cells


def test_the_matrix_is_a_table_with_words_in_every_cell(get):
    page = get("/mem/doc/treaty").text
    states, treaties, rows = matrix(page)
    assert len(treaties) == 16
    assert len(states) == 12  # South America, as the United Nations count it
    assert [len(row) for row in rows] == [16] * 12
    assert {"party", "signatory", "contracting state", "not bound", "unknown"} == {
        word for row in rows for _, _, word in row
    }
    assert "/mem/api/treaty-matrix?format=csv" in page


def test_a_cell_of_the_matrix_leads_to_what_it_rests_on(get):
    states, treaties, rows = matrix(get("/mem/doc/treaty?on=2005-01-01").text)
    _, link, word = rows[states.index("PER")][treaties.index("untoc-protocol-firearms-2001")]
    assert word == "contracting state"
    page = get(f"/mem/doc/treaty{link}".partition("#")[0]).text
    assert re.search(r"<dt>contracting state</dt><dd>yes", page)
    assert re.search(r"<dt>party</dt><dd>no", page)


def test_the_matrix_is_narrowed_by_region_and_treaty(get):
    states, treaties, _ = matrix(get("/mem/doc/treaty?region=all").text)
    assert (len(states), len(treaties)) == (35, 16)
    states, treaties, _ = matrix(get("/mem/doc/treaty?region=id/region/central-america&only=cifta").text)
    assert "GTM" in states
    assert "PER" not in states
    assert treaties == ["cifta-1997"]
    assert get("/mem/doc/treaty?region=id/region/atlantis").status_code == 404
    assert get("/mem/doc/treaty?only=atlantis").status_code == 404


def test_every_cell_of_the_matrix_agrees_with_the_matrix_of_the_api(get):
    states, treaties, rows = matrix(get("/mem/doc/treaty?region=all").text)
    wanted = {
        (row["country"], row["treaty"]): row["standing"] or ("not bound" if row["party"] == "no" else "unknown")
        for row in csv.DictReader(get("/mem/api/treaty-matrix?format=csv").text.splitlines())
    }
    shown = {
        (state, treaty): cell[2]
        for state, row in zip(states, rows, strict=True)
        for treaty, cell in zip(treaties, row, strict=True)
    }
    assert len(shown) == 560
    assert {key: (word, wanted[key]) for key, word in shown.items() if word != wanted[key]} == {}


def test_a_reservation_that_touches_a_cited_article_is_told(get):
    """Peru reserved on parts of article 3, paragraph 1, and recommendation 17 cites article 3."""
    page = unescape(get(LOOK_UP).text)
    assert "A reservation touches a cited article: 3(1)(a)(ii);1(m), cited as 3 in recommendation 17." in page


def test_every_act_prints_the_kind_of_its_source(get):
    kinds = {"the depositary’s register", "a copy of the register", "a third party"}
    found = set()
    for address in (
        "/mem/doc/treaty/cifta-1997",
        "/mem/doc/treaty/illicit-traffic-1988",
        "/mem/doc/country/PER/treaties",
    ):
        acts = unescape(get(address).text).partition('<h2 id="acts">')[2].partition("</table>")[0]
        row = r'<tr><td class="date">[\d-]+</td><td>[^<]+</td><td><a [^>]+>\w+</a></td><td>(.*?)</td></tr>'
        rows = re.findall(row, acts)
        assert len(rows) == acts.count("<tr>") - 1 > 10
        told = [re.fullmatch(r'<a href="/mem/doc/act-source/[^"]+">([^<]+)</a>', each)[1] for each in rows]
        found.update(told)
    assert found == kinds


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
    dates = re.findall(r'<tr><td class="date">(\d{4}(?:-\d\d){0,2})</td>', page)
    assert len(dates) > 20
    assert dates == sorted(dates)
    assert get("/mem/doc/treaty/cifta").status_code == 404
