"""What is odd here: one question a file, all answering in the columns of FINDINGS.

A finding is a lead, not a verdict.
"""
