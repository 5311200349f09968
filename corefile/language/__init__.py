"""The language of Corefiles. It knows no plugin."""
