"""The subcommands of `xianjin`, one module each."""
