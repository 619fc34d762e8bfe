"""The gold set: questions whose answer is known, asked every night; what got worse stops the publishing of answers."""
