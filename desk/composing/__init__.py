"""What helps an agent to write: kept words, mentions, knowledge, a suggestion, the window."""
