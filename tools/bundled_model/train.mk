# Trains the bundled models from one seed; the Makefile includes this. Killed and run again, it resumes.
TINY_WORK ?= build/bundled_model
TINY_OUT ?= llmpost/models/bundled

.PHONY: train-tiny
train-tiny: $(READY)
	test -e $(TINY_WORK)/tokenizer/tokenizer.json || \
		$(BIN)/python -m tools.bundled_model.train_tokenizer --out $(TINY_WORK)/tokenizer
	$(BIN)/python -m tools.bundled_model.train --work $(TINY_WORK)/target --tokenizer $(TINY_WORK)/tokenizer \
		--out $(TINY_OUT)/tiny
	$(BIN)/python -m tools.bundled_model.distill --work $(TINY_WORK)/draft --tokenizer $(TINY_WORK)/tokenizer \
		--teacher $(TINY_OUT)/tiny --out $(TINY_OUT)/tiny-draft
	$(BIN)/python -m tools.bundled_model.evaluate --target $(TINY_OUT)/tiny --draft $(TINY_OUT)/tiny-draft \
		--card $(TINY_OUT)/model_card.md --answers $(TINY_WORK)/support_answers.txt --errors $(TINY_WORK)/errors
