"""How far the answer depends on the model: every closure with every set of elasticities."""
