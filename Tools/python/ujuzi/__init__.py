"""A client of the Ujuzi registry of skills, over `ujuzi/1` (Protos/WIRE.md)."""

from ujuzi.channel import Channel, Options, tls_context
from ujuzi.client import Client
from ujuzi.errors import Code, StatusError
from ujuzi.methods import Method, Shape, method, method_names
from ujuzi.retry import RetryPolicy, may_resume

__all__ = [
    "Channel",
    "Client",
    "Code",
    "Method",
    "Options",
    "RetryPolicy",
    "Shape",
    "StatusError",
    "may_resume",
    "method",
    "method_names",
    "tls_context",
]
