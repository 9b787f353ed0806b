from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor
KIND_FIELD_NUMBER: _ClassVar[int]
MAX_FIELD_NUMBER: _ClassVar[int]
MAX_ITEMS_FIELD_NUMBER: _ClassVar[int]
MIN_FIELD_NUMBER: _ClassVar[int]
NESTED_FIELD_NUMBER: _ClassVar[int]
NUMBER_FIELD_NUMBER: _ClassVar[int]
REQUIRED_FIELD_NUMBER: _ClassVar[int]
REVISION_FIELD_NUMBER: _ClassVar[int]
ROLES_FIELD_NUMBER: _ClassVar[int]
SHAPE_FIELD_NUMBER: _ClassVar[int]
kind: _descriptor.FieldDescriptor
max: _descriptor.FieldDescriptor
max_items: _descriptor.FieldDescriptor
min: _descriptor.FieldDescriptor
nested: _descriptor.FieldDescriptor
number: _descriptor.FieldDescriptor
required: _descriptor.FieldDescriptor
revision: _descriptor.FieldDescriptor
roles: _descriptor.FieldDescriptor
shape: _descriptor.FieldDescriptor
