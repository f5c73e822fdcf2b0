"""Drawing: recorded tokens drawn once more, from the rows that were kept of a model, under the settings of a policy."""
