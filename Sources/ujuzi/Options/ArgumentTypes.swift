import ArgumentParser
import Foundation
import NIOPosix
import Registry

/// What a value must be, for whoever gave another.
struct ValueProblem: LocalizedError {
  let errorDescription: String?

  init(_ sentence: String) { errorDescription = sentence }
}

extension Day {
  static func argument(_ text: String) throws -> Day {
    guard let day = Day(text) else {
      throw ValueProblem("a day of the calendar is written YYYY-MM-DD, such as 2023-01-31")
    }
    return day
  }
}

enum WholeNumber {
  /// A number that counts something.
  static func argument<N: FixedWidthInteger>(_ text: String) throws -> N {
    guard let number = N(text), number >= 0 else {
      throw ValueProblem("give a whole number, 0 to \(N.max)")
    }
    return number
  }
}

extension Identifier: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

/// A kind of stream. One that there is not is no wrong use: it is answered as any other name.
struct KindArgument: ExpressibleByArgument {
  let text: String

  init(argument: String) { text = argument }

  /// - Throws: `CLIError` where there is no such kind.
  func known() throws -> StreamKind {
    guard let kind = StreamKind(rawValue: text) else {
      throw CLIError.noSuch("kind of stream", text, among: StreamKind.allCases.map(\.rawValue))
    }
    return kind
  }
}

/// KIND/ID, as people write a stream.
struct StreamArgument: ExpressibleByArgument {
  private let kind: KindArgument
  private let id: Identifier

  init?(argument: String) {
    guard let slash = argument.firstIndex(of: "/"),
      let id = Identifier(argument[argument.index(after: slash)...])
    else { return nil }
    kind = KindArgument(argument: String(argument[..<slash]))
    self.id = id
  }

  /// - Throws: `CLIError` where there is no such kind.
  func known() throws -> StreamID { StreamID(try kind.known(), id) }
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
