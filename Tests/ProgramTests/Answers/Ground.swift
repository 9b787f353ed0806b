import Foundation
import Testing

/// A registry with the public cases and four made-up officers, as many tests of the program ask it.
///
/// a has a good certificate, A1; of b's, B1, the completion that it rests on was voided; c's, C1,
/// was revoked; d's, D1, is as a's. Nobody has C2.
enum Ground {
  static let samples: String = {
    var folder = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { folder.deleteLastPathComponent() }
    return folder.appendingPathComponent("Tools/samples").path
  }()

  /// The completion that b's certificate rests on.
  static let completion = "00000000-0000-4000-8000-00000000000b"

  private static func person(_ id: String, _ number: Int) -> String {
    """
    {"stream":"officer/\(id)","effective":"2022-01-01","officer":{"registered":{"posting":{"organisation":"moict","position":"clerk","county":"nairobi"}}},"personal":{"name":"Example \(id)","identifiers":[{"scheme":"pn","value":"\(number)"}]}}
    {"event_id":"00000000-0000-4000-8000-00000000000\(id)","stream":"enrolment/\(id)","effective":"2022-06-30","source":{"system":"lms"},"enrolment":{"completed":{"seat":{"officer":"\(id)","cohort":"cyber-2022-1"},"result":"passed"}}}
    {"event_id":"00000000-0000-4000-8000-0000000000c\(id)","stream":"credential/\(id)1","effective":"2022-07-01","credential":{"issued":{"holder":"\(id)","issuer":"heta","number":"\(id.uppercased())1","courses":["cyber-basics"],"awarded_on":"2022-07-01","valid_from":"2022-07-01","evidence":["00000000-0000-4000-8000-00000000000\(id)"]}}}

    """
  }

  static let lines =
    person("a", 1) + person("b", 2) + person("c", 3) + person("d", 4) + """
      {"stream":"enrolment/b","effective":"2022-06-30","voided":{},"corrects":"\(completion)","reason":"fraud"}
      {"stream":"credential/c1","effective":"2022-08-01","reason":"fraud","credential":{"revoked":{}}}
      {"stream":"mandate/ai","effective":"2022-01-01","mandate":{"issued":{"terms":{"title":"For everybody","issuer":"moict","population":{"steps":[{"organisation":"moict"}]},"courses":["cyber-basics"],"deadline":"2022-12-31"}}}}

      """

  /// A server that has all of it.
  static func serve() throws -> Program {
    let program = try Program()
    try program.serve()
    let cases = try program.run("record", samples + "/cases.jsonl", "--quiet")
    try #require(cases.status == 0, "\(cases)")
    let file = program.folder + "/ground.jsonl"
    try lines.write(toFile: file, atomically: true, encoding: .utf8)
    let recorded = try program.run("record", file, "--quiet")
    try #require(recorded.status == 0, "\(recorded)")
    return program
  }
}
