import ArgumentParser
import Imports
import Messages
import Registry
import UjuziClient

struct Issue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Issue credentials to all who completed a cohort and have none for it yet.",
    discussion: """
      Example: ujuzi issue --cohort cyber-2022-1 --valid-until 2025-06-30 \\
                 --prefix HETA/2022/ --yes
      """)

  @Option(help: "The cohort.") var cohort: Identifier
  @Option(
    name: .customLong("valid-until"), help: "The last day of validity.", transform: Day.argument)
  var validUntil: Day?
  @Option(help: "Who issues (default: who taught the cohort).") var issuer: Identifier?
  @Option(help: "What the certificate numbers begin with (default: COHORT/).") var prefix: String?
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    let client = try await change.options.connect()
    let stream = try await client.ask(
      .getStream, GetStreamRequest(stream: StreamID(.cohort, cohort)), GetStreamReply.self)
    guard let known = stream.state?.cohort else {
      throw CLIError.noSuch("There is no cohort \(cohort.text).")
    }
    let issuer = issuer ?? known.terms.organisation
    var proposals: [Proposal] = []
    let request = CohortRollRequest(cohort: cohort)
    var number = 0
    for try await bytes in client.stream(Method.cohortRoll.rawValue, Codec.encode(request)) {
      for line in try Codec.decode(CohortRollPage.self, from: bytes).lines {
        number += 1
        guard let completion = line.completion, line.credentials.isEmpty else { continue }
        let digits = String(number)
        let text =
          (prefix ?? cohort.text + "/") + String(repeating: "0", count: max(0, 4 - digits.count))
          + digits
        proposals.append(
          Proposal(
            eventID: DerivedID.event("issue", issuer.text, completion.eventID.text),
            stream: StreamID(.credential, DerivedID.key("credential", issuer.text, text)),
            effective: completion.day,
            source: Source(reference: "issued to cohort \(cohort.text)"),
            body: .credential(
              .issued(
                CredentialIssued(
                  holder: line.officer, issuer: issuer, number: text,
                  courses: [known.terms.course], awardedOn: completion.day,
                  validFrom: completion.day, validUntil: validUntil,
                  evidence: [completion.eventID])))))
      }
    }
    guard !proposals.isEmpty else {
      await client.close()
      Output.line("everybody who completed \(cohort.text) has a credential for it")
      return
    }
    try await change.change(proposals, client)
  }
}
