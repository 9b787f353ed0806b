import Foundation
import Locking
import Logging
import Messages
import NIOCore
import NIOPosix
import Server
import Testing
import UjuziClient
import Wire

/// A server of the toy service on a port of its own.
@discardableResult
func withServer<R>(
  limits: Limits = .patient, tls: ServerTLS? = nil, logger: Logger = Logger(label: "test"),
  clock: @escaping @Sendable () -> Int64 = WallClock.now,
  _ body: (UjuziServer, ToyService) async throws -> R
) async throws -> R {
  let service = ToyService()
  let server = try await UjuziServer(
    service, host: "127.0.0.1", port: 0, limits: limits, tls: tls,
    group: MultiThreadedEventLoopGroup.singleton, logger: logger, clock: clock)
  do {
    let result = try await body(server, service)
    service.release()
    await server.drain(grace: .seconds(2))
    return result
  } catch {
    service.release()
    await server.drain(grace: .seconds(2))
    throw error
  }
}

func connect(_ server: UjuziServer) async throws -> Connection {
  try await Connection.connect(
    host: "127.0.0.1", port: server.port, name: "test",
    group: MultiThreadedEventLoopGroup.singleton, timeoutMs: 60_000 * Int64(timeFactor))
}

/// Looks of 5 ms: the tests of all suites share a machine, and one that fails may take its time.
private let target = 6_000 * timeFactor

/// How many times as long as usual a test may take: a sanitizer's build is slow.
let timeFactor =
  ProcessInfo.processInfo.environment["UJUZI_TEST_TIME_FACTOR"].flatMap { Int($0) } ?? 1

/// Waits for what another thread brings about; a test that waits in vain fails.
func eventually(
  _ what: Comment, _ condition: () async throws -> Bool,
  sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  for _ in 0..<target {
    if try await condition() { return }
    try await Task.sleep(nanoseconds: 5_000_000)
  }
  Issue.record(what, sourceLocation: sourceLocation)
}

struct RawFrame: Equatable, CustomStringConvertible {
  var header: FrameHeader
  var payload: [UInt8]

  var status: Status? { try? Codec.decode(Status.self, from: payload) }
  var goAway: GoAway? { try? Codec.decode(GoAway.self, from: payload) }
  var description: String {
    "\(header.type.name) of \(header.call): \(payload.count) bytes"
  }
}

/// A client that writes whatever bytes it is told to.
final class RawClient: Sendable {
  private let channel: any Channel
  private let inbox: Inbox

  private final class Inbox: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    let frames = Mutex<[RawFrame]>([])
    let closed = Mutex(false)
    private var kept = ByteBuffer()

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      var buffer = unwrapInboundIn(data)
      kept.writeBuffer(&buffer)
      while case .frame(let header)? = try? FrameDecoder.cut(
        kept.readableBytesSpan, limits: Limits())
      {
        kept.moveReaderIndex(forwardBy: FrameHeader.length)
        let payload = kept.readBytes(length: header.payloadLength)!
        frames.withLock { $0.append(RawFrame(header: header, payload: payload)) }
      }
    }

    func channelInactive(context: ChannelHandlerContext) { closed.withLock { $0 = true } }
  }

  private init(_ channel: any Channel, _ inbox: Inbox) {
    self.channel = channel
    self.inbox = inbox
  }

  /// - Parameter address: of this machine, from which it connects.
  static func connect(
    _ server: UjuziServer, greet: Bool = true, from address: String = "127.0.0.1"
  ) async throws -> RawClient {
    let inbox = Inbox()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { $0.pipeline.addHandler(inbox) }
      .bind(to: SocketAddress(ipAddress: address, port: 0))
      .connect(host: "127.0.0.1", port: server.port).get()
    let client = RawClient(channel, inbox)
    if greet {
      try await client.send(Self.greeting)
      _ = try await client.frame { $0.header.type == .helloOK }
    }
    return client
  }

  static var greeting: [UInt8] {
    let hello = Codec.encode(Hello(versionMin: 1, versionMax: 1, client: "raw"))
    return Protocol.preface + frame(.hello, hello)
  }

  static func frame(
    _ type: FrameType, _ payload: [UInt8] = [], flags: UInt8 = 0, call: UInt32 = 0,
    argument: UInt32 = 0
  ) -> [UInt8] {
    FrameHeader(
      type, payloadLength: payload.count, flags: flags, call: call, argument: argument
    ).bytes + payload
  }

  static func call(
    _ method: ToyService.Toy, _ request: [UInt8] = [], id: UInt32, timeoutMs: UInt32 = 0
  ) -> [UInt8] {
    frame(
      .call, [0, 0, 0, UInt8(method.rawValue), 0, 0, 0, 1] + request, flags: FrameHeader.end,
      call: id, argument: timeoutMs)
  }

  static func exchange(
    _ method: ToyService.Toy, _ message: [UInt8] = [], id: UInt32
  ) -> [UInt8] {
    frame(.call, [0, 0, 0, UInt8(method.rawValue), 0, 0, 0, 1] + message, call: id)
  }

  func send(_ bytes: [UInt8]) async throws {
    try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
  }

  /// The last frame that fits, once one is there.
  func frame(
    sourceLocation: SourceLocation = #_sourceLocation, where fits: (RawFrame) -> Bool
  ) async throws -> RawFrame {
    for _ in 0..<target {
      if let frame = inbox.frames.withLock({ $0.last(where: fits) }) { return frame }
      try await Task.sleep(nanoseconds: 5_000_000)
    }
    Issue.record("no such frame among \(frames.prefix(10))", sourceLocation: sourceLocation)
    throw CancellationError()
  }

  var frames: [RawFrame] { inbox.frames.withLock { $0 } }
  var isClosed: Bool { inbox.closed.withLock { $0 } }

  func setReading(_ reading: Bool) async throws {
    try await channel.setOption(.autoRead, value: reading).get()
  }

  /// Keeps its socket when the server has ended its half of it.
  func stay() async throws {
    try await channel.setOption(.allowRemoteHalfClosure, value: true).get()
  }

  func close() async { try? await channel.close() }
}

func listen(_ host: String, _ port: Int) async throws {
  let server = try await UjuziServer(
    ToyService(), host: host, port: port, group: MultiThreadedEventLoopGroup.singleton,
    logger: Logger(label: "test"))
  await server.drain()
}

extension Limits {
  /// The tests' own tasks may wait long for a thread on a busy machine; what is not the test's
  /// subject must not time out meanwhile.
  static var patient: Limits {
    var limits = Limits()
    limits.handshakeTimeoutMs = 120_000 * Int64(timeFactor)
    limits.frameProgressMs = 120_000 * Int64(timeFactor)
    limits.stalledTimeoutMs = 120_000 * Int64(timeFactor)
    return limits
  }
}
