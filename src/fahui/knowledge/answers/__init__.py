"""From a question to an answer that cites, an alarm, or a plain "no reliable basis"."""
