import Failures
import Files
import Foundation
import Instrumentation
import JSON
import Locking
import Tracing

/// A tracer that writes each span as a line of JSON when it ends, with the names of OTLP's spans,
/// for whatever collects such files.
///
/// Written by a thread of its own: a span costs its call no wait for a disk. What a full queue has
/// no room for is let go and counted, and so is what ends after the file is closed.
package final class SpanFile: Tracer {
  private static let waitingMax = 10_000

  private let file: File
  /// Where the next line goes; of the queue alone.
  private nonisolated(unsafe) var end: Int
  private let queue = WorkQueue("spans")
  private let waiting = Atomic(0)
  private let dropped = Atomic(0)

  /// Goes on at the end of a file that is there.
  ///
  /// - Throws: `FileFailure` when it cannot be written.
  package init(path: String) throws(FileFailure) {
    file = try Self.open(path)
    unsafe end = try file.byteCount()
  }

  /// Starts the thread that writes; what ends before waits for it.
  package func start() { queue.start() }

  private static func open(_ path: String) throws(FileFailure) -> File {
    if try File.isThere(path) { return try File(path, .readingAndWriting) }
    return try File(making: path, mode: 0o644)
  }

  /// Spans that were let go.
  package var droppedCount: Int { dropped.load(ordering: .relaxed) }

  package func forceFlush() { queue.flush() }

  /// Writes what waits, and closes the file.
  package func close() {
    queue.stop()
    file.close()
  }

  package func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    guard let text = extractor.extract(key: "traceparent", from: carrier) else { return }
    context.trace = TraceContext(traceparent: text)
  }

  package func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let trace = context.trace else { return }
    injector.inject(trace.traceparent, forKey: "traceparent", into: &carrier)
  }

  package func startSpan<Instant: TracerInstant>(
    _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file: String, line: UInt
  ) -> FileSpan {
    let parent = context()
    var own = parent
    own.trace = TraceContext(
      traceID: parent.trace?.traceID ?? TraceContext.random(32), spanID: TraceContext.random(16),
      isSampled: parent.trace?.isSampled ?? true)
    return FileSpan(
      operationName, own, kind, parent: parent.trace?.spanID,
      since: instant().nanosecondsSinceEpoch,
      to: self)
  }

  fileprivate func write(_ line: @escaping @Sendable () -> JSONText) {
    guard waiting.wrappingAdd(1, ordering: .relaxed).newValue <= Self.waitingMax else {
      waiting.subtract(1, ordering: .relaxed)
      dropped.add(1, ordering: .relaxed)
      return
    }
    let isTaken = queue.submit { [self] in
      waiting.subtract(1, ordering: .relaxed)
      let line = Array((line().text + "\n").utf8)
      do {
        try unsafe file.write(line, at: end)
        unsafe end += line.count
      } catch {
        dropped.add(1, ordering: .relaxed)
      }
    }
    if !isTaken { dropped.add(1, ordering: .relaxed) }
  }
}

/// A span of a `SpanFile`.
package final class FileSpan: Span {
  private struct State {
    var name: String
    var attributes: SpanAttributes = [:]
    var events: [String] = []
    var status: SpanStatus?
    var isRecording: Bool
  }

  package let context: ServiceContext
  private let kind: SpanKind
  private let parent: String?
  private let since: UInt64
  private let file: SpanFile
  private let state: Mutex<State>

  fileprivate init(
    _ name: String, _ context: ServiceContext, _ kind: SpanKind, parent: String?, since: UInt64,
    to file: SpanFile
  ) {
    self.context = context
    self.kind = kind
    self.parent = parent
    self.since = since
    self.file = file
    // What the caller does not keep would have no place in its trace.
    state = Mutex(State(name: name, isRecording: context.trace?.isSampled ?? true))
  }

  package var operationName: String {
    get { state.withLock { $0.name } }
    set { state.withLock { $0.name = newValue } }
  }
  package var attributes: SpanAttributes {
    get { state.withLock { $0.attributes } }
    set { state.withLock { $0.attributes = newValue } }
  }
  package var isRecording: Bool { state.withLock { $0.isRecording } }

  package func setStatus(_ status: SpanStatus) { state.withLock { $0.status = status } }
  package func addEvent(_ event: SpanEvent) { state.withLock { $0.events.append(event.name) } }
  package func addLink(_ link: SpanLink) {}

  package func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    state.withLock { $0.events.append("exception: \(ErrorSentence.withCauses(of: error))") }
  }

  package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    let ended = state.withLock { state -> State? in
      guard state.isRecording else { return nil }
      defer { state.isRecording = false }
      return state
    }
    guard let ended, let trace = context.trace else { return }
    let until = instant().nanosecondsSinceEpoch
    let (since, parent, kind) = (since, parent, kind)
    file.write {
      var line: [(name: String, value: JSONText)] = [
        ("traceId", .string(trace.traceID)), ("spanId", .string(trace.spanID)),
        ("name", .string(ended.name)), ("kind", .string("\(kind)")),
        ("startTimeUnixNano", .string("\(since)")), ("endTimeUnixNano", .string("\(until)")),
      ]
      if let parent { line.append(("parentSpanId", .string(parent))) }
      var attributes: [(name: String, value: JSONText)] = []
      ended.attributes.forEach { key, value in
        if case .string(let text) = value {
          attributes.append((key, .string(text)))
        } else {
          attributes.append((key, .string("\(value)")))
        }
      }
      line.append(("attributes", .object(attributes.sorted { $0.name < $1.name })))
      if !ended.events.isEmpty { line.append(("events", .array(ended.events.map { .string($0) }))) }
      if let status = ended.status {
        line.append(
          (
            "status",
            .object([
              ("code", .string("\(status.code)")), ("message", .string(status.message ?? "")),
            ])
          ))
      }
      return .object(line)
    }
  }
}
