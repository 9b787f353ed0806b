import ArgumentParser

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "From a line or a number to the people, events and papers behind it.",
    discussion: """
      Example: ujuzi explain skill 7f3c2a… digcomp-2.2/4.1 --on 2023-01-01
               ujuzi explain agreement gok-huawei-2022 people --programme pilot
               ujuzi explain compliance rw-ai-2025 --organisation mineduc --below --standing late
               ujuzi explain credential/1f0c…
      """,
    subcommands: [
      ExplainStream.self, ExplainSkill.self, ExplainAgreement.self, ExplainCompliance.self,
    ], defaultSubcommand: ExplainStream.self)
}
