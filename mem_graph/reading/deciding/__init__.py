"""What people decide: corrections, and what waits for a decision."""
