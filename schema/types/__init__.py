"""What is answered. Each type lists the attributes of a value from ``signals``, which stands for it as it is."""
