import ArgumentParser
import Foundation
import Messages

struct StatusVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "What the server holds and how it is.", discussion: "Example: ujuzi status")

  @OptionGroup var options: ServerOptions

  func run() async throws {
    _ = try await options.ask(.status, StatusRequest(), StatusReply.self) { reply in
      """
      health       \(reply.serving.map { HealthVerb.words($0, "", reply.servingDetail) } ?? "unknown")
      version      \(reply.version)
      registry     \(reply.jurisdiction.isEmpty ? "not established" : reply.jurisdiction)
      events       \(reply.events)
      officers     \(reply.officers)
      credentials  \(reply.credentials)
      log          \(reply.logBytes / 1024) KiB
      views        \(reply.viewsBytes / 1024) KiB, \(reply.viewsState)
      disks        \(Self.disks(reply.disks))
      connections  \(reply.connections)
      batches      \(reply.batches)
      up           \(reply.uptimeMs / 1000) s
      scrub        \(Self.scrub(reply.scrub))
      """
        + (reply.damagedKeys == 0
          ? ""
          : "\nkeys         of \(reply.damagedKeys) officers are damaged or missing: ask exceptions "
            + "--kind key_damaged")
    }
  }

  private static func disks(_ disks: [DiskLine]) -> String {
    guard !disks.isEmpty else { return "unknown" }
    return disks.map { disk in
      let (free, total) = (disk.freeBytes, disk.totalBytes)
      return "\(mib(free)) of \(mib(total)) free (\(disk.parts))"
    }.joined(separator: ", ")
  }

  private static func mib(_ bytes: UInt64) -> String {
    bytes >> 30 >= 10 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
  }

  /// How the stored data was read again, and what was found.
  static func scrub(_ scrub: ScrubStatus?) -> String {
    guard let scrub else { return "none" }
    var words: [String] = []
    if scrub.running {
      words.append("reading \(scrub.reading), \(scrub.bytes >> 20) MiB so far")
    }
    if scrub.rounds > 0 {
      let finished = Date(timeIntervalSince1970: Double(scrub.finishedAtMs) / 1000)
      words.append("\(scrub.rounds) done, the last at \(finished.formatted(.iso8601))")
    }
    if scrub.bytesPerSecond > 0 {
      words.append("\(scrub.bytesPerSecond >> 20) MiB/s while it reads")
    }
    if words.isEmpty { words.append("not begun") }
    words.append(
      scrub.findings.isEmpty
        ? "no damage found" : "DAMAGE: \(scrub.findings.joined(separator: "; "))")
    if !scrub.notCompared.isEmpty {
      words.append(
        "changed too fast to be compared: \(scrub.notCompared.joined(separator: " "))")
    }
    return words.joined(separator: ", ")
  }
}
