import ArgumentParser
import Messages
import Registry

/// An officer as people name one on the command line: the id, or SCHEME:VALUE.
struct WhoArgument: ExpressibleByArgument {
  var text: String

  init?(argument: String) { text = argument }

  enum Who {
    case officer(Identifier)
    case identifier(SchemeValue)
  }

  func who() throws -> Who {
    if let scheme = SchemeArgument(argument: text) { return .identifier(scheme.value) }
    if let id = Identifier(text) { return .officer(id) }
    throw Trouble("\(text) is no officer's id and no SCHEME:VALUE.")
  }

  /// The officer's id, asked for where an identifier was given.
  func resolved(_ options: ServerOptions) async throws -> Identifier {
    switch try who() {
    case .officer(let id): return id
    case .identifier(let value):
      let client = try await options.connect()
      let reply = try await client.ask(
        .resolveOfficer, ResolveOfficerRequest(identifier: value), ResolveOfficerReply.self)
      await client.close()
      guard let officer = reply.officer else {
        throw Trouble("Nobody is registered with \(value.scheme.text) \(value.value).")
      }
      return officer
    }
  }
}
