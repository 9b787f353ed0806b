import Failures
import Instrumentation
import Messages
import ServiceContextModule
import Wire

/// How a call is made, beside what it asks.
public struct CallOptions: Sendable {
  /// Milliseconds, counted by the server too; 0: the longest that it allows.
  public var timeoutMs: UInt32
  /// Said about the call, not in it.
  public var metadata: [MetadataEntry]
  /// Waits for a server to be there, within the timeout, instead of failing when none is.
  public var waitForReady: Bool
  /// The caller's span, as W3C Trace Context spells it; when it is empty, that of the task's
  /// `ServiceContext`.
  public var traceparent: String

  public init(
    timeoutMs: UInt32 = 30_000, metadata: [MetadataEntry] = [], waitForReady: Bool = false,
    traceparent: String = ""
  ) {
    self.timeoutMs = timeoutMs
    self.metadata = metadata
    self.waitForReady = waitForReady
    self.traceparent = traceparent
  }
}

/// The answer of a unary call.
public struct Answer: Hashable, Sendable {
  public var message: [UInt8]
  /// What the server said about it, not in it.
  public var metadata: [MetadataEntry] = []
}

/// Makes calls: a client, or one connection.
public protocol RPCCaller: Sendable {
  func answer(
    _ method: UInt32, _ request: [UInt8], _ options: CallOptions
  ) async throws -> Answer
}

extension RPCCaller {
  /// As `answer`, for who needs the message alone.
  public func call(
    _ method: UInt32, _ request: [UInt8], _ options: CallOptions = .init()
  ) async throws -> [UInt8] {
    try await answer(method, request, options).message
  }

  /// Asks one message of the schema and decodes the answer as another: what the typed calls, one a
  /// method, are made of.
  package func ask<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type, _ options: CallOptions = .init()
  ) async throws -> A {
    try Codec.decode(
      A.self, from: try await call(method.rawValue, Codec.encode(question), options))
  }
}

/// An encoded call.
struct EncodedCall: Sendable {
  var method: UInt32
  var revision: UInt32
  var request: [UInt8]
  /// A serialised `Metadata`; empty when there is nothing to say.
  var metadata: [UInt8]
  var timeoutMs: UInt32

  var payloadLength: Int { metadata.count + Protocol.callHeadLength + request.count }

  init(_ method: UInt32, _ request: [UInt8], _ options: CallOptions) {
    self.method = method
    revision = Method(rawValue: method)?.revision ?? 0
    self.request = request
    timeoutMs = options.timeoutMs
    var about = Metadata(traceparent: options.traceparent, entries: options.metadata)
    if options.traceparent.isEmpty, let context = ServiceContext.current {
      InstrumentationSystem.instrument.inject(context, into: &about, using: MetadataWriter())
    }
    metadata = about == Metadata() ? [] : Codec.encode(about)
  }
}

private struct MetadataWriter: Injector {
  func inject(_ value: String, forKey key: String, into metadata: inout Metadata) {
    switch key.lowercased() {
    case "traceparent": metadata.traceparent = value
    case "tracestate": metadata.tracestate = value
    default: metadata.entries.append(MetadataEntry(key: key, value: Array(value.utf8)))
    }
  }
}

/// Why a connection could not be made, or ended.
public struct ConnectionFailure: ExplainedError, Hashable, Sendable {
  public var sentence: String
  /// False where another try with the same certificate and address will fare no better.
  public var mayRetry: Bool
  /// Milliseconds to wait before that, when the server said so.
  public var retryAfterMs: UInt32
  /// The rule that said no, by the name that WIRE.md lists; empty where nobody named one.
  public var rule: String
  /// What the system or TLS answered, where that says more.
  public var cause: Cause?

  /// The server is there, and lets open calls end before it goes.
  public var isStopping: Bool { rule == ProtocolRule.drain.rawValue }

  public init(
    sentence: String, mayRetry: Bool = true, retryAfterMs: UInt32 = 0, rule: String = "",
    cause: Cause? = nil
  ) {
    self.sentence = sentence
    self.mayRetry = mayRetry
    self.retryAfterMs = retryAfterMs
    self.rule = rule
    self.cause = cause
  }
}
