"""From predications to findings: what they are about, and which criteria of a recommendation they speak of."""
