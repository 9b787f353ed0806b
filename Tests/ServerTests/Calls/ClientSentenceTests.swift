import Foundation
import LMDB
import Messages
import Queries
import Recording
import RegistryStorage
import Server
import Testing
import Vault
import Wire

/// Clients are told what went wrong, and neither where it lies on the server nor how an error prints
/// that has no words of its own.
struct ClientSentenceTests {
  @Test func `Of a path the part of the registry is left that it leads to`() {
    let rows: [(String, String)] = [
      (
        "committing to /srv/ujuzi/data/log: the disk is full; nothing was written.",
        "committing to log: the disk is full; nothing was written."
      ),
      ("opening /srv/data/views/31/data.mdb", "opening views/31/data.mdb"),
      (
        "The file /home/k/r/vault/officers cannot be read.",
        "The file vault/officers cannot be read."
      ),
      ("The vault in /a/b/vault/vault is older.", "The vault in vault is older."),
      ("It is in (/var/lib/x/roles.json).", "It is in (roles.json)."),
      ("Put back /mnt/disk/log.", "Put back log."),
      ("path=/etc/ujuzi/key, and \"/x/y/views.mark\"", "path=key, and \"views.mark\""),
      // What is no path of a file stays.
      ("There is no skill ict/cloud in credential/k1 on 1/2/2022.", "="),
      ("3 / 4 of them, and/or all", "="),
      ("", "="), ("/", "="), ("a /", "="),
    ]
    for (sentence, expected) in rows {
      #expect(
        ClientSentence.withoutPaths(sentence) == (expected == "=" ? sentence : expected),
        "\(sentence)")
    }
  }

  @Test func `No failure of the store, the vault or a file tells a client a path or a dump`() {
    let folder = "/srv/ujuzi/secret-place/data"
    let kinds: [StoreFailure.Kind] = [
      .mapFull, .diskFull, .permission, .corrupt, .damagedFile("it is cut off"),
      .corruptRow(table: "heads", row: "key \"officer/a\""), .fatal, .readersFull, .notFound,
      .other(5),
    ]
    var failures: [any Error] = kinds.map { StoreFailure($0, doing: "opening \(folder)/views/2") }
    failures.append(VaultFailure(.io, "The file \(folder)/vault/officers cannot be read: why."))
    failures.append(Strange(problem: "\(folder)/log", deeper: .init(code: 7)))
    failures.append(CocoaError(.fileReadNoSuchFile, userInfo: [NSFilePathErrorKey: folder]))
    for failure in failures {
      let sentences = [
        CallStatus(of: failure).sentence, ClientSentence.of(failure),
        RecordFailure.notRecorded("\(failure)", mayRetry: true).sentence,
        RecordFailure.closed("\(failure)").sentence,
      ]
      for (at, sentence) in sentences.enumerated() {
        #expect(!sentence.contains("secret-place"), "\(sentence)")
        // What records is given sentences already.
        if at < 2 { #expect(!sentence.contains(/\w+\(\w+:/), "\(sentence)") }
      }
    }
  }

  private struct Strange: Error {
    struct Deeper { var code: Int }
    var problem: String
    var deeper: Deeper
  }
}
