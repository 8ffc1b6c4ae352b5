"""What a configuration says beyond columns, stages and rules: one module a table of the file."""
