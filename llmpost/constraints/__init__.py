"""Languages over bytes become masks over tokens: constraints, their states, and the store of masks of a vocabulary."""
