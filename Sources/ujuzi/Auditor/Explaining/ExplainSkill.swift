import ArgumentParser
import Messages

struct ExplainSkill: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skill", abstract: "A skill of an officer's profile.",
    discussion: "Example: ujuzi explain skill 7f3c2a… digcomp-2.2/4.1")

  @Argument(help: "The officer's id, or SCHEME:VALUE.") var officer: WhoArgument
  @Argument(help: "FRAMEWORK/CODE.") var skill: String
  @OptionGroup var explain: ExplainOptions

  func run() async throws {
    let wanted = try Find.parse(skill)
    let asked = try await officer.resolved(
      explain.options, on: explain.on, at: explain.atPosition)
    let question = SkillQuestion(
      officer: asked, framework: wanted.framework, skill: wanted.skill)
    try await explain.explain(.skill(question)) { level in
      level == 0 ? "not held" : "adds up to level \(level)"
    }
  }
}
