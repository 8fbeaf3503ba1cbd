"""What is measured or counted in a sentence: numbers, years, amounts, parts of wholes, tallies of ratings."""
