"""Template helpers of every channel."""
