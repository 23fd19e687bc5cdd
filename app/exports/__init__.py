"""What was read, for other programs: tidy rows as Parquet, CSV or DuckDB; workbooks, pages, JSON lines, Docling."""
