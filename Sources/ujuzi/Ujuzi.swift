import ArgumentParser
import Foundation
import Registrar

@main
struct Ujuzi: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ujuzi",
    abstract: "A registry of the skills of a civil service.",
    discussion: """
      Start a server, then record and ask:

        ujuzi serve --data ./registry --listen 127.0.0.1:7601
        ujuzi record Tools/samples/cases.jsonl
        ujuzi verify --issuer heta --number HETA/2022/0001

      Exit status: 0 all well, 1 some rejected or not found, 2 could not run.
      """,
    version: ujuziVersion,
    subcommands: [
      Serve.self, KeysVerb.self, StatusVerb.self, BenchData.self, BenchSend.self, BenchPeople.self,
      BenchAsk.self, BenchHostile.self, BenchWatch.self,
    ],
    groupedSubcommands: [
      CommandGroup(
        name: "Agencies",
        subcommands: [
          Verify.self, ProfileVerb.self, HasSkillVerb.self, Find.self, Credentials.self,
          GapVerb.self, WatchVerb.self,
        ]),
      CommandGroup(
        name: "Registrars",
        subcommands: [
          Record.self, Import.self, Template.self, RuleVerb.self, Person.self, Submit.self,
          Issue.self, Roll.self, AgreementVerb.self, Compliance.self, ExpiringVerb.self,
          AuthorisationVerb.self, VoidVerb.self, RestoreVerb.self, Correct.self,
          DuplicatesVerb.self, MergeVerb.self, UnmergeVerb.self,
        ]),
      CommandGroup(
        name: "Auditors",
        subcommands: [
          Log.self, History.self, Show.self, Explain.self, ExceptionsVerb.self, Document.self,
          DiffVerb.self, RebuildVerb.self, DigestVerb.self, LifeCycles.self,
        ]),
      CommandGroup(
        name: "Operators",
        subcommands: [HealthVerb.self, ConnectionsVerb.self, CallVerb.self, DescribeVerb.self]),
      CommandGroup(name: "Officers", subcommands: [Export.self]),
    ])

  /// Says what went wrong in one line, and exits with 2 where the command could not run.
  static func main() async {
    // A reader that goes away (`ujuzi log | head`) is no reason for a stack trace.
    signal(SIGPIPE, SIG_IGN)
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch let trouble as Trouble {
      Output.error("ujuzi: \(trouble.sentence)")
      Foundation.exit(2)
    } catch {
      if exitCode(for: error) == .success {
        print(fullMessage(for: error))
        Foundation.exit(0)
      }
      let message = Trouble(of: error)?.sentence ?? fullMessage(for: error)
      Output.error(Trouble(of: error) == nil ? message : "ujuzi: \(message)")
      Foundation.exit(2)
    }
  }
}
