"""Source to `Edition`, in the words of ``docs/reading.schema.json``. Pure but for `rules.read` and `extract.read`; no RDF."""
