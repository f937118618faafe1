"""How an agent block talks to a model: the prompt, the checkpoints, the check of the answer, the words of failure."""
