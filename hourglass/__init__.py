"""Hourglass: funnels of people through the marketing hourglass, from event exports."""

__version__ = "0.1.0"
