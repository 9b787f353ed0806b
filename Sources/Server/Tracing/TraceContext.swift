import ServiceContextModule

/// Whose span a call is part of: W3C Trace Context's `traceparent`, version 00.
package struct TraceContext: Hashable, Sendable {
  /// 32 and 16 hexadecimal digits, lower case, not all 0.
  package var traceID: String
  package var spanID: String
  /// The caller keeps what it is told of this trace.
  package var isSampled: Bool

  package init(traceID: String, spanID: String, isSampled: Bool) {
    self.traceID = traceID
    self.spanID = spanID
    self.isSampled = isSampled
  }

  /// - Parameter traceparent: such as
  ///   `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01`. Nil when it is none; a later
  ///   version's is read as far as this one knows it, as its specification asks.
  package init?(traceparent: String) {
    let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4 || parts.count > 4 && parts[0] != "00",
      Self.isHex(parts[0], 2), parts[0] != "ff", Self.isHex(parts[1], 32), Self.isHex(parts[2], 16),
      Self.isHex(parts[3], 2), parts[1].contains(where: { $0 != "0" }),
      parts[2].contains(where: { $0 != "0" }), let flags = UInt8(parts[3], radix: 16)
    else { return nil }
    self.init(
      traceID: String(parts[1]), spanID: String(parts[2]), isSampled: flags & 1 != 0)
  }

  package var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

  private static func isHex(_ text: Substring, _ length: Int) -> Bool {
    text.utf8.count == length
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  static func random(_ digits: Int) -> String {
    let words = (0..<digits / 16).map { _ in UInt64.random(in: 1...UInt64.max) }
    return words.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension ServiceContext {
  private enum Key: ServiceContextKey {
    typealias Value = TraceContext
    static let nameOverride: String? = "trace"
  }

  package var trace: TraceContext? {
    get { self[Key.self] }
    set { self[Key.self] = newValue }
  }
}
