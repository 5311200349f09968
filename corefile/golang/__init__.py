"""What Go reads and prints: quoting, addresses, regular expressions."""
