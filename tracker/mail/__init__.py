"""Words and envelopes: messages, invitations, the outbox and SMTP."""
