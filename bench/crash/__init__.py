"""The crash harness: kills, freezes and cuts off real senders by the thousand, and compares the books at the end."""
