import Messages
import Registry
import UjuziClient
import Wire

extension RegistryClient {
  /// A stream's state whole, asked for part by part.
  func state(
    of stream: StreamID, on day: Day? = nil, atPosition: UInt64? = nil
  ) async throws -> GetStreamReply {
    var question = GetStreamRequest(
      stream: stream, inParts: true, on: day, atPosition: atPosition)
    var whole = try await ask(.getStream, question, GetStreamReply.self)
    while !whole.resumeAfter.isEmpty {
      question.resumeAfter = whole.resumeAfter
      let part = try await ask(.getStream, question, GetStreamReply.self)
      if let state = part.state { whole.state?.add(partOf: state) }
      whole.resumeAfter = part.resumeAfter
    }
    return whole
  }

  /// The dashboard of an agreement whole, asked for part by part.
  func agreement(_ question: GetAgreementRequest) async throws -> GetAgreementReply {
    var question = question
    question.inParts = true
    var whole = try await ask(.getAgreement, question, GetAgreementReply.self)
    while !whole.resumeAfter.isEmpty {
      question.resumeAfter = whole.resumeAfter
      let part = try await ask(.getAgreement, question, GetAgreementReply.self)
      if let state = part.state { whole.state?.add(partOf: state) }
      whole.targets += part.targets
      whole.resumeAfter = part.resumeAfter
    }
    return whole
  }
}

extension RegistryClient {
  /// Why nothing is told of a stream: there is none, with the names that are near it where the
  /// caller may be told, or nothing of it stood on the day.
  func missing(_ stream: StreamID) async -> CLIError {
    let history = self.stream(
      Method.streamHistory.rawValue, Codec.encode(StreamHistoryRequest(stream: stream)))
    do {
      for try await _ in history { return .nothingStood(stream) }
    } catch let status as CallStatus where status.code == .notFound {
      return .noSuch(status.message)
    } catch {
      // The server went away in between: what it has said holds.
    }
    return .noSuch("There is no \(stream.text) that day, as far as is known.")
  }
}

extension CLIError {
  /// There is such a stream, and nothing of it stood on the day asked about.
  static func nothingStood(_ stream: StreamID) -> CLIError {
    noSuch("Nothing of \(stream.text) stood that day, as far as was known.")
  }
}

extension StreamState {
  /// Adds the lists of the next part.
  fileprivate mutating func add(partOf next: StreamState) {
    switch (self, next) {
    case (.registry(var state), .registry(let next)):
      for entry in next.requirements { state.requirements.put(entry) }
      for entry in next.settled { state.settled.put(entry) }
      for entry in next.categories { state.categories.put(entry) }
      self = .registry(state)
    case (.framework(var state), .framework(let next)):
      for entry in next.skills { state.skills.put(entry) }
      for entry in next.crosswalks { state.crosswalks.put(entry) }
      self = .framework(state)
    case (.agreement(var state), .agreement(let next)):
      state.add(partOf: next)
      self = .agreement(state)
    case (.course(var state), .course(let next)):
      state.editions += next.editions
      self = .course(state)
    // A stream keeps its kind, and the others come in one part.
    case (.registry, _), (.framework, _), (.agreement, _), (.course, _), (.organisation, _),
      (.officer, _), (.authorisation, _), (.instrument, _), (.programme, _), (.cohort, _),
      (.enrolment, _), (.submission, _), (.credential, _), (.skillClaim, _), (.mandate, _),
      (.duty, _):
      break
    }
  }
}

extension Agreement {
  mutating func add(partOf next: Agreement) {
    for entry in next.targets { targets.put(entry) }
    for entry in next.targetClaims { targetClaims.put(entry) }
    for entry in next.resultClaims { resultClaims.put(entry) }
    reconciliations += next.reconciliations
    for entry in next.aggregates { aggregates.put(entry) }
  }
}
