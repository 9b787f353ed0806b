extension StreamEvent {
  /// The SHA-256 of each document that the event cites, its source's among them.
  public var documents: [[UInt8]] {
    var documents: [[UInt8]] = []
    if let sourceDocument { documents.append(sourceDocument) }
    switch body {
    case .submission(.submitted(let given)): documents.append(given.paper.document)
    case .submission(.verified(let given)):
      if let paper = given.paper { documents.append(paper.document) }
    case .skillClaim(.claimed(let given)): documents += given.claim.documents
    case .skillClaim(.priorLearningRecognised(let given)):
      documents += given.claim?.documents ?? []
    case .framework(.published(let given)) where !given.digest.isEmpty:
      documents.append(given.digest)
    default: break
    }
    return documents.count < 2
      ? documents : Set(documents).sorted { $0.lexicographicallyPrecedes($1) }
  }
}
