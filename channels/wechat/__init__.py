"""WeChat official accounts: signed webhooks, passive replies, customer-service messages."""
