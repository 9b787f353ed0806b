/// What a principal may be: each role opens the methods that name it in `services.proto`.
public enum Role: String, CaseIterable, Hashable, Sendable {
  /// Records events, and asks what a registrar asks.
  case registrar
  /// Asks of officers and their credentials.
  case agency
  /// Reads the log and what explains it.
  case auditor
}
