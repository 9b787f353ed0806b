import EventLog
import Failures
import Files
import LMDB
import Projections
import RegistryStorage
import Vault

/// The log's file looked at before LMDB opens it.
enum LogCheck {
  private static let tables: Set<String> = ["events", "sealed", "checkpoints", "meta"]
  private static let olderTables: Set<String> = ["events", "checkpoints", "meta"]

  static let options = PageWalk.Options(
    tables: tables, olderTables: olderTables, contiguousTables: ["events"])

  /// What is damaged, in a sentence; nil when nothing is.
  ///
  /// Its meta pages are always looked at; its pages and rows after a stop that was not clean, and
  /// when the file is not as the last stop left it.
  ///
  /// - Throws: `FolderFailure` where the file does not even say where its pages are.
  static func damage(_ folder: DataFolder) throws -> String? {
    switch try DataFile.state(folder: folder.logPath) {
    case .missing, .empty: return nil
    case .damaged(let problem): throw refusal(folder, problem, mayServe: false)
    case .whole: break
    }
    let mark = try ViewsMark.read(folder.markPath)
    if let mark, mark.state == .clean, let left = mark.logFile,
      left == FileStamp(folder.logPath + "/data.mdb")
    {
      return nil
    }
    let file = try DataFile(folder: folder.logPath)
    defer { file.close() }
    let report = try PageWalk.run(file, options: options)
    return report.isWhole ? nil : report.sentence
  }

  static func refusal(
    _ folder: DataFolder, _ problem: String, mayServe: Bool
  ) -> FolderFailure {
    FolderFailure(
      .other,
      "The log in \(folder.logPath) is damaged: \(problem). Restore a backup of the folder."
        + (mayServe
          ? " Until then `ujuzi serve --despite-damage` answers from what is whole, and records "
            + "nothing."
          : "") + " Nothing was changed.")
  }

  /// Copies every row that is whole into a log beside the damaged one, since LMDB must not be let
  /// at damaged pages.
  static func copyWhole(_ folder: DataFolder, mapSizeBytes: Int) throws -> String {
    let path = folder.path + "/log.readable"
    try? File.removeTree(path)
    _ = try File.makeFolder(path)
    let file = try DataFile(folder: folder.logPath)
    defer { file.close() }
    let copy = try Environment(
      folder: path,
      options: .init(
        tables: ["meta"], integerTables: ["events", "sealed", "checkpoints"],
        durability: .unsynced, mapSizeBytes: mapSizeBytes, rowChecksums: true))
    defer { copy.close() }
    var waiting: (name: String, rows: RowBuffer) = ("", RowBuffer())
    func write() throws {
      guard waiting.rows.count > 0 else { return }
      try copy.write { try $0.put(copy.table(waiting.name), waiting.rows) }
      waiting.rows.removeAll()
    }
    do {
      _ = try PageWalk.run(file, options: options) { table, key, value in
        guard tables.contains(table) else { return }
        if table != waiting.name || waiting.rows.byteCount > 8 << 20 {
          try write()
          waiting.name = table
        }
        waiting.rows.add(key, value)
      }
      try write()
    } catch {
      // Half of a copy would be taken for all that is whole.
      try? File.removeTree(path)
      throw error
    }
    return path
  }
}

/// The views' file looked at before LMDB opens it.
enum ViewsCheck {
  /// Why they cannot be used; nil when they can.
  ///
  /// - Parameter always: look at every page, however they were left.
  /// - Throws: `CancellationError` where the start is to end.
  static func problem(
    _ path: String, _ mark: ViewsMark?, always: Bool = false
  ) throws(CancellationError) -> String? {
    do {
      switch try DataFile.state(folder: path) {
      case .missing: return "there are none"
      case .empty: return "their file is empty"
      case .damaged(let problem): return "they are damaged: \(problem)"
      case .whole: break
      }
      if !always, let mark, mark.state == .clean, let left = mark.viewsFile,
        left == FileStamp(path + "/data.mdb")
      {
        return nil
      }
      let file = try DataFile(folder: path)
      defer { file.close() }
      let report = try PageWalk.run(file, options: .init(tables: Set(Views.tableNames)))
      return report.isWhole ? nil : "they are damaged: \(report.sentence)"
    } catch let error as CancellationError {
      throw error
    } catch {
      return "they cannot be read: \(ErrorSentence.of(error))"
    }
  }
}
