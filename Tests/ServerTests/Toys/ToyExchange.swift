import Locking
import Queries
import Server
import Wire

/// Takes messages when its reader asks for an answer, so that what is not read is not taken.
final class ToyExchange: Exchange {
  private struct State {
    var messages: [[UInt8]] = []
    var isEnded = false
    var bytes = 0
    var wake: (@Sendable () -> Void)?
  }

  private let service: ToyService
  private let echoes: Bool
  private let hoards: Bool
  private let taken: @Sendable (Int) -> Void
  private let state = Mutex(State())

  init(_ service: ToyService, echoes: Bool, hoards: Bool, taken: @escaping @Sendable (Int) -> Void)
  {
    self.service = service
    self.echoes = echoes
    self.hoards = hoards
    self.taken = taken
  }

  func take(_ message: [UInt8]) { change { $0.messages.append(message) } }
  func takeEnd() { change { $0.isEnded = true } }

  private func change(_ body: (inout State) -> Void) {
    let wake = state.withLock { state in
      body(&state)
      defer { state.wake = nil }
      return state.wake
    }
    wake?()
  }

  var cost: QueryCost { .light }

  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    let (step, done) = state.withLock { state -> (StreamStep, Int) in
      if hoards { return (.idle, 0) }
      if echoes {
        guard !state.messages.isEmpty else { return (state.isEnded ? .end(nil) : .idle, 0) }
        let message = state.messages.removeFirst()
        return (.message(message), message.count)
      }
      let bytes = state.messages.reduce(0) { $0 + $1.count }
      state.messages = []
      state.bytes += bytes
      guard state.isEnded else { return (.idle, bytes) }
      guard state.bytes >= 0 else { return (.end(nil), bytes) }
      defer { state.bytes = -1 }
      return (
        .message((0..<8).map { UInt8(truncatingIfNeeded: state.bytes >> (56 - $0 * 8)) }), bytes
      )
    }
    if done > 0 { taken(done) }
    return step
  }

  func whenReady(_ wake: @escaping @Sendable () -> Void) {
    let missed = state.withLock { state in
      guard hoards || state.messages.isEmpty && !state.isEnded else { return true }
      state.wake = wake
      return false
    }
    if missed { wake() }
  }

  func close() { service.state.withLock { $0.pagesClosed += 1 } }
}
