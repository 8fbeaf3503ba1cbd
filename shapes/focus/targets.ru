# title: Subjects and objects of a predicate as focus nodes
# section: 2.1.3.4
PREFIX scratch: <https://w3id.org/mem-graph/scratch#>

INSERT { ?context scratch:node ?node } WHERE {
  { ?context scratch:targetSubjectsOf ?predicate . ?node ?predicate ?any }
  UNION { ?context scratch:targetObjectsOf ?predicate . ?any ?predicate ?node }
}
