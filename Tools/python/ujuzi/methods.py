"""The methods, read from the schema: their numbers stand there and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any, cast

from google.protobuf.descriptor import Descriptor, MethodDescriptor
from google.protobuf.message import Message

from ujuzi.v1 import options_pb2, services_pb2


class Shape(Enum):
    UNARY = "unary"
    STREAM = "stream"
    EXCHANGE = "exchange"


# All others only read, and may happen twice.
_WRITES = frozenset({"Registrar.Record", "Registrar.RecordMany"})


@dataclass(frozen=True, slots=True)
class Method:
    """A method of the schema. `reads`: it changes nothing, so that it may be asked twice."""

    name: str
    number: int
    revision: int
    shape: Shape
    request: type[Message]
    reply: type[Message]
    reads: bool


@cache
def method(name: str) -> Method:
    """The method called `Service.Method`, such as `Registry.GetProfile`. Raises KeyError."""
    service, _, rest = name.partition(".")
    found = services_pb2.DESCRIPTOR.services_by_name[service].methods_by_name[rest]
    options: Any = found.GetOptions().Extensions
    shape = {"stream": Shape.STREAM, "exchange": Shape.EXCHANGE}.get(
        options[options_pb2.shape], Shape.UNARY
    )
    return Method(
        name=name,
        number=options[options_pb2.number],
        revision=options[options_pb2.revision] or 1,
        shape=shape,
        request=_message_class(found.input_type),
        reply=_message_class(found.output_type),
        reads=name not in _WRITES,
    )


def method_names() -> list[str]:
    return [
        f"{service.name}.{found.name}"
        for service in services_pb2.DESCRIPTOR.services_by_name.values()
        for found in cast("list[MethodDescriptor]", service.methods)
    ]


def _message_class(descriptor: Descriptor) -> type[Message]:
    return cast("type[Message]", getattr(services_pb2, descriptor.name))
