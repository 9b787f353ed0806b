import ArgumentParser
import Messages
import Registry

/// An officer as people name one: by the record's id, or by SCHEME:VALUE.
enum WhoArgument: ExpressibleByArgument {
  case officer(Identifier)
  case identifier(SchemeValue)

  init?(argument: String) {
    if let scheme = SchemeArgument(argument: argument) {
      self = .identifier(scheme.value)
    } else if let id = Identifier(argument) {
      self = .officer(id)
    } else {
      return nil
    }
  }

  var text: String {
    switch self {
    case .officer(let id): id.text
    case .identifier(let value): "\(value.scheme.text):\(value.value)"
    }
  }

  /// The officer's id, asked for where an identifier was given: whose it is on a day, as known at a
  /// position.
  func resolved(
    _ options: ServerOptions, on day: Day? = nil, at position: UInt64? = nil
  ) async throws -> Identifier {
    switch self {
    case .officer(let id): return id
    case .identifier(let value):
      let client = try await options.connect()
      let reply = try await client.ask(
        .resolveOfficer,
        ResolveOfficerRequest(identifier: value, on: day, atPosition: position),
        ResolveOfficerReply.self)
      await client.close()
      guard let officer = reply.officer else {
        throw CLIError.noSuch(
          "Nobody is registered with \(value.scheme.text) \(value.value)"
            + "\(day.map { " on \($0.text)" } ?? "").")
      }
      return officer
    }
  }
}
