"""Cases: texts with what a policy must make of them, and whether it does. Values in, outcomes out; knows no files."""

from llmpost.engine.cases.case import Case
from llmpost.engine.cases.demands import Miss
from llmpost.engine.cases.reading import read_cases
from llmpost.engine.cases.running import CaseOutcome, run_case
from llmpost.engine.cases.trial import Trial
from llmpost.engine.cases.untimed import untimed

__all__ = ["Case", "CaseOutcome", "Miss", "Trial", "read_cases", "run_case", "untimed"]
