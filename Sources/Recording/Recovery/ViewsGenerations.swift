import EventLog
import Files
import Registry
import RegistryStorage

/// The generations of the views: folders of `views/` that are named by numbers, and the one that
/// `views.current` names. What that file holds is taken for a number or for nothing, never for a
/// path.
struct ViewsGenerations {
  private let folder: DataFolder
  /// The one in use; nil where there is none.
  let current: Int?
  /// Why there is none, where `views.current` holds something else.
  let problem: String?

  private var pointerPath: String { folder.path + "/views.current" }

  init(_ folder: DataFolder) throws(FileFailure) {
    self.folder = folder
    let content = try File.contentsIfThere(of: folder.path + "/views.current")
    current = content.flatMap { Self.number($0) }
    problem = content != nil && current == nil ? "views.current names no generation" : nil
  }

  /// A number of a generation: decimal, without zeroes before it, and far from the end of numbers.
  static func number(_ text: some Sequence<UInt8>) -> Int? {
    let text = Array(text)
    let isDecimal = text.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    guard isDecimal, (1...15).contains(text.count), text[0] != UInt8(ascii: "0") else { return nil }
    return Int(String(decoding: text, as: UTF8.self))
  }

  func path(of number: Int) -> String { "\(folder.viewsPath)/\(number)" }

  private var all: [Int] {
    let names = (try? File.names(in: folder.viewsPath)) ?? []
    return names.compactMap { Self.number($0.utf8) }
  }

  /// One that was never used.
  var next: Int { max(all.max() ?? 0, current ?? 0) + 1 }

  /// Up to where a generation was computed by a rebuild; what came later was added as it was
  /// recorded. Zero where there is no note of it.
  func computedTo(_ number: Int) throws(FileFailure) -> LogPosition {
    try File.contentsIfThere(of: notePath(number)).flatMap { Self.number($0) }.map(UInt64.init) ?? 0
  }

  /// Notes that a generation was computed by a rebuild, before it is used.
  func note(_ number: Int, computedTo position: LogPosition) throws(FileFailure) {
    guard position > 0 else { return }
    try File.replace(notePath(number), with: Array(String(position).utf8))
  }

  private func notePath(_ number: Int) -> String { path(of: number) + "/computed" }

  /// Takes away one that is not used after all.
  func drop(_ number: Int) {
    precondition(number != current)
    try? File.removeTree(path(of: number))
  }

  /// Makes one the one in use; the others go.
  func use(_ number: Int) throws {
    try File.replace(pointerPath, with: Array(String(number).utf8))
    for other in all where other != number {
      try? File.removeTree(path(of: other))
    }
  }
}
