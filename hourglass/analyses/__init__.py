"""One module a question: which files run in which order, and rows to a `Result`."""
