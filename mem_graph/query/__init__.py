"""Questions: the SPARQL protocol, prepared questions, the release that is being served. Knows nothing of Flask."""
