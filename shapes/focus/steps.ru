# title: One step of a path, along a predicate or against it, from where another step has led
# section: 2.3.1
PREFIX scratch: <https://w3id.org/mem-graph/scratch#>

INSERT { ?focus ?edge ?value } WHERE {
  { ?edge scratch:at ?context ; scratch:after ?prior ; scratch:forth ?along . ?type scratch:below ?context . ?focus a ?type . ?focus ?prior ?middle . ?middle ?along ?value }
  UNION { ?edge scratch:at ?context ; scratch:after ?prior ; scratch:forth ?along . ?context scratch:node ?focus . ?focus ?prior ?middle . ?middle ?along ?value }
  UNION { ?edge scratch:at ?context ; scratch:after ?prior ; scratch:back ?along . ?type scratch:below ?context . ?focus a ?type . ?focus ?prior ?middle . ?value ?along ?middle }
  UNION { ?edge scratch:at ?context ; scratch:after ?prior ; scratch:back ?along . ?context scratch:node ?focus . ?focus ?prior ?middle . ?value ?along ?middle }
}
