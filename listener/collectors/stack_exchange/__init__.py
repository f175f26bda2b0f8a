"""Stack Exchange: questions on Stack Overflow and its sister sites, and a brand's answers."""

from listener.collectors.stack_exchange.collector import StackExchange

__all__ = ["StackExchange"]
