"""Subscriptions to other contexts' facts."""
