# title: Value nodes of a shape as focus nodes of the shapes that it refers to
# section: 3.4
PREFIX scratch: <https://w3id.org/mem-graph/scratch#>

INSERT { ?values scratch:node ?value } WHERE {
  SELECT DISTINCT ?values ?value WHERE {
    { ?values scratch:of ?context ; scratch:path/scratch:forward ?along . ?type scratch:below ?context . ?focus a ?type . ?focus ?along ?value }
    UNION { ?values scratch:of ?context ; scratch:path/scratch:forward ?along . ?context scratch:node ?focus . ?focus ?along ?value }
    UNION { ?values scratch:of ?context ; scratch:path/scratch:backward ?along . ?type scratch:below ?context . ?focus a ?type . ?value ?along ?focus }
    UNION { ?values scratch:of ?context ; scratch:path/scratch:backward ?along . ?context scratch:node ?focus . ?value ?along ?focus }
  }
}
