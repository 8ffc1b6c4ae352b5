"""A result for people and programs: values in words, tables, pictures, text formats, pages."""
