"""Files: what blocks saved of their outputs, and what people uploaded; kept once by content, listed, downloaded."""
