"""Names, records, messages, zone files. It knows no chain and no world."""
