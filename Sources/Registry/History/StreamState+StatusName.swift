extension StreamState {
  /// The status by its name in the schema.
  public var statusName: String {
    switch self {
    case .registry: "established"
    case .organisation(let state): state.status.name
    case .officer(let state): state.status.name
    case .framework(let state): state.status.name
    case .authorisation(let state): state.status.name
    case .instrument(let state): state.status.name
    case .agreement(let state): state.status.name
    case .programme(let state): state.status.name
    case .course(let state): state.status.name
    case .cohort(let state): state.status.name
    case .enrolment(let state): state.status.name
    case .submission(let state): state.status.name
    case .credential(let state): state.status.name
    case .skillClaim(let state): state.status.name
    case .mandate(let state): state.status.name
    case .duty(let state): state.status.name
    }
  }
}
