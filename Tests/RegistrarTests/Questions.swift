import Messages
import Registry
import Testing

@testable import Registrar

/// Every question that may be asked about a stream, with its answer or its refusal.
struct Questions {
  let registry: TestRegistry

  init(_ registry: TestRegistry) { self.registry = registry }

  func answers(about streams: [StreamID]) throws -> [String: [[UInt8]]] {
    var answers: [String: [[UInt8]]] = [:]
    let day = day("2024-06-01")
    for stream in streams {
      func ask(_ what: String, _ body: () throws -> [[UInt8]]) {
        do { answers["\(what) \(stream.text)"] = try body() } catch {
          answers["\(what) \(stream.text)"] = [Array("\(error)".utf8)]
        }
      }
      func pages<Q: Message>(
        _ method: Method, _ question: Q, _ lines: @escaping ([UInt8]) throws -> [[UInt8]] = { [$0] }
      ) {
        ask(method.name) {
          let desk = try ReadDesk(registry.store)
          defer { desk.end() }
          var source = try ReadDesk.pages(method, Codec.encode(question))
          defer { source.close() }
          var found: [[UInt8]] = []
          while case .message(let bytes) = try source.next(from: desk) { found += try lines(bytes) }
          return found
        }
      }
      ask("parts of") { try parts(of: stream).bytes }
      pages(.streamHistory, StreamHistoryRequest(stream: stream))
      pages(.explain, ExplainRequest(what: .stream(stream), on: day))
      switch stream.kind {
      case .officer:
        ask("profile of") {
          [
            Codec.encode(
              try registry.onLoop(
                .getProfile, GetProfileRequest(who: .officer(stream.key), on: day),
                GetProfileReply.self))
          ]
        }
        pages(.officerRecord, OfficerRecordRequest(who: .officer(stream.key)))
        pages(.listCredentials, ListCredentialsRequest(whose: .officer(stream.key), on: day))
      case .agreement:
        ask("dashboard of") {
          [
            Codec.encode(
              try registry.deferred(
                .getAgreement,
                GetAgreementRequest(agreement: stream.key, inParts: true, on: day),
                GetAgreementReply.self))
          ]
        }
      case .credential:
        ask("verify") {
          [Codec.encode(try registry.verify(stream.key.text, on: day))]
        }
      case .cohort: pages(.cohortRoll, CohortRollRequest(cohort: stream.key, on: day))
      case .mandate:
        pages(.compliance, ComplianceRequest(mandate: stream.key, on: day)) {
          try Codec.decode(CompliancePage.self, from: $0).lines.map { Codec.encode($0) }
        }
      case .organisation:
        // Where its pages end is a matter of time.
        pages(.gap, GapRequest(whose: .organisation(stream.key), on: day)) {
          try Codec.decode(GapPage.self, from: $0).officers.map { Codec.encode($0) }
        }
        ask("authorisations of") {
          [
            Codec.encode(
              try registry.deferred(
                .authorisations, AuthorisationsRequest(organisation: stream.key, on: day),
                AuthorisationsReply.self))
          ]
        }
      default: break
      }
    }
    return answers
  }

  /// The parts of a state, as a client asks for them, and how many entries their lists have.
  func parts(of stream: StreamID) throws -> (bytes: [[UInt8]], entries: Int) {
    var (bytes, entries): ([[UInt8]], Int) = ([], 0)
    var question = GetStreamRequest(stream: stream, inParts: true, on: day("2024-06-01"))
    repeat {
      let part = try registry.deferred(.getStream, question, GetStreamReply.self)
      bytes.append(Codec.encode(part))
      #expect(bytes.last!.count < 2 << 20, "a part of \(stream.text) is as long as a frame")
      switch part.state {
      case .registry(let state): entries += state.requirements.count
      case .framework(let state): entries += state.skills.count + state.crosswalks.count
      case .agreement(let state):
        entries += state.targetClaims.count + state.reconciliations.count
      default: break
      }
      question.resumeAfter = part.resumeAfter
    } while !question.resumeAfter.isEmpty
    return (bytes, entries)
  }
}
