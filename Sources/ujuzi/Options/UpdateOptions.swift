import ArgumentParser
import UjuziClient

/// What is done about rows that the registry has otherwise.
struct UpdateOptions: ParsableArguments {
  @Flag(
    help: "Correct what the registry has otherwise than the file; shows first what would change.")
  var update = false
  @Flag(help: "Record these corrections; without this they are only shown.") var yes = false

  func resent(_ client: RegistryClient, _ given: FileOptions, alike: Bool) -> ResentRows {
    ResentRows(
      client, given.options, updates: update, isConfirmed: yes, dryRun: given.dryRun, alike: alike)
  }

  func validate() throws {
    guard update || !yes else { throw ValidationError("--yes is for --update.") }
  }
}
