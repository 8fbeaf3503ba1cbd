"""Codes: which criterion, with which outcome, because of which words, in both languages. All sentences are made up.

Those of ``codes.txt`` are findings of one clause each, in the wording of neither the rules nor the reports.
"""

import dataclasses
from pathlib import Path

import pytest
from rdflib.namespace import RDF, SKOS

from mem_graph import resources
from mem_graph.reading import rules
from mem_graph.reading.coding import criteria, cues, hits, likeness

RULES = rules.read(resources.data() / "rules")
LANGUAGES = RULES.languages
EXAMPLES = [
    pytest.param(tag, cue.value, example.text, id=f"{tag}:{cue.value}:{kind}:{number}")
    for tag, spoken in LANGUAGES.items()
    for kind in ("criterion", "wording")
    for cue in spoken.of(kind)
    for number, example in enumerate(cue.examples)
    if example.origin == rules.MADE_UP
]
LINES = (Path(__file__).parent / "codes.txt").read_text("utf-8").splitlines()
CASES = [tuple(part.strip() for part in line.split("|", 4)) for line in LINES if "|" in line and line[0] != "#"]
NEAR_MISSES = [
    pytest.param(tag, cue.value, text, id=f"{tag}:{cue.value}")
    for tag, spoken in LANGUAGES.items()
    for cue in spoken.of("wording")
    for text in cue.marks["near_misses"]
]


def said(text, where, tag="en", polarity="achievement", focus=None, others=()):
    """A sentence of one clause as a finding; the words that name the thing are all of it, or those given."""
    words = cues.tokens(text, tag)
    at = (0, len(text)) if focus is None else (text.index(focus), text.index(focus) + len(focus))
    apart = tuple((text.index(other), text.index(other) + len(other)) for other in others)
    return hits.Said(where, polarity, text, words, at, (0, len(text)), apart)


def coded(*args, before=None, tag="en", **more):
    before = before or criteria.Before()
    return criteria.codes(said(*args, tag=tag, **more), before, LANGUAGES[tag])


def test_every_criterion_has_words_and_an_example_in_both_languages():
    graph = resources.read_ontology(resources.ontology(), "https://mem.example/", ["criteria"])
    keys = {str(graph.value(node, SKOS.notation)) for node in graph.subjects(RDF.type, criterion_class())}
    assert len(keys) == 155
    for tag in ("en", "es"):
        assert {cue.value for cue in LANGUAGES[tag].of("criterion")} == keys
        assert {cue.value for cue in LANGUAGES[tag].of("about")} == {str(number) for number in range(1, 28)}
    assert {param.values[:2] for param in EXAMPLES} == {(tag, key) for tag in ("en", "es") for key in keys}


def criterion_class():
    from mem_graph.vocabulary import MEM

    return MEM.Criterion


@pytest.mark.parametrize(("tag", "key", "text"), EXAMPLES)
def test_an_example_is_coded_to_its_criterion(tag, key, text):
    found = coded(text, int(key.split("/")[0]), tag=tag)
    assert key in [code.criterion for code in found]


@pytest.mark.parametrize(("tag", "key", "text"), NEAR_MISSES)
def test_a_near_miss_is_not_coded_to_the_criterion(tag, key, text):
    assert key not in [code.criterion for code in coded(text, int(key.split("/")[0]), tag=tag)]


def test_the_cases_are_all_there():
    assert len(CASES) == 514


@pytest.mark.parametrize(("tag", "place", "sign", "keys", "text"), CASES, ids=[case[-1][:60] for case in CASES])
def test_a_finding_of_one_clause_has_the_codes_of_what_it_speaks_of(tag, place, sign, keys, text):
    where = int(place) if place.isdigit() else place
    polarity = "achievement" if sign == "+" else "deficiency"
    assert {code.criterion for code in coded(text, where, tag=tag, polarity=polarity)} == set(keys.split())


def test_every_criterion_has_two_examples_and_a_near_miss_in_both_languages():
    assert len(EXAMPLES) >= 4 * 155
    assert sorted({param.values[:2] for param in NEAR_MISSES}) == sorted({param.values[:2] for param in EXAMPLES})
    assert len(NEAR_MISSES) == 2 * 155


@pytest.mark.parametrize(
    ("where", "text", "focus", "expected"),
    [
        (5, "There are no selective or indicated programmes.", "selective", {"5/selective": "selective"}),
        (5, "Preventive work with the unemployed is selective.", None, {"5/selective": "selective"}),
        (24, "Ledgers of seized guns are kept.", None, {"24/register": "Ledgers of seized"}),
        (6, "Clinics have been accredited by the ministry.", None, {"6/accreditation": "accredited"}),
        (17, "Article 12 of the Convention is complied with.", None, {"17/regulation": "Article 12"}),
    ],
)
def test_a_code_points_at_the_words_that_decide(where, text, focus, expected):
    found = coded(text, where, focus=focus)
    assert {code.criterion: text[slice(*code.because)] for code in found} == expected


@pytest.mark.parametrize(
    ("tag", "where", "polarity", "text", "outcome"),
    [
        ("en", 5, "achievement", "Selective prevention is offered in schools.", "met"),
        ("en", 5, "deficiency", "Selective prevention is not offered.", "not_met"),
        ("en", 5, "achievement", "Selective prevention is limited to two provinces.", "partly"),
        ("en", 5, "achievement", "Selective prevention reaches not only towns but also villages.", "met"),
        ("en", 5, "deficiency", "Selective prevention is not offered in the rest of the country.", "partly"),
        ("en", 15, "deficiency", "On private land no mitigation has been undertaken.", "partly"),
        ("en", 16, "deficiency", "Tribal police have not been trained on dismantling.", "partly"),
        ("en", 2, "deficiency", "The territories have no plans of their own to carry out the strategy.", "partly"),
        ("en", 20, "deficiency", "The strengths of the local bodies have not been evaluated.", "partly"),
        ("en", 20, "deficiency", "Neither the states nor the municipalities train their police.", "partly"),
        ("en", 22, "achievement", "An early warning system is under development.", "partly"),
        ("en", 24, "deficiency", "The marking of all confiscated firearms is not required.", "partly"),
        ("en", 27, "achievement", "The country has signed the convention.", "partly"),
        ("en", 9, "achievement", "The ministry has signed an agreement with two universities.", "met"),
        ("en", 16, "achievement", "Life without drugs: laboratories are detected without delay.", "met"),
        ("en", 5, "achievement", "Selective prevention is in place in three of the nine provinces.", "partly"),
        ("en", 8, "achievement", "Drug courts admitted 30 offenders, and 9 of the 30 graduated.", "met"),
        ("en", 3, "achievement", "Five of five priority studies on demand were made.", "met"),
        ("en", 18, "achievement", "Narcotics are scheduled by the law, as the Convention asks.", "met"),
        ("en", 24, "deficiency", "The Act leaves explosives out.", "partly"),
        ("en", 24, "deficiency", "Explosives fall outside the Firearms Act.", "partly"),
        ("en", 27, "deficiency", "The country remains outside the Convention.", "not_met"),
        ("en", 1, "deficiency", "Nobody answers for the coordination of drug policy across the board.", "not_met"),
        ("es", 5, "achievement", "La prevención selectiva se ofrece en tres de las nueve provincias.", "partly"),
        ("es", 7, "achievement", "Los criterios de calidad se hallan en fase de redacción.", "partly"),
        ("es", 24, "deficiency", "Los explosivos quedaron fuera de la ley.", "partly"),
        ("es", 27, "deficiency", "La convención no ha sido ratificada.", "not_met"),
        ("es", 5, "achievement", "La prevención selectiva se ofrece en las escuelas.", "met"),
        ("es", 5, "deficiency", "No hay prevención selectiva.", "not_met"),
        ("es", 5, "achievement", "La prevención selectiva se limita a dos provincias.", "partly"),
        ("es", 18, "achievement", "Los estupefacientes se venden únicamente con receta.", "met"),
        ("es", 27, "achievement", "La entrega vigilada está prevista en la Ley 19.", "met"),
        ("es", 16, "deficiency", "El manual carece de toda consideración ambiental.", "not_met"),
        ("es", 5, "achievement", "La prevención selectiva llega no solo a las ciudades, sino también al campo.", "met"),
        ("es", 18, "achievement", "Un sistema de recetas digitales está en elaboración.", "partly"),
        ("es", 24, "deficiency", "No se marcan todas las armas decomisadas.", "partly"),
        ("es", 27, "achievement", "El país firmó el convenio.", "partly"),
        ("en", 22, "achievement", "The ministry is building a database of cases.", "partly"),
        ("en", 4, "deficiency", "Recovery support is not included among them.", "not_met"),
        ("en", 17, "deficiency", "Test kits are lacking at the airport of Canouan.", "partly"),
        ("en", 14, "achievement", "In the course of these operations, 17 persons were arrested.", "met"),
        ("es", 22, "achievement", "El país está implementando un sistema de información.", "partly"),
        ("es", 16, "deficiency", "Los protocolos omiten toda referencia al medio ambiente.", "not_met"),
        ("es", 11, "achievement", "El plan contra las drogas se propone impedir su paso.", "met"),
        ("es", 7, "deficiency", "Fuera de esas ciudades no hay rehabilitación.", "partly"),
        ("en", 4, "deficiency", "The scheme does not extend to aftercare.", "not_met"),
        ("en", 16, "deficiency", "The manual is silent on the environment.", "not_met"),
        ("en", 17, "deficiency", "Small traders escape the licensing rules.", "partly"),
        ("en", 20, "deficiency", "Municipal forces have not been evaluated.", "partly"),
        ("en", 20, "deficiency", "The forces have not been evaluated.", "not_met"),
        ("en", 6, "deficiency", "No detoxification beds exist in the north of the country.", "partly"),
        ("en", 2, "achievement", "The plan was drafted on the basis of a survey.", "met"),
        ("en", 2, "achievement", "A plan was drafted in 2013.", "partly"),
        ("en", 5, "achievement", "Young people who have begun to use drugs are offered indicated prevention.", "met"),
        ("en", 7, "achievement", "Rehabilitation is given by churches and, to a lesser extent, by the state.", "met"),
        ("en", 3, "achievement", "Bulletins are sent solely to ministries.", "partly"),
        ("en", 8, "achievement", "The guidelines are still being drafted.", "partly"),
        ("en", 19, "achievement", "Palliative care is given in the capital alone.", "partly"),
        ("es", 4, "deficiency", "El programa no abarca el apoyo a la recuperación.", "not_met"),
        ("es", 16, "deficiency", "Del medio ambiente nada dice el manual.", "not_met"),
        ("es", 17, "deficiency", "Los pequeños comerciantes quedan fuera del registro.", "partly"),
        ("es", 6, "deficiency", "La mayoría de los centros no está acreditada.", "partly"),
        ("es", 7, "deficiency", "La rehabilitación no ha llegado a los departamentos de Beni y Pando.", "partly"),
    ],
)
def test_the_outcome_is_that_of_the_polarity_or_in_part(tag, where, polarity, text, outcome):
    assert {code.outcome for code in coded(text, where, tag=tag, polarity=polarity)} == {outcome}


def test_what_is_nearest_decides():
    text = "The network offers follow-up, and treatment centres are accredited."
    first = coded(text, 6, focus="offers follow-up", others=["treatment centres are accredited"])
    second = coded(text, 6, focus="treatment centres are accredited", others=["offers follow-up"])
    assert [code.criterion for code in first] == ["6/follow-up"]
    assert [code.criterion for code in second] == ["6/accreditation"]


def test_one_finding_may_have_several_codes():
    found = coded("Clinics offer out-patient treatment, rehabilitation and follow-up.", 6)
    assert [code.criterion for code in found] == ["6/treatment", "6/recovery", "6/follow-up"]


def test_a_denied_alternative_has_its_own_code_alone():
    text = "The programmes include neither social reinsertion nor aftercare."
    found = coded(text, 4, polarity="deficiency", focus="social reinsertion", others=["aftercare"])
    assert [code.criterion for code in found] == ["4/reinsertion"]


@pytest.mark.parametrize(
    ("tag", "where", "text", "focus", "key"),
    [
        (
            "en",
            14,
            "Neither the crops nor the alternative development projects were evaluated.",
            "the alternative development projects",
            "14/evaluation",
        ),
        ("en", 21, "The study was not published.", "The study", "21/dissemination"),
        (
            "es",
            14,
            "Los proyectos de desarrollo alternativo no se han evaluado.",
            "Los proyectos de desarrollo alternativo",
            "14/evaluation",
        ),
    ],
)
def test_what_a_verb_says_of_a_thing_counts_where_the_thing_is_denied(tag, where, text, focus, key):
    found = coded(text, where, tag=tag, polarity="deficiency", focus=focus)
    assert key in [code.criterion for code in found]
    assert "14/alternative-development" not in [code.criterion for code in found]


@pytest.mark.parametrize(
    ("tag", "where", "text", "keys"),
    [
        ("en", 17, "The Council coordinates the control of chemical substances.", ["17/authority"]),
        (
            "en",
            17,
            "The law governs chemical substances, and an authority controls them.",
            ["17/regulation", "17/authority"],
        ),
        ("es", 18, "La Dirección tiene a su cargo la fiscalización de los medicamentos.", ["18/authority"]),
        ("en", 9, "The results of the studies are used in the design of programs.", ["9/use"]),
        ("en", 16, "The country has a procedure to detect laboratories.", ["16/detection"]),
    ],
)
def test_words_that_two_criteria_share_are_those_of_the_one_that_asks_for_more(tag, where, text, keys):
    assert [code.criterion for code in coded(text, where, tag=tag)] == keys


@pytest.mark.parametrize(
    ("tag", "where", "text", "keys"),
    [
        ("en", 6, "Nurses keep up follow-up of clients after residential treatment.", ["6/follow-up"]),
        ("en", 9, "The lottery fund finances research on inhalants.", ["9/funding"]),
        ("en", 5, "An evaluation of the workshops for parents was finished in May.", ["5/evidence"]),
        ("en", 16, "The ministry keeps a register of laboratories found and dismantled.", ["16/data"]),
        ("en", 25, "The unit received 45 suspicious transaction reports in 2013.", ["25/fiu"]),
        ("en", 22, "A technical study on adulterants was made.", ["22/studies"]),
        ("en", 6, "Hospitals offer both treatment and follow-up.", ["6/treatment", "6/follow-up"]),
        ("es", 6, "Se da seguimiento a los usuarios después del tratamiento residencial.", ["6/follow-up"]),
        ("es", 9, "El fondo financia investigaciones sobre inhalables.", ["9/funding"]),
        ("es", 5, "Concluyó una evaluación de los talleres para padres.", ["5/evidence"]),
        ("es", 16, "El ministerio lleva un registro de los laboratorios detectados.", ["16/data"]),
        ("es", 6, "Los hospitales ofrecen tratamiento y seguimiento.", ["6/treatment", "6/follow-up"]),
    ],
)
def test_what_a_preposition_binds_to_a_thing_is_no_other_thing(tag, where, text, keys):
    assert [code.criterion for code in coded(text, where, tag=tag)] == keys


@pytest.mark.parametrize(
    ("tag", "where", "text", "keys"),
    [
        ("en", 2, "The health policy of 1999 has been brought up to date.", ["2/update"]),
        ("en", 16, "A protocol for the dismantling of laboratories was signed.", ["16/protocols"]),
        ("en", 13, "The purpose of the study was to find out about new growing methods.", ["13/studies"]),
        ("en", 24, "Weapons that were confiscated bear a mark.", ["24/marking-confiscated"]),
        ("en", 26, "Staff are trained on the management of seized property.", ["26/training"]),
        ("es", 2, "La política de salud de 1999 se ha puesto al día.", ["2/update"]),
        ("es", 16, "Se aprobó un protocolo para el desmantelamiento de laboratorios.", ["16/protocols"]),
        ("es", 20, "Se evalúa a las entidades responsables del control del tráfico.", ["20/evaluation"]),
        ("es", 26, "El personal recibe capacitación sobre la administración de bienes incautados.", ["26/training"]),
    ],
)
def test_other_words_that_say_far_more_count_before_a_cue_that_is_not_firm(tag, where, text, keys):
    assert [code.criterion for code in coded(text, where, tag=tag)] == keys


@pytest.mark.parametrize(
    ("tag", "where", "text", "acted", "keys"),
    [
        ("en", 27, "The Solicitor General answered 14 requests.", True, ["27/authorities"]),
        ("en", 27, "In 2013, 14 requests for assistance were answered.", False, ["27/legal-assistance"]),
        ("en", 26, "The Assets Bureau administers forfeited property.", True, ["26/agency"]),
        ("en", 26, "Forfeited property is sold.", False, ["26/management"]),
        ("es", 27, "La Procuraduría tramitó 14 solicitudes.", True, ["27/authorities"]),
        ("es", 27, "Se tramitaron 14 solicitudes de asistencia.", False, ["27/legal-assistance"]),
        ("es", 26, "La Oficina administra los bienes decomisados.", True, ["26/agency"]),
    ],
)
def test_what_a_body_does_may_be_what_is_asked_of_it(tag, where, text, acted, keys):
    one = dataclasses.replace(said(text, where, tag), acted=acted)
    assert [code.criterion for code in criteria.codes(one, criteria.Before(), LANGUAGES[tag])] == keys


@pytest.mark.parametrize(
    ("tag", "where", "text", "keys"),
    [
        ("en", 25, "The FIU meets the standards of the Egmont Group.", ["25/fiu"]),
        ("en", 25, "The law on money laundering meets international standards.", ["25/framework"]),
        ("es", 25, "La Unidad cumple los principios del Grupo Egmont.", ["25/fiu"]),
        ("es", 25, "La ley contra el lavado cumple los estándares internacionales.", ["25/framework"]),
    ],
)
def test_who_meets_standards_decides_of_what_they_are_said(tag, where, text, keys):
    assert [code.criterion for code in coded(text, where, tag=tag)] == keys


@pytest.mark.parametrize(
    ("tag", "where", "text", "focus", "keys"),
    [
        (
            "en",
            "conclusions",
            "The observatory made a study on drug use.",
            "made a study on drug use",
            ["3/demand-studies"],
        ),
        (
            "en",
            "conclusions",
            "The entities that control drug trafficking train staff.",
            "train staff",
            ["20/training"],
        ),
        ("en", 3, "There is a drug observatory.", "a drug observatory", ["3/observatory"]),
        (
            "es",
            "conclusions",
            "El observatorio hizo una encuesta de hogares.",
            "hizo una encuesta de hogares",
            ["3/demand-studies"],
        ),
        ("es", 3, "Funciona un observatorio de drogas.", "un observatorio de drogas", ["3/observatory"]),
    ],
)
def test_a_body_that_merely_acts_has_no_code(tag, where, text, focus, keys):
    assert [code.criterion for code in coded(text, where, tag=tag, focus=focus)] == keys


@pytest.mark.parametrize(
    ("tag", "text", "focus", "keys"),
    [
        (
            "en",
            "Alternative development goes forward with the participation of villagers.",
            "goes forward with the participation of villagers",
            ["14/alternative-development", "14/participation"],
        ),
        (
            "es",
            "El desarrollo alternativo avanza con la participación de las comunidades.",
            "avanza con la participación de las comunidades",
            ["14/alternative-development", "14/participation"],
        ),
    ],
)
def test_in_the_conclusions_what_is_said_and_of_what_count_alike(tag, text, focus, keys):
    assert [code.criterion for code in coded(text, "conclusions", tag=tag, focus=focus)] == keys


@pytest.mark.parametrize(
    ("tag", "text", "recommendations"),
    [
        ("en", "Programs of prevention, treatment and rehabilitation are run in every parish.", {4}),
        ("en", "The programmes take in prevention, treatment and social reinsertion.", {4}),
        ("en", "Residential treatment and rehabilitation are given by churches.", {6}),
        ("en", "Universal prevention programs reach all schools.", {5}),
        ("es", "Se ejecutan programas de prevención, tratamiento y reinserción social.", {4}),
        ("es", "Hay programas de tratamiento, rehabilitación y apoyo a la recuperación.", {4}),
        ("es", "Los programas de prevención universal llegan a todas las escuelas.", {5}),
    ],
)
def test_programs_that_list_their_areas_are_those_of_the_recommendation_on_all_of_them(tag, text, recommendations):
    assert {code.recommendation for code in coded(text, "conclusions", tag=tag)} == recommendations


@pytest.mark.parametrize(
    ("tag", "text", "keys"),
    [
        ("en", "Precursors and pharmaceutical products are regulated.", {"17/regulation", "18/regulation"}),
        ("en", "The country has rules on chemicals and pharmaceutical products.", {"17/regulation", "18/regulation"}),
        ("en", "Bodies coordinate the control of precursors and of narcotics.", {"17/authority", "18/authority"}),
        ("en", "Precursors are regulated.", {"17/regulation"}),
        ("es", "Hay leyes para el control de los precursores y los medicamentos.", {"17/regulation", "18/regulation"}),
        ("es", "Una autoridad controla los precursores y los medicamentos.", {"17/authority", "18/authority"}),
        ("es", "Los medicamentos están sujetos a fiscalización.", {"18/regulation"}),
    ],
)
def test_what_two_recommendations_ask_alike_is_coded_to_both(tag, text, keys):
    assert {code.criterion for code in coded(text, "conclusions", tag=tag)} == keys


@pytest.mark.parametrize(
    ("tag", "where", "polarity", "text", "keys"),
    [
        ("en", 6, "achievement", "The center admitted 40 persons in 2013.", {"6/treatment"}),
        ("en", 6, "achievement", "Nurses refer clients to treatment.", {"6/early-intervention"}),
        ("en", 6, "achievement", "Clinics refer clients to residential treatment.", {"6/early-intervention"}),
        ("en", 21, "deficiency", "The study was not published.", {"21/dissemination"}),
        (
            "en",
            18,
            "achievement",
            "It reports estimates to the International Narcotics Control Board.",
            {"18/estimates"},
        ),
        ("en", 10, "achievement", "Ninety professionals were trained.", {"10/courses"}),
        (
            "en",
            16,
            "achievement",
            "The manual prescribes protective suits and the safe disposal of acids.",
            {"16/environment", "16/safety"},
        ),
        ("es", 6, "achievement", "El centro atendió a 40 personas en 2013.", {"6/treatment"}),
        (
            "es",
            16,
            "achievement",
            "El manual incluye medidas de seguridad para los agentes y de protección del medio ambiente.",
            {"16/environment", "16/safety"},
        ),
        ("es", 21, "deficiency", "El estudio no se publicó.", {"21/dissemination"}),
        ("es", 19, "achievement", "Se creó una reserva nacional de morfina.", {"19/remedies"}),
        (
            "es",
            "conclusions",
            "achievement",
            "El país tiene un mecanismo de coordinación y una estrategia nacional.",
            {"1/coordination", "2/strategy"},
        ),
        (
            "en",
            "conclusions",
            "achievement",
            "The country has a national authority with a budget, and a national plan.",
            {"1/authority", "1/budget", "2/strategy"},
        ),
    ],
)
def test_neighbours_are_told_apart(tag, where, polarity, text, keys):
    assert {code.criterion for code in coded(text, where, tag=tag, polarity=polarity)} == keys


def test_what_is_taken_up_has_the_code_of_what_stands_before_it():
    before = criteria.Before(coded("Selective prevention is offered.", 5))
    [code] = coded("It is not offered there.", 5, polarity="deficiency", before=before)
    assert (code.criterion, code.outcome, code.rule) == ("5/selective", "not_met", criteria.TAKEN_UP)


@pytest.mark.parametrize(
    ("tag", "first", "then", "key"),
    [
        (
            "en",
            "The demand reduction programs are evaluated.",
            "They do not include social reinsertion.",
            "4/reinsertion",
        ),
        ("en", "Offenders may be treated instead of imprisoned.", "They are given aftercare.", "8/services"),
        ("en", "The national strategy is in force until 2018.", "It lacks a budget.", "2/implementation"),
        (
            "es",
            "Los programas de reducción de la demanda se evalúan.",
            "Estos omiten la reinserción social.",
            "4/reinsertion",
        ),
    ],
)
def test_a_clause_of_the_conclusions_that_goes_on_stays_with_the_recommendation_before(tag, first, then, key):
    before = criteria.Before(coded(first, "conclusions", tag=tag))
    assert [code.criterion for code in coded(then, "conclusions", tag=tag, before=before)] == [key]


def test_what_fits_nothing_has_no_code():
    assert coded("Penguins were counted.", 5) == ()
    assert coded("Selective prevention is offered.", 99) == ()


def test_a_chapter_codes_to_its_own_recommendation_alone():
    text = "Firearms are marked and money laundering is a crime."
    assert {code.recommendation for code in coded(text, 24)} == {24}
    assert {code.recommendation for code in coded(text, 25)} == {25}


@pytest.mark.parametrize(
    ("tag", "text", "key"),
    [
        ("en", "Indicated prevention is missing.", "5/indicated"),
        ("en", "Firearms are marked.", "24/marking"),
        ("en", "A financial intelligence unit receives suspicious transaction reports.", "25/fiu"),
        ("en", "Banks report suspicious transactions to a financial intelligence unit.", "25/reporting"),
        ("en", "Agreements on police cooperation have been signed with three countries.", "23/agreements"),
        ("en", "The area under coca is measured each year.", "12/measurement"),
        ("en", "Thefts of medicines need not be reported.", "18/losses"),
        ("en", "Marijuana plants are uprooted.", "14/eradication"),
        ("es", "Los programas escolares llegan a todos los alumnos.", "5/universal"),
        ("es", "El plan carece de presupuesto.", "2/implementation"),
        ("es", "La prevención indicada no existe.", "5/indicated"),
        ("es", "Las armas no se marcan.", "24/marking"),
    ],
)
def test_a_sentence_of_the_conclusions_is_coded_by_what_it_is_about(tag, text, key):
    assert key in [code.criterion for code in coded(text, "conclusions", tag=tag)]


@pytest.mark.parametrize(
    ("tag", "text", "area"),
    [
        ("en", "In the area of International Cooperation, extradition is allowed.", range(27, 28)),
        ("en", "Demand Reduction: treatment is free.", range(4, 11)),
        ("en", "Where Control Measures are concerned, the Supply Reduction Unit is idle.", range(16, 27)),
        ("en", "As for Supply Reduction, crops are measured.", range(11, 16)),
        ("en", "The Demand Reduction Council works, and so does the police.", None),
        ("en", "Cooperation goes on.", None),
        ("es", "En el área de Cooperación Internacional, se permite la extradición.", range(27, 28)),
        ("es", "Por lo que a Medidas de Control se refiere, falta un registro.", range(16, 27)),
        ("es", "En lo que atañe al Fortalecimiento Institucional, rige un plan.", range(1, 4)),
        ("es", "La cooperación sigue.", None),
    ],
)
def test_the_area_that_a_sentence_opens(tag, text, area):
    found = criteria.opening(text, LANGUAGES[tag])
    assert (found and found[0]) == area


def test_the_area_that_a_sentence_opens_bounds_what_follows():
    area, _ = criteria.opening("International Cooperation: extradition is allowed.", RULES)
    before = criteria.Before(area=area)
    [code] = coded("Imported firearms are not marked.", "conclusions", polarity="deficiency", before=before)
    assert code.criterion == "27/firearms"


def test_names_of_bodies_say_nothing_of_criteria_but_where_they_count():
    text = "Courses are given by the College of Science."
    words = cues.tokens(text, "en", bodies=[(25, 43)])
    one = hits.Said(10, "achievement", text, words, (0, 17), (0, len(text)))
    assert [code.criterion for code in criteria.codes(one, criteria.Before(), RULES)] == ["10/courses"]


def test_every_finding_of_peru_is_coded_and_explained(edition):
    seen = 0
    for finding in edition.findings:
        assert finding.codes, finding.evidence.key
        for code in finding.codes:
            assert edition.source.text[code.because.start : code.because.end] == code.because.quote
            passage = finding.evidence.passage.span
            assert passage.start <= code.because.start < code.because.end <= passage.end
            assert rules.describe(RULES, code.rule).endswith(".")
            seen += 1
    assert seen > 200


def test_without_a_cue_the_nearest_phrases_decide_and_the_code_is_fuzzy():
    text = "A yearly subvention meets its running costs."
    [code] = coded(text, 1)
    assert (code.criterion, code.sureness, code.rule) == ("1/budget", "fuzzy", "wording.1-budget")
    assert text[slice(*code.because)] == "subvention meets its running costs"


def test_words_that_speak_as_much_for_two_criteria_code_to_neither():
    book = likeness.phrasebook(RULES)
    words = cues.tokens("Cabbages are bounteous.", "en")
    assert likeness.ranked(words, ["5/universal", "5/selective"], book) == []
    assert coded("Cabbages are bounteous.", 5) == ()


def test_a_word_weighs_by_how_few_criteria_have_it():
    book = likeness.phrasebook(RULES)
    assert book.rarity["subvent"] > book.rarity["budget"] > book.rarity["train"]
    [first, *_] = likeness.ranked(cues.tokens("budget", "en"), ["1/budget", "1/areas"], book)
    assert first.criterion == "1/budget"
    assert first.score > 0


def test_every_criterion_has_phrases_in_both_languages():
    for tag, spoken in LANGUAGES.items():
        phrases = {cue.value: cue.words for cue in spoken.of("wording")}
        assert phrases.keys() == {cue.value for cue in spoken.of("criterion")}, tag
        assert all(len(set(words)) == len(words) >= 8 for words in phrases.values()), tag
