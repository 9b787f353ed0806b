import ArgumentParser
import NIOPosix
import Registry

extension Day: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension Identifier: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension StreamID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

extension EventID: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// SCHEME:VALUE, as people write an identifier.
struct SchemeArgument: ExpressibleByArgument {
  var value: SchemeValue

  init?(argument: String) {
    guard let colon = argument.firstIndex(of: ":"),
      let scheme = Identifier(argument[..<colon]), argument.index(after: colon) < argument.endIndex
    else { return nil }
    value = SchemeValue(scheme: scheme, value: String(argument[argument.index(after: colon)...]))
  }
}
