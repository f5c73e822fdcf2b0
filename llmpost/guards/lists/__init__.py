"""Lists: phrases, names of competitors, words that nobody is to read: a hundred thousand of them by one automaton."""
