"""A deterministic event log with known truth: what goes in is known, so answers can be checked.

`plan` holds what is planted, `life` makes one person's events, `log` puts the people together
and counts the truth, `files` writes it down.
"""
