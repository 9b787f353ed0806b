import ArgumentParser
import Foundation
import Queries

struct Ujuzi: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ujuzi",
    abstract: "A registry of the skills of a civil service.",
    discussion: """
      Start a server, then record and ask:

        ujuzi serve --data ./registry --listen 127.0.0.1:7601
        ujuzi record Tools/samples/first.jsonl
        ujuzi verify --issuer heta --number HETA/2022/0001

      \(ExitStatus.help)
      """,
    version: ujuziVersion,
    subcommands: [
      Serve.self, KeysVerb.self, StatusVerb.self,
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
          Record.self, Import.self, ImportsVerb.self, UndoVerb.self, Template.self, RuleVerb.self,
          Person.self, Submit.self,
          Issue.self, Roll.self, AgreementVerb.self, Compliance.self, ExpiringVerb.self,
          AuthorisationVerb.self, AlignedVerb.self, SettleVerb.self, VoidVerb.self,
          RestoreVerb.self,
          Correct.self,
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
}
