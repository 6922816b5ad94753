-- ARGV: now ms, most. Books expired holds as spent; returns their request ids.
return lapse(ARGV[1], ARGV[2])
