"""This project among others, on the same work, in one run."""
