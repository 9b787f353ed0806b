import Fuzzing

/// libFuzzer's own entry, for programs with a `main` of their own.
@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// `fuzz TARGET [libFuzzer's arguments]`
@main struct Fuzz {
  // Set once, before the driver runs.
  nonisolated(unsafe) static var target = FuzzTarget.frames

  static func main() {
    guard CommandLine.argc > 1, let name = CommandLine.unsafeArgv[1],
      let target = FuzzTarget(rawValue: String(cString: name))
    else {
      fatalError("a target: " + FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))
    }
    Self.target = target
    // The target's name takes the program's place.
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv + 1
    _ = runDriver(&count, &arguments) { bytes, count in
      do {
        try Fuzz.target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
      } catch { fatalError("\(error)") }
      return 0
    }
  }
}
