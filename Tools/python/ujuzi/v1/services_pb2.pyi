from ujuzi.v1 import events_pb2 as _events_pb2
from ujuzi.v1 import options_pb2 as _options_pb2
from ujuzi.v1 import states_pb2 as _states_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

AGREEMENT_FIGURE_AWARDS: AgreementFigure
AGREEMENT_FIGURE_COMPLETIONS: AgreementFigure
AGREEMENT_FIGURE_ENROLLED: AgreementFigure
AGREEMENT_FIGURE_PEOPLE: AgreementFigure
AGREEMENT_FIGURE_REPORTED: AgreementFigure
AGREEMENT_FIGURE_UNSPECIFIED: AgreementFigure
CHANGE_CAUSE_AUTHORISATION: ChangeCause
CHANGE_CAUSE_COHORT: ChangeCause
CHANGE_CAUSE_COURSE: ChangeCause
CHANGE_CAUSE_EVIDENCE: ChangeCause
CHANGE_CAUSE_FRAMEWORK: ChangeCause
CHANGE_CAUSE_HOLDER: ChangeCause
CHANGE_CAUSE_MANDATE: ChangeCause
CHANGE_CAUSE_MERGE: ChangeCause
CHANGE_CAUSE_MERGED_RECORD: ChangeCause
CHANGE_CAUSE_OWN: ChangeCause
CHANGE_CAUSE_POLICY: ChangeCause
CHANGE_CAUSE_REQUIREMENT: ChangeCause
CHANGE_CAUSE_UNSPECIFIED: ChangeCause
CREDENTIAL_STATUS_EXPIRED: CredentialStatus
CREDENTIAL_STATUS_NOT_YET_VALID: CredentialStatus
CREDENTIAL_STATUS_REVOKED: CredentialStatus
CREDENTIAL_STATUS_SUPERSEDED: CredentialStatus
CREDENTIAL_STATUS_SUSPENDED: CredentialStatus
CREDENTIAL_STATUS_UNKNOWN: CredentialStatus
CREDENTIAL_STATUS_UNSPECIFIED: CredentialStatus
CREDENTIAL_STATUS_VALID: CredentialStatus
DESCRIPTOR: _descriptor.FileDescriptor
DUTY_STANDING_COMPLETED: DutyStanding
DUTY_STANDING_EXEMPTED: DutyStanding
DUTY_STANDING_LATE: DutyStanding
DUTY_STANDING_NON_COMPLIANT: DutyStanding
DUTY_STANDING_OUTSTANDING: DutyStanding
DUTY_STANDING_UNSPECIFIED: DutyStanding
EVENT_STANDING_CORRECTED: EventStanding
EVENT_STANDING_STANDS: EventStanding
EVENT_STANDING_UNSPECIFIED: EventStanding
EVENT_STANDING_VOIDED: EventStanding
EXCEPTION_KIND_AFTER_DEATH: ExceptionKind
EXCEPTION_KIND_AFTER_SEPARATION: ExceptionKind
EXCEPTION_KIND_AUTHORITY_NOT_STANDING: ExceptionKind
EXCEPTION_KIND_AWARDED_AFTER_DEATH: ExceptionKind
EXCEPTION_KIND_BEFORE_COHORT: ExceptionKind
EXCEPTION_KIND_BEFORE_SERVICE: ExceptionKind
EXCEPTION_KIND_BELOW_PASS_MARK: ExceptionKind
EXCEPTION_KIND_CORRECTED: ExceptionKind
EXCEPTION_KIND_CREDITS_AGAINST_HOURS: ExceptionKind
EXCEPTION_KIND_DAY_LONG_PAST: ExceptionKind
EXCEPTION_KIND_DAY_TO_COME: ExceptionKind
EXCEPTION_KIND_DEPRECATED_SKILL: ExceptionKind
EXCEPTION_KIND_DOCUMENT_OF_TWO: ExceptionKind
EXCEPTION_KIND_EVIDENCE_LATER: ExceptionKind
EXCEPTION_KIND_EVIDENCE_WITHDRAWN: ExceptionKind
EXCEPTION_KIND_EXEMPTED_FROM_NOTHING: ExceptionKind
EXCEPTION_KIND_FAILED_ABOVE_PASS_MARK: ExceptionKind
EXCEPTION_KIND_ID_IS_NUMBER: ExceptionKind
EXCEPTION_KIND_KEY_DAMAGED: ExceptionKind
EXCEPTION_KIND_NON_COMPLIANT_BEFORE_DUE: ExceptionKind
EXCEPTION_KIND_NUMBER_OF_TWO: ExceptionKind
EXCEPTION_KIND_PREREQUISITE_NOT_MET: ExceptionKind
EXCEPTION_KIND_SUCCESSOR_OF_ANOTHER: ExceptionKind
EXCEPTION_KIND_TRAINING_GONE: ExceptionKind
EXCEPTION_KIND_UNRECOGNISED_TRAINING: ExceptionKind
EXCEPTION_KIND_UNSPECIFIED: ExceptionKind
EXCEPTION_KIND_VALID_BEFORE_AWARD: ExceptionKind
EXCEPTION_KIND_VOIDED: ExceptionKind
HOLDER_MATCH_NO: HolderMatch
HOLDER_MATCH_UNSPECIFIED: HolderMatch
HOLDER_MATCH_YES: HolderMatch
SERVING_DRAINING: Serving
SERVING_READ_ONLY: Serving
SERVING_UNSPECIFIED: Serving
SERVING_YES: Serving

class AgreementNumber(_message.Message):
    __slots__ = ["agreement", "figure", "programme"]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    FIGURE_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    agreement: bytes
    figure: AgreementFigure
    programme: bytes
    def __init__(self, agreement: _Optional[bytes] = ..., figure: _Optional[_Union[AgreementFigure, str]] = ..., programme: _Optional[bytes] = ...) -> None: ...

class AlignedLine(_message.Message):
    __slots__ = ["status", "stream", "through", "title"]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    THROUGH_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    status: str
    stream: bytes
    through: bytes
    title: str
    def __init__(self, stream: _Optional[bytes] = ..., title: _Optional[str] = ..., status: _Optional[str] = ..., through: _Optional[bytes] = ...) -> None: ...

class AlignedPage(_message.Message):
    __slots__ = ["as_of", "instrument", "lines"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    instrument: _states_pb2.Instrument
    lines: _containers.RepeatedCompositeFieldContainer[AlignedLine]
    def __init__(self, instrument: _Optional[_Union[_states_pb2.Instrument, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[AlignedLine, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class AlignedRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "instrument", "on"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    instrument: bytes
    on: int
    def __init__(self, instrument: _Optional[bytes] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class AuthorisationLine(_message.Message):
    __slots__ = ["authorisation", "covers_course", "stands", "state", "why_not"]
    AUTHORISATION_FIELD_NUMBER: _ClassVar[int]
    COVERS_COURSE_FIELD_NUMBER: _ClassVar[int]
    STANDS_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    WHY_NOT_FIELD_NUMBER: _ClassVar[int]
    authorisation: bytes
    covers_course: bool
    stands: bool
    state: _states_pb2.Authorisation
    why_not: str
    def __init__(self, authorisation: _Optional[bytes] = ..., state: _Optional[_Union[_states_pb2.Authorisation, _Mapping]] = ..., stands: bool = ..., covers_course: bool = ..., why_not: _Optional[str] = ...) -> None: ...

class AuthorisationsReply(_message.Message):
    __slots__ = ["as_of", "covered", "lines"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    COVERED_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    covered: bool
    lines: _containers.RepeatedCompositeFieldContainer[AuthorisationLine]
    def __init__(self, lines: _Optional[_Iterable[_Union[AuthorisationLine, _Mapping]]] = ..., covered: bool = ..., as_of: _Optional[int] = ...) -> None: ...

class AuthorisationsRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "course", "on", "organisation"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    COURSE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    course: bytes
    on: int
    organisation: bytes
    def __init__(self, organisation: _Optional[bytes] = ..., course: _Optional[bytes] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class CarriedFrom(_message.Message):
    __slots__ = ["framework", "level", "relation", "skill"]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    framework: bytes
    level: int
    relation: _events_pb2.CrosswalkRelation
    skill: bytes
    def __init__(self, framework: _Optional[bytes] = ..., skill: _Optional[bytes] = ..., level: _Optional[int] = ..., relation: _Optional[_Union[_events_pb2.CrosswalkRelation, str]] = ...) -> None: ...

class CertificateNumber(_message.Message):
    __slots__ = ["issuer", "number"]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    issuer: bytes
    number: str
    def __init__(self, issuer: _Optional[bytes] = ..., number: _Optional[str] = ...) -> None: ...

class ChangeCursor(_message.Message):
    __slots__ = ["ordinal", "position"]
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    ordinal: int
    position: int
    def __init__(self, position: _Optional[int] = ..., ordinal: _Optional[int] = ...) -> None: ...

class CitedByPage(_message.Message):
    __slots__ = ["as_of", "lines"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    lines: _containers.RepeatedCompositeFieldContainer[HistoryLine]
    def __init__(self, lines: _Optional[_Iterable[_Union[HistoryLine, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class CitedByRequest(_message.Message):
    __slots__ = ["at_least", "document"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    document: bytes
    def __init__(self, document: _Optional[bytes] = ..., at_least: _Optional[int] = ...) -> None: ...

class ClaimLine(_message.Message):
    __slots__ = ["claim", "since", "skill", "status"]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    claim: bytes
    since: int
    skill: _events_pb2.SkillLevel
    status: _states_pb2.SkillClaimStatus
    def __init__(self, claim: _Optional[bytes] = ..., status: _Optional[_Union[_states_pb2.SkillClaimStatus, str]] = ..., skill: _Optional[_Union[_events_pb2.SkillLevel, _Mapping]] = ..., since: _Optional[int] = ...) -> None: ...

class CohortRollLine(_message.Message):
    __slots__ = ["completion", "credentials", "enrolment", "officer", "status"]
    COMPLETION_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    completion: _states_pb2.Completion
    credentials: _containers.RepeatedScalarFieldContainer[bytes]
    enrolment: bytes
    officer: bytes
    status: _states_pb2.EnrolmentStatus
    def __init__(self, enrolment: _Optional[bytes] = ..., officer: _Optional[bytes] = ..., status: _Optional[_Union[_states_pb2.EnrolmentStatus, str]] = ..., completion: _Optional[_Union[_states_pb2.Completion, _Mapping]] = ..., credentials: _Optional[_Iterable[bytes]] = ...) -> None: ...

class CohortRollPage(_message.Message):
    __slots__ = ["as_of", "lines"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    lines: _containers.RepeatedCompositeFieldContainer[CohortRollLine]
    def __init__(self, lines: _Optional[_Iterable[_Union[CohortRollLine, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class CohortRollRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "cohort", "on", "page_size"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    COHORT_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    cohort: bytes
    on: int
    page_size: int
    def __init__(self, cohort: _Optional[bytes] = ..., page_size: _Optional[int] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class ComplianceLine(_message.Message):
    __slots__ = ["completed", "exempted", "late", "name", "non_compliant", "organisation", "outstanding", "overdue", "required", "strengths", "support"]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    EXEMPTED_FIELD_NUMBER: _ClassVar[int]
    LATE_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NON_COMPLIANT_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    OUTSTANDING_FIELD_NUMBER: _ClassVar[int]
    OVERDUE_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    STRENGTHS_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_FIELD_NUMBER: _ClassVar[int]
    completed: int
    exempted: int
    late: int
    name: str
    non_compliant: int
    organisation: bytes
    outstanding: int
    overdue: int
    required: int
    strengths: _containers.RepeatedCompositeFieldContainer[StrengthCount]
    support: SupportGiven
    def __init__(self, organisation: _Optional[bytes] = ..., name: _Optional[str] = ..., required: _Optional[int] = ..., completed: _Optional[int] = ..., late: _Optional[int] = ..., exempted: _Optional[int] = ..., outstanding: _Optional[int] = ..., overdue: _Optional[int] = ..., non_compliant: _Optional[int] = ..., strengths: _Optional[_Iterable[_Union[StrengthCount, _Mapping]]] = ..., support: _Optional[_Union[SupportGiven, _Mapping]] = ...) -> None: ...

class ComplianceNumber(_message.Message):
    __slots__ = ["below", "mandate", "organisation", "standing"]
    BELOW_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    below: bool
    mandate: bytes
    organisation: bytes
    standing: DutyStanding
    def __init__(self, mandate: _Optional[bytes] = ..., organisation: _Optional[bytes] = ..., below: bool = ..., standing: _Optional[_Union[DutyStanding, str]] = ...) -> None: ...

class ComplianceOfficersPage(_message.Message):
    __slots__ = ["as_of", "officers", "progress", "resume_after"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    OFFICERS_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    officers: _containers.RepeatedCompositeFieldContainer[DutyLine]
    progress: Progress
    resume_after: bytes
    def __init__(self, officers: _Optional[_Iterable[_Union[DutyLine, _Mapping]]] = ..., resume_after: _Optional[bytes] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., as_of: _Optional[int] = ...) -> None: ...

class ComplianceOfficersRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "below", "mandate", "on", "organisation", "page_size", "resume_after", "standing"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    BELOW_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    below: bool
    mandate: bytes
    on: int
    organisation: bytes
    page_size: int
    resume_after: bytes
    standing: DutyStanding
    def __init__(self, mandate: _Optional[bytes] = ..., organisation: _Optional[bytes] = ..., below: bool = ..., on: _Optional[int] = ..., standing: _Optional[_Union[DutyStanding, str]] = ..., page_size: _Optional[int] = ..., resume_after: _Optional[bytes] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class CompliancePage(_message.Message):
    __slots__ = ["as_of", "lines", "mandate", "progress", "support", "total"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    lines: _containers.RepeatedCompositeFieldContainer[ComplianceLine]
    mandate: MandateLine
    progress: Progress
    support: _containers.RepeatedCompositeFieldContainer[SupportLine]
    total: ComplianceLine
    def __init__(self, mandate: _Optional[_Union[MandateLine, _Mapping]] = ..., total: _Optional[_Union[ComplianceLine, _Mapping]] = ..., lines: _Optional[_Iterable[_Union[ComplianceLine, _Mapping]]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., support: _Optional[_Iterable[_Union[SupportLine, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class ComplianceRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "mandate", "on", "organisation"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    mandate: bytes
    on: int
    organisation: bytes
    def __init__(self, mandate: _Optional[bytes] = ..., organisation: _Optional[bytes] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class ConnectionLine(_message.Message):
    __slots__ = ["age_ms", "bytes_read", "bytes_waiting", "bytes_written", "calls", "calls_open", "client", "number", "peer", "phase", "principal", "silent_ms", "streams_open"]
    AGE_MS_FIELD_NUMBER: _ClassVar[int]
    BYTES_READ_FIELD_NUMBER: _ClassVar[int]
    BYTES_WAITING_FIELD_NUMBER: _ClassVar[int]
    BYTES_WRITTEN_FIELD_NUMBER: _ClassVar[int]
    CALLS_FIELD_NUMBER: _ClassVar[int]
    CALLS_OPEN_FIELD_NUMBER: _ClassVar[int]
    CLIENT_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    PEER_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    PRINCIPAL_FIELD_NUMBER: _ClassVar[int]
    SILENT_MS_FIELD_NUMBER: _ClassVar[int]
    STREAMS_OPEN_FIELD_NUMBER: _ClassVar[int]
    age_ms: int
    bytes_read: int
    bytes_waiting: int
    bytes_written: int
    calls: int
    calls_open: int
    client: str
    number: int
    peer: str
    phase: str
    principal: str
    silent_ms: int
    streams_open: int
    def __init__(self, number: _Optional[int] = ..., peer: _Optional[str] = ..., client: _Optional[str] = ..., principal: _Optional[str] = ..., age_ms: _Optional[int] = ..., silent_ms: _Optional[int] = ..., calls: _Optional[int] = ..., calls_open: _Optional[int] = ..., streams_open: _Optional[int] = ..., bytes_read: _Optional[int] = ..., bytes_written: _Optional[int] = ..., bytes_waiting: _Optional[int] = ..., phase: _Optional[str] = ...) -> None: ...

class ConnectionsReply(_message.Message):
    __slots__ = ["as_of", "connections"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    connections: _containers.RepeatedCompositeFieldContainer[ConnectionLine]
    def __init__(self, connections: _Optional[_Iterable[_Union[ConnectionLine, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class ConnectionsRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CredentialLine(_message.Message):
    __slots__ = ["awarded_on", "courses", "credential", "evidence_withdrawn", "findings", "holder", "issuer", "number", "recognised_by", "since", "status", "superseded_by", "valid_until"]
    AWARDED_ON_FIELD_NUMBER: _ClassVar[int]
    COURSES_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    RECOGNISED_BY_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_BY_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    awarded_on: int
    courses: _containers.RepeatedScalarFieldContainer[bytes]
    credential: bytes
    evidence_withdrawn: bool
    findings: _containers.RepeatedScalarFieldContainer[_events_pb2.FindingKind]
    holder: bytes
    issuer: bytes
    number: str
    recognised_by: bytes
    since: int
    status: CredentialStatus
    superseded_by: bytes
    valid_until: int
    def __init__(self, credential: _Optional[bytes] = ..., status: _Optional[_Union[CredentialStatus, str]] = ..., issuer: _Optional[bytes] = ..., number: _Optional[str] = ..., courses: _Optional[_Iterable[bytes]] = ..., awarded_on: _Optional[int] = ..., valid_until: _Optional[int] = ..., recognised_by: _Optional[bytes] = ..., evidence_withdrawn: bool = ..., holder: _Optional[bytes] = ..., since: _Optional[int] = ..., superseded_by: _Optional[bytes] = ..., findings: _Optional[_Iterable[_Union[_events_pb2.FindingKind, str]]] = ...) -> None: ...

class DescribeReply(_message.Message):
    __slots__ = ["descriptor_set", "methods", "schema_revision"]
    DESCRIPTOR_SET_FIELD_NUMBER: _ClassVar[int]
    METHODS_FIELD_NUMBER: _ClassVar[int]
    SCHEMA_REVISION_FIELD_NUMBER: _ClassVar[int]
    descriptor_set: bytes
    methods: _containers.RepeatedCompositeFieldContainer[MethodLine]
    schema_revision: int
    def __init__(self, descriptor_set: _Optional[bytes] = ..., methods: _Optional[_Iterable[_Union[MethodLine, _Mapping]]] = ..., schema_revision: _Optional[int] = ...) -> None: ...

class DescribeRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class DiffLine(_message.Message):
    __slots__ = ["after", "before", "count", "positions", "stream", "streams", "what"]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    POSITIONS_FIELD_NUMBER: _ClassVar[int]
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    after: str
    before: str
    count: int
    positions: _containers.RepeatedScalarFieldContainer[int]
    stream: bytes
    streams: _containers.RepeatedScalarFieldContainer[bytes]
    what: str
    def __init__(self, stream: _Optional[bytes] = ..., what: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ..., positions: _Optional[_Iterable[int]] = ..., count: _Optional[int] = ..., streams: _Optional[_Iterable[bytes]] = ...) -> None: ...

class DiffPage(_message.Message):
    __slots__ = ["as_of", "lines", "more", "progress"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    lines: _containers.RepeatedCompositeFieldContainer[DiffLine]
    more: int
    progress: Progress
    def __init__(self, lines: _Optional[_Iterable[_Union[DiffLine, _Mapping]]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., more: _Optional[int] = ..., as_of: _Optional[int] = ...) -> None: ...

class DiffRequest(_message.Message):
    __slots__ = ["at_least", "on", "to"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    on: int
    to: int
    def __init__(self, to: _Optional[int] = ..., on: _Optional[int] = ..., at_least: _Optional[int] = ..., **kwargs) -> None: ...

class DiskLine(_message.Message):
    __slots__ = ["free_bytes", "parts", "total_bytes"]
    FREE_BYTES_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_BYTES_FIELD_NUMBER: _ClassVar[int]
    free_bytes: int
    parts: str
    total_bytes: int
    def __init__(self, parts: _Optional[str] = ..., free_bytes: _Optional[int] = ..., total_bytes: _Optional[int] = ...) -> None: ...

class DuplicateGroup(_message.Message):
    __slots__ = ["alike", "officers"]
    ALIKE_FIELD_NUMBER: _ClassVar[int]
    OFFICERS_FIELD_NUMBER: _ClassVar[int]
    alike: str
    officers: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, alike: _Optional[str] = ..., officers: _Optional[_Iterable[bytes]] = ...) -> None: ...

class DuplicatesPage(_message.Message):
    __slots__ = ["as_of", "groups", "progress"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    groups: _containers.RepeatedCompositeFieldContainer[DuplicateGroup]
    progress: Progress
    def __init__(self, groups: _Optional[_Iterable[_Union[DuplicateGroup, _Mapping]]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., as_of: _Optional[int] = ...) -> None: ...

class DuplicatesRequest(_message.Message):
    __slots__ = ["at_least"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    def __init__(self, at_least: _Optional[int] = ...) -> None: ...

class DutyLine(_message.Message):
    __slots__ = ["completed_on", "due", "evidence", "exempted_until", "joined", "officer", "posting", "standing", "strength"]
    COMPLETED_ON_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    EXEMPTED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    JOINED_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    completed_on: int
    due: int
    evidence: _containers.RepeatedScalarFieldContainer[bytes]
    exempted_until: int
    joined: int
    officer: bytes
    posting: _events_pb2.Posting
    standing: DutyStanding
    strength: _events_pb2.Strength
    def __init__(self, officer: _Optional[bytes] = ..., posting: _Optional[_Union[_events_pb2.Posting, _Mapping]] = ..., standing: _Optional[_Union[DutyStanding, str]] = ..., due: _Optional[int] = ..., completed_on: _Optional[int] = ..., strength: _Optional[_Union[_events_pb2.Strength, str]] = ..., evidence: _Optional[_Iterable[bytes]] = ..., joined: _Optional[int] = ..., exempted_until: _Optional[int] = ...) -> None: ...

class ExceptionLine(_message.Message):
    __slots__ = ["by", "effective", "event_id", "exception_kind", "officer", "position", "reason", "sentence", "settled", "settled_by", "stream"]
    BY_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    EXCEPTION_KIND_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    SETTLED_BY_FIELD_NUMBER: _ClassVar[int]
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    effective: int
    event_id: bytes
    exception_kind: ExceptionKind
    officer: bytes
    position: int
    reason: bytes
    sentence: str
    settled: _events_pb2.FindingOutcome
    settled_by: bytes
    stream: bytes
    def __init__(self, exception_kind: _Optional[_Union[ExceptionKind, str]] = ..., stream: _Optional[bytes] = ..., event_id: _Optional[bytes] = ..., position: _Optional[int] = ..., effective: _Optional[int] = ..., officer: _Optional[bytes] = ..., sentence: _Optional[str] = ..., by: _Optional[bytes] = ..., settled: _Optional[_Union[_events_pb2.FindingOutcome, str]] = ..., reason: _Optional[bytes] = ..., settled_by: _Optional[bytes] = ...) -> None: ...

class ExceptionsPage(_message.Message):
    __slots__ = ["as_of", "lines", "progress"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    lines: _containers.RepeatedCompositeFieldContainer[ExceptionLine]
    progress: Progress
    def __init__(self, lines: _Optional[_Iterable[_Union[ExceptionLine, _Mapping]]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., as_of: _Optional[int] = ...) -> None: ...

class ExceptionsRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "kinds", "on", "open", "since"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    OPEN_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    kinds: _containers.RepeatedScalarFieldContainer[ExceptionKind]
    on: int
    open: bool
    since: int
    def __init__(self, kinds: _Optional[_Iterable[_Union[ExceptionKind, str]]] = ..., open: bool = ..., since: _Optional[int] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class ExpiringLine(_message.Message):
    __slots__ = ["holder", "last_day", "organisation", "stream", "title"]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    holder: bytes
    last_day: int
    organisation: bytes
    stream: bytes
    title: str
    def __init__(self, stream: _Optional[bytes] = ..., last_day: _Optional[int] = ..., title: _Optional[str] = ..., organisation: _Optional[bytes] = ..., holder: _Optional[bytes] = ...) -> None: ...

class ExpiringPage(_message.Message):
    __slots__ = ["as_of", "lines", "progress"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    lines: _containers.RepeatedCompositeFieldContainer[ExpiringLine]
    progress: Progress
    def __init__(self, lines: _Optional[_Iterable[_Union[ExpiringLine, _Mapping]]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., as_of: _Optional[int] = ...) -> None: ...

class ExpiringRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "credentials", "officers", "on", "stream_kinds", "within_days"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    OFFICERS_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    STREAM_KINDS_FIELD_NUMBER: _ClassVar[int]
    WITHIN_DAYS_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    credentials: _containers.RepeatedScalarFieldContainer[bytes]
    officers: _containers.RepeatedScalarFieldContainer[bytes]
    on: int
    stream_kinds: _containers.RepeatedScalarFieldContainer[bytes]
    within_days: int
    def __init__(self, within_days: _Optional[int] = ..., stream_kinds: _Optional[_Iterable[bytes]] = ..., on: _Optional[int] = ..., credentials: _Optional[_Iterable[bytes]] = ..., officers: _Optional[_Iterable[bytes]] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class ExplainLine(_message.Message):
    __slots__ = ["authority", "because", "effective", "event", "event_id", "officer", "position", "source", "standing", "stream"]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    BECAUSE_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    authority: bytes
    because: str
    effective: int
    event: str
    event_id: bytes
    officer: bytes
    position: int
    source: _events_pb2.Source
    standing: EventStanding
    stream: bytes
    def __init__(self, officer: _Optional[bytes] = ..., stream: _Optional[bytes] = ..., event_id: _Optional[bytes] = ..., position: _Optional[int] = ..., effective: _Optional[int] = ..., event: _Optional[str] = ..., because: _Optional[str] = ..., source: _Optional[_Union[_events_pb2.Source, _Mapping]] = ..., authority: _Optional[bytes] = ..., standing: _Optional[_Union[EventStanding, str]] = ...) -> None: ...

class ExplainPage(_message.Message):
    __slots__ = ["as_of", "counted", "lines", "progress"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    counted: int
    lines: _containers.RepeatedCompositeFieldContainer[ExplainLine]
    progress: Progress
    def __init__(self, lines: _Optional[_Iterable[_Union[ExplainLine, _Mapping]]] = ..., counted: _Optional[int] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., as_of: _Optional[int] = ...) -> None: ...

class ExplainRequest(_message.Message):
    __slots__ = ["agreement", "at_least", "at_position", "compliance", "on", "skill", "stream"]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    COMPLIANCE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    agreement: AgreementNumber
    at_least: int
    at_position: int
    compliance: ComplianceNumber
    on: int
    skill: SkillQuestion
    stream: bytes
    def __init__(self, stream: _Optional[bytes] = ..., skill: _Optional[_Union[SkillQuestion, _Mapping]] = ..., agreement: _Optional[_Union[AgreementNumber, _Mapping]] = ..., compliance: _Optional[_Union[ComplianceNumber, _Mapping]] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class FindEventReply(_message.Message):
    __slots__ = ["as_of", "event"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    event: bytes
    def __init__(self, event: _Optional[bytes] = ..., as_of: _Optional[int] = ...) -> None: ...

class FindEventRequest(_message.Message):
    __slots__ = ["event_id"]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    event_id: bytes
    def __init__(self, event_id: _Optional[bytes] = ...) -> None: ...

class FindOfficersPage(_message.Message):
    __slots__ = ["as_of", "officers", "progress", "resume_after"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    OFFICERS_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    officers: _containers.RepeatedCompositeFieldContainer[OfficerHit]
    progress: Progress
    resume_after: bytes
    def __init__(self, officers: _Optional[_Iterable[_Union[OfficerHit, _Mapping]]] = ..., resume_after: _Optional[bytes] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., as_of: _Optional[int] = ...) -> None: ...

class FindOfficersRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "below", "county", "include_left", "on", "organisation", "page_size", "resume_after", "skills", "strength_at_least"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    BELOW_FIELD_NUMBER: _ClassVar[int]
    COUNTY_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_LEFT_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    below: bool
    county: bytes
    include_left: bool
    on: int
    organisation: bytes
    page_size: int
    resume_after: bytes
    skills: _containers.RepeatedCompositeFieldContainer[_events_pb2.SkillLevel]
    strength_at_least: _events_pb2.Strength
    def __init__(self, skills: _Optional[_Iterable[_Union[_events_pb2.SkillLevel, _Mapping]]] = ..., organisation: _Optional[bytes] = ..., county: _Optional[bytes] = ..., strength_at_least: _Optional[_Union[_events_pb2.Strength, str]] = ..., on: _Optional[int] = ..., page_size: _Optional[int] = ..., resume_after: _Optional[bytes] = ..., below: bool = ..., include_left: bool = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class FindPersonReply(_message.Message):
    __slots__ = ["as_of", "officer", "personal", "state"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    officer: bytes
    personal: _events_pb2.Personal
    state: _states_pb2.Officer
    def __init__(self, officer: _Optional[bytes] = ..., state: _Optional[_Union[_states_pb2.Officer, _Mapping]] = ..., personal: _Optional[_Union[_events_pb2.Personal, _Mapping]] = ..., as_of: _Optional[int] = ...) -> None: ...

class Finding(_message.Message):
    __slots__ = ["finding", "sentence"]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    finding: _events_pb2.FindingKind
    sentence: str
    def __init__(self, finding: _Optional[_Union[_events_pb2.FindingKind, str]] = ..., sentence: _Optional[str] = ...) -> None: ...

class GapLine(_message.Message):
    __slots__ = ["officer", "posting", "skills"]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    officer: bytes
    posting: _events_pb2.Posting
    skills: _containers.RepeatedCompositeFieldContainer[GapSkill]
    def __init__(self, officer: _Optional[bytes] = ..., posting: _Optional[_Union[_events_pb2.Posting, _Mapping]] = ..., skills: _Optional[_Iterable[_Union[GapSkill, _Mapping]]] = ...) -> None: ...

class GapPage(_message.Message):
    __slots__ = ["as_of", "officers", "progress", "resume_after", "totals"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    OFFICERS_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    TOTALS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    officers: _containers.RepeatedCompositeFieldContainer[GapLine]
    progress: Progress
    resume_after: bytes
    totals: _containers.RepeatedCompositeFieldContainer[GapTotal]
    def __init__(self, officers: _Optional[_Iterable[_Union[GapLine, _Mapping]]] = ..., resume_after: _Optional[bytes] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., totals: _Optional[_Iterable[_Union[GapTotal, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class GapRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "identifier", "officer", "on", "organisation", "page_size", "position", "resume_after"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    identifier: _events_pb2.SchemeValue
    officer: bytes
    on: int
    organisation: bytes
    page_size: int
    position: bytes
    resume_after: bytes
    def __init__(self, officer: _Optional[bytes] = ..., identifier: _Optional[_Union[_events_pb2.SchemeValue, _Mapping]] = ..., organisation: _Optional[bytes] = ..., on: _Optional[int] = ..., position: _Optional[bytes] = ..., page_size: _Optional[int] = ..., resume_after: _Optional[bytes] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class GapSkill(_message.Message):
    __slots__ = ["held", "met", "replaced_by", "wanted"]
    HELD_FIELD_NUMBER: _ClassVar[int]
    MET_FIELD_NUMBER: _ClassVar[int]
    REPLACED_BY_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    held: SkillLine
    met: bool
    replaced_by: bytes
    wanted: _events_pb2.SkillLevel
    def __init__(self, wanted: _Optional[_Union[_events_pb2.SkillLevel, _Mapping]] = ..., held: _Optional[_Union[SkillLine, _Mapping]] = ..., met: bool = ..., replaced_by: _Optional[bytes] = ...) -> None: ...

class GapTotal(_message.Message):
    __slots__ = ["asked", "lapsed", "met", "too_low", "wanted"]
    ASKED_FIELD_NUMBER: _ClassVar[int]
    LAPSED_FIELD_NUMBER: _ClassVar[int]
    MET_FIELD_NUMBER: _ClassVar[int]
    TOO_LOW_FIELD_NUMBER: _ClassVar[int]
    WANTED_FIELD_NUMBER: _ClassVar[int]
    asked: int
    lapsed: int
    met: int
    too_low: int
    wanted: _events_pb2.SkillLevel
    def __init__(self, wanted: _Optional[_Union[_events_pb2.SkillLevel, _Mapping]] = ..., asked: _Optional[int] = ..., met: _Optional[int] = ..., too_low: _Optional[int] = ..., lapsed: _Optional[int] = ...) -> None: ...

class GetAgreementReply(_message.Message):
    __slots__ = ["agreement", "as_of", "completions", "expired", "may_be_relied_on", "people", "programmes", "resume_after", "state", "targets", "why_not"]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    COMPLETIONS_FIELD_NUMBER: _ClassVar[int]
    EXPIRED_FIELD_NUMBER: _ClassVar[int]
    MAY_BE_RELIED_ON_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    PROGRAMMES_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TARGETS_FIELD_NUMBER: _ClassVar[int]
    WHY_NOT_FIELD_NUMBER: _ClassVar[int]
    agreement: bytes
    as_of: int
    completions: int
    expired: bool
    may_be_relied_on: bool
    people: int
    programmes: _containers.RepeatedCompositeFieldContainer[ProgrammeLine]
    resume_after: bytes
    state: _states_pb2.Agreement
    targets: _containers.RepeatedCompositeFieldContainer[TargetLine]
    why_not: str
    def __init__(self, agreement: _Optional[bytes] = ..., state: _Optional[_Union[_states_pb2.Agreement, _Mapping]] = ..., may_be_relied_on: bool = ..., expired: bool = ..., people: _Optional[int] = ..., completions: _Optional[int] = ..., programmes: _Optional[_Iterable[_Union[ProgrammeLine, _Mapping]]] = ..., targets: _Optional[_Iterable[_Union[TargetLine, _Mapping]]] = ..., resume_after: _Optional[bytes] = ..., why_not: _Optional[str] = ..., as_of: _Optional[int] = ...) -> None: ...

class GetAgreementRequest(_message.Message):
    __slots__ = ["agreement", "at_least", "at_position", "in_parts", "on", "resume_after"]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    IN_PARTS_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    agreement: bytes
    at_least: int
    at_position: int
    in_parts: bool
    on: int
    resume_after: bytes
    def __init__(self, agreement: _Optional[bytes] = ..., in_parts: bool = ..., resume_after: _Optional[bytes] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class GetProfileReply(_message.Message):
    __slots__ = ["as_of", "claims", "credentials", "merged", "officer", "policy_version", "posting", "skills", "standing", "submissions", "trainings"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    MERGED_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    SUBMISSIONS_FIELD_NUMBER: _ClassVar[int]
    TRAININGS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    claims: _containers.RepeatedCompositeFieldContainer[ClaimLine]
    credentials: _containers.RepeatedCompositeFieldContainer[CredentialLine]
    merged: _containers.RepeatedScalarFieldContainer[bytes]
    officer: bytes
    policy_version: int
    posting: _events_pb2.Posting
    skills: _containers.RepeatedCompositeFieldContainer[SkillLine]
    standing: _states_pb2.OfficerStatus
    submissions: _containers.RepeatedCompositeFieldContainer[SubmissionLine]
    trainings: _containers.RepeatedCompositeFieldContainer[TrainingLine]
    def __init__(self, officer: _Optional[bytes] = ..., standing: _Optional[_Union[_states_pb2.OfficerStatus, str]] = ..., posting: _Optional[_Union[_events_pb2.Posting, _Mapping]] = ..., skills: _Optional[_Iterable[_Union[SkillLine, _Mapping]]] = ..., trainings: _Optional[_Iterable[_Union[TrainingLine, _Mapping]]] = ..., credentials: _Optional[_Iterable[_Union[CredentialLine, _Mapping]]] = ..., submissions: _Optional[_Iterable[_Union[SubmissionLine, _Mapping]]] = ..., policy_version: _Optional[int] = ..., claims: _Optional[_Iterable[_Union[ClaimLine, _Mapping]]] = ..., merged: _Optional[_Iterable[bytes]] = ..., as_of: _Optional[int] = ...) -> None: ...

class GetProfileRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "identifier", "into", "officer", "on"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    INTO_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    identifier: _events_pb2.SchemeValue
    into: bytes
    officer: bytes
    on: int
    def __init__(self, officer: _Optional[bytes] = ..., identifier: _Optional[_Union[_events_pb2.SchemeValue, _Mapping]] = ..., on: _Optional[int] = ..., into: _Optional[bytes] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class GetStreamReply(_message.Message):
    __slots__ = ["as_of", "events", "resume_after", "state"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    events: int
    resume_after: bytes
    state: _states_pb2.StreamState
    def __init__(self, state: _Optional[_Union[_states_pb2.StreamState, _Mapping]] = ..., events: _Optional[int] = ..., resume_after: _Optional[bytes] = ..., as_of: _Optional[int] = ...) -> None: ...

class GetStreamRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "in_parts", "on", "resume_after", "stream"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    IN_PARTS_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    in_parts: bool
    on: int
    resume_after: bytes
    stream: bytes
    def __init__(self, stream: _Optional[bytes] = ..., in_parts: bool = ..., resume_after: _Optional[bytes] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class HasSkillReply(_message.Message):
    __slots__ = ["as_of", "evidence", "has"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    HAS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    evidence: _containers.RepeatedScalarFieldContainer[bytes]
    has: bool
    def __init__(self, has: bool = ..., evidence: _Optional[_Iterable[bytes]] = ..., as_of: _Optional[int] = ...) -> None: ...

class HasSkillRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "identifier", "officer", "on", "skill"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    identifier: _events_pb2.SchemeValue
    officer: bytes
    on: int
    skill: _events_pb2.SkillLevel
    def __init__(self, officer: _Optional[bytes] = ..., identifier: _Optional[_Union[_events_pb2.SchemeValue, _Mapping]] = ..., skill: _Optional[_Union[_events_pb2.SkillLevel, _Mapping]] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class HealthReply(_message.Message):
    __slots__ = ["as_of", "detail", "serving"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    SERVING_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    detail: str
    serving: Serving
    def __init__(self, serving: _Optional[_Union[Serving, str]] = ..., detail: _Optional[str] = ..., as_of: _Optional[int] = ...) -> None: ...

class HealthRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class HistoryLine(_message.Message):
    __slots__ = ["by", "event", "standing"]
    BY_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    by: int
    event: bytes
    standing: EventStanding
    def __init__(self, event: _Optional[bytes] = ..., standing: _Optional[_Union[EventStanding, str]] = ..., by: _Optional[int] = ...) -> None: ...

class ListCredentialsPage(_message.Message):
    __slots__ = ["as_of", "credentials", "progress", "resume_after"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    credentials: _containers.RepeatedCompositeFieldContainer[CredentialLine]
    progress: Progress
    resume_after: bytes
    def __init__(self, credentials: _Optional[_Iterable[_Union[CredentialLine, _Mapping]]] = ..., resume_after: _Optional[bytes] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., as_of: _Optional[int] = ...) -> None: ...

class ListCredentialsRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "issuer", "officer", "on", "page_size", "resume_after"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    RESUME_AFTER_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    issuer: bytes
    officer: bytes
    on: int
    page_size: int
    resume_after: bytes
    def __init__(self, officer: _Optional[bytes] = ..., issuer: _Optional[bytes] = ..., on: _Optional[int] = ..., page_size: _Optional[int] = ..., resume_after: _Optional[bytes] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class MandateLine(_message.Message):
    __slots__ = ["first_deadline", "mandate", "on", "population", "since", "status", "terms"]
    FIRST_DEADLINE_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    first_deadline: int
    mandate: bytes
    on: int
    population: str
    since: _states_pb2.Since
    status: _states_pb2.MandateStatus
    terms: _events_pb2.MandateTerms
    def __init__(self, mandate: _Optional[bytes] = ..., status: _Optional[_Union[_states_pb2.MandateStatus, str]] = ..., since: _Optional[_Union[_states_pb2.Since, _Mapping]] = ..., terms: _Optional[_Union[_events_pb2.MandateTerms, _Mapping]] = ..., population: _Optional[str] = ..., first_deadline: _Optional[int] = ..., on: _Optional[int] = ...) -> None: ...

class MethodLine(_message.Message):
    __slots__ = ["name", "number", "reply", "request", "revision", "roles", "shape"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    REPLY_FIELD_NUMBER: _ClassVar[int]
    REQUEST_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    name: str
    number: int
    reply: str
    request: str
    revision: int
    roles: str
    shape: str
    def __init__(self, number: _Optional[int] = ..., name: _Optional[str] = ..., request: _Optional[str] = ..., reply: _Optional[str] = ..., shape: _Optional[str] = ..., revision: _Optional[int] = ..., roles: _Optional[str] = ...) -> None: ...

class NotRecorded(_message.Message):
    __slots__ = ["because_of"]
    BECAUSE_OF_FIELD_NUMBER: _ClassVar[int]
    because_of: int
    def __init__(self, because_of: _Optional[int] = ...) -> None: ...

class OfficerHit(_message.Message):
    __slots__ = ["officer", "posting", "skills", "standing"]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    officer: bytes
    posting: _events_pb2.Posting
    skills: _containers.RepeatedCompositeFieldContainer[SkillLine]
    standing: _states_pb2.OfficerStatus
    def __init__(self, officer: _Optional[bytes] = ..., posting: _Optional[_Union[_events_pb2.Posting, _Mapping]] = ..., skills: _Optional[_Iterable[_Union[SkillLine, _Mapping]]] = ..., standing: _Optional[_Union[_states_pb2.OfficerStatus, str]] = ...) -> None: ...

class OfficerRecordPage(_message.Message):
    __slots__ = ["as_of", "history", "officer", "personal", "profile", "state", "stream"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_FIELD_NUMBER: _ClassVar[int]
    PROFILE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    history: _containers.RepeatedCompositeFieldContainer[HistoryLine]
    officer: bytes
    personal: _events_pb2.Personal
    profile: GetProfileReply
    state: _states_pb2.StreamState
    stream: bytes
    def __init__(self, officer: _Optional[bytes] = ..., personal: _Optional[_Union[_events_pb2.Personal, _Mapping]] = ..., profile: _Optional[_Union[GetProfileReply, _Mapping]] = ..., stream: _Optional[bytes] = ..., state: _Optional[_Union[_states_pb2.StreamState, _Mapping]] = ..., history: _Optional[_Iterable[_Union[HistoryLine, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class OfficerRecordRequest(_message.Message):
    __slots__ = ["at_least", "identifier", "officer"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    identifier: _events_pb2.SchemeValue
    officer: bytes
    def __init__(self, officer: _Optional[bytes] = ..., identifier: _Optional[_Union[_events_pb2.SchemeValue, _Mapping]] = ..., at_least: _Optional[int] = ...) -> None: ...

class PreviewChange(_message.Message):
    __slots__ = ["after", "before", "count", "stream", "streams", "what"]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    BEFORE_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    STREAMS_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    WHAT_FIELD_NUMBER: _ClassVar[int]
    after: str
    before: str
    count: int
    stream: bytes
    streams: _containers.RepeatedScalarFieldContainer[bytes]
    what: str
    def __init__(self, stream: _Optional[bytes] = ..., what: _Optional[str] = ..., before: _Optional[str] = ..., after: _Optional[str] = ..., count: _Optional[int] = ..., streams: _Optional[_Iterable[bytes]] = ...) -> None: ...

class PreviewReply(_message.Message):
    __slots__ = ["as_of", "changes", "looked_at", "more", "on", "outcomes", "truncated"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    LOOKED_AT_FIELD_NUMBER: _ClassVar[int]
    MORE_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    TRUNCATED_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    changes: _containers.RepeatedCompositeFieldContainer[PreviewChange]
    looked_at: Progress
    more: int
    on: int
    outcomes: _containers.RepeatedCompositeFieldContainer[RecordOutcome]
    truncated: bool
    def __init__(self, outcomes: _Optional[_Iterable[_Union[RecordOutcome, _Mapping]]] = ..., changes: _Optional[_Iterable[_Union[PreviewChange, _Mapping]]] = ..., truncated: bool = ..., looked_at: _Optional[_Union[Progress, _Mapping]] = ..., more: _Optional[int] = ..., on: _Optional[int] = ..., as_of: _Optional[int] = ...) -> None: ...

class ProgrammeLine(_message.Message):
    __slots__ = ["awards", "cohorts", "completions", "enrolled", "non_technical", "organisations", "people", "pilot", "programme", "status", "technical", "title"]
    AWARDS_FIELD_NUMBER: _ClassVar[int]
    COHORTS_FIELD_NUMBER: _ClassVar[int]
    COMPLETIONS_FIELD_NUMBER: _ClassVar[int]
    ENROLLED_FIELD_NUMBER: _ClassVar[int]
    NON_TECHNICAL_FIELD_NUMBER: _ClassVar[int]
    ORGANISATIONS_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    PILOT_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TECHNICAL_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    awards: int
    cohorts: int
    completions: int
    enrolled: int
    non_technical: int
    organisations: int
    people: int
    pilot: bool
    programme: bytes
    status: _states_pb2.ProgrammeStatus
    technical: int
    title: str
    def __init__(self, programme: _Optional[bytes] = ..., title: _Optional[str] = ..., status: _Optional[_Union[_states_pb2.ProgrammeStatus, str]] = ..., pilot: bool = ..., cohorts: _Optional[int] = ..., enrolled: _Optional[int] = ..., people: _Optional[int] = ..., completions: _Optional[int] = ..., technical: _Optional[int] = ..., non_technical: _Optional[int] = ..., awards: _Optional[int] = ..., organisations: _Optional[int] = ...) -> None: ...

class Progress(_message.Message):
    __slots__ = ["done", "of"]
    DONE_FIELD_NUMBER: _ClassVar[int]
    OF_FIELD_NUMBER: _ClassVar[int]
    done: int
    of: int
    def __init__(self, done: _Optional[int] = ..., of: _Optional[int] = ...) -> None: ...

class ReadLogPage(_message.Message):
    __slots__ = ["as_of", "events", "next"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NEXT_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    events: _containers.RepeatedScalarFieldContainer[bytes]
    next: int
    def __init__(self, events: _Optional[_Iterable[bytes]] = ..., next: _Optional[int] = ..., as_of: _Optional[int] = ...) -> None: ...

class ReadLogRequest(_message.Message):
    __slots__ = ["actor", "follow", "limit", "recorded_later_than_days", "stream_kind"]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_LATER_THAN_DAYS_FIELD_NUMBER: _ClassVar[int]
    STREAM_KIND_FIELD_NUMBER: _ClassVar[int]
    actor: bytes
    follow: bool
    limit: int
    recorded_later_than_days: int
    stream_kind: bytes
    def __init__(self, follow: bool = ..., stream_kind: _Optional[bytes] = ..., limit: _Optional[int] = ..., actor: _Optional[bytes] = ..., recorded_later_than_days: _Optional[int] = ..., **kwargs) -> None: ...

class RecordItem(_message.Message):
    __slots__ = ["at_version", "group", "nothing_yet", "proposal"]
    AT_VERSION_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    NOTHING_YET_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_FIELD_NUMBER: _ClassVar[int]
    at_version: int
    group: int
    nothing_yet: bool
    proposal: bytes
    def __init__(self, proposal: _Optional[bytes] = ..., nothing_yet: bool = ..., at_version: _Optional[int] = ..., group: _Optional[int] = ...) -> None: ...

class RecordOutcome(_message.Message):
    __slots__ = ["not_recorded", "recorded", "rejected", "unchanged"]
    NOT_RECORDED_FIELD_NUMBER: _ClassVar[int]
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    UNCHANGED_FIELD_NUMBER: _ClassVar[int]
    not_recorded: NotRecorded
    recorded: RecordedAt
    rejected: Rejected
    unchanged: UnchangedSince
    def __init__(self, recorded: _Optional[_Union[RecordedAt, _Mapping]] = ..., unchanged: _Optional[_Union[UnchangedSince, _Mapping]] = ..., rejected: _Optional[_Union[Rejected, _Mapping]] = ..., not_recorded: _Optional[_Union[NotRecorded, _Mapping]] = ...) -> None: ...

class RecordReply(_message.Message):
    __slots__ = ["as_of", "outcomes"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    outcomes: _containers.RepeatedCompositeFieldContainer[RecordOutcome]
    def __init__(self, outcomes: _Optional[_Iterable[_Union[RecordOutcome, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class RecordRequest(_message.Message):
    __slots__ = ["atomic", "dry_run", "items"]
    ATOMIC_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    atomic: bool
    dry_run: bool
    items: _containers.RepeatedCompositeFieldContainer[RecordItem]
    def __init__(self, items: _Optional[_Iterable[_Union[RecordItem, _Mapping]]] = ..., atomic: bool = ..., dry_run: bool = ...) -> None: ...

class RecordedAt(_message.Message):
    __slots__ = ["already", "findings", "personal_not_compared", "position", "version"]
    ALREADY_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_NOT_COMPARED_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    already: bool
    findings: _containers.RepeatedCompositeFieldContainer[Finding]
    personal_not_compared: bool
    position: int
    version: int
    def __init__(self, position: _Optional[int] = ..., version: _Optional[int] = ..., already: bool = ..., personal_not_compared: bool = ..., findings: _Optional[_Iterable[_Union[Finding, _Mapping]]] = ...) -> None: ...

class Rejected(_message.Message):
    __slots__ = ["code", "event_in_the_way", "field", "position", "sentence"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    EVENT_IN_THE_WAY_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SENTENCE_FIELD_NUMBER: _ClassVar[int]
    code: str
    event_in_the_way: bytes
    field: str
    position: int
    sentence: str
    def __init__(self, code: _Optional[str] = ..., sentence: _Optional[str] = ..., field: _Optional[str] = ..., position: _Optional[int] = ..., event_in_the_way: _Optional[bytes] = ...) -> None: ...

class ResolveOfficerReply(_message.Message):
    __slots__ = ["as_of", "officer"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    officer: bytes
    def __init__(self, officer: _Optional[bytes] = ..., as_of: _Optional[int] = ...) -> None: ...

class ResolveOfficerRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "identifier", "on"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    identifier: _events_pb2.SchemeValue
    on: int
    def __init__(self, identifier: _Optional[_Union[_events_pb2.SchemeValue, _Mapping]] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class ScrubStatus(_message.Message):
    __slots__ = ["bytes", "bytes_per_second", "findings", "finished_at_ms", "not_compared", "reading", "rounds", "rows", "running"]
    BYTES_FIELD_NUMBER: _ClassVar[int]
    BYTES_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    FINISHED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    NOT_COMPARED_FIELD_NUMBER: _ClassVar[int]
    READING_FIELD_NUMBER: _ClassVar[int]
    ROUNDS_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    RUNNING_FIELD_NUMBER: _ClassVar[int]
    bytes: int
    bytes_per_second: int
    findings: _containers.RepeatedScalarFieldContainer[str]
    finished_at_ms: int
    not_compared: _containers.RepeatedScalarFieldContainer[str]
    reading: str
    rounds: int
    rows: int
    running: bool
    def __init__(self, running: bool = ..., rounds: _Optional[int] = ..., finished_at_ms: _Optional[int] = ..., bytes: _Optional[int] = ..., rows: _Optional[int] = ..., bytes_per_second: _Optional[int] = ..., reading: _Optional[str] = ..., findings: _Optional[_Iterable[str]] = ..., not_compared: _Optional[_Iterable[str]] = ...) -> None: ...

class SkillLine(_message.Message):
    __slots__ = ["carried_from", "deprecated", "evidence", "framework", "holding", "lapsed_on", "level", "policy_version", "replaced_by", "since", "skill", "strength", "title", "unrecognised"]
    CARRIED_FROM_FIELD_NUMBER: _ClassVar[int]
    DEPRECATED_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    HOLDING_FIELD_NUMBER: _ClassVar[int]
    LAPSED_ON_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    POLICY_VERSION_FIELD_NUMBER: _ClassVar[int]
    REPLACED_BY_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    UNRECOGNISED_FIELD_NUMBER: _ClassVar[int]
    carried_from: CarriedFrom
    deprecated: bool
    evidence: _containers.RepeatedScalarFieldContainer[bytes]
    framework: bytes
    holding: _events_pb2.Holding
    lapsed_on: int
    level: int
    policy_version: int
    replaced_by: bytes
    since: int
    skill: bytes
    strength: _events_pb2.Strength
    title: str
    unrecognised: bool
    def __init__(self, framework: _Optional[bytes] = ..., skill: _Optional[bytes] = ..., title: _Optional[str] = ..., level: _Optional[int] = ..., holding: _Optional[_Union[_events_pb2.Holding, str]] = ..., strength: _Optional[_Union[_events_pb2.Strength, str]] = ..., since: _Optional[int] = ..., lapsed_on: _Optional[int] = ..., evidence: _Optional[_Iterable[bytes]] = ..., unrecognised: bool = ..., policy_version: _Optional[int] = ..., carried_from: _Optional[_Union[CarriedFrom, _Mapping]] = ..., replaced_by: _Optional[bytes] = ..., deprecated: bool = ...) -> None: ...

class SkillQuestion(_message.Message):
    __slots__ = ["framework", "officer", "skill"]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    framework: bytes
    officer: bytes
    skill: bytes
    def __init__(self, officer: _Optional[bytes] = ..., framework: _Optional[bytes] = ..., skill: _Optional[bytes] = ...) -> None: ...

class StatusReply(_message.Message):
    __slots__ = ["as_of", "batches", "connections", "credentials", "damaged_keys", "disks", "events", "jurisdiction", "log_bytes", "log_id", "map_bytes", "officers", "scrub", "serving", "serving_detail", "uptime_ms", "version", "views_bytes", "views_state"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    BATCHES_FIELD_NUMBER: _ClassVar[int]
    CONNECTIONS_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    DAMAGED_KEYS_FIELD_NUMBER: _ClassVar[int]
    DISKS_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    JURISDICTION_FIELD_NUMBER: _ClassVar[int]
    LOG_BYTES_FIELD_NUMBER: _ClassVar[int]
    LOG_ID_FIELD_NUMBER: _ClassVar[int]
    MAP_BYTES_FIELD_NUMBER: _ClassVar[int]
    OFFICERS_FIELD_NUMBER: _ClassVar[int]
    SCRUB_FIELD_NUMBER: _ClassVar[int]
    SERVING_DETAIL_FIELD_NUMBER: _ClassVar[int]
    SERVING_FIELD_NUMBER: _ClassVar[int]
    UPTIME_MS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    VIEWS_BYTES_FIELD_NUMBER: _ClassVar[int]
    VIEWS_STATE_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    batches: int
    connections: int
    credentials: int
    damaged_keys: int
    disks: _containers.RepeatedCompositeFieldContainer[DiskLine]
    events: int
    jurisdiction: str
    log_bytes: int
    log_id: bytes
    map_bytes: int
    officers: int
    scrub: ScrubStatus
    serving: Serving
    serving_detail: str
    uptime_ms: int
    version: str
    views_bytes: int
    views_state: str
    def __init__(self, version: _Optional[str] = ..., log_id: _Optional[bytes] = ..., jurisdiction: _Optional[str] = ..., events: _Optional[int] = ..., uptime_ms: _Optional[int] = ..., log_bytes: _Optional[int] = ..., views_bytes: _Optional[int] = ..., map_bytes: _Optional[int] = ..., officers: _Optional[int] = ..., credentials: _Optional[int] = ..., connections: _Optional[int] = ..., batches: _Optional[int] = ..., views_state: _Optional[str] = ..., as_of: _Optional[int] = ..., scrub: _Optional[_Union[ScrubStatus, _Mapping]] = ..., damaged_keys: _Optional[int] = ..., serving: _Optional[_Union[Serving, str]] = ..., serving_detail: _Optional[str] = ..., disks: _Optional[_Iterable[_Union[DiskLine, _Mapping]]] = ...) -> None: ...

class StatusRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class StreamHistoryPage(_message.Message):
    __slots__ = ["as_of", "lines"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    LINES_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    lines: _containers.RepeatedCompositeFieldContainer[HistoryLine]
    def __init__(self, lines: _Optional[_Iterable[_Union[HistoryLine, _Mapping]]] = ..., as_of: _Optional[int] = ...) -> None: ...

class StreamHistoryRequest(_message.Message):
    __slots__ = ["at_least", "stream"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    stream: bytes
    def __init__(self, stream: _Optional[bytes] = ..., at_least: _Optional[int] = ...) -> None: ...

class StrengthCount(_message.Message):
    __slots__ = ["officers", "strength"]
    OFFICERS_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    officers: int
    strength: _events_pb2.Strength
    def __init__(self, strength: _Optional[_Union[_events_pb2.Strength, str]] = ..., officers: _Optional[int] = ...) -> None: ...

class SubmissionLine(_message.Message):
    __slots__ = ["issuer", "since", "status", "submission", "submission_kind", "title"]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    issuer: str
    since: int
    status: _states_pb2.SubmissionStatus
    submission: bytes
    submission_kind: _events_pb2.SubmissionKind
    title: str
    def __init__(self, submission: _Optional[bytes] = ..., status: _Optional[_Union[_states_pb2.SubmissionStatus, str]] = ..., submission_kind: _Optional[_Union[_events_pb2.SubmissionKind, str]] = ..., title: _Optional[str] = ..., issuer: _Optional[str] = ..., since: _Optional[int] = ...) -> None: ...

class SupportGiven(_message.Message):
    __slots__ = ["days", "hours", "minutes", "organisation", "until"]
    DAYS_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    days: int
    hours: int
    minutes: int
    organisation: bytes
    until: int
    def __init__(self, organisation: _Optional[bytes] = ..., hours: _Optional[int] = ..., until: _Optional[int] = ..., days: _Optional[int] = ..., minutes: _Optional[int] = ..., **kwargs) -> None: ...

class SupportLine(_message.Message):
    __slots__ = ["counted", "given", "others"]
    COUNTED_FIELD_NUMBER: _ClassVar[int]
    GIVEN_FIELD_NUMBER: _ClassVar[int]
    OTHERS_FIELD_NUMBER: _ClassVar[int]
    counted: _containers.RepeatedCompositeFieldContainer[_events_pb2.MandateSupportReported]
    given: SupportGiven
    others: _containers.RepeatedCompositeFieldContainer[_events_pb2.MandateSupportReported]
    def __init__(self, given: _Optional[_Union[SupportGiven, _Mapping]] = ..., counted: _Optional[_Iterable[_Union[_events_pb2.MandateSupportReported, _Mapping]]] = ..., others: _Optional[_Iterable[_Union[_events_pb2.MandateSupportReported, _Mapping]]] = ...) -> None: ...

class TableDigest(_message.Message):
    __slots__ = ["digest", "rows", "table"]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ROWS_FIELD_NUMBER: _ClassVar[int]
    TABLE_FIELD_NUMBER: _ClassVar[int]
    digest: bytes
    rows: int
    table: str
    def __init__(self, table: _Optional[str] = ..., rows: _Optional[int] = ..., digest: _Optional[bytes] = ...) -> None: ...

class TargetLine(_message.Message):
    __slots__ = ["actual", "counted_reports", "other_reports", "reached", "reported", "target"]
    ACTUAL_FIELD_NUMBER: _ClassVar[int]
    COUNTED_REPORTS_FIELD_NUMBER: _ClassVar[int]
    OTHER_REPORTS_FIELD_NUMBER: _ClassVar[int]
    REACHED_FIELD_NUMBER: _ClassVar[int]
    REPORTED_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    actual: int
    counted_reports: _containers.RepeatedScalarFieldContainer[bytes]
    other_reports: _containers.RepeatedScalarFieldContainer[bytes]
    reached: int
    reported: int
    target: _events_pb2.TargetSet
    def __init__(self, target: _Optional[_Union[_events_pb2.TargetSet, _Mapping]] = ..., actual: _Optional[int] = ..., reached: _Optional[int] = ..., reported: _Optional[int] = ..., counted_reports: _Optional[_Iterable[bytes]] = ..., other_reports: _Optional[_Iterable[bytes]] = ...) -> None: ...

class TrainingLine(_message.Message):
    __slots__ = ["agreements", "awards", "below_pass_mark", "cohort", "completion", "course", "edition", "enrolment", "findings", "organisation", "since", "status", "title", "unrecognised"]
    AGREEMENTS_FIELD_NUMBER: _ClassVar[int]
    AWARDS_FIELD_NUMBER: _ClassVar[int]
    BELOW_PASS_MARK_FIELD_NUMBER: _ClassVar[int]
    COHORT_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_FIELD_NUMBER: _ClassVar[int]
    COURSE_FIELD_NUMBER: _ClassVar[int]
    EDITION_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    UNRECOGNISED_FIELD_NUMBER: _ClassVar[int]
    agreements: _containers.RepeatedScalarFieldContainer[bytes]
    awards: _containers.RepeatedScalarFieldContainer[bytes]
    below_pass_mark: bool
    cohort: bytes
    completion: _states_pb2.Completion
    course: bytes
    edition: int
    enrolment: bytes
    findings: _containers.RepeatedScalarFieldContainer[_events_pb2.FindingKind]
    organisation: bytes
    since: int
    status: _states_pb2.EnrolmentStatus
    title: str
    unrecognised: bool
    def __init__(self, enrolment: _Optional[bytes] = ..., cohort: _Optional[bytes] = ..., course: _Optional[bytes] = ..., edition: _Optional[int] = ..., title: _Optional[str] = ..., organisation: _Optional[bytes] = ..., status: _Optional[_Union[_states_pb2.EnrolmentStatus, str]] = ..., since: _Optional[int] = ..., completion: _Optional[_Union[_states_pb2.Completion, _Mapping]] = ..., unrecognised: bool = ..., agreements: _Optional[_Iterable[bytes]] = ..., awards: _Optional[_Iterable[bytes]] = ..., below_pass_mark: bool = ..., findings: _Optional[_Iterable[_Union[_events_pb2.FindingKind, str]]] = ...) -> None: ...

class UnchangedSince(_message.Message):
    __slots__ = ["position"]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    position: int
    def __init__(self, position: _Optional[int] = ...) -> None: ...

class VerifyCredentialReply(_message.Message):
    __slots__ = ["as_of", "awarded_on", "courses", "credential", "evidence_withdrawn", "findings", "holder", "holder_matches", "holder_voided", "issuer", "number", "position", "reason", "recognised_by", "since", "skills", "status", "superseded_by", "unrecognised", "valid_from", "valid_until", "written_as"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    AWARDED_ON_FIELD_NUMBER: _ClassVar[int]
    COURSES_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    HOLDER_MATCHES_FIELD_NUMBER: _ClassVar[int]
    HOLDER_VOIDED_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECOGNISED_BY_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_BY_FIELD_NUMBER: _ClassVar[int]
    UNRECOGNISED_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_AS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    awarded_on: int
    courses: _containers.RepeatedScalarFieldContainer[bytes]
    credential: bytes
    evidence_withdrawn: bool
    findings: _containers.RepeatedScalarFieldContainer[_events_pb2.FindingKind]
    holder: bytes
    holder_matches: HolderMatch
    holder_voided: bool
    issuer: bytes
    number: str
    position: int
    reason: bytes
    recognised_by: bytes
    since: int
    skills: _containers.RepeatedCompositeFieldContainer[_events_pb2.SkillLevel]
    status: CredentialStatus
    superseded_by: bytes
    unrecognised: bool
    valid_from: int
    valid_until: int
    written_as: str
    def __init__(self, status: _Optional[_Union[CredentialStatus, str]] = ..., credential: _Optional[bytes] = ..., holder: _Optional[bytes] = ..., issuer: _Optional[bytes] = ..., number: _Optional[str] = ..., courses: _Optional[_Iterable[bytes]] = ..., skills: _Optional[_Iterable[_Union[_events_pb2.SkillLevel, _Mapping]]] = ..., awarded_on: _Optional[int] = ..., valid_from: _Optional[int] = ..., valid_until: _Optional[int] = ..., since: _Optional[int] = ..., reason: _Optional[bytes] = ..., position: _Optional[int] = ..., evidence_withdrawn: bool = ..., as_of: _Optional[int] = ..., recognised_by: _Optional[bytes] = ..., superseded_by: _Optional[bytes] = ..., unrecognised: bool = ..., holder_matches: _Optional[_Union[HolderMatch, str]] = ..., written_as: _Optional[str] = ..., findings: _Optional[_Iterable[_Union[_events_pb2.FindingKind, str]]] = ..., holder_voided: bool = ...) -> None: ...

class VerifyCredentialRequest(_message.Message):
    __slots__ = ["at_least", "at_position", "certificate", "credential", "holder", "on"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    AT_POSITION_FIELD_NUMBER: _ClassVar[int]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    ON_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    at_position: int
    certificate: CertificateNumber
    credential: bytes
    holder: _events_pb2.SchemeValue
    on: int
    def __init__(self, credential: _Optional[bytes] = ..., certificate: _Optional[_Union[CertificateNumber, _Mapping]] = ..., holder: _Optional[_Union[_events_pb2.SchemeValue, _Mapping]] = ..., on: _Optional[int] = ..., at_position: _Optional[int] = ..., at_least: _Optional[int] = ...) -> None: ...

class VerifyCredentialsReply(_message.Message):
    __slots__ = ["as_of", "items"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    items: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, items: _Optional[_Iterable[bytes]] = ..., as_of: _Optional[int] = ...) -> None: ...

class VerifyCredentialsRequest(_message.Message):
    __slots__ = ["at_least", "items"]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    at_least: int
    items: _containers.RepeatedCompositeFieldContainer[VerifyCredentialRequest]
    def __init__(self, items: _Optional[_Iterable[_Union[VerifyCredentialRequest, _Mapping]]] = ..., at_least: _Optional[int] = ...) -> None: ...

class ViewDigestReply(_message.Message):
    __slots__ = ["as_of", "digest", "tables"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    TABLES_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    digest: bytes
    tables: _containers.RepeatedCompositeFieldContainer[TableDigest]
    def __init__(self, tables: _Optional[_Iterable[_Union[TableDigest, _Mapping]]] = ..., digest: _Optional[bytes] = ..., as_of: _Optional[int] = ...) -> None: ...

class ViewDigestRequest(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class WatchPage(_message.Message):
    __slots__ = ["as_of", "changes", "cursor", "read_to"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    READ_TO_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    changes: _containers.RepeatedCompositeFieldContainer[WatchedChange]
    cursor: bytes
    read_to: int
    def __init__(self, changes: _Optional[_Iterable[_Union[WatchedChange, _Mapping]]] = ..., read_to: _Optional[int] = ..., cursor: _Optional[bytes] = ..., as_of: _Optional[int] = ...) -> None: ...

class WatchRequest(_message.Message):
    __slots__ = ["after", "credentials", "cursor", "kinds", "officers"]
    AFTER_FIELD_NUMBER: _ClassVar[int]
    CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    OFFICERS_FIELD_NUMBER: _ClassVar[int]
    after: ChangeCursor
    credentials: WatchedIds
    cursor: bytes
    kinds: WatchedKinds
    officers: WatchedIds
    def __init__(self, after: _Optional[_Union[ChangeCursor, _Mapping]] = ..., kinds: _Optional[_Union[WatchedKinds, _Mapping]] = ..., officers: _Optional[_Union[WatchedIds, _Mapping]] = ..., credentials: _Optional[_Union[WatchedIds, _Mapping]] = ..., cursor: _Optional[bytes] = ..., **kwargs) -> None: ...

class WatchedChange(_message.Message):
    __slots__ = ["cause", "corrects", "credential", "cursor", "effective", "event", "event_id", "officer", "ordinal", "position", "recorded_at_ms", "stream"]
    CAUSE_FIELD_NUMBER: _ClassVar[int]
    CORRECTS_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    CURSOR_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_FIELD_NUMBER: _ClassVar[int]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    ORDINAL_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    cause: ChangeCause
    corrects: bytes
    credential: bytes
    cursor: bytes
    effective: int
    event: str
    event_id: bytes
    officer: bytes
    ordinal: int
    position: int
    recorded_at_ms: int
    stream: bytes
    def __init__(self, position: _Optional[int] = ..., ordinal: _Optional[int] = ..., stream: _Optional[bytes] = ..., event: _Optional[str] = ..., event_id: _Optional[bytes] = ..., recorded_at_ms: _Optional[int] = ..., effective: _Optional[int] = ..., corrects: _Optional[bytes] = ..., officer: _Optional[bytes] = ..., credential: _Optional[bytes] = ..., cause: _Optional[_Union[ChangeCause, str]] = ..., cursor: _Optional[bytes] = ...) -> None: ...

class WatchedIds(_message.Message):
    __slots__ = ["ids"]
    IDS_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, ids: _Optional[_Iterable[bytes]] = ...) -> None: ...

class WatchedKinds(_message.Message):
    __slots__ = ["kinds"]
    KINDS_FIELD_NUMBER: _ClassVar[int]
    kinds: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, kinds: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Serving(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class CredentialStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class HolderMatch(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class DutyStanding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ChangeCause(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class EventStanding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AgreementFigure(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ExceptionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
