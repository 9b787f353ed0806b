from ujuzi.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GoAway(_message.Message):
    __slots__ = ["code", "last_call", "message", "rule"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    LAST_CALL_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    code: int
    last_call: int
    message: str
    rule: str
    def __init__(self, last_call: _Optional[int] = ..., code: _Optional[int] = ..., message: _Optional[str] = ..., rule: _Optional[str] = ...) -> None: ...

class Hello(_message.Message):
    __slots__ = ["client", "features", "keepalive_ms", "version_max", "version_min"]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    KEEPALIVE_MS_FIELD_NUMBER: _ClassVar[int]
    VERSION_MAX_FIELD_NUMBER: _ClassVar[int]
    VERSION_MIN_FIELD_NUMBER: _ClassVar[int]
    client: str
    features: _containers.RepeatedScalarFieldContainer[str]
    keepalive_ms: int
    version_max: int
    version_min: int
    def __init__(self, version_min: _Optional[int] = ..., version_max: _Optional[int] = ..., client: _Optional[str] = ..., features: _Optional[_Iterable[str]] = ..., keepalive_ms: _Optional[int] = ...) -> None: ...

class HelloNo(_message.Message):
    __slots__ = ["code", "message", "retry_after_ms", "rule", "version_max", "version_min"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    VERSION_MAX_FIELD_NUMBER: _ClassVar[int]
    VERSION_MIN_FIELD_NUMBER: _ClassVar[int]
    code: int
    message: str
    retry_after_ms: int
    rule: str
    version_max: int
    version_min: int
    def __init__(self, message: _Optional[str] = ..., version_min: _Optional[int] = ..., version_max: _Optional[int] = ..., retry_after_ms: _Optional[int] = ..., code: _Optional[int] = ..., rule: _Optional[str] = ...) -> None: ...

class HelloOk(_message.Message):
    __slots__ = ["calls_max", "connection_credit", "features", "frame_length_max", "idle_timeout_ms", "keepalive_ms", "keepalive_timeout_ms", "log_id", "metadata_length_max", "principal", "schema_revision", "server", "stream_credit", "streams_max", "timeout_max_ms", "version"]
    CALLS_MAX_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_CREDIT_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    FRAME_LENGTH_MAX_FIELD_NUMBER: _ClassVar[int]
    IDLE_TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    KEEPALIVE_MS_FIELD_NUMBER: _ClassVar[int]
    KEEPALIVE_TIMEOUT_MS_FIELD_NUMBER: _ClassVar[int]
    LOG_ID_FIELD_NUMBER: _ClassVar[int]
    METADATA_LENGTH_MAX_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_REVISION_FIELD_NUMBER: _ClassVar[int]
    SERVER_FIELD_NUMBER: _ClassVar[int]
    STREAMS_MAX_FIELD_NUMBER: _ClassVar[int]
    STREAM_CREDIT_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_MAX_MS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    calls_max: int
    connection_credit: int
    features: _containers.RepeatedScalarFieldContainer[str]
    frame_length_max: int
    idle_timeout_ms: int
    keepalive_ms: int
    keepalive_timeout_ms: int
    log_id: bytes
    metadata_length_max: int
    principal: str
    schema_revision: int
    server: str
    stream_credit: int
    streams_max: int
    timeout_max_ms: int
    version: int
    def __init__(self, version: _Optional[int] = ..., server: _Optional[str] = ..., features: _Optional[_Iterable[str]] = ..., frame_length_max: _Optional[int] = ..., calls_max: _Optional[int] = ..., timeout_max_ms: _Optional[int] = ..., stream_credit: _Optional[int] = ..., idle_timeout_ms: _Optional[int] = ..., schema_revision: _Optional[int] = ..., connection_credit: _Optional[int] = ..., streams_max: _Optional[int] = ..., keepalive_ms: _Optional[int] = ..., keepalive_timeout_ms: _Optional[int] = ..., metadata_length_max: _Optional[int] = ..., principal: _Optional[str] = ..., log_id: _Optional[bytes] = ...) -> None: ...

class Metadata(_message.Message):
    __slots__ = ["entries", "traceparent", "tracestate"]
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    TRACEPARENT_FIELD_NUMBER: _ClassVar[int]
    TRACESTATE_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[MetadataEntry]
    traceparent: str
    tracestate: str
    def __init__(self, traceparent: _Optional[str] = ..., tracestate: _Optional[str] = ..., entries: _Optional[_Iterable[_Union[MetadataEntry, _Mapping]]] = ...) -> None: ...

class MetadataEntry(_message.Message):
    __slots__ = ["key", "value"]
    KEY_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    key: str
    value: bytes
    def __init__(self, key: _Optional[str] = ..., value: _Optional[bytes] = ...) -> None: ...

class Status(_message.Message):
    __slots__ = ["code", "detail", "message", "not_processed", "retry_after_ms"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    NOT_PROCESSED_FIELD_NUMBER: _ClassVar[int]
    RETRY_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    code: int
    detail: StatusDetail
    message: str
    not_processed: bool
    retry_after_ms: int
    def __init__(self, code: _Optional[int] = ..., message: _Optional[str] = ..., detail: _Optional[_Union[StatusDetail, _Mapping]] = ..., retry_after_ms: _Optional[int] = ..., not_processed: bool = ...) -> None: ...

class StatusDetail(_message.Message):
    __slots__ = ["field", "rule", "state"]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    field: str
    rule: str
    state: str
    def __init__(self, field: _Optional[str] = ..., rule: _Optional[str] = ..., state: _Optional[str] = ...) -> None: ...
