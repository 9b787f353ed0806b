import Messages
import Wire

/// The limits of a connection as a client keeps to them: what HELLO_OK says, where 0 means that it
/// does not say. Lengths and credit are in bytes; nil: there is no such limit.
struct ServerLimits: Hashable {
  /// The longest payload that a header can say.
  static let frameLengthHighest = (1 << 24) - 1

  var frameLengthMax: Int
  var callsMax: Int?
  var streamsMax: Int?
  var timeoutMaxMs: UInt32?
  var metadataLengthMax: Int
  /// Nil: it is not counted.
  var streamCredit: Int?
  var connectionCredit: Int?
  /// Nil: nobody is asked for a sign of life.
  var keepaliveMs: Int64?
  var keepaliveTimeoutMs: Int64?

  init(_ greeting: HelloOk) {
    func said(_ limit: UInt32) -> Int? { limit == 0 ? nil : Int(limit) }
    let lengthMax = Limits().metadataLengthMax
    frameLengthMax = min(said(greeting.frameLengthMax) ?? .max, Self.frameLengthHighest)
    (callsMax, streamsMax) = (said(greeting.callsMax), said(greeting.streamsMax))
    timeoutMaxMs = greeting.timeoutMaxMs == 0 ? nil : greeting.timeoutMaxMs
    metadataLengthMax = min(said(greeting.metadataLengthMax) ?? .max, lengthMax)
    streamCredit = said(greeting.streamCredit)
    connectionCredit = said(greeting.connectionCredit)
    keepaliveMs = said(greeting.keepaliveMs).map(Int64.init)
    keepaliveTimeoutMs = keepaliveMs.map { every in
      said(greeting.keepaliveTimeoutMs).map(Int64.init) ?? every
    }
  }
}
