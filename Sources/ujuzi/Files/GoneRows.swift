import Messages
import Registry
import UjuziClient

/// Rows of a sheet that an earlier version of the file had: they are named, and left as they are.
///
/// A file is an earlier version of another where it came from the same source, some of its rows are
/// in that one, and most of those that stand are.
final class GoneRows {
  /// Hashes of what the file's rows are about, and of what they say of it; nil: too many to be kept.
  private var seen: [Int: Int]? = [:]
  private var contradicted: Set<Int> = []

  /// Rows that could not be read, so that nobody can tell what they are about.
  private var unread = 0

  /// Rows of a file of which what is gone is looked for: 16 bytes and as much again each.
  static let rowsMax = 500_000

  /// Takes down what a row is about.
  func see(_ row: [Proposal]) {
    guard let last = row.last(where: { $0.isOfRow }) else { return }
    let (about, said) = (last.stream.hashValue, last.body.hashValue ^ last.effective.hashValue)
    if let before = seen?.updateValue(said, forKey: about), before != said {
      contradicted.insert(about)
    }
    if let count = seen?.count, count > Self.rowsMax { seen = nil }
  }

  func miss() { unread += 1 }

  /// Whether two rows of the file say two things of what a stream is about.
  func isContradicted(_ stream: StreamID) -> Bool { contradicted.contains(stream.hashValue) }

  /// Names the rows that are gone.
  ///
  /// - Parameters:
  ///   - earlier: digests of files that some of the rows were recorded from.
  ///   - kind: of the streams that rows are about.
  func find(
    in earlier: [[UInt8]], _ kind: StreamKind, _ source: Source, _ client: RegistryClient,
    _ report: Report
  ) async throws {
    guard let seen else { return }
    for digest in earlier where digest != source.sha256 {
      var (standing, gone): (Int, [(event: Proposal, text: String)]) = (0, [])
      var seats: [StreamID: Seat] = [:]
      for try await page in client.citedBy(CitedByRequest(document: digest)) {
        for line in page.lines where line.standing == .stands {
          let recorded = try Codec.decode(Recorded.self, from: line.event)
          let event = try Codec.decode(Proposal.self, from: recorded.proposal)
          guard event.source?.system == source.system, event.stream.kind == kind,
            seen[event.stream.hashValue] == nil
          else {
            if event.isOfRow, event.stream.kind == kind { standing += 1 }
            continue
          }
          if case .enrolment(.nominated(let given)) = event.body {
            seats[event.stream] = given.seat
          }
          guard event.isOfRow else { continue }
          standing += 1
          let name = event.body.eventName.split(separator: ".").last ?? ""
          gone.append((event, "\(name) on \(event.effective.text)"))
        }
      }
      // Another file that shares some rows with this one is no version of it.
      guard gone.count * 2 <= standing, !gone.isEmpty else { continue }
      if unread > 0 {
        report.say(notes: [
          "\(unread) rows were rejected: what they are about is named as gone where it was recorded"
        ])
      }
      for (event, text) in gone {
        let who = seats[event.stream].map {
          "officer \($0.officer.text) in cohort \($0.cohort.text)"
        }
        report.gone(
          event.stream, event.eventID,
          "\(who ?? event.stream.text), \(text): it was in \(event.source?.reference ?? "") and is not "
            + "in this file. It is left as it is: `ujuzi void \(event.eventID.text)` takes it back."
        )
      }
    }
  }
}

extension Proposal {
  /// Whether it is what a row says in the end.
  fileprivate var isOfRow: Bool {
    switch body {
    case .enrolment(.completed), .enrolment(.notCompleted): true
    case .credential(.issued(let given)): given.evidence.isEmpty
    case .enrolment, .registry, .organisation, .officer, .framework, .authorisation, .instrument,
      .agreement, .programme, .course, .cohort, .submission, .credential, .skillClaim, .mandate,
      .duty, .voided, .restored:
      false
    }
  }
}
