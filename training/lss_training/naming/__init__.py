"""Which level each vertebra of a spine is, from points alone."""
