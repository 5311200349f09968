"""Server selection, the plugin chain, messages, and the world around them. Knows no plugin."""
