import ArgumentParser
import Foundation
import Imports
import Messages
import Registry

struct Submit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Submit an officer's paper from elsewhere; its digest is kept, never the file.",
    discussion: """
      Example: ujuzi submit degree.pdf --officer pn:2022-000001 --kind degree --title 'BSc' --yes
               ujuzi submit ai.pdf --officer pn:RW-0211 --kind certificate --course ai-foundations \\
                 --awarded-on 2025-12-28 --assessment unproctored --yes

      Sending the same file for the same officer again changes nothing.
      """)

  @Argument(help: "The paper's file.") var file: String
  @Option(help: "The officer's id, or SCHEME:VALUE.") var officer: WhoArgument
  @Option(help: "certificate, degree, transcript or other.") var kind = "certificate"
  @Option(help: "What it is called.") var title = ""
  @Option(name: .customLong("issued-by"), help: "Who issued it, as it says.") var issuedBy = ""
  @Option(help: "FRAMEWORK/CODE>=LEVEL that it attests; may be repeated.") var skill: [String] = []
  @Option(help: "A course of the registry that it certifies; may be repeated.")
  var course: [Identifier] = []
  @Option(name: .customLong("awarded-on"), help: "The day of its award.", transform: Day.argument)
  var awardedOn: Day?
  @Option(name: .customLong("valid-until"), help: "Its last day.", transform: Day.argument)
  var validUntil: Day?
  @Option(help: "How it was assessed, as it says, such as proctored.") var assessment: String?
  @Option(help: "The day on which it was submitted (default: today).", transform: Day.argument)
  var on: Day?
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    let digest = try Digest.sha256(file: file)
    let paperKind = try CLIError.named(kind, "kind of paper", SubmissionKind.allCases, \.name)
    let mode = try assessment.map {
      try CLIError.named($0, "assessment", AssessmentMode.allCases, \.name)
    }
    let holder = try await officer.resolved(change.options, on: on)
    let text = Hex.text(digest)
    let paper = Paper(
      officer: holder, submissionKind: paperKind, document: digest, issuer: issuedBy,
      title: title, skills: try skill.map(Find.parse), awardedOn: awardedOn,
      validUntil: validUntil, courses: course, assessment: mode)
    let client = try await change.options.connect()
    let proposal = Proposal(
      eventID: DerivedID.event("submit", holder.text, text),
      stream: StreamID(.submission, DerivedID.key("submission", holder.text, text)),
      effective: try await client.day(on),
      source: Source(reference: (file as NSString).lastPathComponent),
      body: .submission(.submitted(SubmissionSubmitted(paper: paper))))
    try await change.change([proposal], client)
    if change.yes { Output.line("submission/\(proposal.stream.key.text), document \(text)") }
  }
}
