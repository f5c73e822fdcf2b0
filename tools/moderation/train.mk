# Trains the moderation classifier from one seed; the Makefile includes this.
MODERATION_DATA ?= ../shared/datasets
MODERATION_WORK ?= build/moderation
MODERATION_TRAIN = $(BIN)/python -m tools.moderation.train --data $(MODERATION_DATA)

.PHONY: train-moderation evaluate-moderation
train-moderation: $(READY)
	$(MODERATION_TRAIN) --out llmpost/guards/moderation/weights.npz

# What is held out of a training is what it is measured on.
evaluate-moderation: $(READY)
	set -e; for fold in 0 1 2 3 4; do $(MODERATION_TRAIN) --without-fold $$fold --out $(MODERATION_WORK)/fold$$fold.npz; done
	$(BIN)/python benchmarks/moderation.py --models $(MODERATION_WORK) --data $(MODERATION_DATA) --out benchmarks/results/moderation.md
