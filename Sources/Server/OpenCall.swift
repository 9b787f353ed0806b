import NIOCore

/// A call whose handler has not returned; belongs to its connection's loop.
final class OpenCall {
  let cancellation: Cancellation
  var pages: (any Pages)?
  var deadline: Scheduled<Void>?
  /// Bytes that may still be sent.
  var credit: Int
  var isPulling = false
  /// A STATUS was sent; what the handler still gives is dropped.
  var isAnswered = false

  init(_ cancellation: Cancellation, credit: Int) {
    self.cancellation = cancellation
    self.credit = credit
  }

  var isCancelled: Bool { cancellation.isCancelled }

  func cancel() { cancellation.cancel() }

  func add(credit bytes: Int, max: Int) { credit = min(credit + bytes, max) }
}
