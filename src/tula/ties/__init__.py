"""Relations that are more than a trade flow: oil, settlement, labour, arms, nuclear, logistics."""
