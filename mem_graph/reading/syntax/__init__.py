"""From sentences to predications: who is said to do, have or be what, and what is denied; English and Spanish."""
