"""What happened and what it is worth: vocabulary, values, errors and scoring. Pure Python, no input or output."""
