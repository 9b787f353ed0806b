import Locking

/// Makes calls of `File` fail, for tests of the layers above. A fault is bound to a path, so that
/// tests with folders of their own do not disturb each other.
package enum FileFaults {
  package enum Call: Hashable, Sendable {
    case open, read, write, sync, rename, makeFolder, examine, remove
  }

  package struct Fault: Sendable {
    package var call: Call
    /// A part of the path.
    package var path: String
    package var code: Int32
    /// The call is made and then said to have failed.
    package var happens: Bool
    /// Calls that succeed first.
    package var skipping: Int
    package var times: Int
    /// Called when the fault is triggered, before the call is made.
    package var strikes: @Sendable () -> Void

    package init(
      _ call: Call, _ path: String, _ code: Int32, happens: Bool = false, skipping: Int = 0,
      times: Int = 1, strikes: @escaping @Sendable () -> Void = {}
    ) {
      (self.call, self.path, self.code, self.happens) = (call, path, code, happens)
      (self.skipping, self.times, self.strikes) = (skipping, times, strikes)
    }
  }

  private static let faults = Mutex<[Fault]>([])
  private static let armed = Atomic(false)

  package static func inject(_ fault: Fault) {
    faults.withLock { $0.append(fault) }
    armed.store(true, ordering: .sequentiallyConsistent)
  }

  /// Calls under a path succeed again.
  package static func clear(_ path: String) {
    faults.withLock { $0.removeAll { $0.path.contains(path) || path.contains($0.path) } }
  }

  /// The fault that a call meets; nil for nearly all.
  static func next(_ call: Call, _ path: String) -> (code: Int32, happens: Bool)? {
    guard armed.load(ordering: .relaxed) else { return nil }
    let fault: Fault? = faults.withLock { faults in
      guard let at = faults.firstIndex(where: { $0.call == call && path.contains($0.path) })
      else { return nil }
      if faults[at].skipping > 0 {
        faults[at].skipping -= 1
        return nil
      }
      let fault = faults[at]
      faults[at].times -= 1
      if faults[at].times <= 0 { faults.remove(at: at) }
      return fault
    }
    fault?.strikes()
    return fault.map { ($0.code, $0.happens) }
  }
}
