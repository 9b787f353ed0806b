import Failures
import Messages
import NIOCore
import Wire

/// What the server's frames bring about.
extension ClientHandler {
  func take(_ buffer: inout ByteBuffer) -> Bool {
    do throws(FrameError) {
      guard case .frame(let header) = try FrameDecoder.cut(buffer.readableBytesSpan, limits: limits)
      else { return false }
      pace = nil
      buffer.moveReaderIndex(forwardBy: FrameHeader.length)
      let metadata = buffer.readBytes(length: header.metadataLength) ?? []
      let body = buffer.readBytes(length: header.payloadLength - header.metadataLength) ?? []
      perform(table.receive(header), body, metadata)
      return true
    } catch {
      var status = error.status
      status.message = "This is no ujuzi server: \(error.sentence)"
      fail(saying: status)
      return false
    }
  }

  private func perform(
    _ action: ClientConnection.Action, _ body: [UInt8], _ metadata: [UInt8]
  ) {
    switch action {
    case .none: break
    case .greeted: greet(body)
    case .refused:
      guard let no = try? Codec.decode(HelloNo.self, from: body, limits: .answer) else {
        return fail(saying: Self.unreadable("refusal"))
      }
      fail(
        ConnectionFailure(
          sentence: "The server refused the connection: "
            + (no.message.isEmpty ? "no reason given" : no.message),
          mayRetry: no.code == StatusCode.unavailable.rawValue, retryAfterMs: no.retryAfterMs,
          rule: no.rule))
    case .result(let id):
      guard let call = calls.removeValue(forKey: id) else { break }
      let about =
        metadata.isEmpty ? nil : try? Codec.decode(Metadata.self, from: metadata, limits: .answer)
      call.finish(.success(Answer(message: body, metadata: about?.entries ?? [])))
    case .resume(let id): if let call = calls[id] { pump(call) }
    case .resumeAll: pumpAll()
    case .message(let id):
      guard let call = calls[id], case .stream(let source) = call.state.waiting else { break }
      _ = source.yield(body)
    case .status(let id):
      guard let call = calls.removeValue(forKey: id) else { break }
      guard let status = Self.status(body) else {
        call.finish(.failure(Self.misfit))
        return fail(saying: Self.unreadable("STATUS"))
      }
      if status.code != .ok {
        call.finish(.failure(status))
      } else if call.kind == .unary {
        call.finish(.failure(Self.misfit))
      } else {
        call.finish(.success(Answer(message: [])))
      }
    case .misfit(let id, let cancel):
      calls.removeValue(forKey: id)?.finish(.failure(Self.misfit))
      if cancel { write(FrameHeader(.cancel, call: id), []) }
    case .pong(let argument): write(FrameHeader(.pong, argument: argument), [])
    case .ponged: if !pings.isEmpty { pings.removeFirst().finish(.success(())) }
    case .goingAway: leave(body)
    case .fail(let status): fail(saying: status)
    }
  }

  private static let misfit = CallStatus(
    .internal, "The server's answer is not of the call's shape.", rule: .answerShape)

  private static func unreadable(_ what: String) -> CallStatus {
    CallStatus(.internal, "The server's \(what) could not be read.", rule: .payload)
  }

  private func greet(_ body: [UInt8]) {
    guard let hello = try? Codec.decode(HelloOk.self, from: body, limits: .answer) else {
      return fail(saying: Self.unreadable("greeting"))
    }
    guard hello.version == Protocol.version else {
      return fail(
        saying: CallStatus(
          .internal, "The server chose version \(hello.version), which was not offered.",
          rule: .phase))
    }
    let said = ServerLimits(hello)
    limits.frameLengthMax = said.frameLengthMax
    limits.metadataLengthMax = said.metadataLengthMax
    table.greeted(
      callsMax: said.callsMax ?? .max, streamsMax: said.streamsMax ?? .max,
      streamCredit: said.streamCredit, connectionCredit: said.connectionCredit)
    if let everyMs = said.keepaliveMs { keepalive = (everyMs, said.keepaliveTimeoutMs ?? everyMs) }
    watchServer()
    greeted?.succeed(hello)
    greeted = nil
  }

  /// A server that is gone without a word is noticed, and one that does not end what it begins.
  private func watchServer() {
    guard let context else { return }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let soonMs = min(keepalive.everyMs, keepalive.timeoutMs, limits.frameProgressMs) / 2 + 1
    watchTimer = context.eventLoop.scheduleTask(in: .milliseconds(soonMs)) {
      let handler = bound.value
      handler.look(at: .now())
      if handler.table.phase != .closed { handler.watchServer() }
    }
  }

  /// - Parameter now: of the loop's clock.
  func look(at now: NIODeadline) {
    let (everyMs, timeoutMs) = keepalive
    if let late = pace?.look(atMs: now.ms, received: received, limits: limits) {
      fail(
        ConnectionFailure(
          sentence: "The server does not go on: \(late.sentence(limits)) (frame_timeout).",
          rule: ProtocolRule.frameTimeout.rawValue))
    } else if let askedForLife {
      guard now - askedForLife >= .milliseconds(timeoutMs) else { return }
      fail(
        ConnectionFailure(
          sentence: "The server gave no sign of life within \(timeoutMs) ms.",
          rule: ProtocolRule.keepalive.rawValue))
    } else if now - lastRead >= .milliseconds(everyMs), let context {
      askedForLife = now
      pings.append(SentPing(on: context.eventLoop))
      write(FrameHeader(.ping), [])
      flushSoon()
    }
  }

  /// What the server has begun it still answers; what waits here is told to go elsewhere.
  private func leave(_ body: [UInt8]) {
    guard let goAway = try? Codec.decode(GoAway.self, from: body, limits: .answer) else {
      return fail(saying: Self.unreadable("GOAWAY"))
    }
    let reason = ConnectionFailure(
      sentence: "The server ends the connection: "
        + (goAway.message.isEmpty ? "no reason given" : goAway.message), rule: goAway.rule)
    ended = ended ?? reason
    openFlag.end()
    greeted?.fail(reason)
    greeted = nil
    let queued = queue
    queue = []
    for turn in queued { turn.call.finish(.failure(Self.notBegun(reason))) }
    for (id, call) in calls where id > goAway.lastCall {
      calls[id] = nil
      call.finish(.failure(Self.notBegun(reason)))
      _ = table.cancel(id)
    }
  }

  private static func status(_ body: [UInt8]) -> CallStatus? {
    guard let status = try? Codec.decode(Status.self, from: body, limits: .answer) else {
      return nil
    }
    return CallStatus(
      StatusCode(rawValue: status.code) ?? .unknown, status.message,
      field: status.detail?.field ?? "", rule: status.detail?.rule ?? "",
      state: status.detail?.state ?? "", retryAfterMs: status.retryAfterMs,
      notProcessed: status.notProcessed)
  }
}
