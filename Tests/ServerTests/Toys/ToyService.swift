import Access
import Foundation
import Locking
import NIOCore
import Queries
import Server
import Wire

/// A service with a method of each shape, and gates that a test holds.
final class ToyService: RPCService {
  static let logID = [UInt8](1...16)
  var logID: [UInt8] { Self.logID }

  enum Toy: UInt32 {
    /// Answers the request, reversed.
    case reverse = 1
    /// Answers as many bytes as the request's first number says.
    case grow = 2
    /// Says no.
    case refuse = 3
    /// The request back, off the loop.
    case later = 4
    /// Answers when the gate opens.
    case held = 5
    /// As many messages of 1,000 bytes as the request's first number says.
    case count = 6
    /// Messages as they are published.
    case follow = 7
    /// Refused when it is opened.
    case closed = 8
    /// One message, then it fails.
    case broken = 9
    /// Sends each message back, once the gate is open.
    case echo = 10
    /// Takes every message, and answers with how many bytes there were.
    case sum = 11
    /// An exchange that takes nothing.
    case hoard = 14
    /// Served in revision 3.
    case revised = 12
    /// A message of each size that the request names, four bytes for each.
    case sizes = 15
    /// Messages of as many bytes as its slice allows, without end.
    case endless = 18
    /// The same as `stuck`, of a stream that looks at everybody.
    case heavyStuck = 19
    /// Keeps a thread until what is held is released, then ends.
    case stuck = 17
    /// Fails with the request as its sentence.
    case sentence = 16
    /// Says on what rule, field and state it fails.
    case detailed = 13
    /// One answer in slices: as many as the request's first byte says, 255 being without end. It is
    /// the rest of the request, or none where there is no rest.
    case sliced = 20
  }

  struct State {
    var held: [(context: CallContext, complete: @Sendable (Result<Reply, CallStatus>) -> Void)] =
      []
    var stuck = 0
    var isReleased = false
    var pulled = 0
    var endlessBytes = 0
    var pagesOpened = 0
    var pagesClosed = 0
    var batches = 0
    /// Why no batch can begin.
    var batchFailure: CallStatus?
    var published: [[UInt8]] = []
    var followers: [@Sendable () -> Void] = []
  }

  let state = Mutex(State())

  func mode(of method: UInt32) -> ExecutionMode? {
    switch Toy(rawValue: method) {
    case .reverse, .grow, .refuse: .onLoop
    case .later, .held, .revised, .detailed, .sentence: .deferred
    case .sliced: .sliced
    case .count, .follow, .closed, .broken, .sizes, .stuck, .endless, .heavyStuck: .stream
    case .echo, .sum, .hoard: .exchange
    case nil: nil
    }
  }

  func revision(of method: UInt32) -> UInt32 { method == Toy.revised.rawValue ? 3 : 1 }

  func name(of method: UInt32) -> String { "Toy.\(method)" }

  func roles(of method: UInt32) -> Roles {
    method == Toy.count.rawValue || method == Toy.follow.rawValue
      ? [Roles(.auditor)] : [Roles(.registrar), Roles(.agency)]
  }

  func makeSession() throws -> any LoopSession { ToySession(self) }

  func begin(
    _ method: UInt32, _ request: [UInt8], _ context: CallContext,
    complete: @escaping @Sendable (Result<Reply, CallStatus>) -> Void
  ) {
    if method == Toy.detailed.rawValue {
      return complete(
        .failure(
          CallStatus(
            .failedPrecondition, "Not now.", field: "a.b[0]", rule: "open", state: "suspended",
            retryAfterMs: 7)))
    }
    if method == Toy.sentence.rawValue {
      return complete(.failure(CallStatus(.unknown, String(decoding: request, as: UTF8.self))))
    }
    if method == Toy.later.rawValue || method == Toy.revised.rawValue {
      return complete(.success(Reply(request, metadata: context.metadata)))
    }
    state.withLock { $0.held.append((context, complete)) }
  }

  func open(
    _ method: UInt32, _ request: [UInt8], _ context: CallContext
  ) throws(CallStatus) -> any ResponseStream {
    if method == Toy.closed.rawValue {
      throw CallStatus(.failedPrecondition, "Closed today.", field: "day", rule: "open")
    }
    state.withLock { $0.pagesOpened += 1 }
    switch Toy(rawValue: method) {
    case .stuck: return ToyStuck(self)
    case .sliced: return ToySliced(self, request)
    case .heavyStuck: return ToyStuck(self, cost: .heavy)
    case .endless: return ToyEndless(self)
    case .sizes: return ToySizes(self, request)
    case .broken: return ToyStream(self, left: 1, failure: CallStatus(.dataLoss, "Lost."))
    case .follow: return ToyStream(self, left: .max, follows: true)
    default: return ToyStream(self, left: ToyService.number(request))
    }
  }

  func exchange(
    _ method: UInt32, _ context: CallContext, taken: @escaping @Sendable (Int) -> Void
  ) throws(CallStatus) -> any Exchange {
    state.withLock { $0.pagesOpened += 1 }
    return ToyExchange(
      self, echoes: method == Toy.echo.rawValue, hoards: method == Toy.hoard.rawValue, taken: taken)
  }

  /// Lets every held call return.
  func release(_ answer: [UInt8] = [1]) {
    let held = state.withLock { state in
      defer { state.held = [] }
      state.isReleased = true
      return state.held
    }
    for call in held { call.complete(.success(Reply(answer))) }
  }

  func publish(_ message: [UInt8]) {
    let followers = state.withLock { state in
      state.published.append(message)
      defer { state.followers = [] }
      return state.followers
    }
    for wake in followers { wake() }
  }

  static func number(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}

final class ToySession: LoopSession {
  private let service: ToyService

  init(_ service: ToyService) { self.service = service }

  func beginBatch() throws {
    try service.state.withLock { state in
      if let failure = state.batchFailure { throw failure }
      state.batches += 1
    }
  }
  func endBatch() {}

  func answer(_ method: UInt32, _ request: RawSpan, into reply: inout [UInt8]) -> CallStatus? {
    let bytes = (0..<request.byteCount).map {
      unsafe request.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
    }
    switch ToyService.Toy(rawValue: method) {
    case .reverse: reply += bytes.reversed()
    case .grow: reply += Array(repeating: 7, count: ToyService.number(bytes))
    default:
      return CallStatus(
        .notFound, "No such thing: “\(bytes.count)” — über ✓.", field: "items[3].id", rule: "known")
    }
    return nil
  }
}

final class ToyStream: ResponseStream {
  private let service: ToyService
  private let left: Mutex<Int>
  private let failure: CallStatus?
  private let follows: Bool
  let cost: QueryCost

  init(
    _ service: ToyService, left: Int, failure: CallStatus? = nil, follows: Bool = false,
    cost: QueryCost = .light
  ) {
    self.service = service
    self.left = Mutex(left)
    self.failure = failure
    self.follows = follows
    self.cost = cost
  }

  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    if follows {
      return service.state.withLock { state in
        state.published.isEmpty ? .idle : .message(state.published.removeFirst())
      }
    }
    guard
      left.withLock({ left in
        defer { left -= 1 }; return left > 0
      })
    else {
      if let failure { throw failure }
      return .end(nil)
    }
    let number = service.state.withLock { state in
      state.pulled += 1
      return state.pulled
    }
    return .message(Array(repeating: UInt8(truncatingIfNeeded: number), count: 1000))
  }

  func whenReady(_ wake: @escaping @Sendable () -> Void) {
    let missed = service.state.withLock { state in
      if state.published.isEmpty { state.followers.append(wake) }
      return !state.published.isEmpty
    }
    if missed { wake() }
  }

  func close() { service.state.withLock { $0.pagesClosed += 1 } }
}

/// A message of each size that was asked for.
final class ToySizes: ResponseStream {
  private let service: ToyService
  private let left: Mutex<[Int]>

  init(_ service: ToyService, _ request: [UInt8]) {
    self.service = service
    left = Mutex(
      stride(from: 0, to: request.count, by: 4).map {
        ToyService.number(Array(request[$0..<min($0 + 4, request.count)]))
      })
  }

  var cost: QueryCost { .light }

  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    left.withLock { left in
      left.isEmpty ? .end(nil) : .message(Array(repeating: 0, count: left.removeFirst()))
    }
  }

  func whenReady(_ wake: @escaping @Sendable () -> Void) { wake() }
  func close() { service.state.withLock { $0.pagesClosed += 1 } }
}

final class ToyStuck: ResponseStream {
  private let service: ToyService
  let cost: QueryCost

  init(_ service: ToyService, cost: QueryCost = .light) {
    self.service = service
    self.cost = cost
  }

  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    service.state.withLock { $0.stuck += 1 }
    while !service.state.withLock({ $0.isReleased }) { Thread.sleep(forTimeInterval: 0.001) }
    return .end(nil)
  }

  func whenReady(_ wake: @escaping @Sendable () -> Void) {}
  func close() { service.state.withLock { $0.pagesClosed += 1 } }
}

final class ToyEndless: ResponseStream {
  private let service: ToyService

  init(_ service: ToyService) { self.service = service }

  var cost: QueryCost { .light }

  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    service.state.withLock { $0.endlessBytes += slice.bytesMax }
    return .message(Array(repeating: 1, count: slice.bytesMax))
  }

  func whenReady(_ wake: @escaping @Sendable () -> Void) {}
  func close() { service.state.withLock { $0.pagesClosed += 1 } }
}

final class ToySliced: ResponseStream {
  private let service: ToyService
  private let left: Mutex<Int>
  private let answer: [UInt8]

  init(_ service: ToyService, _ request: [UInt8]) {
    self.service = service
    left = Mutex(request.first == 255 ? .max : request.first.map(Int.init) ?? 0)
    answer = Array(request.dropFirst())
  }

  var cost: QueryCost { .light }

  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    service.state.withLock { $0.pulled += 1 }
    let isDone = left.withLock { left in
      defer { left -= 1 }
      return left == 0
    }
    return isDone ? .end(answer.isEmpty ? nil : answer) : .working
  }

  func whenReady(_ wake: @escaping @Sendable () -> Void) {}
  func close() { service.state.withLock { $0.pagesClosed += 1 } }
}
