"""From a file to sentences: its text, what the printed page put between the words, its blocks and sentences."""
