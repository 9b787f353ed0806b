import Fuzzing
import Testing

@testable import Messages

/// What a message may cost that was written to cost much; `Tools/bench hostile` times them, and all
/// of a proposal's lists.
@Suite struct HostileTests {
  /// Those that hold most, of what anybody or a registrar may send.
  @Test(arguments: [
    "RecordRequest", "VerifyCredentialsRequest", "WatchRequest", "Metadata", "Personal",
    "CredentialEvent",
  ])
  func `A hostile message of 1 MiB takes less than 16 MiB`(message: String) throws {
    // Larger than what is allowed, so that the validator decides, not the arena.
    let (length, arena) = (1 << 20, Arena(budget: 64 << 20))
    for form in try CostlyMessages.all(of: message, length: length) {
      #expect(form.bytes.count <= length && form.bytes.count > length - 4096, "\(form.what)")
      // Whoever passes over what it does not know does more than who refuses it.
      let cost = CostlyMessages.take(message, form.bytes, .ignored, arena: arena)
      #expect(cost.arenaBytes < 16 << 20, "\(form.what): \(cost.problem?.rawValue ?? "taken")")
      #expect(arena.used == 0)
    }
  }
}
