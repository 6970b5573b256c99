"""Oil with firms: who buys a partner's crude under pressure, at what discount, at what cost."""
