import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

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
      // Where the pages of a stream end is a matter of time: what they hold is not.
      func pages<Q: Message, P: Message>(
        _ method: Method, _ question: Q, _ page: P.Type, _ lines: (P) -> [[UInt8]]
      ) {
        ask(method.name) { try registry.allPages(method, question, page).flatMap(lines) }
      }
      ask("parts of") { try parts(of: stream).bytes }
      pages(.streamHistory, StreamHistoryRequest(stream: stream), StreamHistoryPage.self) {
        $0.lines.map { Codec.encode($0) }
      }
      pages(.explain, ExplainRequest(what: .stream(stream), on: day), ExplainPage.self) {
        $0.lines.map { Codec.encode($0) }
      }
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
        pages(
          .officerRecord, OfficerRecordRequest(who: .officer(stream.key)), OfficerRecordPage.self
        ) {
          $0.history.map { Codec.encode($0) } + ($0.personal.map { [Codec.encode($0)] } ?? [])
        }
        pages(
          .listCredentials, ListCredentialsRequest(whose: .officer(stream.key), on: day),
          ListCredentialsPage.self
        ) { $0.credentials.map { Codec.encode($0) } }
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
      case .cohort:
        pages(.cohortRoll, CohortRollRequest(cohort: stream.key, on: day), CohortRollPage.self) {
          $0.lines.map { Codec.encode($0) }
        }
      case .instrument:
        pages(.aligned, AlignedRequest(instrument: stream.key, on: day), AlignedPage.self) {
          $0.lines.map { Codec.encode($0) }
        }
      case .mandate:
        pages(.compliance, ComplianceRequest(mandate: stream.key, on: day), CompliancePage.self) {
          $0.lines.map { Codec.encode($0) } + $0.support.map { Codec.encode($0) }
        }
      case .organisation:
        pages(.gap, GapRequest(whose: .organisation(stream.key), on: day), GapPage.self) {
          $0.officers.map { Codec.encode($0) }
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
