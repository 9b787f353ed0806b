from ujuzi.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

AGREEMENT_KIND_CONTRACT: AgreementKind
AGREEMENT_KIND_ENGAGEMENT: AgreementKind
AGREEMENT_KIND_LETTER_OF_INTENT: AgreementKind
AGREEMENT_KIND_MOU: AgreementKind
AGREEMENT_KIND_PUBLIC_PRIVATE_PARTNERSHIP: AgreementKind
AGREEMENT_KIND_UNSPECIFIED: AgreementKind
ASSESSMENT_MODE_PORTFOLIO: AssessmentMode
ASSESSMENT_MODE_PRACTICAL: AssessmentMode
ASSESSMENT_MODE_PROCTORED: AssessmentMode
ASSESSMENT_MODE_UNPROCTORED: AssessmentMode
ASSESSMENT_MODE_UNSPECIFIED: AssessmentMode
BACKING_EVIDENCE_WITHDRAWN: Backing
BACKING_EXPIRED: Backing
BACKING_NONE: Backing
BACKING_NOT_YET_VALID: Backing
BACKING_REVOKED: Backing
BACKING_SUPERSEDED: Backing
BACKING_SUSPENDED: Backing
BACKING_UNSPECIFIED: Backing
BACKING_VALID: Backing
COMPLETION_RESULT_ATTENDED: CompletionResult
COMPLETION_RESULT_DISTINCTION: CompletionResult
COMPLETION_RESULT_MERIT: CompletionResult
COMPLETION_RESULT_PASSED: CompletionResult
COMPLETION_RESULT_UNSPECIFIED: CompletionResult
CROSSWALK_RELATION_BROAD: CrosswalkRelation
CROSSWALK_RELATION_CLOSE: CrosswalkRelation
CROSSWALK_RELATION_EXACT: CrosswalkRelation
CROSSWALK_RELATION_NARROW: CrosswalkRelation
CROSSWALK_RELATION_RELATED: CrosswalkRelation
CROSSWALK_RELATION_UNSPECIFIED: CrosswalkRelation
DELIVERY_BLENDED: Delivery
DELIVERY_CLASSROOM: Delivery
DELIVERY_ONLINE: Delivery
DELIVERY_UNSPECIFIED: Delivery
DESCRIPTOR: _descriptor.FileDescriptor
FINDING_KIND_AFTER_DEATH: FindingKind
FINDING_KIND_AFTER_SEPARATION: FindingKind
FINDING_KIND_AWARDED_AFTER_DEATH: FindingKind
FINDING_KIND_BEFORE_COHORT: FindingKind
FINDING_KIND_BEFORE_SERVICE: FindingKind
FINDING_KIND_BELOW_PASS_MARK: FindingKind
FINDING_KIND_CREDITS_AGAINST_HOURS: FindingKind
FINDING_KIND_DAY_LONG_PAST: FindingKind
FINDING_KIND_DAY_TO_COME: FindingKind
FINDING_KIND_DEPRECATED_SKILL: FindingKind
FINDING_KIND_DOCUMENT_OF_TWO: FindingKind
FINDING_KIND_EVIDENCE_LATER: FindingKind
FINDING_KIND_FAILED_ABOVE_PASS_MARK: FindingKind
FINDING_KIND_ID_IS_NUMBER: FindingKind
FINDING_KIND_NON_COMPLIANT_BEFORE_DUE: FindingKind
FINDING_KIND_NUMBER_OF_TWO: FindingKind
FINDING_KIND_PREREQUISITE_NOT_MET: FindingKind
FINDING_KIND_SUCCESSOR_OF_ANOTHER: FindingKind
FINDING_KIND_TRAINING_GONE: FindingKind
FINDING_KIND_UNSPECIFIED: FindingKind
FINDING_KIND_VALID_BEFORE_AWARD: FindingKind
FINDING_MEANING_ALLOW: FindingMeaning
FINDING_MEANING_FLAG: FindingMeaning
FINDING_MEANING_REFUSE: FindingMeaning
FINDING_MEANING_UNSPECIFIED: FindingMeaning
FINDING_OUTCOME_ACCEPTED: FindingOutcome
FINDING_OUTCOME_CORRECTED: FindingOutcome
FINDING_OUTCOME_UNSPECIFIED: FindingOutcome
HOLDING_FLAGGED: Holding
HOLDING_HELD: Holding
HOLDING_LAPSED: Holding
HOLDING_NOT_HELD: Holding
HOLDING_UNSPECIFIED: Holding
INSTRUMENT_KIND_ACT: InstrumentKind
INSTRUMENT_KIND_DIRECTIVE: InstrumentKind
INSTRUMENT_KIND_PLAN: InstrumentKind
INSTRUMENT_KIND_REGULATION: InstrumentKind
INSTRUMENT_KIND_UNSPECIFIED: InstrumentKind
ORGANISATION_ROLE_EMPLOYER: OrganisationRole
ORGANISATION_ROLE_MINISTRY: OrganisationRole
ORGANISATION_ROLE_REGULATOR: OrganisationRole
ORGANISATION_ROLE_SCHOOL: OrganisationRole
ORGANISATION_ROLE_TRAINING_PARTNER: OrganisationRole
ORGANISATION_ROLE_UNSPECIFIED: OrganisationRole
POPULATION_AWARDS: Population
POPULATION_CIVIL_SERVANTS: Population
POPULATION_GRADUATES: Population
POPULATION_MIXED: Population
POPULATION_ORGANISATIONS: Population
POPULATION_PROFESSIONALS: Population
POPULATION_PUBLIC_EMPLOYEES: Population
POPULATION_STUDENTS: Population
POPULATION_UNSPECIFIED: Population
STRENGTH_ATTENDED: Strength
STRENGTH_CLAIMED: Strength
STRENGTH_PORTFOLIO: Strength
STRENGTH_PRACTICAL: Strength
STRENGTH_PRIOR_LEARNING: Strength
STRENGTH_PROCTORED: Strength
STRENGTH_UNPROCTORED: Strength
STRENGTH_UNSPECIFIED: Strength
SUBMISSION_KIND_CERTIFICATE: SubmissionKind
SUBMISSION_KIND_DEGREE: SubmissionKind
SUBMISSION_KIND_OTHER: SubmissionKind
SUBMISSION_KIND_TRANSCRIPT: SubmissionKind
SUBMISSION_KIND_UNSPECIFIED: SubmissionKind
TRACK_NON_TECHNICAL: Track
TRACK_TECHNICAL: Track
TRACK_UNSPECIFIED: Track

class AggregateReported(_message.Message):
    __slots__ = ["as_of", "category", "people", "period_from", "period_until", "population", "programme", "report"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    PEOPLE_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FROM_FIELD_NUMBER: _ClassVar[int]
    PERIOD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    REPORT_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    category: bytes
    people: Count
    period_from: int
    period_until: int
    population: Population
    programme: bytes
    report: bytes
    def __init__(self, report: _Optional[bytes] = ..., population: _Optional[_Union[Population, str]] = ..., people: _Optional[_Union[Count, _Mapping]] = ..., programme: _Optional[bytes] = ..., as_of: _Optional[int] = ..., period_from: _Optional[int] = ..., period_until: _Optional[int] = ..., category: _Optional[bytes] = ...) -> None: ...

class AgreementAmended(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: AgreementTerms
    def __init__(self, terms: _Optional[_Union[AgreementTerms, _Mapping]] = ...) -> None: ...

class AgreementCompleted(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class AgreementEngagementRecorded(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: AgreementTerms
    def __init__(self, terms: _Optional[_Union[AgreementTerms, _Mapping]] = ...) -> None: ...

class AgreementEnteredIntoForce(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: AgreementTerms
    def __init__(self, terms: _Optional[_Union[AgreementTerms, _Mapping]] = ...) -> None: ...

class AgreementEvent(_message.Message):
    __slots__ = ["aggregate_reported", "amended", "claims_reconciled", "completed", "engagement_recorded", "entered_into_force", "extended", "lapsed", "obligation_met", "obligation_missed", "proposed", "result_claimed", "resumed", "review_started", "signed", "superseded", "suspended", "target_claimed", "target_set", "terminated"]
    AGGREGATE_REPORTED_FIELD_NUMBER: _ClassVar[int]
    AMENDED_FIELD_NUMBER: _ClassVar[int]
    CLAIMS_RECONCILED_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    ENGAGEMENT_RECORDED_FIELD_NUMBER: _ClassVar[int]
    ENTERED_INTO_FORCE_FIELD_NUMBER: _ClassVar[int]
    EXTENDED_FIELD_NUMBER: _ClassVar[int]
    LAPSED_FIELD_NUMBER: _ClassVar[int]
    OBLIGATION_MET_FIELD_NUMBER: _ClassVar[int]
    OBLIGATION_MISSED_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    RESULT_CLAIMED_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    REVIEW_STARTED_FIELD_NUMBER: _ClassVar[int]
    SIGNED_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    TARGET_CLAIMED_FIELD_NUMBER: _ClassVar[int]
    TARGET_SET_FIELD_NUMBER: _ClassVar[int]
    TERMINATED_FIELD_NUMBER: _ClassVar[int]
    aggregate_reported: AggregateReported
    amended: AgreementAmended
    claims_reconciled: ClaimsReconciled
    completed: AgreementCompleted
    engagement_recorded: AgreementEngagementRecorded
    entered_into_force: AgreementEnteredIntoForce
    extended: AgreementExtended
    lapsed: AgreementLapsed
    obligation_met: ObligationMet
    obligation_missed: ObligationMissed
    proposed: AgreementProposed
    result_claimed: ResultClaimed
    resumed: AgreementResumed
    review_started: AgreementReviewStarted
    signed: AgreementSigned
    superseded: AgreementSuperseded
    suspended: AgreementSuspended
    target_claimed: TargetClaimed
    target_set: TargetSet
    terminated: AgreementTerminated
    def __init__(self, engagement_recorded: _Optional[_Union[AgreementEngagementRecorded, _Mapping]] = ..., proposed: _Optional[_Union[AgreementProposed, _Mapping]] = ..., review_started: _Optional[_Union[AgreementReviewStarted, _Mapping]] = ..., signed: _Optional[_Union[AgreementSigned, _Mapping]] = ..., entered_into_force: _Optional[_Union[AgreementEnteredIntoForce, _Mapping]] = ..., amended: _Optional[_Union[AgreementAmended, _Mapping]] = ..., extended: _Optional[_Union[AgreementExtended, _Mapping]] = ..., suspended: _Optional[_Union[AgreementSuspended, _Mapping]] = ..., resumed: _Optional[_Union[AgreementResumed, _Mapping]] = ..., terminated: _Optional[_Union[AgreementTerminated, _Mapping]] = ..., completed: _Optional[_Union[AgreementCompleted, _Mapping]] = ..., superseded: _Optional[_Union[AgreementSuperseded, _Mapping]] = ..., lapsed: _Optional[_Union[AgreementLapsed, _Mapping]] = ..., target_set: _Optional[_Union[TargetSet, _Mapping]] = ..., target_claimed: _Optional[_Union[TargetClaimed, _Mapping]] = ..., result_claimed: _Optional[_Union[ResultClaimed, _Mapping]] = ..., claims_reconciled: _Optional[_Union[ClaimsReconciled, _Mapping]] = ..., aggregate_reported: _Optional[_Union[AggregateReported, _Mapping]] = ..., obligation_met: _Optional[_Union[ObligationMet, _Mapping]] = ..., obligation_missed: _Optional[_Union[ObligationMissed, _Mapping]] = ...) -> None: ...

class AgreementExtended(_message.Message):
    __slots__ = ["valid_until"]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    valid_until: int
    def __init__(self, valid_until: _Optional[int] = ...) -> None: ...

class AgreementLapsed(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class AgreementProposed(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: AgreementTerms
    def __init__(self, terms: _Optional[_Union[AgreementTerms, _Mapping]] = ...) -> None: ...

class AgreementResumed(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class AgreementReviewStarted(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: AgreementTerms
    def __init__(self, terms: _Optional[_Union[AgreementTerms, _Mapping]] = ...) -> None: ...

class AgreementSigned(_message.Message):
    __slots__ = ["signatories", "terms"]
    SIGNATORIES_FIELD_NUMBER: _ClassVar[int]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    signatories: _containers.RepeatedScalarFieldContainer[str]
    terms: AgreementTerms
    def __init__(self, terms: _Optional[_Union[AgreementTerms, _Mapping]] = ..., signatories: _Optional[_Iterable[str]] = ...) -> None: ...

class AgreementSuperseded(_message.Message):
    __slots__ = ["by"]
    BY_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    def __init__(self, by: _Optional[bytes] = ...) -> None: ...

class AgreementSuspended(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class AgreementTerminated(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class AgreementTerms(_message.Message):
    __slots__ = ["agreement_kind", "instruments", "obligations", "parties", "scope", "title", "valid_from", "valid_until"]
    AGREEMENT_KIND_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    OBLIGATIONS_FIELD_NUMBER: _ClassVar[int]
    PARTIES_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    agreement_kind: AgreementKind
    instruments: _containers.RepeatedScalarFieldContainer[bytes]
    obligations: _containers.RepeatedCompositeFieldContainer[Obligation]
    parties: _containers.RepeatedScalarFieldContainer[bytes]
    scope: str
    title: str
    valid_from: int
    valid_until: int
    def __init__(self, agreement_kind: _Optional[_Union[AgreementKind, str]] = ..., title: _Optional[str] = ..., parties: _Optional[_Iterable[bytes]] = ..., scope: _Optional[str] = ..., obligations: _Optional[_Iterable[_Union[Obligation, _Mapping]]] = ..., instruments: _Optional[_Iterable[bytes]] = ..., valid_from: _Optional[int] = ..., valid_until: _Optional[int] = ...) -> None: ...

class AuthorisationApplied(_message.Message):
    __slots__ = ["organisation"]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    organisation: bytes
    def __init__(self, organisation: _Optional[bytes] = ...) -> None: ...

class AuthorisationEvent(_message.Message):
    __slots__ = ["applied", "granted", "inspected", "not_required", "reinstated", "renewed", "revoked", "scope_changed", "suspended", "withdrawn"]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    GRANTED_FIELD_NUMBER: _ClassVar[int]
    INSPECTED_FIELD_NUMBER: _ClassVar[int]
    NOT_REQUIRED_FIELD_NUMBER: _ClassVar[int]
    REINSTATED_FIELD_NUMBER: _ClassVar[int]
    RENEWED_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    SCOPE_CHANGED_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    applied: AuthorisationApplied
    granted: AuthorisationGranted
    inspected: AuthorisationInspected
    not_required: AuthorisationNotRequired
    reinstated: AuthorisationReinstated
    renewed: AuthorisationRenewed
    revoked: AuthorisationRevoked
    scope_changed: AuthorisationScopeChanged
    suspended: AuthorisationSuspended
    withdrawn: AuthorisationWithdrawn
    def __init__(self, applied: _Optional[_Union[AuthorisationApplied, _Mapping]] = ..., inspected: _Optional[_Union[AuthorisationInspected, _Mapping]] = ..., granted: _Optional[_Union[AuthorisationGranted, _Mapping]] = ..., not_required: _Optional[_Union[AuthorisationNotRequired, _Mapping]] = ..., scope_changed: _Optional[_Union[AuthorisationScopeChanged, _Mapping]] = ..., renewed: _Optional[_Union[AuthorisationRenewed, _Mapping]] = ..., suspended: _Optional[_Union[AuthorisationSuspended, _Mapping]] = ..., reinstated: _Optional[_Union[AuthorisationReinstated, _Mapping]] = ..., revoked: _Optional[_Union[AuthorisationRevoked, _Mapping]] = ..., withdrawn: _Optional[_Union[AuthorisationWithdrawn, _Mapping]] = ...) -> None: ...

class AuthorisationGranted(_message.Message):
    __slots__ = ["certificate", "organisation", "scope", "valid_from", "valid_until"]
    CERTIFICATE_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    certificate: str
    organisation: bytes
    scope: Scope
    valid_from: int
    valid_until: int
    def __init__(self, organisation: _Optional[bytes] = ..., scope: _Optional[_Union[Scope, _Mapping]] = ..., valid_from: _Optional[int] = ..., valid_until: _Optional[int] = ..., certificate: _Optional[str] = ...) -> None: ...

class AuthorisationInspected(_message.Message):
    __slots__ = ["organisation"]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    organisation: bytes
    def __init__(self, organisation: _Optional[bytes] = ...) -> None: ...

class AuthorisationNotRequired(_message.Message):
    __slots__ = ["instrument", "organisation"]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    instrument: bytes
    organisation: bytes
    def __init__(self, organisation: _Optional[bytes] = ..., instrument: _Optional[bytes] = ...) -> None: ...

class AuthorisationReinstated(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class AuthorisationRenewed(_message.Message):
    __slots__ = ["valid_until"]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    valid_until: int
    def __init__(self, valid_until: _Optional[int] = ...) -> None: ...

class AuthorisationRevoked(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class AuthorisationScopeChanged(_message.Message):
    __slots__ = ["scope"]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    scope: Scope
    def __init__(self, scope: _Optional[_Union[Scope, _Mapping]] = ...) -> None: ...

class AuthorisationSuspended(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class AuthorisationWithdrawn(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class BackingRule(_message.Message):
    __slots__ = ["backing", "holding"]
    BACKING_FIELD_NUMBER: _ClassVar[int]
    HOLDING_FIELD_NUMBER: _ClassVar[int]
    backing: Backing
    holding: Holding
    def __init__(self, backing: _Optional[_Union[Backing, str]] = ..., holding: _Optional[_Union[Holding, str]] = ...) -> None: ...

class CategoryDefined(_message.Message):
    __slots__ = ["code", "parent", "personal", "title"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    code: bytes
    parent: bytes
    personal: bool
    title: str
    def __init__(self, code: _Optional[bytes] = ..., title: _Optional[str] = ..., parent: _Optional[bytes] = ..., personal: bool = ...) -> None: ...

class ClaimedSkill(_message.Message):
    __slots__ = ["documents", "officer", "skill"]
    DOCUMENTS_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    documents: _containers.RepeatedScalarFieldContainer[bytes]
    officer: bytes
    skill: SkillLevel
    def __init__(self, officer: _Optional[bytes] = ..., skill: _Optional[_Union[SkillLevel, _Mapping]] = ..., documents: _Optional[_Iterable[bytes]] = ...) -> None: ...

class ClaimsReconciled(_message.Message):
    __slots__ = ["claims", "finding"]
    CLAIMS_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    claims: _containers.RepeatedScalarFieldContainer[bytes]
    finding: str
    def __init__(self, claims: _Optional[_Iterable[bytes]] = ..., finding: _Optional[str] = ...) -> None: ...

class CohortCancelled(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CohortEnded(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: CohortTerms
    def __init__(self, terms: _Optional[_Union[CohortTerms, _Mapping]] = ...) -> None: ...

class CohortEvent(_message.Message):
    __slots__ = ["cancelled", "ended", "graduated", "opened", "planned", "started"]
    CANCELLED_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    GRADUATED_FIELD_NUMBER: _ClassVar[int]
    OPENED_FIELD_NUMBER: _ClassVar[int]
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    cancelled: CohortCancelled
    ended: CohortEnded
    graduated: CohortGraduated
    opened: CohortOpened
    planned: CohortPlanned
    started: CohortStarted
    def __init__(self, planned: _Optional[_Union[CohortPlanned, _Mapping]] = ..., opened: _Optional[_Union[CohortOpened, _Mapping]] = ..., started: _Optional[_Union[CohortStarted, _Mapping]] = ..., ended: _Optional[_Union[CohortEnded, _Mapping]] = ..., graduated: _Optional[_Union[CohortGraduated, _Mapping]] = ..., cancelled: _Optional[_Union[CohortCancelled, _Mapping]] = ...) -> None: ...

class CohortGraduated(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: CohortTerms
    def __init__(self, terms: _Optional[_Union[CohortTerms, _Mapping]] = ...) -> None: ...

class CohortOpened(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: CohortTerms
    def __init__(self, terms: _Optional[_Union[CohortTerms, _Mapping]] = ...) -> None: ...

class CohortPlanned(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: CohortTerms
    def __init__(self, terms: _Optional[_Union[CohortTerms, _Mapping]] = ...) -> None: ...

class CohortStarted(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: CohortTerms
    def __init__(self, terms: _Optional[_Union[CohortTerms, _Mapping]] = ...) -> None: ...

class CohortTerms(_message.Message):
    __slots__ = ["capacity", "course", "edition", "ends", "organisation", "programme", "site", "starts"]
    CAPACITY_FIELD_NUMBER: _ClassVar[int]
    COURSE_FIELD_NUMBER: _ClassVar[int]
    EDITION_FIELD_NUMBER: _ClassVar[int]
    ENDS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    SITE_FIELD_NUMBER: _ClassVar[int]
    STARTS_FIELD_NUMBER: _ClassVar[int]
    capacity: int
    course: bytes
    edition: int
    ends: int
    organisation: bytes
    programme: bytes
    site: str
    starts: int
    def __init__(self, course: _Optional[bytes] = ..., edition: _Optional[int] = ..., organisation: _Optional[bytes] = ..., programme: _Optional[bytes] = ..., starts: _Optional[int] = ..., ends: _Optional[int] = ..., site: _Optional[str] = ..., capacity: _Optional[int] = ...) -> None: ...

class Count(_message.Message):
    __slots__ = ["about", "at_least", "exactly", "words"]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    AT_LEAST_FIELD_NUMBER: _ClassVar[int]
    EXACTLY_FIELD_NUMBER: _ClassVar[int]
    WORDS_FIELD_NUMBER: _ClassVar[int]
    about: int
    at_least: int
    exactly: int
    words: str
    def __init__(self, exactly: _Optional[int] = ..., at_least: _Optional[int] = ..., about: _Optional[int] = ..., words: _Optional[str] = ...) -> None: ...

class CourseDrafted(_message.Message):
    __slots__ = ["title"]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    title: str
    def __init__(self, title: _Optional[str] = ...) -> None: ...

class CourseEvent(_message.Message):
    __slots__ = ["drafted", "published", "resumed", "retired", "suspended"]
    DRAFTED_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    RETIRED_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    drafted: CourseDrafted
    published: CoursePublished
    resumed: CourseResumed
    retired: CourseRetired
    suspended: CourseSuspended
    def __init__(self, drafted: _Optional[_Union[CourseDrafted, _Mapping]] = ..., published: _Optional[_Union[CoursePublished, _Mapping]] = ..., suspended: _Optional[_Union[CourseSuspended, _Mapping]] = ..., resumed: _Optional[_Union[CourseResumed, _Mapping]] = ..., retired: _Optional[_Union[CourseRetired, _Mapping]] = ...) -> None: ...

class CoursePublished(_message.Message):
    __slots__ = ["audience", "credits", "delivery", "edition", "hours", "instruments", "knqf_level", "level", "outcomes", "pass_mark", "prerequisites", "title", "track", "weekly_hours"]
    AUDIENCE_FIELD_NUMBER: _ClassVar[int]
    CREDITS_FIELD_NUMBER: _ClassVar[int]
    DELIVERY_FIELD_NUMBER: _ClassVar[int]
    EDITION_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    KNQF_LEVEL_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    OUTCOMES_FIELD_NUMBER: _ClassVar[int]
    PASS_MARK_FIELD_NUMBER: _ClassVar[int]
    PREREQUISITES_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TRACK_FIELD_NUMBER: _ClassVar[int]
    WEEKLY_HOURS_FIELD_NUMBER: _ClassVar[int]
    audience: str
    credits: int
    delivery: Delivery
    edition: int
    hours: int
    instruments: _containers.RepeatedScalarFieldContainer[bytes]
    knqf_level: int
    level: int
    outcomes: _containers.RepeatedCompositeFieldContainer[SkillLevel]
    pass_mark: int
    prerequisites: _containers.RepeatedScalarFieldContainer[bytes]
    title: str
    track: Track
    weekly_hours: int
    def __init__(self, edition: _Optional[int] = ..., title: _Optional[str] = ..., track: _Optional[_Union[Track, str]] = ..., audience: _Optional[str] = ..., level: _Optional[int] = ..., prerequisites: _Optional[_Iterable[bytes]] = ..., hours: _Optional[int] = ..., weekly_hours: _Optional[int] = ..., delivery: _Optional[_Union[Delivery, str]] = ..., knqf_level: _Optional[int] = ..., credits: _Optional[int] = ..., outcomes: _Optional[_Iterable[_Union[SkillLevel, _Mapping]]] = ..., pass_mark: _Optional[int] = ..., instruments: _Optional[_Iterable[bytes]] = ...) -> None: ...

class CourseResumed(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CourseRetired(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CourseSuspended(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CredentialEvent(_message.Message):
    __slots__ = ["issued", "recognised", "recognition_withdrawn", "reinstated", "renewed", "revoked", "superseded", "suspended"]
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    RECOGNISED_FIELD_NUMBER: _ClassVar[int]
    RECOGNITION_WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    REINSTATED_FIELD_NUMBER: _ClassVar[int]
    RENEWED_FIELD_NUMBER: _ClassVar[int]
    REVOKED_FIELD_NUMBER: _ClassVar[int]
    SUPERSEDED_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    issued: CredentialIssued
    recognised: CredentialRecognised
    recognition_withdrawn: CredentialRecognitionWithdrawn
    reinstated: CredentialReinstated
    renewed: CredentialRenewed
    revoked: CredentialRevoked
    superseded: CredentialSuperseded
    suspended: CredentialSuspended
    def __init__(self, issued: _Optional[_Union[CredentialIssued, _Mapping]] = ..., suspended: _Optional[_Union[CredentialSuspended, _Mapping]] = ..., reinstated: _Optional[_Union[CredentialReinstated, _Mapping]] = ..., renewed: _Optional[_Union[CredentialRenewed, _Mapping]] = ..., superseded: _Optional[_Union[CredentialSuperseded, _Mapping]] = ..., revoked: _Optional[_Union[CredentialRevoked, _Mapping]] = ..., recognised: _Optional[_Union[CredentialRecognised, _Mapping]] = ..., recognition_withdrawn: _Optional[_Union[CredentialRecognitionWithdrawn, _Mapping]] = ...) -> None: ...

class CredentialIssued(_message.Message):
    __slots__ = ["awarded_on", "courses", "evidence", "holder", "issuer", "number", "skills", "valid_from", "valid_until"]
    AWARDED_ON_FIELD_NUMBER: _ClassVar[int]
    COURSES_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    HOLDER_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    VALID_FROM_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    awarded_on: int
    courses: _containers.RepeatedScalarFieldContainer[bytes]
    evidence: _containers.RepeatedScalarFieldContainer[bytes]
    holder: bytes
    issuer: bytes
    number: str
    skills: _containers.RepeatedCompositeFieldContainer[SkillLevel]
    valid_from: int
    valid_until: int
    def __init__(self, holder: _Optional[bytes] = ..., issuer: _Optional[bytes] = ..., number: _Optional[str] = ..., courses: _Optional[_Iterable[bytes]] = ..., skills: _Optional[_Iterable[_Union[SkillLevel, _Mapping]]] = ..., awarded_on: _Optional[int] = ..., valid_from: _Optional[int] = ..., valid_until: _Optional[int] = ..., evidence: _Optional[_Iterable[bytes]] = ...) -> None: ...

class CredentialRecognised(_message.Message):
    __slots__ = ["by"]
    BY_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    def __init__(self, by: _Optional[bytes] = ...) -> None: ...

class CredentialRecognitionWithdrawn(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CredentialReinstated(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CredentialRenewed(_message.Message):
    __slots__ = ["valid_until"]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    valid_until: int
    def __init__(self, valid_until: _Optional[int] = ...) -> None: ...

class CredentialRevoked(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class CredentialSuperseded(_message.Message):
    __slots__ = ["by"]
    BY_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    def __init__(self, by: _Optional[bytes] = ...) -> None: ...

class CredentialSuspended(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Crosswalk(_message.Message):
    __slots__ = ["levels", "other_framework", "other_skill", "relation", "skill"]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    OTHER_FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    OTHER_SKILL_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    levels: _containers.RepeatedCompositeFieldContainer[LevelPair]
    other_framework: bytes
    other_skill: bytes
    relation: CrosswalkRelation
    skill: bytes
    def __init__(self, skill: _Optional[bytes] = ..., relation: _Optional[_Union[CrosswalkRelation, str]] = ..., other_framework: _Optional[bytes] = ..., other_skill: _Optional[bytes] = ..., levels: _Optional[_Iterable[_Union[LevelPair, _Mapping]]] = ...) -> None: ...

class CrosswalkAsserted(_message.Message):
    __slots__ = ["crosswalk"]
    CROSSWALK_FIELD_NUMBER: _ClassVar[int]
    crosswalk: Crosswalk
    def __init__(self, crosswalk: _Optional[_Union[Crosswalk, _Mapping]] = ...) -> None: ...

class CrosswalkWithdrawn(_message.Message):
    __slots__ = ["other_framework", "other_skill", "skill"]
    OTHER_FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    OTHER_SKILL_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    other_framework: bytes
    other_skill: bytes
    skill: bytes
    def __init__(self, skill: _Optional[bytes] = ..., other_framework: _Optional[bytes] = ..., other_skill: _Optional[bytes] = ...) -> None: ...

class DutyEvent(_message.Message):
    __slots__ = ["exemption_ended", "exemption_granted", "non_compliance_cleared", "non_compliance_recorded"]
    EXEMPTION_ENDED_FIELD_NUMBER: _ClassVar[int]
    EXEMPTION_GRANTED_FIELD_NUMBER: _ClassVar[int]
    NON_COMPLIANCE_CLEARED_FIELD_NUMBER: _ClassVar[int]
    NON_COMPLIANCE_RECORDED_FIELD_NUMBER: _ClassVar[int]
    exemption_ended: DutyExemptionEnded
    exemption_granted: DutyExemptionGranted
    non_compliance_cleared: DutyNonComplianceCleared
    non_compliance_recorded: DutyNonComplianceRecorded
    def __init__(self, exemption_granted: _Optional[_Union[DutyExemptionGranted, _Mapping]] = ..., exemption_ended: _Optional[_Union[DutyExemptionEnded, _Mapping]] = ..., non_compliance_recorded: _Optional[_Union[DutyNonComplianceRecorded, _Mapping]] = ..., non_compliance_cleared: _Optional[_Union[DutyNonComplianceCleared, _Mapping]] = ...) -> None: ...

class DutyExemptionEnded(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class DutyExemptionGranted(_message.Message):
    __slots__ = ["duty", "until"]
    DUTY_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    duty: DutyHolder
    until: int
    def __init__(self, duty: _Optional[_Union[DutyHolder, _Mapping]] = ..., until: _Optional[int] = ...) -> None: ...

class DutyHolder(_message.Message):
    __slots__ = ["mandate", "officer"]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    mandate: bytes
    officer: bytes
    def __init__(self, officer: _Optional[bytes] = ..., mandate: _Optional[bytes] = ...) -> None: ...

class DutyNonComplianceCleared(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class DutyNonComplianceRecorded(_message.Message):
    __slots__ = ["duty"]
    DUTY_FIELD_NUMBER: _ClassVar[int]
    duty: DutyHolder
    def __init__(self, duty: _Optional[_Union[DutyHolder, _Mapping]] = ...) -> None: ...

class EnrolmentAppealDecided(_message.Message):
    __slots__ = ["assessment", "score", "upheld"]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    UPHELD_FIELD_NUMBER: _ClassVar[int]
    assessment: bytes
    score: int
    upheld: bool
    def __init__(self, assessment: _Optional[bytes] = ..., upheld: bool = ..., score: _Optional[int] = ...) -> None: ...

class EnrolmentAssessed(_message.Message):
    __slots__ = ["assessment", "mode", "pass_mark", "score"]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    PASS_MARK_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    assessment: bytes
    mode: AssessmentMode
    pass_mark: int
    score: int
    def __init__(self, assessment: _Optional[bytes] = ..., mode: _Optional[_Union[AssessmentMode, str]] = ..., score: _Optional[int] = ..., pass_mark: _Optional[int] = ...) -> None: ...

class EnrolmentAssessmentAppealed(_message.Message):
    __slots__ = ["assessment"]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    assessment: bytes
    def __init__(self, assessment: _Optional[bytes] = ...) -> None: ...

class EnrolmentAssessmentVoided(_message.Message):
    __slots__ = ["assessment"]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    assessment: bytes
    def __init__(self, assessment: _Optional[bytes] = ...) -> None: ...

class EnrolmentAttended(_message.Message):
    __slots__ = ["minutes", "session"]
    MINUTES_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    minutes: int
    session: bytes
    def __init__(self, session: _Optional[bytes] = ..., minutes: _Optional[int] = ...) -> None: ...

class EnrolmentAwardConferred(_message.Message):
    __slots__ = ["award"]
    AWARD_FIELD_NUMBER: _ClassVar[int]
    award: bytes
    def __init__(self, award: _Optional[bytes] = ...) -> None: ...

class EnrolmentAwardWithdrawn(_message.Message):
    __slots__ = ["award"]
    AWARD_FIELD_NUMBER: _ClassVar[int]
    award: bytes
    def __init__(self, award: _Optional[bytes] = ...) -> None: ...

class EnrolmentCompleted(_message.Message):
    __slots__ = ["result", "score", "seat"]
    RESULT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    result: CompletionResult
    score: int
    seat: Seat
    def __init__(self, seat: _Optional[_Union[Seat, _Mapping]] = ..., result: _Optional[_Union[CompletionResult, str]] = ..., score: _Optional[int] = ...) -> None: ...

class EnrolmentDeferred(_message.Message):
    __slots__ = ["until"]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    until: int
    def __init__(self, until: _Optional[int] = ...) -> None: ...

class EnrolmentDismissed(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class EnrolmentEnrolled(_message.Message):
    __slots__ = ["seat"]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    seat: Seat
    def __init__(self, seat: _Optional[_Union[Seat, _Mapping]] = ...) -> None: ...

class EnrolmentEvent(_message.Message):
    __slots__ = ["appeal_decided", "assessed", "assessment_appealed", "assessment_voided", "attended", "award_conferred", "award_withdrawn", "completed", "deferred", "dismissed", "enrolled", "nominated", "nomination_rejected", "not_completed", "transferred", "withdrawn"]
    APPEAL_DECIDED_FIELD_NUMBER: _ClassVar[int]
    ASSESSED_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_APPEALED_FIELD_NUMBER: _ClassVar[int]
    ASSESSMENT_VOIDED_FIELD_NUMBER: _ClassVar[int]
    ATTENDED_FIELD_NUMBER: _ClassVar[int]
    AWARD_CONFERRED_FIELD_NUMBER: _ClassVar[int]
    AWARD_WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    DEFERRED_FIELD_NUMBER: _ClassVar[int]
    DISMISSED_FIELD_NUMBER: _ClassVar[int]
    ENROLLED_FIELD_NUMBER: _ClassVar[int]
    NOMINATED_FIELD_NUMBER: _ClassVar[int]
    NOMINATION_REJECTED_FIELD_NUMBER: _ClassVar[int]
    NOT_COMPLETED_FIELD_NUMBER: _ClassVar[int]
    TRANSFERRED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    appeal_decided: EnrolmentAppealDecided
    assessed: EnrolmentAssessed
    assessment_appealed: EnrolmentAssessmentAppealed
    assessment_voided: EnrolmentAssessmentVoided
    attended: EnrolmentAttended
    award_conferred: EnrolmentAwardConferred
    award_withdrawn: EnrolmentAwardWithdrawn
    completed: EnrolmentCompleted
    deferred: EnrolmentDeferred
    dismissed: EnrolmentDismissed
    enrolled: EnrolmentEnrolled
    nominated: EnrolmentNominated
    nomination_rejected: EnrolmentNominationRejected
    not_completed: EnrolmentNotCompleted
    transferred: EnrolmentTransferred
    withdrawn: EnrolmentWithdrawn
    def __init__(self, nominated: _Optional[_Union[EnrolmentNominated, _Mapping]] = ..., nomination_rejected: _Optional[_Union[EnrolmentNominationRejected, _Mapping]] = ..., enrolled: _Optional[_Union[EnrolmentEnrolled, _Mapping]] = ..., attended: _Optional[_Union[EnrolmentAttended, _Mapping]] = ..., assessed: _Optional[_Union[EnrolmentAssessed, _Mapping]] = ..., assessment_appealed: _Optional[_Union[EnrolmentAssessmentAppealed, _Mapping]] = ..., appeal_decided: _Optional[_Union[EnrolmentAppealDecided, _Mapping]] = ..., assessment_voided: _Optional[_Union[EnrolmentAssessmentVoided, _Mapping]] = ..., deferred: _Optional[_Union[EnrolmentDeferred, _Mapping]] = ..., transferred: _Optional[_Union[EnrolmentTransferred, _Mapping]] = ..., withdrawn: _Optional[_Union[EnrolmentWithdrawn, _Mapping]] = ..., dismissed: _Optional[_Union[EnrolmentDismissed, _Mapping]] = ..., completed: _Optional[_Union[EnrolmentCompleted, _Mapping]] = ..., not_completed: _Optional[_Union[EnrolmentNotCompleted, _Mapping]] = ..., award_conferred: _Optional[_Union[EnrolmentAwardConferred, _Mapping]] = ..., award_withdrawn: _Optional[_Union[EnrolmentAwardWithdrawn, _Mapping]] = ...) -> None: ...

class EnrolmentNominated(_message.Message):
    __slots__ = ["seat"]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    seat: Seat
    def __init__(self, seat: _Optional[_Union[Seat, _Mapping]] = ...) -> None: ...

class EnrolmentNominationRejected(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class EnrolmentNotCompleted(_message.Message):
    __slots__ = ["seat"]
    SEAT_FIELD_NUMBER: _ClassVar[int]
    seat: Seat
    def __init__(self, seat: _Optional[_Union[Seat, _Mapping]] = ...) -> None: ...

class EnrolmentTransferred(_message.Message):
    __slots__ = ["cohort"]
    COHORT_FIELD_NUMBER: _ClassVar[int]
    cohort: bytes
    def __init__(self, cohort: _Optional[bytes] = ...) -> None: ...

class EnrolmentWithdrawn(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class EvidenceWeight(_message.Message):
    __slots__ = ["strength", "weight"]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    strength: Strength
    weight: int
    def __init__(self, strength: _Optional[_Union[Strength, str]] = ..., weight: _Optional[int] = ...) -> None: ...

class FindingRule(_message.Message):
    __slots__ = ["finding", "meaning"]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    MEANING_FIELD_NUMBER: _ClassVar[int]
    finding: FindingKind
    meaning: FindingMeaning
    def __init__(self, finding: _Optional[_Union[FindingKind, str]] = ..., meaning: _Optional[_Union[FindingMeaning, str]] = ...) -> None: ...

class FindingSettled(_message.Message):
    __slots__ = ["event", "finding", "outcome"]
    EVENT_FIELD_NUMBER: _ClassVar[int]
    FINDING_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    event: bytes
    finding: FindingKind
    outcome: FindingOutcome
    def __init__(self, finding: _Optional[_Union[FindingKind, str]] = ..., event: _Optional[bytes] = ..., outcome: _Optional[_Union[FindingOutcome, str]] = ...) -> None: ...

class FrameworkEvent(_message.Message):
    __slots__ = ["crosswalk_asserted", "crosswalk_withdrawn", "published", "retired", "skill_added", "skill_deprecated", "skill_replaced"]
    CROSSWALK_ASSERTED_FIELD_NUMBER: _ClassVar[int]
    CROSSWALK_WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_FIELD_NUMBER: _ClassVar[int]
    RETIRED_FIELD_NUMBER: _ClassVar[int]
    SKILL_ADDED_FIELD_NUMBER: _ClassVar[int]
    SKILL_DEPRECATED_FIELD_NUMBER: _ClassVar[int]
    SKILL_REPLACED_FIELD_NUMBER: _ClassVar[int]
    crosswalk_asserted: CrosswalkAsserted
    crosswalk_withdrawn: CrosswalkWithdrawn
    published: FrameworkPublished
    retired: FrameworkRetired
    skill_added: FrameworkSkillAdded
    skill_deprecated: FrameworkSkillDeprecated
    skill_replaced: FrameworkSkillReplaced
    def __init__(self, published: _Optional[_Union[FrameworkPublished, _Mapping]] = ..., skill_added: _Optional[_Union[FrameworkSkillAdded, _Mapping]] = ..., skill_deprecated: _Optional[_Union[FrameworkSkillDeprecated, _Mapping]] = ..., skill_replaced: _Optional[_Union[FrameworkSkillReplaced, _Mapping]] = ..., crosswalk_asserted: _Optional[_Union[CrosswalkAsserted, _Mapping]] = ..., crosswalk_withdrawn: _Optional[_Union[CrosswalkWithdrawn, _Mapping]] = ..., retired: _Optional[_Union[FrameworkRetired, _Mapping]] = ...) -> None: ...

class FrameworkPublished(_message.Message):
    __slots__ = ["digest", "licence", "skills", "title", "version"]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    LICENCE_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    digest: bytes
    licence: str
    skills: _containers.RepeatedCompositeFieldContainer[Skill]
    title: str
    version: str
    def __init__(self, title: _Optional[str] = ..., version: _Optional[str] = ..., digest: _Optional[bytes] = ..., licence: _Optional[str] = ..., skills: _Optional[_Iterable[_Union[Skill, _Mapping]]] = ...) -> None: ...

class FrameworkRetired(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class FrameworkSkillAdded(_message.Message):
    __slots__ = ["skill"]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    skill: Skill
    def __init__(self, skill: _Optional[_Union[Skill, _Mapping]] = ...) -> None: ...

class FrameworkSkillDeprecated(_message.Message):
    __slots__ = ["skill"]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    skill: bytes
    def __init__(self, skill: _Optional[bytes] = ...) -> None: ...

class FrameworkSkillReplaced(_message.Message):
    __slots__ = ["by", "skill"]
    BY_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    skill: bytes
    def __init__(self, skill: _Optional[bytes] = ..., by: _Optional[bytes] = ...) -> None: ...

class InstrumentAmended(_message.Message):
    __slots__ = ["by"]
    BY_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    def __init__(self, by: _Optional[bytes] = ...) -> None: ...

class InstrumentEnteredIntoForce(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class InstrumentEvent(_message.Message):
    __slots__ = ["amended", "entered_into_force", "issued", "repealed"]
    AMENDED_FIELD_NUMBER: _ClassVar[int]
    ENTERED_INTO_FORCE_FIELD_NUMBER: _ClassVar[int]
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    REPEALED_FIELD_NUMBER: _ClassVar[int]
    amended: InstrumentAmended
    entered_into_force: InstrumentEnteredIntoForce
    issued: InstrumentIssued
    repealed: InstrumentRepealed
    def __init__(self, issued: _Optional[_Union[InstrumentIssued, _Mapping]] = ..., entered_into_force: _Optional[_Union[InstrumentEnteredIntoForce, _Mapping]] = ..., amended: _Optional[_Union[InstrumentAmended, _Mapping]] = ..., repealed: _Optional[_Union[InstrumentRepealed, _Mapping]] = ...) -> None: ...

class InstrumentIssued(_message.Message):
    __slots__ = ["instrument_kind", "issuer", "number", "title"]
    INSTRUMENT_KIND_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    instrument_kind: InstrumentKind
    issuer: bytes
    number: str
    title: str
    def __init__(self, instrument_kind: _Optional[_Union[InstrumentKind, str]] = ..., title: _Optional[str] = ..., issuer: _Optional[bytes] = ..., number: _Optional[str] = ...) -> None: ...

class InstrumentRepealed(_message.Message):
    __slots__ = ["by"]
    BY_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    def __init__(self, by: _Optional[bytes] = ...) -> None: ...

class LevelPair(_message.Message):
    __slots__ = ["level", "other_level"]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    OTHER_LEVEL_FIELD_NUMBER: _ClassVar[int]
    level: int
    other_level: int
    def __init__(self, level: _Optional[int] = ..., other_level: _Optional[int] = ...) -> None: ...

class MandateAmended(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: MandateTerms
    def __init__(self, terms: _Optional[_Union[MandateTerms, _Mapping]] = ...) -> None: ...

class MandateClosed(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class MandateEnteredIntoForce(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: MandateTerms
    def __init__(self, terms: _Optional[_Union[MandateTerms, _Mapping]] = ...) -> None: ...

class MandateEvent(_message.Message):
    __slots__ = ["amended", "closed", "entered_into_force", "extended", "issued", "support_reported", "withdrawn"]
    AMENDED_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    ENTERED_INTO_FORCE_FIELD_NUMBER: _ClassVar[int]
    EXTENDED_FIELD_NUMBER: _ClassVar[int]
    ISSUED_FIELD_NUMBER: _ClassVar[int]
    SUPPORT_REPORTED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    amended: MandateAmended
    closed: MandateClosed
    entered_into_force: MandateEnteredIntoForce
    extended: MandateExtended
    issued: MandateIssued
    support_reported: MandateSupportReported
    withdrawn: MandateWithdrawn
    def __init__(self, issued: _Optional[_Union[MandateIssued, _Mapping]] = ..., entered_into_force: _Optional[_Union[MandateEnteredIntoForce, _Mapping]] = ..., extended: _Optional[_Union[MandateExtended, _Mapping]] = ..., amended: _Optional[_Union[MandateAmended, _Mapping]] = ..., closed: _Optional[_Union[MandateClosed, _Mapping]] = ..., withdrawn: _Optional[_Union[MandateWithdrawn, _Mapping]] = ..., support_reported: _Optional[_Union[MandateSupportReported, _Mapping]] = ...) -> None: ...

class MandateExtended(_message.Message):
    __slots__ = ["deadline"]
    DEADLINE_FIELD_NUMBER: _ClassVar[int]
    deadline: int
    def __init__(self, deadline: _Optional[int] = ...) -> None: ...

class MandateIssued(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: MandateTerms
    def __init__(self, terms: _Optional[_Union[MandateTerms, _Mapping]] = ...) -> None: ...

class MandateSupportReported(_message.Message):
    __slots__ = ["hours", "organisation", "until"]
    FROM_FIELD_NUMBER: _ClassVar[int]
    HOURS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    UNTIL_FIELD_NUMBER: _ClassVar[int]
    hours: int
    organisation: bytes
    until: int
    def __init__(self, organisation: _Optional[bytes] = ..., until: _Optional[int] = ..., hours: _Optional[int] = ..., **kwargs) -> None: ...

class MandateTerms(_message.Message):
    __slots__ = ["any_course", "consequence", "courses", "deadline", "directive", "employer_duty", "issuer", "joiner_days", "population", "title", "weekly_hours"]
    ANY_COURSE_FIELD_NUMBER: _ClassVar[int]
    CONSEQUENCE_FIELD_NUMBER: _ClassVar[int]
    COURSES_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_FIELD_NUMBER: _ClassVar[int]
    DIRECTIVE_FIELD_NUMBER: _ClassVar[int]
    EMPLOYER_DUTY_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    JOINER_DAYS_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    WEEKLY_HOURS_FIELD_NUMBER: _ClassVar[int]
    any_course: bool
    consequence: str
    courses: _containers.RepeatedScalarFieldContainer[bytes]
    deadline: int
    directive: bytes
    employer_duty: str
    issuer: bytes
    joiner_days: int
    population: PopulationRule
    title: str
    weekly_hours: int
    def __init__(self, title: _Optional[str] = ..., issuer: _Optional[bytes] = ..., directive: _Optional[bytes] = ..., population: _Optional[_Union[PopulationRule, _Mapping]] = ..., courses: _Optional[_Iterable[bytes]] = ..., any_course: bool = ..., deadline: _Optional[int] = ..., joiner_days: _Optional[int] = ..., weekly_hours: _Optional[int] = ..., employer_duty: _Optional[str] = ..., consequence: _Optional[str] = ...) -> None: ...

class MandateWithdrawn(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Obligation(_message.Message):
    __slots__ = ["code", "due", "party", "text"]
    CODE_FIELD_NUMBER: _ClassVar[int]
    DUE_FIELD_NUMBER: _ClassVar[int]
    PARTY_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    code: bytes
    due: int
    party: bytes
    text: str
    def __init__(self, code: _Optional[bytes] = ..., party: _Optional[bytes] = ..., text: _Optional[str] = ..., due: _Optional[int] = ...) -> None: ...

class ObligationMet(_message.Message):
    __slots__ = ["obligation"]
    OBLIGATION_FIELD_NUMBER: _ClassVar[int]
    obligation: bytes
    def __init__(self, obligation: _Optional[bytes] = ...) -> None: ...

class ObligationMissed(_message.Message):
    __slots__ = ["obligation"]
    OBLIGATION_FIELD_NUMBER: _ClassVar[int]
    obligation: bytes
    def __init__(self, obligation: _Optional[bytes] = ...) -> None: ...

class OfficerActingEnded(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OfficerActingStarted(_message.Message):
    __slots__ = ["organisation", "position"]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    organisation: bytes
    position: bytes
    def __init__(self, position: _Optional[bytes] = ..., organisation: _Optional[bytes] = ...) -> None: ...

class OfficerDied(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OfficerEvent(_message.Message):
    __slots__ = ["acting_ended", "acting_started", "died", "identifier_added", "identifier_ended", "leave_ended", "leave_started", "merge_reversed", "merged_into", "posted", "promoted", "registered", "reinstated", "returned", "seconded", "secondment_ended", "separated", "suspended"]
    ACTING_ENDED_FIELD_NUMBER: _ClassVar[int]
    ACTING_STARTED_FIELD_NUMBER: _ClassVar[int]
    DIED_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_ADDED_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIER_ENDED_FIELD_NUMBER: _ClassVar[int]
    LEAVE_ENDED_FIELD_NUMBER: _ClassVar[int]
    LEAVE_STARTED_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_FIELD_NUMBER: _ClassVar[int]
    MERGE_REVERSED_FIELD_NUMBER: _ClassVar[int]
    POSTED_FIELD_NUMBER: _ClassVar[int]
    PROMOTED_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_FIELD_NUMBER: _ClassVar[int]
    REINSTATED_FIELD_NUMBER: _ClassVar[int]
    RETURNED_FIELD_NUMBER: _ClassVar[int]
    SECONDED_FIELD_NUMBER: _ClassVar[int]
    SECONDMENT_ENDED_FIELD_NUMBER: _ClassVar[int]
    SEPARATED_FIELD_NUMBER: _ClassVar[int]
    SUSPENDED_FIELD_NUMBER: _ClassVar[int]
    acting_ended: OfficerActingEnded
    acting_started: OfficerActingStarted
    died: OfficerDied
    identifier_added: OfficerIdentifierAdded
    identifier_ended: OfficerIdentifierEnded
    leave_ended: OfficerLeaveEnded
    leave_started: OfficerLeaveStarted
    merge_reversed: OfficerMergeReversed
    merged_into: OfficerMergedInto
    posted: OfficerPosted
    promoted: OfficerPromoted
    registered: OfficerRegistered
    reinstated: OfficerReinstated
    returned: OfficerReturned
    seconded: OfficerSeconded
    secondment_ended: OfficerSecondmentEnded
    separated: OfficerSeparated
    suspended: OfficerSuspended
    def __init__(self, registered: _Optional[_Union[OfficerRegistered, _Mapping]] = ..., identifier_added: _Optional[_Union[OfficerIdentifierAdded, _Mapping]] = ..., identifier_ended: _Optional[_Union[OfficerIdentifierEnded, _Mapping]] = ..., posted: _Optional[_Union[OfficerPosted, _Mapping]] = ..., acting_started: _Optional[_Union[OfficerActingStarted, _Mapping]] = ..., acting_ended: _Optional[_Union[OfficerActingEnded, _Mapping]] = ..., promoted: _Optional[_Union[OfficerPromoted, _Mapping]] = ..., seconded: _Optional[_Union[OfficerSeconded, _Mapping]] = ..., secondment_ended: _Optional[_Union[OfficerSecondmentEnded, _Mapping]] = ..., leave_started: _Optional[_Union[OfficerLeaveStarted, _Mapping]] = ..., leave_ended: _Optional[_Union[OfficerLeaveEnded, _Mapping]] = ..., suspended: _Optional[_Union[OfficerSuspended, _Mapping]] = ..., reinstated: _Optional[_Union[OfficerReinstated, _Mapping]] = ..., separated: _Optional[_Union[OfficerSeparated, _Mapping]] = ..., returned: _Optional[_Union[OfficerReturned, _Mapping]] = ..., died: _Optional[_Union[OfficerDied, _Mapping]] = ..., merged_into: _Optional[_Union[OfficerMergedInto, _Mapping]] = ..., merge_reversed: _Optional[_Union[OfficerMergeReversed, _Mapping]] = ...) -> None: ...

class OfficerIdentifierAdded(_message.Message):
    __slots__ = ["scheme"]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    scheme: bytes
    def __init__(self, scheme: _Optional[bytes] = ...) -> None: ...

class OfficerIdentifierEnded(_message.Message):
    __slots__ = ["scheme", "value_only"]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    VALUE_ONLY_FIELD_NUMBER: _ClassVar[int]
    scheme: bytes
    value_only: bool
    def __init__(self, scheme: _Optional[bytes] = ..., value_only: bool = ...) -> None: ...

class OfficerLeaveEnded(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OfficerLeaveStarted(_message.Message):
    __slots__ = ["leave"]
    LEAVE_FIELD_NUMBER: _ClassVar[int]
    leave: bytes
    def __init__(self, leave: _Optional[bytes] = ...) -> None: ...

class OfficerMergeReversed(_message.Message):
    __slots__ = ["to_survivor", "to_this"]
    TO_SURVIVOR_FIELD_NUMBER: _ClassVar[int]
    TO_THIS_FIELD_NUMBER: _ClassVar[int]
    to_survivor: _containers.RepeatedScalarFieldContainer[bytes]
    to_this: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, to_this: _Optional[_Iterable[bytes]] = ..., to_survivor: _Optional[_Iterable[bytes]] = ...) -> None: ...

class OfficerMergedInto(_message.Message):
    __slots__ = ["officer"]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    officer: bytes
    def __init__(self, officer: _Optional[bytes] = ...) -> None: ...

class OfficerPosted(_message.Message):
    __slots__ = ["posting"]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    posting: Posting
    def __init__(self, posting: _Optional[_Union[Posting, _Mapping]] = ...) -> None: ...

class OfficerPromoted(_message.Message):
    __slots__ = ["cadre", "grade", "position"]
    CADRE_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    cadre: bytes
    grade: bytes
    position: bytes
    def __init__(self, grade: _Optional[bytes] = ..., position: _Optional[bytes] = ..., cadre: _Optional[bytes] = ...) -> None: ...

class OfficerRegistered(_message.Message):
    __slots__ = ["posting"]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    posting: Posting
    def __init__(self, posting: _Optional[_Union[Posting, _Mapping]] = ...) -> None: ...

class OfficerReinstated(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OfficerReturned(_message.Message):
    __slots__ = ["posting"]
    POSTING_FIELD_NUMBER: _ClassVar[int]
    posting: Posting
    def __init__(self, posting: _Optional[_Union[Posting, _Mapping]] = ...) -> None: ...

class OfficerSeconded(_message.Message):
    __slots__ = ["organisation"]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    organisation: bytes
    def __init__(self, organisation: _Optional[bytes] = ...) -> None: ...

class OfficerSecondmentEnded(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OfficerSeparated(_message.Message):
    __slots__ = ["separation"]
    SEPARATION_FIELD_NUMBER: _ClassVar[int]
    separation: bytes
    def __init__(self, separation: _Optional[bytes] = ...) -> None: ...

class OfficerSuspended(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OrganisationClosed(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class OrganisationEvent(_message.Message):
    __slots__ = ["closed", "merged_into", "moved_under", "registered", "renamed", "role_added", "role_ended", "split_into"]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_FIELD_NUMBER: _ClassVar[int]
    MOVED_UNDER_FIELD_NUMBER: _ClassVar[int]
    REGISTERED_FIELD_NUMBER: _ClassVar[int]
    RENAMED_FIELD_NUMBER: _ClassVar[int]
    ROLE_ADDED_FIELD_NUMBER: _ClassVar[int]
    ROLE_ENDED_FIELD_NUMBER: _ClassVar[int]
    SPLIT_INTO_FIELD_NUMBER: _ClassVar[int]
    closed: OrganisationClosed
    merged_into: OrganisationMergedInto
    moved_under: OrganisationMovedUnder
    registered: OrganisationRegistered
    renamed: OrganisationRenamed
    role_added: OrganisationRoleAdded
    role_ended: OrganisationRoleEnded
    split_into: OrganisationSplitInto
    def __init__(self, registered: _Optional[_Union[OrganisationRegistered, _Mapping]] = ..., role_added: _Optional[_Union[OrganisationRoleAdded, _Mapping]] = ..., role_ended: _Optional[_Union[OrganisationRoleEnded, _Mapping]] = ..., renamed: _Optional[_Union[OrganisationRenamed, _Mapping]] = ..., moved_under: _Optional[_Union[OrganisationMovedUnder, _Mapping]] = ..., merged_into: _Optional[_Union[OrganisationMergedInto, _Mapping]] = ..., split_into: _Optional[_Union[OrganisationSplitInto, _Mapping]] = ..., closed: _Optional[_Union[OrganisationClosed, _Mapping]] = ...) -> None: ...

class OrganisationMergedInto(_message.Message):
    __slots__ = ["organisation"]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    organisation: bytes
    def __init__(self, organisation: _Optional[bytes] = ...) -> None: ...

class OrganisationMovedUnder(_message.Message):
    __slots__ = ["parent"]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    parent: bytes
    def __init__(self, parent: _Optional[bytes] = ...) -> None: ...

class OrganisationRegistered(_message.Message):
    __slots__ = ["county", "name", "parent", "roles"]
    COUNTY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    ROLES_FIELD_NUMBER: _ClassVar[int]
    county: bytes
    name: str
    parent: bytes
    roles: _containers.RepeatedScalarFieldContainer[OrganisationRole]
    def __init__(self, name: _Optional[str] = ..., roles: _Optional[_Iterable[_Union[OrganisationRole, str]]] = ..., parent: _Optional[bytes] = ..., county: _Optional[bytes] = ...) -> None: ...

class OrganisationRenamed(_message.Message):
    __slots__ = ["name"]
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class OrganisationRoleAdded(_message.Message):
    __slots__ = ["role"]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    role: OrganisationRole
    def __init__(self, role: _Optional[_Union[OrganisationRole, str]] = ...) -> None: ...

class OrganisationRoleEnded(_message.Message):
    __slots__ = ["role"]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    role: OrganisationRole
    def __init__(self, role: _Optional[_Union[OrganisationRole, str]] = ...) -> None: ...

class OrganisationSplitInto(_message.Message):
    __slots__ = ["organisations"]
    ORGANISATIONS_FIELD_NUMBER: _ClassVar[int]
    organisations: _containers.RepeatedScalarFieldContainer[bytes]
    def __init__(self, organisations: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Paper(_message.Message):
    __slots__ = ["assessment", "awarded_on", "courses", "document", "issuer", "officer", "skills", "submission_kind", "title", "valid_until"]
    ASSESSMENT_FIELD_NUMBER: _ClassVar[int]
    AWARDED_ON_FIELD_NUMBER: _ClassVar[int]
    COURSES_FIELD_NUMBER: _ClassVar[int]
    DOCUMENT_FIELD_NUMBER: _ClassVar[int]
    ISSUER_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_KIND_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VALID_UNTIL_FIELD_NUMBER: _ClassVar[int]
    assessment: AssessmentMode
    awarded_on: int
    courses: _containers.RepeatedScalarFieldContainer[bytes]
    document: bytes
    issuer: str
    officer: bytes
    skills: _containers.RepeatedCompositeFieldContainer[SkillLevel]
    submission_kind: SubmissionKind
    title: str
    valid_until: int
    def __init__(self, officer: _Optional[bytes] = ..., submission_kind: _Optional[_Union[SubmissionKind, str]] = ..., document: _Optional[bytes] = ..., issuer: _Optional[str] = ..., title: _Optional[str] = ..., skills: _Optional[_Iterable[_Union[SkillLevel, _Mapping]]] = ..., awarded_on: _Optional[int] = ..., valid_until: _Optional[int] = ..., courses: _Optional[_Iterable[bytes]] = ..., assessment: _Optional[_Union[AssessmentMode, str]] = ...) -> None: ...

class PassMark(_message.Message):
    __slots__ = ["mode", "pass_mark"]
    MODE_FIELD_NUMBER: _ClassVar[int]
    PASS_MARK_FIELD_NUMBER: _ClassVar[int]
    mode: AssessmentMode
    pass_mark: int
    def __init__(self, mode: _Optional[_Union[AssessmentMode, str]] = ..., pass_mark: _Optional[int] = ...) -> None: ...

class Personal(_message.Message):
    __slots__ = ["contacts", "identifiers", "name", "note"]
    CONTACTS_FIELD_NUMBER: _ClassVar[int]
    IDENTIFIERS_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    NOTE_FIELD_NUMBER: _ClassVar[int]
    contacts: _containers.RepeatedScalarFieldContainer[str]
    identifiers: _containers.RepeatedCompositeFieldContainer[SchemeValue]
    name: str
    note: str
    def __init__(self, name: _Optional[str] = ..., identifiers: _Optional[_Iterable[_Union[SchemeValue, _Mapping]]] = ..., contacts: _Optional[_Iterable[str]] = ..., note: _Optional[str] = ...) -> None: ...

class PolicyAdopted(_message.Message):
    __slots__ = ["backings", "findings", "pass_marks", "title", "validity_months", "version", "weights"]
    BACKINGS_FIELD_NUMBER: _ClassVar[int]
    FINDINGS_FIELD_NUMBER: _ClassVar[int]
    PASS_MARKS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    VALIDITY_MONTHS_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    backings: _containers.RepeatedCompositeFieldContainer[BackingRule]
    findings: _containers.RepeatedCompositeFieldContainer[FindingRule]
    pass_marks: _containers.RepeatedCompositeFieldContainer[PassMark]
    title: str
    validity_months: int
    version: int
    weights: _containers.RepeatedCompositeFieldContainer[EvidenceWeight]
    def __init__(self, version: _Optional[int] = ..., title: _Optional[str] = ..., weights: _Optional[_Iterable[_Union[EvidenceWeight, _Mapping]]] = ..., backings: _Optional[_Iterable[_Union[BackingRule, _Mapping]]] = ..., pass_marks: _Optional[_Iterable[_Union[PassMark, _Mapping]]] = ..., validity_months: _Optional[int] = ..., findings: _Optional[_Iterable[_Union[FindingRule, _Mapping]]] = ...) -> None: ...

class PopulationRule(_message.Message):
    __slots__ = ["posted_on", "steps"]
    POSTED_ON_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    posted_on: int
    steps: _containers.RepeatedCompositeFieldContainer[RuleStep]
    def __init__(self, posted_on: _Optional[int] = ..., steps: _Optional[_Iterable[_Union[RuleStep, _Mapping]]] = ...) -> None: ...

class Posting(_message.Message):
    __slots__ = ["cadre", "category", "county", "grade", "organisation", "position"]
    CADRE_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    COUNTY_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    cadre: bytes
    category: bytes
    county: bytes
    grade: bytes
    organisation: bytes
    position: bytes
    def __init__(self, organisation: _Optional[bytes] = ..., position: _Optional[bytes] = ..., cadre: _Optional[bytes] = ..., grade: _Optional[bytes] = ..., county: _Optional[bytes] = ..., category: _Optional[bytes] = ...) -> None: ...

class PriorLearningRecognised(_message.Message):
    __slots__ = ["by", "claim", "level"]
    BY_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    claim: ClaimedSkill
    level: int
    def __init__(self, claim: _Optional[_Union[ClaimedSkill, _Mapping]] = ..., by: _Optional[bytes] = ..., level: _Optional[int] = ...) -> None: ...

class ProgrammeApproved(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: ProgrammeTerms
    def __init__(self, terms: _Optional[_Union[ProgrammeTerms, _Mapping]] = ...) -> None: ...

class ProgrammeClosed(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: ProgrammeTerms
    def __init__(self, terms: _Optional[_Union[ProgrammeTerms, _Mapping]] = ...) -> None: ...

class ProgrammeDrafted(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: ProgrammeTerms
    def __init__(self, terms: _Optional[_Union[ProgrammeTerms, _Mapping]] = ...) -> None: ...

class ProgrammeEvaluated(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ProgrammeEvent(_message.Message):
    __slots__ = ["approved", "closed", "drafted", "evaluated", "linked_to_agreement", "opened", "paused", "pilot_concluded", "pilot_declared", "resumed"]
    APPROVED_FIELD_NUMBER: _ClassVar[int]
    CLOSED_FIELD_NUMBER: _ClassVar[int]
    DRAFTED_FIELD_NUMBER: _ClassVar[int]
    EVALUATED_FIELD_NUMBER: _ClassVar[int]
    LINKED_TO_AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    OPENED_FIELD_NUMBER: _ClassVar[int]
    PAUSED_FIELD_NUMBER: _ClassVar[int]
    PILOT_CONCLUDED_FIELD_NUMBER: _ClassVar[int]
    PILOT_DECLARED_FIELD_NUMBER: _ClassVar[int]
    RESUMED_FIELD_NUMBER: _ClassVar[int]
    approved: ProgrammeApproved
    closed: ProgrammeClosed
    drafted: ProgrammeDrafted
    evaluated: ProgrammeEvaluated
    linked_to_agreement: ProgrammeLinkedToAgreement
    opened: ProgrammeOpened
    paused: ProgrammePaused
    pilot_concluded: ProgrammePilotConcluded
    pilot_declared: ProgrammePilotDeclared
    resumed: ProgrammeResumed
    def __init__(self, drafted: _Optional[_Union[ProgrammeDrafted, _Mapping]] = ..., approved: _Optional[_Union[ProgrammeApproved, _Mapping]] = ..., opened: _Optional[_Union[ProgrammeOpened, _Mapping]] = ..., paused: _Optional[_Union[ProgrammePaused, _Mapping]] = ..., resumed: _Optional[_Union[ProgrammeResumed, _Mapping]] = ..., closed: _Optional[_Union[ProgrammeClosed, _Mapping]] = ..., evaluated: _Optional[_Union[ProgrammeEvaluated, _Mapping]] = ..., linked_to_agreement: _Optional[_Union[ProgrammeLinkedToAgreement, _Mapping]] = ..., pilot_declared: _Optional[_Union[ProgrammePilotDeclared, _Mapping]] = ..., pilot_concluded: _Optional[_Union[ProgrammePilotConcluded, _Mapping]] = ...) -> None: ...

class ProgrammeLinkedToAgreement(_message.Message):
    __slots__ = ["agreement"]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    agreement: bytes
    def __init__(self, agreement: _Optional[bytes] = ...) -> None: ...

class ProgrammeOpened(_message.Message):
    __slots__ = ["terms"]
    TERMS_FIELD_NUMBER: _ClassVar[int]
    terms: ProgrammeTerms
    def __init__(self, terms: _Optional[_Union[ProgrammeTerms, _Mapping]] = ...) -> None: ...

class ProgrammePaused(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ProgrammePilotConcluded(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ProgrammePilotDeclared(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ProgrammeResumed(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ProgrammeTerms(_message.Message):
    __slots__ = ["instruments", "organisation", "title"]
    INSTRUMENTS_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    instruments: _containers.RepeatedScalarFieldContainer[bytes]
    organisation: bytes
    title: str
    def __init__(self, title: _Optional[str] = ..., organisation: _Optional[bytes] = ..., instruments: _Optional[_Iterable[bytes]] = ...) -> None: ...

class Proposal(_message.Message):
    __slots__ = ["agreement", "attributed_to", "authorisation", "authority", "cohort", "corrects", "course", "credential", "duty", "effective", "enrolment", "event_id", "framework", "instrument", "mandate", "officer", "on_behalf_of", "organisation", "personal", "programme", "reason", "registry", "restored", "skill_claim", "source", "stream", "submission", "voided"]
    AGREEMENT_FIELD_NUMBER: _ClassVar[int]
    ATTRIBUTED_TO_FIELD_NUMBER: _ClassVar[int]
    AUTHORISATION_FIELD_NUMBER: _ClassVar[int]
    AUTHORITY_FIELD_NUMBER: _ClassVar[int]
    COHORT_FIELD_NUMBER: _ClassVar[int]
    CORRECTS_FIELD_NUMBER: _ClassVar[int]
    COURSE_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    DUTY_FIELD_NUMBER: _ClassVar[int]
    EFFECTIVE_FIELD_NUMBER: _ClassVar[int]
    ENROLMENT_FIELD_NUMBER: _ClassVar[int]
    EVENT_ID_FIELD_NUMBER: _ClassVar[int]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    INSTRUMENT_FIELD_NUMBER: _ClassVar[int]
    MANDATE_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    ON_BEHALF_OF_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    PERSONAL_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    REGISTRY_FIELD_NUMBER: _ClassVar[int]
    RESTORED_FIELD_NUMBER: _ClassVar[int]
    SKILL_CLAIM_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    STREAM_FIELD_NUMBER: _ClassVar[int]
    SUBMISSION_FIELD_NUMBER: _ClassVar[int]
    VOIDED_FIELD_NUMBER: _ClassVar[int]
    agreement: AgreementEvent
    attributed_to: bytes
    authorisation: AuthorisationEvent
    authority: bytes
    cohort: CohortEvent
    corrects: bytes
    course: CourseEvent
    credential: CredentialEvent
    duty: DutyEvent
    effective: int
    enrolment: EnrolmentEvent
    event_id: bytes
    framework: FrameworkEvent
    instrument: InstrumentEvent
    mandate: MandateEvent
    officer: OfficerEvent
    on_behalf_of: bytes
    organisation: OrganisationEvent
    personal: Personal
    programme: ProgrammeEvent
    reason: bytes
    registry: RegistryEvent
    restored: Restored
    skill_claim: SkillClaimEvent
    source: Source
    stream: bytes
    submission: SubmissionEvent
    voided: Voided
    def __init__(self, event_id: _Optional[bytes] = ..., stream: _Optional[bytes] = ..., effective: _Optional[int] = ..., on_behalf_of: _Optional[bytes] = ..., source: _Optional[_Union[Source, _Mapping]] = ..., authority: _Optional[bytes] = ..., attributed_to: _Optional[bytes] = ..., reason: _Optional[bytes] = ..., corrects: _Optional[bytes] = ..., personal: _Optional[_Union[Personal, _Mapping]] = ..., registry: _Optional[_Union[RegistryEvent, _Mapping]] = ..., organisation: _Optional[_Union[OrganisationEvent, _Mapping]] = ..., officer: _Optional[_Union[OfficerEvent, _Mapping]] = ..., framework: _Optional[_Union[FrameworkEvent, _Mapping]] = ..., authorisation: _Optional[_Union[AuthorisationEvent, _Mapping]] = ..., instrument: _Optional[_Union[InstrumentEvent, _Mapping]] = ..., agreement: _Optional[_Union[AgreementEvent, _Mapping]] = ..., programme: _Optional[_Union[ProgrammeEvent, _Mapping]] = ..., course: _Optional[_Union[CourseEvent, _Mapping]] = ..., cohort: _Optional[_Union[CohortEvent, _Mapping]] = ..., enrolment: _Optional[_Union[EnrolmentEvent, _Mapping]] = ..., submission: _Optional[_Union[SubmissionEvent, _Mapping]] = ..., credential: _Optional[_Union[CredentialEvent, _Mapping]] = ..., skill_claim: _Optional[_Union[SkillClaimEvent, _Mapping]] = ..., mandate: _Optional[_Union[MandateEvent, _Mapping]] = ..., duty: _Optional[_Union[DutyEvent, _Mapping]] = ..., voided: _Optional[_Union[Voided, _Mapping]] = ..., restored: _Optional[_Union[Restored, _Mapping]] = ...) -> None: ...

class Recorded(_message.Message):
    __slots__ = ["actor", "digest", "entropy", "position", "proposal", "recorded_at_ms", "rules", "sealed_sha256", "version"]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    ENTROPY_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_MS_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    SEALED_SHA256_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    actor: bytes
    digest: bytes
    entropy: bytes
    position: int
    proposal: bytes
    recorded_at_ms: int
    rules: int
    sealed_sha256: bytes
    version: int
    def __init__(self, position: _Optional[int] = ..., version: _Optional[int] = ..., recorded_at_ms: _Optional[int] = ..., actor: _Optional[bytes] = ..., rules: _Optional[int] = ..., digest: _Optional[bytes] = ..., proposal: _Optional[bytes] = ..., entropy: _Optional[bytes] = ..., sealed_sha256: _Optional[bytes] = ...) -> None: ...

class RegistryEstablished(_message.Message):
    __slots__ = ["identifier_schemes", "jurisdiction", "languages", "name", "time_zone"]
    IDENTIFIER_SCHEMES_FIELD_NUMBER: _ClassVar[int]
    JURISDICTION_FIELD_NUMBER: _ClassVar[int]
    LANGUAGES_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    TIME_ZONE_FIELD_NUMBER: _ClassVar[int]
    identifier_schemes: _containers.RepeatedScalarFieldContainer[bytes]
    jurisdiction: bytes
    languages: _containers.RepeatedScalarFieldContainer[bytes]
    name: str
    time_zone: str
    def __init__(self, jurisdiction: _Optional[bytes] = ..., time_zone: _Optional[str] = ..., identifier_schemes: _Optional[_Iterable[bytes]] = ..., languages: _Optional[_Iterable[bytes]] = ..., name: _Optional[str] = ...) -> None: ...

class RegistryEvent(_message.Message):
    __slots__ = ["category_defined", "established", "finding_settled", "policy_adopted", "requirement_set"]
    CATEGORY_DEFINED_FIELD_NUMBER: _ClassVar[int]
    ESTABLISHED_FIELD_NUMBER: _ClassVar[int]
    FINDING_SETTLED_FIELD_NUMBER: _ClassVar[int]
    POLICY_ADOPTED_FIELD_NUMBER: _ClassVar[int]
    REQUIREMENT_SET_FIELD_NUMBER: _ClassVar[int]
    category_defined: CategoryDefined
    established: RegistryEstablished
    finding_settled: FindingSettled
    policy_adopted: PolicyAdopted
    requirement_set: RequirementSet
    def __init__(self, established: _Optional[_Union[RegistryEstablished, _Mapping]] = ..., policy_adopted: _Optional[_Union[PolicyAdopted, _Mapping]] = ..., requirement_set: _Optional[_Union[RequirementSet, _Mapping]] = ..., finding_settled: _Optional[_Union[FindingSettled, _Mapping]] = ..., category_defined: _Optional[_Union[CategoryDefined, _Mapping]] = ...) -> None: ...

class RequirementSet(_message.Message):
    __slots__ = ["cadre", "position", "skills"]
    CADRE_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    cadre: bytes
    position: bytes
    skills: _containers.RepeatedCompositeFieldContainer[SkillLevel]
    def __init__(self, position: _Optional[bytes] = ..., cadre: _Optional[bytes] = ..., skills: _Optional[_Iterable[_Union[SkillLevel, _Mapping]]] = ...) -> None: ...

class Restored(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class ResultClaimed(_message.Message):
    __slots__ = ["as_of", "claim", "claimed_by", "count", "parent", "period_from", "period_until", "population", "scope"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_BY_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FROM_FIELD_NUMBER: _ClassVar[int]
    PERIOD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    claim: bytes
    claimed_by: str
    count: Count
    parent: bytes
    period_from: int
    period_until: int
    population: Population
    scope: str
    def __init__(self, claim: _Optional[bytes] = ..., claimed_by: _Optional[str] = ..., population: _Optional[_Union[Population, str]] = ..., count: _Optional[_Union[Count, _Mapping]] = ..., scope: _Optional[str] = ..., period_from: _Optional[int] = ..., period_until: _Optional[int] = ..., as_of: _Optional[int] = ..., parent: _Optional[bytes] = ...) -> None: ...

class RuleStep(_message.Message):
    __slots__ = ["all_of", "any_of", "cadre", "county", "everybody", "grade", "negated", "organisation", "position"]
    ALL_OF_FIELD_NUMBER: _ClassVar[int]
    ANY_OF_FIELD_NUMBER: _ClassVar[int]
    CADRE_FIELD_NUMBER: _ClassVar[int]
    COUNTY_FIELD_NUMBER: _ClassVar[int]
    EVERYBODY_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    NEGATED_FIELD_NUMBER: _ClassVar[int]
    ORGANISATION_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    all_of: int
    any_of: int
    cadre: bytes
    county: bytes
    everybody: bool
    grade: bytes
    negated: bool
    organisation: bytes
    position: bytes
    def __init__(self, organisation: _Optional[bytes] = ..., cadre: _Optional[bytes] = ..., grade: _Optional[bytes] = ..., position: _Optional[bytes] = ..., county: _Optional[bytes] = ..., everybody: bool = ..., all_of: _Optional[int] = ..., any_of: _Optional[int] = ..., negated: bool = ...) -> None: ...

class SchemeValue(_message.Message):
    __slots__ = ["scheme", "value"]
    SCHEME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    scheme: bytes
    value: str
    def __init__(self, scheme: _Optional[bytes] = ..., value: _Optional[str] = ...) -> None: ...

class Scope(_message.Message):
    __slots__ = ["courses", "max_level", "skills", "tracks"]
    COURSES_FIELD_NUMBER: _ClassVar[int]
    MAX_LEVEL_FIELD_NUMBER: _ClassVar[int]
    SKILLS_FIELD_NUMBER: _ClassVar[int]
    TRACKS_FIELD_NUMBER: _ClassVar[int]
    courses: _containers.RepeatedScalarFieldContainer[bytes]
    max_level: int
    skills: _containers.RepeatedCompositeFieldContainer[SkillLevel]
    tracks: _containers.RepeatedScalarFieldContainer[Track]
    def __init__(self, courses: _Optional[_Iterable[bytes]] = ..., tracks: _Optional[_Iterable[_Union[Track, str]]] = ..., skills: _Optional[_Iterable[_Union[SkillLevel, _Mapping]]] = ..., max_level: _Optional[int] = ...) -> None: ...

class Seat(_message.Message):
    __slots__ = ["cohort", "officer"]
    COHORT_FIELD_NUMBER: _ClassVar[int]
    OFFICER_FIELD_NUMBER: _ClassVar[int]
    cohort: bytes
    officer: bytes
    def __init__(self, officer: _Optional[bytes] = ..., cohort: _Optional[bytes] = ...) -> None: ...

class Skill(_message.Message):
    __slots__ = ["area", "code", "levels", "title"]
    AREA_FIELD_NUMBER: _ClassVar[int]
    CODE_FIELD_NUMBER: _ClassVar[int]
    LEVELS_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    area: str
    code: bytes
    levels: int
    title: str
    def __init__(self, code: _Optional[bytes] = ..., title: _Optional[str] = ..., levels: _Optional[int] = ..., area: _Optional[str] = ...) -> None: ...

class SkillClaimEndorsed(_message.Message):
    __slots__ = ["by"]
    BY_FIELD_NUMBER: _ClassVar[int]
    by: bytes
    def __init__(self, by: _Optional[bytes] = ...) -> None: ...

class SkillClaimEvent(_message.Message):
    __slots__ = ["claimed", "endorsed", "prior_learning_recognised", "rejected"]
    CLAIMED_FIELD_NUMBER: _ClassVar[int]
    ENDORSED_FIELD_NUMBER: _ClassVar[int]
    PRIOR_LEARNING_RECOGNISED_FIELD_NUMBER: _ClassVar[int]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    claimed: SkillClaimed
    endorsed: SkillClaimEndorsed
    prior_learning_recognised: PriorLearningRecognised
    rejected: SkillClaimRejected
    def __init__(self, claimed: _Optional[_Union[SkillClaimed, _Mapping]] = ..., endorsed: _Optional[_Union[SkillClaimEndorsed, _Mapping]] = ..., rejected: _Optional[_Union[SkillClaimRejected, _Mapping]] = ..., prior_learning_recognised: _Optional[_Union[PriorLearningRecognised, _Mapping]] = ...) -> None: ...

class SkillClaimRejected(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class SkillClaimed(_message.Message):
    __slots__ = ["claim"]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    claim: ClaimedSkill
    def __init__(self, claim: _Optional[_Union[ClaimedSkill, _Mapping]] = ...) -> None: ...

class SkillLevel(_message.Message):
    __slots__ = ["framework", "level", "skill"]
    FRAMEWORK_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    SKILL_FIELD_NUMBER: _ClassVar[int]
    framework: bytes
    level: int
    skill: bytes
    def __init__(self, framework: _Optional[bytes] = ..., skill: _Optional[bytes] = ..., level: _Optional[int] = ...) -> None: ...

class Source(_message.Message):
    __slots__ = ["reference", "sha256", "system"]
    REFERENCE_FIELD_NUMBER: _ClassVar[int]
    SHA256_FIELD_NUMBER: _ClassVar[int]
    SYSTEM_FIELD_NUMBER: _ClassVar[int]
    reference: str
    sha256: bytes
    system: bytes
    def __init__(self, system: _Optional[bytes] = ..., reference: _Optional[str] = ..., sha256: _Optional[bytes] = ...) -> None: ...

class SubmissionEvent(_message.Message):
    __slots__ = ["rejected", "submitted", "verified"]
    REJECTED_FIELD_NUMBER: _ClassVar[int]
    SUBMITTED_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_FIELD_NUMBER: _ClassVar[int]
    rejected: SubmissionRejected
    submitted: SubmissionSubmitted
    verified: SubmissionVerified
    def __init__(self, submitted: _Optional[_Union[SubmissionSubmitted, _Mapping]] = ..., verified: _Optional[_Union[SubmissionVerified, _Mapping]] = ..., rejected: _Optional[_Union[SubmissionRejected, _Mapping]] = ...) -> None: ...

class SubmissionRejected(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class SubmissionSubmitted(_message.Message):
    __slots__ = ["paper"]
    PAPER_FIELD_NUMBER: _ClassVar[int]
    paper: Paper
    def __init__(self, paper: _Optional[_Union[Paper, _Mapping]] = ...) -> None: ...

class SubmissionVerified(_message.Message):
    __slots__ = ["method", "paper", "verified_by"]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    PAPER_FIELD_NUMBER: _ClassVar[int]
    VERIFIED_BY_FIELD_NUMBER: _ClassVar[int]
    method: bytes
    paper: Paper
    verified_by: bytes
    def __init__(self, paper: _Optional[_Union[Paper, _Mapping]] = ..., method: _Optional[bytes] = ..., verified_by: _Optional[bytes] = ...) -> None: ...

class TargetClaimed(_message.Message):
    __slots__ = ["as_of", "claim", "claimed_by", "count", "parent", "population", "scope"]
    AS_OF_FIELD_NUMBER: _ClassVar[int]
    CLAIMED_BY_FIELD_NUMBER: _ClassVar[int]
    CLAIM_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    as_of: int
    claim: bytes
    claimed_by: str
    count: Count
    parent: bytes
    population: Population
    scope: str
    def __init__(self, claim: _Optional[bytes] = ..., claimed_by: _Optional[str] = ..., population: _Optional[_Union[Population, str]] = ..., count: _Optional[_Union[Count, _Mapping]] = ..., scope: _Optional[str] = ..., as_of: _Optional[int] = ..., parent: _Optional[bytes] = ...) -> None: ...

class TargetSet(_message.Message):
    __slots__ = ["by", "category", "count", "parent", "population", "programme", "target"]
    BY_FIELD_NUMBER: _ClassVar[int]
    CATEGORY_FIELD_NUMBER: _ClassVar[int]
    COUNT_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    POPULATION_FIELD_NUMBER: _ClassVar[int]
    PROGRAMME_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    by: int
    category: bytes
    count: Count
    parent: bytes
    population: Population
    programme: bytes
    target: bytes
    def __init__(self, target: _Optional[bytes] = ..., population: _Optional[_Union[Population, str]] = ..., count: _Optional[_Union[Count, _Mapping]] = ..., by: _Optional[int] = ..., parent: _Optional[bytes] = ..., category: _Optional[bytes] = ..., programme: _Optional[bytes] = ...) -> None: ...

class Voided(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Strength(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Holding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Backing(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class FindingKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class FindingMeaning(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class FindingOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class OrganisationRole(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class CrosswalkRelation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Track(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class InstrumentKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AgreementKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Population(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class Delivery(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class AssessmentMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class CompletionResult(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class SubmissionKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
