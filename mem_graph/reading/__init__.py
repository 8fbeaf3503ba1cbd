"""Source to `Edition`, in the words of ``docs/reading.schema.json``; pure but for reading files, and without RDF."""
