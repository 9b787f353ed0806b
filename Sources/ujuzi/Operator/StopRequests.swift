import Foundation
import Locking

/// What a server is asked by signals: to stop, to hurry with it, to look at its files.
///
/// What is asked before it can be done is done as soon as it can.
final class StopRequests: Sendable {
  struct Actions: Sendable {
    /// At the first request to stop.
    var stop: @Sendable () -> Void = {}
    /// At each that comes after it.
    var hurry: @Sendable () -> Void = {}
    var look: @Sendable () -> Void = {}
  }

  private struct State {
    var asked = 0
    var actions = Actions()
  }

  private let state = Mutex(State())

  var isAsked: Bool { state.withLock { $0.asked > 0 } }

  func take(_ number: Int32) {
    let action = state.withLock { state in
      if number == SIGHUP { return state.actions.look }
      state.asked += 1
      return state.asked == 1 ? state.actions.stop : state.actions.hurry
    }
    action()
  }

  /// Does this from now on. A look that was asked for before is not made up for: the files were
  /// read since, or are about to be.
  func act(_ actions: Actions) {
    let asked = state.withLock { state in
      state.actions = actions
      return state.asked
    }
    if asked > 0 { actions.stop() }
    if asked > 1 { actions.hurry() }
  }
}
