"""Other engines behind one contract, so that all are measured alike."""
