import JSON
import Messages
import Registry

/// The proposals of a file of JSON: one a line, or a list; field names as in the schema. A line
/// that begins with # is a remark.
package struct EventItems {
  package struct Item: Sendable {
    /// From 1.
    package var line: Int
    package var text: String
    package var item: Result<RecordItem, Rejection>
  }

  /// Bytes of one line.
  package static let lineLengthMax = 256 << 10

  private var values: JSONSplitter
  private let arena = Arena()

  package init(_ source: TextDecoder) {
    values = JSONSplitter(source, remarks: true, lengthMax: Self.lineLengthMax)
  }

  /// Whether it is a list, which may be empty.
  package var isList: Bool { values.isList }
  package var bytesRead: Int { values.bytesRead }
  package var heldMax: Int { values.heldMax }
  package mutating func takeNotes() -> [String] { values.takeNotes() }

  package mutating func next() throws -> Item? {
    guard let value = try values.next() else { return nil }
    let item: Result<RecordItem, Rejection>
    if let problem = value.problem {
      item = .failure(problem)
    } else {
      do throws(DecodeFailure) {
        item = .success(try Self.item(value.text, line: value.line, arena))
      } catch {
        let isCut = value.isLast && error.problem == .truncated
        item = .failure(
          Rejection(
            .malformed, error.sentence + (isCut ? " The file ends in the middle of a row." : ""),
            field: error.path))
      }
    }
    return Item(line: value.line, text: value.text, item: item)
  }

  /// A line is a proposal, or `{"proposal": …, "at_version": 3}`. An event id that is not given
  /// follows from what the line says.
  static func item(
    _ text: String, line: Int = 1, _ arena: Arena
  ) throws(DecodeFailure) -> RecordItem {
    let json: JSONText
    do { json = try JSONText(text.utf8, firstLine: line) } catch { throw DecodeFailure(error) }
    guard case .object(let members) = json else {
      throw DecodeFailure(.wrongType, "", "must be an object in braces")
    }
    var proposal = members
    var item = RecordItem(proposal: [])
    if let inner = json["proposal"] {
      guard case .object(let given) = inner else {
        throw DecodeFailure(.wrongType, "proposal", "must be an object in braces")
      }
      proposal = given
      for (name, value) in members where name != "proposal" {
        switch (name, value) {
        case ("at_version", .number(let text)):
          guard let version = UInt32(text) else {
            throw DecodeFailure(.outOfRange, name, "must be a version, from 0")
          }
          item.expected = .atVersion(version)
        case ("nothing_yet", .bool(true)): item.expected = .nothingYet(true)
        default: throw DecodeFailure(.unknownField, name, "may be at_version or nothing_yet")
        }
      }
    }
    if json["event_id"] == nil, !proposal.contains(where: { $0.name == "event_id" }) {
      // Nothing of a person may be guessed from an id that is kept in the clear.
      let said = proposal.filter { $0.name != "personal" }
      let id = DerivedID.event("line", JSONText.object(said).text)
      proposal.insert(("event_id", .string(id.text)), at: 0)
    }
    item.proposal = try JSONMapping.bytes(of: "Proposal", .object(proposal))
    // The same checks as the server's, here with the file's field names.
    _ = try Codec.decode(
      Proposal.self, from: unsafe item.proposal.span.bytes, arena: arena, unknownFields: .refused)
    return item
  }
}
