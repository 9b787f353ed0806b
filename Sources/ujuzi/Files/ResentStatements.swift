import Imports
import Messages
import Registry
import UjuziClient
import Wire

/// Finds statements that come again under another id, so that one attempt is one assessment.
///
/// Within a file they are told by who, what, of what and when. Of what was recorded before the
/// registry has the day: an assessment of the same code, day, score and mode from the same platform
/// whose statement is not in the file is taken for the same, each once.
final class ResentStatements {
  private struct Said {
    var statement: String
    var code: Identifier
    var mode: AssessmentMode
    var score: UInt32?
    var day: Day
  }

  private let client: RegistryClient
  private let system: Identifier
  /// Statements of the file, by what makes two of them one.
  private var seen = BoundedCache<Int, (id: String, result: Int)>(countMax: 200_000)
  private var recorded = BoundedCache<Identifier, [Said]>(countMax: 20_000)

  /// Events that were recorded before the import.
  private let asOf: UInt64
  /// Whether the sender may not see what was recorded before.
  private(set) var isBlind = false

  init(_ client: RegistryClient, system: Identifier, asOf: UInt64) {
    (self.client, self.system, self.asOf) = (client, system, asOf)
  }

  /// - Throws: `LeftOut` when the file says the same, or something else of the same, before.
  func checkFile(_ statement: Statement) throws(LeftOut) {
    guard let key = statement.sameness else { return }
    guard let before = seen[key] else {
      seen[key] = (statement.id, statement.resultHash)
      return
    }
    guard before.id != statement.id else { return }
    guard before.result == statement.resultHash else {
      throw LeftOut(
        .contradictoryResult,
        "Statement \(before.id) says the same of the same moment with another result.")
    }
    throw LeftOut(.duplicate, "Statement \(before.id) says the same of the same moment.")
  }

  /// Asks what was recorded before of the enrolments that assessments are of.
  func prepare(_ enrolments: Set<Identifier>) async throws {
    for enrolment in enrolments where recorded[enrolment] == nil && !isBlind {
      do {
        recorded[enrolment] = try await history(of: enrolment)
      } catch let status as CallStatus where status.code == .permissionDenied {
        isBlind = true
      }
    }
  }

  private func history(of enrolment: Identifier) async throws -> [Said] {
    var said: [Said] = []
    let request = StreamHistoryRequest(stream: StreamID(.enrolment, enrolment))
    for try await page in client.streamHistory(request) {
      for line in page.lines where line.standing == .stands {
        let event = try Codec.decode(Recorded.self, from: line.event)
        let proposal = try Codec.decode(Proposal.self, from: event.proposal)
        guard event.position < asOf, proposal.source?.system == system,
          case .enrolment(.assessed(let given)) = proposal.body,
          let statement = proposal.source.flatMap({ Statement.id(ofReference: $0.reference) })
        else { continue }
        said.append(
          Said(
            statement: statement, code: given.assessment,
            mode: given.mode, score: given.score, day: proposal.effective))
      }
    }
    return said
  }

  /// - Throws: `LeftOut` when the registry has the assessment from another statement.
  func checkRegistry(
    _ meaning: MappedStatement, _ assessed: EnrolmentAssessed, in enrolment: Identifier
  ) throws(LeftOut) {
    guard var said = recorded[enrolment], let code = meaning.entry.assessment else { return }
    if let own = said.firstIndex(where: { $0.statement == meaning.statement.id }) {
      said.remove(at: own)
      recorded[enrolment] = said
      return
    }
    let same = said.firstIndex {
      $0.day == meaning.day && $0.mode == assessed.mode && $0.score == assessed.score
        && $0.code.text.hasPrefix(code.text + ".") && $0.code.byteCount == code.byteCount + 9
    }
    guard let same else { return }
    let before = said.remove(at: same)
    recorded[enrolment] = said
    throw LeftOut(
      .duplicate,
      "Statement \(before.statement) says the same of \(meaning.day.text), and is recorded.")
  }
}
