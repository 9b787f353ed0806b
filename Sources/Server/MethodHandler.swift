import Messages
import Queries
import Wire

/// How calls of a method are executed, with who answers them.
package enum MethodHandler {
  /// At once, on the event loop: appends the answer. None of these captures anything, so that a
  /// call allocates nothing for it.
  case onLoop((ReadSession, RawSpan, inout [UInt8]) throws -> Void)
  /// Off the loop, from one snapshot.
  case deferred((ReadSession, [UInt8]) throws -> [UInt8])
  /// The same, about the server too: with who is connected.
  case aboutServer(
    @Sendable (RegistryService, ReadSession, [UInt8], [ConnectionLine]) throws -> [UInt8])
  /// One answer, computed off the loop in slices: each from a snapshot of its own, in its
  /// connection's turn. For what may take long, since a thread and a snapshot are needed by others.
  case inSlices(([UInt8]) throws -> any Query)
  /// A stream, whose query computes nothing yet.
  case stream(([UInt8]) throws -> any Query)
  /// In the writer's queue, in the order in which the calls came.
  case recording(isPreview: Bool)
  /// An exchange, each message of which is recorded.
  case bulkRecording

  package var mode: ExecutionMode {
    switch self {
    case .onLoop: .onLoop
    case .deferred, .aboutServer: .deferred
    case .inSlices: .sliced
    case .stream: .stream
    case .recording: .queued
    case .bulkRecording: .exchange
    }
  }

  /// A question that is answered off the loop.
  static func question<Q: Message, A: Message>(
    _ answer: @escaping (ReadSession) -> (Q) throws -> A
  ) -> MethodHandler {
    .deferred { session, request in
      let question = try session.decode(Q.self, unsafe request.span.bytes)
      return Codec.encode(try answer(session)(question), arena: session.arena)
    }
  }

  /// One whose answer may be longer than a frame: then it is refused, and asked for in parts.
  static func inParts<Q: Message, A: Message>(
    _ answer: @escaping (ReadSession) -> (Q) throws -> A
  ) -> MethodHandler {
    .deferred { session, request in
      let question = try session.decode(Q.self, unsafe request.span.bytes)
      return try session.whole(
        Codec.encode(try answer(session)(question), arena: session.arena))
    }
  }

  /// One about the server.
  static func aboutServer<Q: Message, A: Message>(
    _ answer: @escaping @Sendable (Q, RegistryService, ReadSession, [ConnectionLine]) throws -> A
  ) -> MethodHandler {
    .aboutServer { service, session, request, lines in
      let question = try session.decode(Q.self, unsafe request.span.bytes)
      return Codec.encode(try answer(question, service, session, lines), arena: session.arena)
    }
  }

  static func query<Q: Message, Asked: Query>(
    _ make: @escaping (Q) throws -> Asked
  ) -> MethodHandler {
    .stream { try make(question($0)) }
  }

  static func sliced<Q: Message, Asked: Query>(
    _ make: @escaping (Q) throws -> Asked
  ) -> MethodHandler {
    .inSlices { try make(question($0)) }
  }

  /// What a query is made of, from the bytes of its request.
  static func question<Q: Message>(_ request: [UInt8]) throws -> Q {
    // A small budget, since a caller may open streams as fast as it can.
    let arena = Arena(budget: min(1 << 20, 8 << 10 + 128 * request.count))
    return try Codec.decode(
      Q.self, from: unsafe request.span.bytes, arena: arena, unknownFields: .ignored)
  }
}

extension ReadSession: LoopSession {
  package func answer(
    _ method: UInt32, _ request: RawSpan, into reply: inout [UInt8]
  ) -> CallStatus? {
    guard case .onLoop(let answer)? = Method(rawValue: method)?.handler else {
      return .noSuchMethod
    }
    do {
      try answer(self, request, &reply)
      return nil
    } catch {
      return CallStatus(of: error)
    }
  }
}

extension QueryDispatcher {
  package func open(
    _ method: Method, _ request: [UInt8]
  ) throws(CallStatus) -> any ResponseStream {
    switch method.handler {
    case .stream(let query), .inSlices(let query):
      do { return stream(try query(request)) } catch { throw CallStatus(of: error) }
    case .onLoop, .deferred, .aboutServer, .recording, .bulkRecording:
      throw CallStatus.noSuchMethod
    }
  }
}

extension QueryStream: ResponseStream {
  package func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    do { return try step(slice) } catch { throw CallStatus(error) }
  }
}
