import Foundation
import Messages
import NIOCore
import NIOEmbedded
import Testing
import Wire

@testable import UjuziClient

/// What this client makes of the vectors of greetings and statuses, as the clients in other
/// languages do.
struct AnswerVectorTests {
  private struct StatusRow: Decodable {
    struct Said: Decodable, Equatable {
      var code: String
      var message: String
      var field: String
      var rule: String
      var state: String
      var retry_after_ms: UInt32
      var not_processed: Bool
    }

    var name: String
    var bytes: String
    var status: Said?
    var error: String?
  }

  private struct GreetingRow: Decodable {
    struct Limits: Decodable, Equatable {
      var frame_length_max: Int
      var calls_max: Int?
      var streams_max: Int?
      var timeout_max_ms: UInt32?
      var metadata_length_max: Int
      var stream_credit: Int?
      var connection_credit: Int?
      var keepalive_ms: Int64?
      var keepalive_timeout_ms: Int64?

      init(_ said: ServerLimits) {
        (frame_length_max, metadata_length_max) = (said.frameLengthMax, said.metadataLengthMax)
        (calls_max, streams_max) = (said.callsMax, said.streamsMax)
        timeout_max_ms = said.timeoutMaxMs
        (stream_credit, connection_credit) = (said.streamCredit, said.connectionCredit)
        (keepalive_ms, keepalive_timeout_ms) = (said.keepaliveMs, said.keepaliveTimeoutMs)
      }
    }

    struct Refused: Decodable {
      var rule: String
      var retry_after_ms: UInt32
      var code: String
    }

    var name: String
    var bytes: String
    var limits: Limits?
    var refused: Refused?
    var error: String?
  }

  private static func rows<Row: Decodable>(_ name: String, _ type: Row.Type) throws -> [Row] {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let data = try Data(contentsOf: root.appendingPathComponent("Protos/vectors/\(name).json"))
    return try JSONDecoder().decode([Row].self, from: data)
  }

  private static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private static func connected() throws -> (
    channel: EmbeddedChannel, handler: ClientHandler, greeted: EventLoopFuture<HelloOk>
  ) {
    let channel = EmbeddedChannel()
    let greeted = channel.eventLoop.makePromise(of: HelloOk.self)
    let handler = ClientHandler(
      name: "test", keepaliveMs: 0, openFlag: OpenFlag(), greeted: greeted, meter: nil)
    try channel.pipeline.syncOperations.addHandler(handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    return (channel, handler, greeted.futureResult)
  }

  /// The last GOAWAY that went out.
  private static func goAway(_ channel: EmbeddedChannel) throws -> GoAway? {
    channel.embeddedEventLoop.run()
    var last: GoAway?
    while var out = try channel.readOutbound(as: ByteBuffer.self) {
      while case .frame(let header)? = try? FrameDecoder.cut(
        out.readableBytesSpan, limits: Limits())
      {
        out.moveReaderIndex(forwardBy: FrameHeader.length)
        let payload = out.readBytes(length: header.payloadLength) ?? []
        if header.type == .goAway { last = try Codec.decode(GoAway.self, from: payload) }
      }
    }
    return last
  }

  @Test func `A greeting is kept to, or the connection ends by the rule`() throws {
    for row in try Self.rows("greetings", GreetingRow.self) {
      let (channel, handler, greeted) = try Self.connected()
      try channel.writeInbound(ByteBuffer(bytes: Self.bytes(row.bytes)))
      let answer = Result { try greeted.wait() }
      switch answer {
      case .success(let hello):
        #expect(GreetingRow.Limits(ServerLimits(hello)) == row.limits, "\(row.name)")
        #expect(handler.limits.frameLengthMax == row.limits?.frame_length_max, "\(row.name)")
      case .failure(let failure as ConnectionFailure):
        #expect(failure.rule == row.refused?.rule ?? row.error, "\(row.name): \(failure)")
        #expect(failure.retryAfterMs == row.refused?.retry_after_ms ?? 0, "\(row.name)")
        if let error = row.error {
          #expect(try Self.goAway(channel)?.rule == error, "\(row.name)")
        }
      case .failure(let other): Issue.record("\(row.name): \(other)")
      }
      _ = try? channel.finish()
    }
  }

  @Test func `A status is what it says, or the connection ends by the rule`() throws {
    for row in try Self.rows("statuses", StatusRow.self) {
      let (channel, handler, greeted) = try Self.connected()
      let hello = Codec.encode(HelloOk(version: 1))
      try channel.writeInbound(
        ByteBuffer(bytes: FrameHeader(.helloOK, payloadLength: hello.count).bytes + hello))
      _ = try greeted.wait()
      let call = OutgoingCall(.unary, on: channel.eventLoop)
      nonisolated(unsafe) var ended: Result<Answer, any Error>?
      call.wait(.unary { unsafe ended = $0 })
      handler.begin(call, EncodedCall(32, [], CallOptions()))
      try channel.writeInbound(ByteBuffer(bytes: Self.bytes(row.bytes)))
      guard case .failure(let status as CallStatus)? = unsafe ended else {
        Issue.record("\(row.name): did not end with a status")
        continue
      }
      if let error = row.error {
        #expect(try Self.goAway(channel)?.rule == error, "\(row.name)")
      } else if row.status?.code == "OK" {
        // Of a unary call it is no answer.
        #expect(status.rule == "answer_shape", "\(row.name)")
      } else {
        let said = StatusRow.Said(
          code: status.code.name, message: status.message, field: status.field, rule: status.rule,
          state: status.state, retry_after_ms: status.retryAfterMs,
          not_processed: status.notProcessed)
        #expect(said == row.status, "\(row.name)")
      }
      _ = try? channel.finish()
    }
  }
}
