import LMDB
import Messages
import Projections
import Registry

// Names that a question refers to. One that nothing was recorded of by the position is answered
// NOT_FOUND, with the nearest that there are: "no" and "nobody" are answers about what there is.

extension QueryFailure {
  /// There is no such thing, in one sentence, with what may have been meant.
  init(
    noSuch what: String, _ name: String, in place: String = "", among known: some Sequence<String>,
    field: String
  ) {
    self = .notFound(
      NearestNames.sentence(noSuch: what, name, in: place, among: known), field: field,
      rule: .noSuchName)
  }
}

extension ReadSession {
  /// Nobody has the identifier that was given.
  static let nobody = QueryFailure.notFound(
    "Nobody is registered under this identifier.", field: "identifier", rule: .noSuchName)
}

extension SharedStreams {
  /// - Throws: `QueryFailure` where nothing was recorded of a stream of shared kind by the position.
  func expect(
    _ kind: StreamKind, _ id: Identifier, _ field: String, knownAt position: LogPosition
  ) throws(QueryFailure) {
    precondition(kind.isShared)
    func isKnown(_ stream: StreamID) -> Bool {
      history(of: stream).first.map { $0.metadata.position < position } ?? false
    }
    guard !isKnown(StreamID(kind, id)) else { return }
    throw QueryFailure(
      noSuch: kind.rawValue, id.text,
      among: streams(of: kind).lazy.filter(isKnown).map(\.key.text), field: field)
  }

  /// - Throws: `QueryFailure` where there is no such framework, or where it has no such skill.
  func expect(
    _ framework: Identifier, _ skill: Identifier, _ field: String,
    knownAt position: LogPosition
  ) throws(QueryFailure) {
    try expect(.framework, framework, "\(field).framework", knownAt: position)
    let state = state(of: StreamID(.framework, framework), knownAt: position)?.framework
    // One that was published in error has none to hold the name against.
    guard let state, state.skills[skill] == nil else { return }
    throw QueryFailure(
      noSuch: "skill", skill.text, in: "the framework \(framework.text)",
      among: state.skills.lazy.map(\.skill.code.text), field: "\(field).skill")
  }
}

extension RegistryReader {
  /// - Throws: `QueryFailure` where nothing was recorded of the stream by the position.
  func expect(_ stream: StreamID, _ field: String, knownAt position: LogPosition) throws {
    if stream.kind.isShared {
      return try sharedStreams.expect(stream.kind, stream.key, field, knownAt: position)
    }
    guard try positions(of: stream).first.map({ $0 < position }) ?? false else {
      // People and what is theirs: nobody is told whose ids are near.
      throw QueryFailure(
        noSuch: stream.kind.rawValue.replacing("_", with: " "), stream.key.text, among: [String](),
        field: field)
    }
  }

  /// - Throws: `QueryFailure` where nobody was ever posted to the county.
  func expect(county: Identifier, _ field: String) throws {
    guard try !isPosted(in: county) else { return }
    throw QueryFailure(noSuch: "county", county.text, among: try counties(), field: field)
  }

  private func isPosted(in county: Identifier) throws -> Bool {
    var isThere = false
    try snapshot.scan(views[.posted], prefix: ViewKey.prefix(ViewKey.county(county))) { _, _ in
      isThere = true
      return false
    }
    return isThere
  }

  /// Where people were ever posted, from the rows' keys: one row of each county is read.
  private func counties() throws -> [String] {
    let prefix = Array("county/".utf8)
    var (found, from) = ([String](), prefix)
    while found.count < 1_000 {
      var next: [UInt8]?
      try snapshot.scan(views[.posted], from: .key(from), prefix: prefix) { key, _ in
        next = Array(ViewKey.copy(key).prefix { $0 != 0 })
        return false
      }
      guard let next else { break }
      found.append(String(decoding: next.dropFirst(prefix.count), as: UTF8.self))
      // Behind every key that begins with this county and the 0x00 after it.
      from = next + [1]
    }
    return found
  }
}
