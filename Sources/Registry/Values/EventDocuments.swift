extension StreamEvent {
  /// The SHA-256 of each document that the event cites, its source's among them.
  public var documents: [[UInt8]] {
    var documents: [[UInt8]] = []
    if let sourceDocument { documents.append(sourceDocument) }
    switch body {
    case .submission(.submitted(let given)): documents.append(given.paper.document)
    case .submission(.verified(let given)):
      if let paper = given.paper { documents.append(paper.document) }
    case .submission(.rejected): break
    case .skillClaim(.claimed(let given)): documents += given.claim.documents
    case .skillClaim(.priorLearningRecognised(let given)):
      documents += given.claim?.documents ?? []
    case .skillClaim(.endorsed), .skillClaim(.rejected): break
    case .framework(.published(let given)):
      if !given.digest.isEmpty { documents.append(given.digest) }
    case .framework(.skillAdded), .framework(.skillDeprecated), .framework(.skillReplaced),
      .framework(.crosswalkAsserted), .framework(.crosswalkWithdrawn), .framework(.retired):
      break
    // They cite one as their source, if at all.
    case .registry, .organisation, .officer, .authorisation, .instrument, .agreement, .programme,
      .course, .cohort, .enrolment, .credential, .mandate, .duty, .voided, .restored:
      break
    }
    return documents.count < 2
      ? documents : Set(documents).sorted { $0.lexicographicallyPrecedes($1) }
  }
}
