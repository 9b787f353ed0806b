import Instrumentation
import Logging
import Messages
import Tracing
import Wire

/// The span of a call, and what log lines of the call say of its trace.
///
/// A call without a tracer and without a trace of its caller has none: nothing is made for it.
struct CallSpan {
  let span: any Span

  /// - Parameter name: the method's, such as Registry.GetProfile.
  init(_ name: String, _ metadata: Metadata?, principal: String, peer: String) {
    var context = ServiceContext.topLevel
    if let metadata {
      InstrumentationSystem.instrument.extract(metadata, into: &context, using: MetadataReader())
    }
    span = InstrumentationSystem.tracer.startSpan(name, context: context, ofKind: .server)
    span.updateAttributes {
      // The names of OpenTelemetry's semantic conventions for RPC.
      $0["rpc.system"] = "ujuzi"
      let parts = name.split(separator: ".", maxSplits: 1)
      $0["rpc.service"] = parts.first.map(String.init)
      $0["rpc.method"] = parts.last.map(String.init)
      $0["network.peer.address"] = peer
      $0["enduser.id"] = principal
    }
  }

  var context: ServiceContext { span.context }

  func end(_ status: CallStatus?) {
    span.attributes["rpc.status_code"] = (status?.code ?? .ok).name
    if let status, status.code != .ok {
      span.setStatus(SpanStatus(code: .error, message: status.message))
    }
    span.end()
  }
}

/// Reads a trace's context by the names that W3C Trace Context gives its headers.
private struct MetadataReader: Extractor {
  func extract(key: String, from metadata: Metadata) -> String? {
    switch key.lowercased() {
    case "traceparent": metadata.traceparent.isEmpty ? nil : metadata.traceparent
    case "tracestate": metadata.tracestate.isEmpty ? nil : metadata.tracestate
    default:
      metadata.entries.first { $0.key == key }.map { String(decoding: $0.value, as: UTF8.self) }
    }
  }
}

extension Metadata {
  /// The trace's id in the caller's `traceparent`, for log lines; nil when it has none.
  var traceID: String? { TraceContext(traceparent: traceparent)?.traceID }
}
