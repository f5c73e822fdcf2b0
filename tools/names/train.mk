# Trains the finder of names from one seed; the Makefile includes this.
NAMES_DATA ?= ../shared/datasets
NAMES_WORK ?= build/names
NAMES_TRAIN = $(BIN)/python -m tools.names.train --data $(NAMES_DATA)

.PHONY: train-names evaluate-names
train-names: $(READY)
	$(NAMES_TRAIN) --out llmpost/guards/names/names.npz

# What is held out of a training is what it is measured on.
evaluate-names: $(READY)
	set -e; for fold in 0 1 2 3 4; do $(NAMES_TRAIN) --without-fold $$fold --out $(NAMES_WORK)/fold$$fold.npz; done
	$(NAMES_TRAIN) --without pii_presidio_synth --out $(NAMES_WORK)/no_presidio.npz
	$(NAMES_TRAIN) --without pii_patterns_synth --out $(NAMES_WORK)/no_patterns.npz
	$(BIN)/python benchmarks/names.py --models $(NAMES_WORK) --out benchmarks/results/names.md
