# title: Classes whose instances a context gathers: those it names and all below them
# section: 2.1.3.2
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX scratch: <https://w3id.org/mem-graph/scratch#>

INSERT { ?class scratch:below ?context } WHERE { ?context scratch:gathers ?top . ?class rdfs:subClassOf* ?top }
