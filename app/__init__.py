"""The only place that knows all stages: the pipeline, the command line, what goes out."""
