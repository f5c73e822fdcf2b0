# Trains the detector of prompt injections; the Makefile includes this.
INJECTION_DATA ?= ../shared/datasets

.PHONY: train-injection evaluate-injection
train-injection: $(READY)
	$(BIN)/python -m tools.injection.train --data $(INJECTION_DATA) --out llmpost/guards/injection/injection.npz

evaluate-injection: $(READY)
	$(BIN)/python benchmarks/injection.py --data $(INJECTION_DATA) --out benchmarks/results/injection.md
