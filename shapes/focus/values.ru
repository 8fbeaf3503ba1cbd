# title: Value nodes of a shape as focus nodes of the shapes that it refers to
# section: 3.4
PREFIX scratch: <https://w3id.org/mem-graph/scratch#>

INSERT { ?values scratch:node ?value } WHERE {
  {
    SELECT ?values ?context ?focus ?value WHERE {
      { ?values scratch:of ?context ; scratch:path/scratch:forward ?along . ?focus ?along ?value }
      UNION { ?values scratch:of ?context ; scratch:path/scratch:backward ?along . ?value ?along ?focus }
    }
  }
  FILTER (EXISTS { ?focus a ?type . ?type scratch:below ?context } || EXISTS { ?context scratch:node ?focus })
}
