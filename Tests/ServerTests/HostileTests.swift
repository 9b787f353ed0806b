import Foundation
import Messages
import NIOCore
import Server
import Testing
import UjuziClient
import Wire

private struct RefusedRow: Decodable {
  var name: String
  var bytes: String
  var error: String
  var preface: Bool?

  static func all(file: String = #filePath) throws -> [RefusedRow] {
    let root = URL(fileURLWithPath: file).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("Protos/vectors/refused.json"))
    return try JSONDecoder().decode([RefusedRow].self, from: data)
  }

  var octets: [UInt8] {
    let digits = bytes.utf8.map { UInt8(Character(UnicodeScalar($0)).hexDigitValue!) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// Why the bytes are no frames, as a receiver with these limits sees it.
  func refusal(_ limits: Limits) -> FrameError? {
    if preface == true { return .wrongPreface }
    var left = ByteBuffer(bytes: octets)
    do throws(FrameError) {
      while case .frame(let header) = try FrameDecoder.cut(left.readableBytesSpan, limits: limits) {
        left.moveReaderIndex(forwardBy: FrameHeader.length + header.payloadLength)
      }
      return nil
    } catch {
      return error
    }
  }
}

/// Peers that break the protocol: each ends its own connection, with the reason.
@Suite(.serialized) struct HostileTests {
  @Test func `Every refused vector ends its connection by its rule, and no other connection`()
    async throws
  {
    try await withServer { server, service in
      let bystander = try await connect(server)
      for row in try RefusedRow.all() {
        let offender = try await RawClient.connect(server, greet: row.preface != true)
        try await offender.send(row.octets)
        let goAway = try await offender.frame { $0.header.type == .goAway }.goAway
        let refusal = row.refusal(Limits())
        #expect(refusal?.rule.rawValue == row.error, "\(row.name)")
        #expect(goAway?.message == refusal?.sentence, "\(row.name)")
        #expect(goAway?.rule == row.error, "\(row.name)")
        #expect(goAway?.code == refusal?.status.code.rawValue, "\(row.name)")
        try await eventually("\(row.name): not closed") { offender.isClosed }
        #expect(try await bystander.call(1, [1, 2, 3]) == [3, 2, 1], "\(row.name)")
      }
      try await eventually("some are left") { server.connections == 1 }
      #expect(service.state.withLock { $0.held.isEmpty && $0.pagesOpened == 0 })
      await bystander.close()
    }
  }

  @Test func `A preface with any byte wrong is refused at that byte`() async throws {
    try await withServer { server, _ in
      for index in Protocol.preface.indices {
        var bytes = Array(Protocol.preface[...index])
        bytes[index] ^= 0x20
        let offender = try await RawClient.connect(server, greet: false)
        try await offender.send(bytes)
        let goAway = try await offender.frame { $0.header.type == .goAway }.goAway
        #expect(goAway?.message == FrameError.wrongPreface.sentence, "byte \(index)")
        try await eventually("byte \(index): not closed") { offender.isClosed }
      }
      try await eventually("some are left") { server.connections == 0 }
    }
  }

  @Test func `A session that breaks off at any byte leaves nothing open`() async throws {
    try await withServer { server, service in
      let session =
        RawClient.greeting + RawClient.call(.held, [1, 2], id: 1)
        + RawClient.call(.follow, id: 2) + RawClient.exchange(.hoard, id: 3)
        + RawClient.frame(.data, [5, 6, 7], call: 3) + RawClient.frame(.cancel, call: 1)
        + RawClient.frame(.ping) + RawClient.frame(.credit, call: 2, argument: 10)
        + RawClient.call(.held, id: 4)
      for length in 0...session.count {
        let client = try await RawClient.connect(server, greet: false)
        try await client.send(Array(session.prefix(length)))
        await client.close()
      }
      try await eventually("some are left") { server.connections == 0 }
      try await eventually("streams are open") {
        service.state.withLock { $0.pagesOpened == $0.pagesClosed }
      }
      service.state.withLock { state in
        #expect(state.pagesOpened > 0 && !state.held.isEmpty)
        #expect(state.held.allSatisfy { $0.context.cancelled.isCancelled })
      }
      service.release()
      let other = try await connect(server)
      #expect(try await other.call(1, [1, 2]) == [2, 1])
      await other.close()
    }
  }

  @Test func `A frame of the greatest length is taken, one byte more is not`() async throws {
    var limits = Limits.patient
    limits.frameLengthMax = 10_000
    limits.metadataLengthMax = 100
    // What is said about a call: an entry whose value makes it so long.
    func metadata(_ length: Int) -> [UInt8] {
      let value = Array(repeating: UInt8(1), count: length - 7)
      let bytes = Codec.encode(Metadata(entries: [MetadataEntry(key: "k", value: value)]))
      precondition(bytes.count == length)
      return bytes
    }
    func call(payload: Int, metadata about: [UInt8] = []) -> [UInt8] {
      let request = Array(repeating: UInt8(3), count: payload - about.count - 8)
      return FrameHeader(
        .call, payloadLength: payload, flags: FrameHeader.end, metadataLength: about.count, call: 9
      ).bytes + about + [0, 0, 0, 1, 0, 0, 0, 1] + request
    }
    func goAway(_ length: Int) -> [UInt8] {
      RawClient.frame(.goAway, Array(repeating: 0, count: length))
    }
    let rows: [(String, at: [UInt8], FrameType, over: [UInt8], FrameError)] = [
      (
        "payload", call(payload: 10_000), .result, call(payload: 10_001),
        .frameTooLong(10_001, max: 10_000)
      ),
      (
        "metadata", call(payload: 500, metadata: metadata(100)), .result,
        call(payload: 500, metadata: metadata(101)), .metadataTooLong(101, max: 100)
      ),
      (
        "metadata to the end of the payload", call(payload: 108, metadata: metadata(100)), .result,
        call(payload: 500, metadata: metadata(101)), .metadataTooLong(101, max: 100)
      ),
      ("GOAWAY", goAway(4_096), .goAway, goAway(4_097), .frameTooLong(4_097, max: 4_096)),
    ]
    try await withServer(limits: limits) { server, _ in
      for (name, at, type, over, error) in rows {
        let good = try await RawClient.connect(server)
        try await good.send(at)
        let answer = try await good.frame { $0.header.type == type }
        if type == .goAway {
          #expect(answer.goAway?.code == StatusCode.ok.rawValue, "\(name)")
        }
        await good.close()
        let bad = try await RawClient.connect(server)
        try await bad.send(over)
        let refused = try await bad.frame { $0.header.type == .goAway }.goAway
        #expect(refused?.message == error.sentence, "\(name)")
        try await eventually("\(name): not closed") { bad.isClosed }
      }
    }
  }

  @Test func `A HELLO of the greatest length is read, one byte more is not`() async throws {
    try await withServer { server, _ in
      let rows: [(Int, FrameType)] = [(4_096, .helloNo), (4_097, .goAway)]
      for (length, answer) in rows {
        let client = try await RawClient.connect(server, greet: false)
        let hello = Array(repeating: UInt8(0xFF), count: length)
        try await client.send(Protocol.preface + RawClient.frame(.hello, hello))
        _ = try await client.frame { $0.header.type == answer }
        try await eventually("not closed") { client.isClosed }
      }
    }
  }

  @Test func `Flags that may be ignored are, and one that may not ends the connection`()
    async throws
  {
    try await withServer { server, _ in
      let client = try await RawClient.connect(server)
      for flag in 4..<8 {
        var bytes = RawClient.call(.reverse, [1, 2], id: UInt32(flag))
        bytes[5] |= 1 << flag
        try await client.send(bytes + RawClient.frame(.ping, flags: 1 << flag, argument: 7))
        let answer = try await client.frame { $0.header.call == UInt32(flag) }
        #expect(answer.payload == [2, 1] && answer.header.flags == 0)
      }
      try await eventually("not all PONGs came") {
        client.frames.count { $0.header.type == .pong && $0.header.argument == 7 } == 4
      }
      await client.close()
      for flag in 1..<4 {
        let offender = try await RawClient.connect(server)
        try await offender.send(RawClient.frame(.ping, flags: 1 << flag))
        let goAway = try await offender.frame { $0.header.type == .goAway }.goAway
        #expect(goAway?.message == FrameError.unknownCriticalFlag(1 << flag).sentence)
        try await eventually("not closed") { offender.isClosed }
      }
    }
  }

  @Test func `DATA after END ends the connection, and its calls`() async throws {
    try await withServer { server, service in
      let offender = try await RawClient.connect(server)
      try await offender.send(
        RawClient.exchange(.hoard, id: 1) + RawClient.call(.held, id: 2)
          + RawClient.frame(.data, [1], flags: FrameHeader.end, call: 1)
          + RawClient.frame(.data, [1], call: 1))
      let goAway = try await offender.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.message.contains("DATA after the END of call 1") == true)
      #expect(goAway?.lastCall == 2)
      try await eventually("not closed") { server.connections == 0 }
      try await eventually("the exchange is open") {
        service.state.withLock { $0.pagesClosed == 1 }
      }
      #expect(service.state.withLock { $0.held[0].context.cancelled.isCancelled })
    }
  }
}
