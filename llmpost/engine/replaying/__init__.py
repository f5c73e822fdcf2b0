"""Replaying: recorded texts before the guards of another policy, and what that would have changed. It asks no model.

Records come from `traces`; what a guard finds and what is done about it is the business of `guards`, as it was when the
record was made.
"""
