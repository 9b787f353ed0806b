from ujuzi.v1 import events_pb2 as _events_pb2
from ujuzi.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

AGREEMENT_STATUS_COMPLETED: AgreementStatus
AGREEMENT_STATUS_EXPLORATORY: AgreementStatus
AGREEMENT_STATUS_IN_FORCE: AgreementStatus
AGREEMENT_STATUS_LAPSED: AgreementStatus
AGREEMENT_STATUS_PROPOSED: AgreementStatus
AGREEMENT_STATUS_SIGNED: AgreementStatus
AGREEMENT_STATUS_SUPERSEDED: AgreementStatus
AGREEMENT_STATUS_SUSPENDED: AgreementStatus
AGREEMENT_STATUS_TERMINATED: AgreementStatus
AGREEMENT_STATUS_UNDER_REVIEW: AgreementStatus
AGREEMENT_STATUS_UNSPECIFIED: AgreementStatus
ASSESSMENT_STATUS_APPEALED: AssessmentStatus
ASSESSMENT_STATUS_STANDING: AssessmentStatus
ASSESSMENT_STATUS_UNSPECIFIED: AssessmentStatus
ASSESSMENT_STATUS_VOIDED: AssessmentStatus
AUTHORISATION_STATUS_APPLIED: AuthorisationStatus
AUTHORISATION_STATUS_GRANTED: AuthorisationStatus
AUTHORISATION_STATUS_INSPECTED: AuthorisationStatus
AUTHORISATION_STATUS_NOT_REQUIRED: AuthorisationStatus
AUTHORISATION_STATUS_REVOKED: AuthorisationStatus
AUTHORISATION_STATUS_SUSPENDED: AuthorisationStatus
AUTHORISATION_STATUS_UNSPECIFIED: AuthorisationStatus
AUTHORISATION_STATUS_WITHDRAWN: AuthorisationStatus
COHORT_STATUS_CANCELLED: CohortStatus
COHORT_STATUS_ENDED: CohortStatus
COHORT_STATUS_GRADUATED: CohortStatus
COHORT_STATUS_OPEN: CohortStatus
COHORT_STATUS_PLANNED: CohortStatus
COHORT_STATUS_RUNNING: CohortStatus
COHORT_STATUS_UNSPECIFIED: CohortStatus
COURSE_STATUS_DRAFT: CourseStatus
COURSE_STATUS_PUBLISHED: CourseStatus
COURSE_STATUS_RETIRED: CourseStatus
COURSE_STATUS_SUSPENDED: CourseStatus
COURSE_STATUS_UNSPECIFIED: CourseStatus
CREDENTIAL_STATE_ISSUED: CredentialState
CREDENTIAL_STATE_REVOKED: CredentialState
CREDENTIAL_STATE_SUPERSEDED: CredentialState
CREDENTIAL_STATE_SUSPENDED: CredentialState
CREDENTIAL_STATE_UNSPECIFIED: CredentialState
DESCRIPTOR: _descriptor.FileDescriptor
DUTY_STATUS_EXEMPTED: DutyStatus
DUTY_STATUS_NON_COMPLIANT: DutyStatus
DUTY_STATUS_REQUIRED: DutyStatus
DUTY_STATUS_UNSPECIFIED: DutyStatus
ENROLMENT_STATUS_ACTIVE: EnrolmentStatus
ENROLMENT_STATUS_COMPLETED: EnrolmentStatus
ENROLMENT_STATUS_DEFERRED: EnrolmentStatus
ENROLMENT_STATUS_DISMISSED: EnrolmentStatus
ENROLMENT_STATUS_ENROLLED: EnrolmentStatus
ENROLMENT_STATUS_NOMINATED: EnrolmentStatus
ENROLMENT_STATUS_NOMINATION_REJECTED: EnrolmentStatus
ENROLMENT_STATUS_NOT_COMPLETED: EnrolmentStatus
ENROLMENT_STATUS_UNSPECIFIED: EnrolmentStatus
ENROLMENT_STATUS_WITHDRAWN: EnrolmentStatus
FRAMEWORK_STATUS_CURRENT: FrameworkStatus
FRAMEWORK_STATUS_RETIRED: FrameworkStatus
FRAMEWORK_STATUS_UNSPECIFIED: FrameworkStatus
INSTRUMENT_STATUS_AMENDED: InstrumentStatus
INSTRUMENT_STATUS_IN_FORCE: InstrumentStatus
INSTRUMENT_STATUS_ISSUED: InstrumentStatus
INSTRUMENT_STATUS_REPEALED: InstrumentStatus
INSTRUMENT_STATUS_UNSPECIFIED: InstrumentStatus
MANDATE_STATUS_CLOSED: MandateStatus
MANDATE_STATUS_IN_FORCE: MandateStatus
MANDATE_STATUS_ISSUED: MandateStatus
MANDATE_STATUS_UNSPECIFIED: MandateStatus
MANDATE_STATUS_WITHDRAWN: MandateStatus
OFFICER_STATUS_ACTING: OfficerStatus
OFFICER_STATUS_ACTIVE: OfficerStatus
OFFICER_STATUS_DECEASED: OfficerStatus
OFFICER_STATUS_MERGED: OfficerStatus
OFFICER_STATUS_ON_LEAVE: OfficerStatus
OFFICER_STATUS_SECONDED: OfficerStatus
OFFICER_STATUS_SEPARATED: OfficerStatus
OFFICER_STATUS_SUSPENDED: OfficerStatus
OFFICER_STATUS_UNSPECIFIED: OfficerStatus
ORGANISATION_STATUS_ACTIVE: OrganisationStatus
ORGANISATION_STATUS_CLOSED: OrganisationStatus
ORGANISATION_STATUS_MERGED: OrganisationStatus
ORGANISATION_STATUS_SPLIT: OrganisationStatus
ORGANISATION_STATUS_UNSPECIFIED: OrganisationStatus
PROGRAMME_STATUS_APPROVED: ProgrammeStatus
PROGRAMME_STATUS_CLOSED: ProgrammeStatus
PROGRAMME_STATUS_DRAFT: ProgrammeStatus
PROGRAMME_STATUS_EVALUATED: ProgrammeStatus
PROGRAMME_STATUS_OPEN: ProgrammeStatus
PROGRAMME_STATUS_PAUSED: ProgrammeStatus
PROGRAMME_STATUS_UNSPECIFIED: ProgrammeStatus
SKILL_CLAIM_STATUS_CLAIMED: SkillClaimStatus
SKILL_CLAIM_STATUS_ENDORSED: SkillClaimStatus
SKILL_CLAIM_STATUS_RECOGNISED: SkillClaimStatus
SKILL_CLAIM_STATUS_REJECTED: SkillClaimStatus
SKILL_CLAIM_STATUS_UNSPECIFIED: SkillClaimStatus
SUBMISSION_STATUS_REJECTED: SubmissionStatus
SUBMISSION_STATUS_SUBMITTED: SubmissionStatus
SUBMISSION_STATUS_UNSPECIFIED: SubmissionStatus
SUBMISSION_STATUS_VERIFIED: SubmissionStatus

class Agreement(_message.Message):
    __slots__ = ["aggregates", "obligations_met", "obligations_missed", "reconciliations", "result_claims", "signatories", "signed_on", "since", "status", "superseded_by", "target_claims", "targets", "terms", "underlying"]
    AGGREGATES_FIELD_NUMBER: _ClassVar[int]
    OBLIGATIONS_MET_FIELD_NUMBER: _ClassVar[int]
    OBLIGATIONS_MISSED_FIELD_NUMBER: _ClassVar[int]
    RECONCILIATIONS_FIELD_NUMBER: _ClassVar[int]
    RESULT_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    SIGNATORIES_FIELD_NUMBER: _ClassVar[int]
    SIGNED_ON_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_BY_FIELD_NUMBER: _ClassVar[int]
    TARGETS_FIELD_NUMBER: _ClassVar[int]
    TARGET_CLAIMS_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    UNDERLYING_FIELD_NUMBER: _ClassVar[int]
    aggregates: _containers.RepeatedCompositeFieldContainer[_events_pb2.AggregateReported]
    obligations_met: _containers.RepeatedScalarFieldContainer[bytes]
    obligations_missed: _containers.RepeatedScalarFieldContainer[bytes]
    reconciliations: _containers.RepeatedCompositeFieldContainer[_events_pb2.ClaimsReconciled]
    result_claims: _containers.RepeatedCompositeFieldContainer[_events_pb2.ResultClaimed]
    signatories: _containers.RepeatedScalarFieldContainer[str]
    signed_on: int
    since: Since
    status: AgreementStatus
    superseded_by: bytes
    target_claims: _containers.RepeatedCompositeFieldContainer[_events_pb2.TargetClaimed]
    targets: _containers.RepeatedCompositeFieldContainer[_events_pb2.TargetSet]
    terms: _events_pb2.AgreementTerms
    underlying: AgreementStatus
    def __init__(self, status: _Optional[_Union[AgreementStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., terms: _Optional[_Union[_events_pb2.AgreementTerms, _Mapping]] = ..., signed_on: _Optional[int] = ..., signatories: _Optional[_Iterable[str]] = ..., targets: _Optional[_Iterable[_Union[_events_pb2.TargetSet, _Mapping]]] = ..., target_claims: _Optional[_Iterable[_Union[_events_pb2.TargetClaimed, _Mapping]]] = ..., result_claims: _Optional[_Iterable[_Union[_events_pb2.ResultClaimed, _Mapping]]] = ..., reconciliations: _Optional[_Iterable[_Union[_events_pb2.ClaimsReconciled, _Mapping]]] = ..., aggregates: _Optional[_Iterable[_Union[_events_pb2.AggregateReported, _Mapping]]] = ..., obligations_met: _Optional[_Iterable[bytes]] = ..., obligations_missed: _Optional[_Iterable[bytes]] = ..., superseded_by: _Optional[bytes] = ..., underlying: _Optional[_Union[AgreementStatus, str]] = ...) -> None: ...

class Assessment(_message.Message):
    __slots__ = ["assessment", "mode", "pass_mark", "score", "status"]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    PASS_MARK_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    assessment: bytes
    mode: _events_pb2.AssessmentMode
    pass_mark: int
    score: int
    status: AssessmentStatus
    def __init__(self, assessment: _Optional[bytes] = ..., status: _Optional[_Union[AssessmentStatus, str]] = ..., mode: _Optional[_Union[_events_pb2.AssessmentMode, str]] = ..., score: _Optional[int] = ..., pass_mark: _Optional[int] = ...) -> None: ...

class Authorisation(_message.Message):
    __slots__ = ["certificate", "instrument", "organisation", "scope", "since", "status", "valid_from", "valid_until"]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    certificate: str
    instrument: bytes
    organisation: bytes
    scope: _events_pb2.Scope
    since: Since
    status: AuthorisationStatus
    valid_from: int
    valid_until: int
    def __init__(self, status: _Optional[_Union[AuthorisationStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., organisation: _Optional[bytes] = ..., scope: _Optional[_Union[_events_pb2.Scope, _Mapping]] = ..., valid_from: _Optional[int] = ..., valid_until: _Optional[int] = ..., certificate: _Optional[str] = ..., instrument: _Optional[bytes] = ...) -> None: ...

class Cohort(_message.Message):
    __slots__ = ["attributed_to", "since", "status", "terms"]
    ATTRIBUTED_TO_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    attributed_to: bytes
    since: Since
    status: CohortStatus
    terms: _events_pb2.CohortTerms
    def __init__(self, status: _Optional[_Union[CohortStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., terms: _Optional[_Union[_events_pb2.CohortTerms, _Mapping]] = ..., attributed_to: _Optional[bytes] = ...) -> None: ...

class Completion(_message.Message):
    __slots__ = ["day", "event_id", "position", "result", "said_again", "score", "stands_for"]
    DAY_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    SAID_AGAIN_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    STANDS_FOR_FIELD_NUMBER: _ClassVar[int]
    day: int
    event_id: bytes
    position: int
    result: _events_pb2.CompletionResult
    said_again: int
    score: int
    stands_for: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, event_id: _Optional[bytes] = ..., day: _Optional[int] = ..., position: _Optional[int] = ..., result: _Optional[_Union[_events_pb2.CompletionResult, str]] = ..., score: _Optional[int] = ..., stands_for: _Optional[_Iterable[bytes]] = ..., said_again: _Optional[int] = ...) -> None: ...

class Course(_message.Message):
    __slots__ = ["editions", "since", "status", "title"]
    EDITIONS_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    editions: _containers.RepeatedCompositeFieldContainer[_events_pb2.CoursePublished]
    since: Since
    status: CourseStatus
    title: str
    def __init__(self, status: _Optional[_Union[CourseStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., title: _Optional[str] = ..., editions: _Optional[_Iterable[_Union[_events_pb2.CoursePublished, _Mapping]]] = ...) -> None: ...

class Credential(_message.Message):
    __slots__ = ["issued_event", "recognised", "recognised_by", "since", "status", "superseded_by", "terms"]
    ISSUED_EVENT_FIELD_NUMBER: _ClassVar[int]
    RECOGNISED_BY_FIELD_NUMBER: _ClassVar[int]
    RECOGNISED_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_BY_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    issued_event: bytes
    recognised: Since
    recognised_by: bytes
    since: Since
    status: CredentialState
    superseded_by: bytes
    terms: _events_pb2.CredentialIssued
    def __init__(self, status: _Optional[_Union[CredentialState, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., terms: _Optional[_Union[_events_pb2.CredentialIssued, _Mapping]] = ..., recognised_by: _Optional[bytes] = ..., recognised: _Optional[_Union[Since, _Mapping]] = ..., superseded_by: _Optional[bytes] = ..., issued_event: _Optional[bytes] = ...) -> None: ...

class Duty(_message.Message):
    __slots__ = ["exempted_until", "holder", "since", "status"]
    EXEMPTED_UNTIL_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    exempted_until: int
    holder: _events_pb2.DutyHolder
    since: Since
    status: DutyStatus
    def __init__(self, status: _Optional[_Union[DutyStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., holder: _Optional[_Union[_events_pb2.DutyHolder, _Mapping]] = ..., exempted_until: _Optional[int] = ...) -> None: ...

class Enrolment(_message.Message):
    __slots__ = ["assessments", "attributed_to", "awards", "completion", "earlier_attributions", "earlier_cohorts", "minutes_attended", "once_completed", "seat", "sessions", "since", "status"]
    ASSESSMENTS_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTED_TO_FIELD_NUMBER: _ClassVar[int]
    AWARDS_FIELD_NUMBER: _ClassVar[int]
    COMPLETION_FIELD_NUMBER: _ClassVar[int]
    EARLIER_ATTRIBUTIONS_FIELD_NUMBER: _ClassVar[int]
    EARLIER_COHORTS_FIELD_NUMBER: _ClassVar[int]
    MINUTES_ATTENDED_FIELD_NUMBER: _ClassVar[int]
    ONCE_COMPLETED_FIELD_NUMBER: _ClassVar[int]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    SESSIONS_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    assessments: _containers.RepeatedCompositeFieldContainer[Assessment]
    attributed_to: bytes
    awards: _containers.RepeatedScalarFieldContainer[bytes]
    completion: Completion
    earlier_attributions: _containers.RepeatedScalarFieldContainer[bytes]
    earlier_cohorts: _containers.RepeatedScalarFieldContainer[bytes]
    minutes_attended: int
    once_completed: bool
    seat: _events_pb2.Seat
    sessions: _containers.RepeatedScalarFieldContainer[bytes]
    since: Since
    status: EnrolmentStatus
    def __init__(self, status: _Optional[_Union[EnrolmentStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., seat: _Optional[_Union[_events_pb2.Seat, _Mapping]] = ..., completion: _Optional[_Union[Completion, _Mapping]] = ..., assessments: _Optional[_Iterable[_Union[Assessment, _Mapping]]] = ..., minutes_attended: _Optional[int] = ..., sessions: _Optional[_Iterable[bytes]] = ..., awards: _Optional[_Iterable[bytes]] = ..., attributed_to: _Optional[bytes] = ..., once_completed: bool = ..., earlier_cohorts: _Optional[_Iterable[bytes]] = ..., earlier_attributions: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Establishment(_message.Message):
    __slots__ = ["categories", "identifier_schemes", "jurisdiction", "languages", "name", "policy", "policy_since", "requirements", "settled", "since", "time_zone"]
    CATEGORIES_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_SCHEMES_FIELD_NUMBER: _ClassVar[int]
    JURISDICTION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    POLICY_SINCE_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENTS_FIELD_NUMBER: _ClassVar[int]
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    categories: _containers.RepeatedCompositeFieldContainer[_events_pb2.CategoryDefined]
    identifier_schemes: _containers.RepeatedScalarFieldContainer[bytes]
    jurisdiction: bytes
    languages: _containers.RepeatedScalarFieldContainer[bytes]
    name: str
    policy: _events_pb2.PolicyAdopted
    policy_since: Since
    requirements: _containers.RepeatedCompositeFieldContainer[_events_pb2.RequirementSet]
    settled: _containers.RepeatedCompositeFieldContainer[SettledFinding]
    since: Since
    time_zone: str
    def __init__(self, jurisdiction: _Optional[bytes] = ..., time_zone: _Optional[str] = ..., identifier_schemes: _Optional[_Iterable[bytes]] = ..., languages: _Optional[_Iterable[bytes]] = ..., name: _Optional[str] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., policy: _Optional[_Union[_events_pb2.PolicyAdopted, _Mapping]] = ..., policy_since: _Optional[_Union[Since, _Mapping]] = ..., requirements: _Optional[_Iterable[_Union[_events_pb2.RequirementSet, _Mapping]]] = ..., categories: _Optional[_Iterable[_Union[_events_pb2.CategoryDefined, _Mapping]]] = ..., settled: _Optional[_Iterable[_Union[SettledFinding, _Mapping]]] = ...) -> None: ...

class Framework(_message.Message):
    __slots__ = ["crosswalks", "licence", "since", "skills", "status", "title", "version"]
    CROSSWALKS_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    crosswalks: _containers.RepeatedCompositeFieldContainer[_events_pb2.Crosswalk]
    licence: str
    since: Since
    skills: _containers.RepeatedCompositeFieldContainer[FrameworkSkill]
    status: FrameworkStatus
    title: str
    version: str
    def __init__(self, status: _Optional[_Union[FrameworkStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., title: _Optional[str] = ..., version: _Optional[str] = ..., licence: _Optional[str] = ..., skills: _Optional[_Iterable[_Union[FrameworkSkill, _Mapping]]] = ..., crosswalks: _Optional[_Iterable[_Union[_events_pb2.Crosswalk, _Mapping]]] = ...) -> None: ...

class FrameworkSkill(_message.Message):
    __slots__ = ["deprecated", "replaced_by", "skill"]
    DEPRECATED_FIELD_NUMBER: _ClassVar[int]
    REPLACED_BY_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    deprecated: bool
    replaced_by: bytes
    skill: _events_pb2.Skill
    def __init__(self, skill: _Optional[_Union[_events_pb2.Skill, _Mapping]] = ..., deprecated: bool = ..., replaced_by: _Optional[bytes] = ...) -> None: ...

class Instrument(_message.Message):
    __slots__ = ["instrument_kind", "issuer", "number", "since", "status", "title"]
    INSTRUMENT_KIND_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    instrument_kind: _events_pb2.InstrumentKind
    issuer: bytes
    number: str
    since: Since
    status: InstrumentStatus
    title: str
    def __init__(self, status: _Optional[_Union[InstrumentStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., instrument_kind: _Optional[_Union[_events_pb2.InstrumentKind, str]] = ..., title: _Optional[str] = ..., issuer: _Optional[bytes] = ..., number: _Optional[str] = ...) -> None: ...

class Mandate(_message.Message):
    __slots__ = ["extensions", "first_deadline", "issued_on", "since", "status", "support", "terms"]
    EXTENSIONS_FIELD_NUMBER: _ClassVar[int]
    FIRST_DEADLINE_FIELD_NUMBER: _ClassVar[int]
    ISSUED_ON_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    extensions: int
    first_deadline: int
    issued_on: int
    since: Since
    status: MandateStatus
    support: _containers.RepeatedCompositeFieldContainer[_events_pb2.MandateSupportReported]
    terms: _events_pb2.MandateTerms
    def __init__(self, status: _Optional[_Union[MandateStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., terms: _Optional[_Union[_events_pb2.MandateTerms, _Mapping]] = ..., first_deadline: _Optional[int] = ..., extensions: _Optional[int] = ..., issued_on: _Optional[int] = ..., support: _Optional[_Iterable[_Union[_events_pb2.MandateSupportReported, _Mapping]]] = ...) -> None: ...

class Officer(_message.Message):
    __slots__ = ["acting_as", "before_merge", "merged_into", "partings", "posted", "posting", "schemes", "seconded_to", "since", "spans", "status", "underlying"]
    ACTING_AS_FIELD_NUMBER: _ClassVar[int]
    BEFORE_MERGE_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_FIELD_NUMBER: _ClassVar[int]
    PARTINGS_FIELD_NUMBER: _ClassVar[int]
    POSTED_FIELD_NUMBER: _ClassVar[int]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    SCHEMES_FIELD_NUMBER: _ClassVar[int]
    SECONDED_TO_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    SPANS_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    UNDERLYING_FIELD_NUMBER: _ClassVar[int]
    acting_as: bytes
    before_merge: OfficerStatus
    merged_into: bytes
    partings: _containers.RepeatedCompositeFieldContainer[Parting]
    posted: Since
    posting: _events_pb2.Posting
    schemes: _containers.RepeatedScalarFieldContainer[bytes]
    seconded_to: bytes
    since: Since
    spans: _containers.RepeatedCompositeFieldContainer[PostingSpan]
    status: OfficerStatus
    underlying: OfficerStatus
    def __init__(self, status: _Optional[_Union[OfficerStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., underlying: _Optional[_Union[OfficerStatus, str]] = ..., posting: _Optional[_Union[_events_pb2.Posting, _Mapping]] = ..., posted: _Optional[_Union[Since, _Mapping]] = ..., schemes: _Optional[_Iterable[bytes]] = ..., acting_as: _Optional[bytes] = ..., seconded_to: _Optional[bytes] = ..., merged_into: _Optional[bytes] = ..., before_merge: _Optional[_Union[OfficerStatus, str]] = ..., partings: _Optional[_Iterable[_Union[Parting, _Mapping]]] = ..., spans: _Optional[_Iterable[_Union[PostingSpan, _Mapping]]] = ...) -> None: ...

class Organisation(_message.Message):
    __slots__ = ["county", "name", "parent", "roles", "since", "status", "successors"]
    COUNTY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    SUCCESSORS_FIELD_NUMBER: _ClassVar[int]
    county: bytes
    name: str
    parent: bytes
    roles: _containers.RepeatedScalarFieldContainer[_events_pb2.OrganisationRole]
    since: Since
    status: OrganisationStatus
    successors: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, status: _Optional[_Union[OrganisationStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., name: _Optional[str] = ..., roles: _Optional[_Iterable[_Union[_events_pb2.OrganisationRole, str]]] = ..., parent: _Optional[bytes] = ..., county: _Optional[bytes] = ..., successors: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Parting(_message.Message):
    __slots__ = ["survivor", "to_survivor", "to_this"]
    SURVIVOR_FIELD_NUMBER: _ClassVar[int]
    TO_SURVIVOR_FIELD_NUMBER: _ClassVar[int]
    TO_THIS_FIELD_NUMBER: _ClassVar[int]
    survivor: bytes
    to_survivor: _containers.RepeatedScalarFieldContainer[bytes]
    to_this: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, survivor: _Optional[bytes] = ..., to_this: _Optional[_Iterable[bytes]] = ..., to_survivor: _Optional[_Iterable[bytes]] = ...) -> None: ...

class PostingSpan(_message.Message):
    __slots__ = ["posting", "status"]
    FROM_FIELD_NUMBER: _ClassVar[int]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    posting: _events_pb2.Posting
    status: OfficerStatus
    def __init__(self, status: _Optional[_Union[OfficerStatus, str]] = ..., posting: _Optional[_Union[_events_pb2.Posting, _Mapping]] = ..., **kwargs) -> None: ...

class Programme(_message.Message):
    __slots__ = ["agreements", "pilot", "pilot_concluded", "since", "status", "terms"]
    AGREEMENTS_FIELD_NUMBER: _ClassVar[int]
    PILOT_CONCLUDED_FIELD_NUMBER: _ClassVar[int]
    PILOT_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    agreements: _containers.RepeatedScalarFieldContainer[bytes]
    pilot: bool
    pilot_concluded: bool
    since: Since
    status: ProgrammeStatus
    terms: _events_pb2.ProgrammeTerms
    def __init__(self, status: _Optional[_Union[ProgrammeStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., terms: _Optional[_Union[_events_pb2.ProgrammeTerms, _Mapping]] = ..., agreements: _Optional[_Iterable[bytes]] = ..., pilot: bool = ..., pilot_concluded: bool = ...) -> None: ...

class SettledFinding(_message.Message):
    __slots__ = ["settled", "since"]
    SETTLED_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    settled: _events_pb2.FindingSettled
    since: Since
    def __init__(self, settled: _Optional[_Union[_events_pb2.FindingSettled, _Mapping]] = ..., since: _Optional[_Union[Since, _Mapping]] = ...) -> None: ...

class Since(_message.Message):
    __slots__ = ["day", "position", "reason"]
    DAY_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    day: int
    position: int
    reason: bytes
    def __init__(self, day: _Optional[int] = ..., position: _Optional[int] = ..., reason: _Optional[bytes] = ...) -> None: ...

class SkillClaim(_message.Message):
    __slots__ = ["claim", "endorsed_by", "recognised_by_event", "since", "stands_for", "status"]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    ENDORSED_BY_FIELD_NUMBER: _ClassVar[int]
    RECOGNISED_BY_EVENT_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STANDS_FOR_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    claim: _events_pb2.ClaimedSkill
    endorsed_by: bytes
    recognised_by_event: bytes
    since: Since
    stands_for: _containers.RepeatedScalarFieldContainer[bytes]
    status: SkillClaimStatus
    def __init__(self, status: _Optional[_Union[SkillClaimStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., claim: _Optional[_Union[_events_pb2.ClaimedSkill, _Mapping]] = ..., endorsed_by: _Optional[bytes] = ..., recognised_by_event: _Optional[bytes] = ..., stands_for: _Optional[_Iterable[bytes]] = ...) -> None: ...

class StreamState(_message.Message):
    __slots__ = ["agreement", "authorisation", "cohort", "course", "credential", "duty", "enrolment", "framework", "instrument", "mandate", "officer", "organisation", "programme", "registry", "skill_claim", "submission"]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    AUTHORISATION_FIELD_NUMBER: _ClassVar[int]
    COHORT_FIELD_NUMBER: _ClassVar[int]
    COURSE_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    DUTY_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    REGISTRY_FIELD_NUMBER: _ClassVar[int]
    SKILL_CLAIM_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    agreement: Agreement
    authorisation: Authorisation
    cohort: Cohort
    course: Course
    credential: Credential
    duty: Duty
    enrolment: Enrolment
    framework: Framework
    instrument: Instrument
    mandate: Mandate
    officer: Officer
    organisation: Organisation
    programme: Programme
    registry: Establishment
    skill_claim: SkillClaim
    submission: Submission
    def __init__(self, registry: _Optional[_Union[Establishment, _Mapping]] = ..., organisation: _Optional[_Union[Organisation, _Mapping]] = ..., officer: _Optional[_Union[Officer, _Mapping]] = ..., framework: _Optional[_Union[Framework, _Mapping]] = ..., authorisation: _Optional[_Union[Authorisation, _Mapping]] = ..., instrument: _Optional[_Union[Instrument, _Mapping]] = ..., agreement: _Optional[_Union[Agreement, _Mapping]] = ..., programme: _Optional[_Union[Programme, _Mapping]] = ..., course: _Optional[_Union[Course, _Mapping]] = ..., cohort: _Optional[_Union[Cohort, _Mapping]] = ..., enrolment: _Optional[_Union[Enrolment, _Mapping]] = ..., submission: _Optional[_Union[Submission, _Mapping]] = ..., credential: _Optional[_Union[Credential, _Mapping]] = ..., mandate: _Optional[_Union[Mandate, _Mapping]] = ..., duty: _Optional[_Union[Duty, _Mapping]] = ..., skill_claim: _Optional[_Union[SkillClaim, _Mapping]] = ...) -> None: ...

class Submission(_message.Message):
    __slots__ = ["method", "paper", "since", "stands_for", "status", "verified_by_event"]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    PAPER_FIELD_NUMBER: _ClassVar[int]
    SINCE_FIELD_NUMBER: _ClassVar[int]
    STANDS_FOR_FIELD_NUMBER: _ClassVar[int]
    STATUS_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_BY_EVENT_FIELD_NUMBER: _ClassVar[int]
    method: bytes
    paper: _events_pb2.Paper
    since: Since
    stands_for: _containers.RepeatedScalarFieldContainer[bytes]
    status: SubmissionStatus
    verified_by_event: bytes
    def __init__(self, status: _Optional[_Union[SubmissionStatus, str]] = ..., since: _Optional[_Union[Since, _Mapping]] = ..., paper: _Optional[_Union[_events_pb2.Paper, _Mapping]] = ..., verified_by_event: _Optional[bytes] = ..., method: _Optional[bytes] = ..., stands_for: _Optional[_Iterable[bytes]] = ...) -> None: ...

class OrganisationStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class OfficerStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class FrameworkStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AuthorisationStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class InstrumentStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AgreementStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ProgrammeStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class CourseStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class CohortStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class EnrolmentStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AssessmentStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class SubmissionStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class CredentialState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class MandateStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class DutyStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class SkillClaimStatus(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
