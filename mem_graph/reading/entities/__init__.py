"""What sentences name: bodies, plans, places, states, instruments; who is meant by an acronym."""
