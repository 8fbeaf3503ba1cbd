"""Spanish verbs in the forms that a report uses: third persons, participles, gerunds and infinitives.

Regular endings are here; which verbs change their stem, and which are irregular, is data
(``data/rules/es/words.toml``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_PLAIN = str.maketrans("áéíóú", "aeiou")
_ACUTE = {"a": "á", "e": "é"}
_CHANGES = {"ie": ("e", "ie"), "ue": ("o", "ue"), "i": ("e", "i")}


@dataclass(frozen=True, slots=True)
class Patterns:
    """How verbs depart from the regular: changes of the stem by infinitive, forms of irregular ones by infinitive."""

    changes: Mapping[str, str]
    """``ie``, ``ue``, ``i`` or ``accent`` for each verb that changes its stem under the stress."""
    irregular: Mapping[str, Mapping[str, tuple[str, ...]]]


def patterns(words: Mapping[str, tuple[str, ...]]) -> Patterns:
    """The patterns that the word lists of the rules hold."""
    changes = {verb: kind for kind in (*_CHANGES, "accent") for verb in words.get(f"stem_{kind}", ())}
    irregular = {}
    for line in words.get("irregular", ()):
        verb, *parts = line.split()
        irregular[verb] = {key: tuple(forms.split(",")) for key, forms in (part.split("=") for part in parts)}
    return Patterns(changes, irregular)


def forms(infinitive: str, known: Patterns) -> Iterator[tuple[str, str]]:
    """Every form of a verb with its kind: ``sg`` and ``pl`` (third persons), ``part``, ``ger``, ``inf``."""
    verb = (
        infinitive.removesuffix("se")
        if len(infinitive) > 4 and infinitive.endswith(("arse", "erse", "irse"))
        else infinitive
    )
    own = known.irregular.get(verb) or _of_family(verb, known)
    yield from _finite(verb, own, known.changes.get(verb, ""))
    yield from _others(verb, own, known.changes.get(verb, ""))


def _of_family(verb: str, known: Patterns) -> Mapping[str, tuple[str, ...]]:
    """The irregular forms of a verb made from another: ``disponer`` from ``-poner``."""
    for family, own in known.irregular.items():
        if family.startswith("-") and verb.endswith(family[1:]):
            lead = verb.removesuffix(family[1:])
            return {key: tuple(lead + form for form in found) for key, found in own.items()}
    return {}


def _finite(verb: str, own: Mapping[str, tuple[str, ...]], change: str) -> Iterator[tuple[str, str]]:
    stem, ending = verb[:-2], verb[-2:].translate(_PLAIN)
    first = ending == "ar"
    stressed = _stressed(stem, change, ending)
    present = own.get("pres") or ((f"{stressed}a", f"{stressed}an") if first else (f"{stressed}e", f"{stressed}en"))
    yield from zip(present, ("sg", "pl"), strict=False)
    past = own.get("past") or _past(stem, ending, change)
    yield from zip(past, ("sg", "pl"), strict=False)
    imperfect = own.get("impf") or ((f"{stem}aba", f"{stem}aban") if first else (f"{stem}ía", f"{stem}ían"))
    yield from zip(imperfect, ("sg", "pl"), strict=False)
    future = own.get("fut", (verb.translate(_PLAIN),))[0]
    yield from (
        (f"{future}{end}", "sg" if len(end) < 3 and not end.endswith("n") else "pl") for end in ("á", "án", "ía", "ían")
    )
    yield from ((f"{past[-1][:-3]}{end}", "sub-sg") for end in ("ra", "se"))
    yield from ((f"{past[-1][:-3]}{end}", "sub-pl") for end in ("ran", "sen"))
    wished = own.get("subj") or _wished(stressed, ending)
    yield from zip(wished, ("sub-sg", "sub-pl"), strict=False)


def _stressed(stem: str, change: str, ending: str) -> str:
    """A stem under the stress: ``cuent-``, ``evalú-``, ``incluy-``."""
    if change == "accent":
        return f"{stem[:-1]}{'í' if stem[-1] == 'i' else 'ú'}"
    if change in _CHANGES:
        old, new = _CHANGES[change]
        at = stem.rfind(old if not (old == "o" and "o" not in stem) else "u")
        return f"{stem[:at]}{new}{stem[at + 1 :]}"
    return f"{stem}y" if ending == "ir" and stem.endswith("u") and not stem.endswith(("gu", "qu")) else stem


def _past(stem: str, ending: str, change: str) -> tuple[str, str]:
    if ending == "ar":
        return f"{stem}ó", f"{stem}aron"
    if stem.endswith("duc"):
        return f"{stem[:-1]}jo", f"{stem[:-1]}jeron"
    if stem[-1] in "aeou" and not stem.endswith(("gu", "qu")):
        return f"{stem}yó", f"{stem}yeron"
    weak = _weak(stem, ending, change)
    return (f"{weak}ó", f"{weak}eron") if weak.endswith("ñ") else (f"{weak}ió", f"{weak}ieron")


def _weak(stem: str, ending: str, change: str) -> str:
    """The stem of the past and the gerund of a verb in -ir that changes: ``pid-``, ``refir-``."""
    if ending == "ir" and change in ("ie", "i"):
        at = stem.rfind("e")
        return f"{stem[:at]}i{stem[at + 1 :]}"
    return stem


def _wished(stressed: str, ending: str) -> tuple[str, str]:
    """The present subjunctive, with its spelling."""
    if ending == "ar":
        for old, new in (("c", "qu"), ("g", "gu"), ("z", "c")):
            if stressed.endswith(old):
                return f"{stressed[:-1]}{new}e", f"{stressed[:-1]}{new}en"
        return f"{stressed}e", f"{stressed}en"
    if stressed.endswith("c"):
        stressed = f"{stressed[:-1]}zc"
    elif stressed.endswith("gu"):
        stressed = stressed[:-1]
    elif stressed.endswith("g"):
        stressed = f"{stressed[:-1]}j"
    return f"{stressed}a", f"{stressed}an"


def _others(verb: str, own: Mapping[str, tuple[str, ...]], change: str) -> Iterator[tuple[str, str]]:
    stem, ending = verb[:-2], verb[-2:].translate(_PLAIN)
    vowel = stem[-1:] in tuple("aeo")
    regular = f"{stem}ado" if ending == "ar" else f"{stem}{'í' if vowel else 'i'}do"
    for participle in own.get("part", (regular,)):
        yield from ((f"{participle[:-1]}{end}", "part") for end in ("o", "a", "os", "as"))
    light = vowel or (stem.endswith("u") and not stem.endswith(("gu", "qu")))
    gerund = f"{stem}ando" if ending == "ar" else f"{stem}yendo" if light else f"{_weak(stem, ending, change)}iendo"
    for form in own.get("ger", (gerund,)):
        yield form, "ger"
        yield from ((f"{form[:-4]}{_ACUTE[form[-4]]}ndo{clitic}", "ger") for clitic in ("se", "lo", "la", "los", "las"))
    yield from ((f"{verb}{end}", "inf") for end in ("", "se", "lo", "la", "los", "las", "le", "les"))
