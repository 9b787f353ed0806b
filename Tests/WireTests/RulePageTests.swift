import Failures
import Foundation
import Testing
import Wire

/// What `Protos/WIRE.md` lists is what the code has.
struct RulePageTests {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  static func page() throws -> String {
    try String(contentsOf: root.appendingPathComponent("Protos/WIRE.md"), encoding: .utf8)
  }

  @Test func `Each rule stands on the page, with its code and where it is said`() throws {
    let listed = try Self.page().matches(
      of: /(?m)^\| `(\w+)` \| ([A-Z_]+) \| ([A-Za-z_, ]+) \| (.+) \|$/)
    #expect(listed.map { String($0.output.1) } == ProtocolRule.allCases.map(\.rawValue))
    for row in listed {
      let rule = try #require(ProtocolRule(rawValue: String(row.output.1)))
      #expect(row.output.2 == rule.code.name, "\(rule.rawValue)")
      let places = Set(row.output.3.split(separator: ", ").map(String.init))
      #expect(places == Set(rule.places.map(\.rawValue)), "\(rule.rawValue)")
    }
  }

  @Test func `What a transport says has a code that a transport may give`() {
    for rule in ProtocolRule.allCases
    where !rule.places.isDisjoint(with: [.helloNo, .goAway]) {
      #expect(rule.code.isTransport, "\(rule.rawValue)")
    }
  }

  @Test func `The codes of the page are the server's, and so are their stars`() throws {
    var listed: [(UInt32, String, isTransport: Bool)] = []
    for line in try Self.page().split(separator: "\n") where line.hasPrefix("| ") {
      for cell in line.split(separator: "|") {
        guard let found = cell.wholeMatch(of: #/ (\d+) ([A-Z_]+)( \*)? /#) else { continue }
        listed.append(
          (UInt32(found.output.1)!, String(found.output.2), found.output.3 == nil))
      }
    }
    #expect(listed.map(\.0) == StatusCode.allCases.map(\.rawValue))
    for (number, name, isTransport) in listed {
      let code = try #require(StatusCode(rawValue: number))
      #expect(code.name == name && code.isTransport == isTransport, "\(name)")
    }
  }

  @Test func `The frames of the page are the code's`() throws {
    let listed = try Self.page().matches(
      of: /(?m)^\| (\d+) \| ([A-Z_]+) \| (?:client|server|both) \|/)
    #expect(listed.count == FrameType.allCases.count)
    for row in listed {
      let type = try #require(FrameType(rawValue: UInt8(row.output.1)!))
      #expect(row.output.2 == type.name)
    }
  }

  @Test func `The numbers of the page are those of the limits`() throws {
    let page = try Self.page()
    let limits = Limits()
    let bounds = limits.keepaliveBoundsMs
    func spelled(_ number: some BinaryInteger) -> String {
      String(
        String(number).reversed().enumerated().reversed().map { at, digit in
          at > 0 && at % 3 == 0 ? "\(digit)," : "\(digit)"
        }.joined())
    }
    let said = [
      "outside of \(spelled(bounds.lowerBound)) to \(spelled(bounds.upperBound)), and "
        + "\(spelled(limits.keepaliveMs)) where it is 0",
      "HELLO is due within \(limits.handshakeTimeoutMs / 1000) s",
      "each is at most \(spelled(limits.greetingLengthMax)) bytes",
      "is at most \(spelled(limits.metadataLengthMax)) bytes",
      "`metadata_length_max` is \(spelled(limits.metadataLengthMax))",
      "(`frame_length_max` \(spelled(limits.frameLengthMax)))",
      "after \(limits.connectionAgeMs / 60_000) minutes, more or less a tenth at random: none lasts "
        + "longer than \(limits.connectionAgeMs * 11 / 600_000) minutes",
      "after a grace of \(limits.drainTimeoutMs / 1000) s",
      "at least \(limits.frameProgressBytes / 1024) KiB comes in each "
        + "\(limits.frameProgressMs / 1000) s",
      "all of it within \(limits.frameTimeoutMs / 60_000) minutes",
      "holds more than \(limits.streamCreditMax >> 20) MiB of credit",
      "than it may hold, \(limits.connectionCreditMax >> 30) GiB",
      "read nothing for \(limits.stalledTimeoutMs / 1000) s",
      "More than \(limits.idleFramesMax) frames in one second that ask for nothing",
      "more than \(spelled(limits.cancelsMax)) CANCELs with \(limits.cancelsPerSecond) in each second",
      "has at most \(spelled(limits.connectionsOfOneMax)) connections at once",
      "When \(spelled(limits.handshakesMax)) TLS handshakes are under way",
      "take more than \(limits.partialBytesMax >> 20) MiB, it ends",
      "take more than \(limits.unreadBytesMax >> 20) MiB, it cuts off",
      "(without one the server waits a second)",
    ]
    for words in said { #expect(page.contains(words), "\(words)") }
    #expect(limits.announceTimeoutMs == 1000 && limits.lingerTimeoutMs == 1000)
  }
}
