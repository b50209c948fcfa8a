"""The subcommands of ``sociograph``, one module each, and what they share."""
