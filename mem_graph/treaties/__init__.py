"""The treaty record, without RDF: acts of states, what follows from them in the law of treaties, and what is unknown.

``dates`` knows how precise a date is, ``record`` holds the rows as frozen records, ``standings`` derives who is
signatory, contracting state and party, ``status`` says what held on a day and how far the sources allow to say it,
``paragraphs`` matches reservations with cited articles, ``faults`` looks for what is wrong in the tables.
VCLT is the Vienna Convention on the Law of Treaties (1969).
"""
