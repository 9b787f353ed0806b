import Messages
import Registry

/// A JSON Lines file of events: one proposal a line, field names as in the schema. A line that
/// begins with # is a remark.
public struct EventLines: Sendable {
  public struct Line: Sendable {
    /// From 1.
    public var number: Int
    public var text: String
    public var item: Result<RecordItem, Rejection>
  }

  /// Bytes of one line.
  public static let lineLengthMax = 256 << 10

  public var lines: [Line] = []
  public var notes: [String]

  public init(_ bytes: [UInt8]) throws(FileProblem) {
    let file = try TextFile(bytes)
    notes = file.notes
    let text = file.text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (at, line) in text.enumerated()
    where !line.allSatisfy(\.isWhitespace) && !line.hasPrefix("#") {
      let item: Result<RecordItem, Rejection>
      do throws(Refusal) {
        item = .success(try Self.item(String(line)))
      } catch {
        let isCut = at == text.count - 1 && error.reason.contains("end")
        item = .failure(
          Rejection(
            .malformed, error.sentence + (isCut ? " The file ends in the middle of a row." : ""),
            field: error.path))
      }
      lines.append(Line(number: at + 1, text: String(line), item: item))
    }
    if lines.isEmpty { throw FileProblem("The file is empty.") }
  }

  /// A line is a proposal, or `{"proposal": …, "at_version": 3}`. An event id that is not given
  /// follows from what the line says.
  static func item(_ line: String) throws(Refusal) -> RecordItem {
    guard line.utf8.count <= lineLengthMax else {
      throw Refusal(.tooLong, "", "has more than \(lineLengthMax) bytes")
    }
    let json = try JSONText(line.utf8)
    guard case .object(let members) = json else {
      throw Refusal(.wrongType, "", "must be an object in braces")
    }
    var proposal = members
    var item = RecordItem(proposal: [])
    if let inner = json["proposal"] {
      guard case .object(let given) = inner else {
        throw Refusal(.wrongType, "proposal", "must be an object in braces")
      }
      proposal = given
      for (name, value) in members where name != "proposal" {
        switch (name, value) {
        case ("at_version", .number(let text)):
          guard let version = UInt32(text) else {
            throw Refusal(.outOfRange, name, "must be a version, from 0")
          }
          item.expected = .atVersion(version)
        case ("nothing_yet", .bool(true)): item.expected = .nothingYet(true)
        default: throw Refusal(.unknownField, name, "may be at_version or nothing_yet")
        }
      }
    }
    if json["event_id"] == nil, !proposal.contains(where: { $0.name == "event_id" }) {
      // Nothing of a person may be guessed from an id that is kept in the clear.
      let said = proposal.filter { $0.name != "personal" }
      let id = DerivedID.event("line", JSONText.object(said).text)
      proposal.insert(("event_id", .string(id.text)), at: 0)
    }
    item.proposal = try JSONForm.bytes(of: "Proposal", .object(proposal))
    // The same checks as the server's, here with the file's field names.
    _ = try Codec.decode(Proposal.self, from: item.proposal, unknownFields: .refused)
    return item
  }
}
