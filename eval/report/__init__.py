"""From scores to what people read: the summary, its table in the terminal, and the HTML report."""
