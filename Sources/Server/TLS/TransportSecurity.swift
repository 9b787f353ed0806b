import Access
import Failures
import Files
import Foundation
import Locking
import Logging
import NIOCore
import NIOSSL
import Wire

/// The files with which a server speaks TLS, and who may do what. All but the last are PEM.
package struct ServerTLS: Hashable, Sendable {
  /// The server's certificate, and those between it and a root that clients have.
  package var certificate: String
  package var key: String
  /// The authorities whose client certificates are taken.
  package var roots: String
  /// See `Grants.init(rolesFile:)`.
  package var roles: String
  /// Milliseconds between two looks at the files.
  package var lookEveryMs: Int64 = 2_000

  package init(certificate: String, key: String, roots: String, roles: String) {
    self.certificate = certificate
    self.key = key
    self.roots = roots
    self.roles = roles
  }
}

/// Why a TLS file is not put in force.
struct TLSFileFailure: ExplainedError, Hashable {
  var sentence: String
  /// What the system, BoringSSL or the reader of the roles answered.
  var cause: Cause?
}

/// What is in force of a server's TLS files.
///
/// The files are compared by their bytes: a time of change may be too coarse, and a link may lead
/// to another file. The certificate, its key and the roots are taken together; the roles by
/// themselves, so that a mistake in one leaves the other its way.
final class TransportSecurity: Sendable {
  private struct Credentials: Equatable {
    var certificate: [UInt8]
    var key: [UInt8]
    var roots: [UInt8]
  }

  private struct State {
    var credentials: Credentials
    var context: NIOSSLContext
    var roots: [CertificateNames]
    var roles: [UInt8]
    var grants: Grants
    /// What was last said of files that are not in force, so that it is said once.
    var troubles: [Part: TLSFileFailure] = [:]
  }

  private enum Part: String { case credentials, roles }

  private let files: ServerTLS
  private let logger: Logger
  private let state: Mutex<State>
  /// One look at a time, so that what was read first is not put in force last.
  private let looking = Mutex(())

  /// - Throws: `ListenFailure` when there is nothing that may be put in force.
  init(_ files: ServerTLS, logger: Logger, now: Int64) throws(ListenFailure) {
    self.files = files
    self.logger = logger
    do throws(TLSFileFailure) {
      let credentials = try Self.credentials(files)
      let roles = try Self.read(files.roles)
      let (context, roots) = try Self.context(credentials, files, now: now)
      state = Mutex(
        State(
          credentials: credentials, context: context, roots: roots, roles: roles,
          grants: try Self.grants(roles, files)))
      warn(of: roots)
    } catch {
      throw ListenFailure(sentence: error.sentence, cause: error.cause)
    }
  }

  var lookEveryMs: Int64 { files.lookEveryMs }
  /// For the next connection.
  var context: NIOSSLContext { state.withLock { $0.context } }
  /// The authorities of clients' certificates.
  var roots: [CertificateNames] { state.withLock { $0.roots } }
  var grants: Grants { state.withLock { $0.grants } }

  /// Reads the files and puts in force what changed and is whole; the rest stays as it was, and
  /// the log says why. Blocks.
  func look(now: Int64) {
    looking.withLock { _ in
      lookAtCredentials(now: now)
      lookAtRoles()
    }
  }

  private func lookAtCredentials(now: Int64) {
    attempt(.credentials) { () throws(TLSFileFailure) in
      let credentials = try Self.credentials(files)
      guard credentials != state.withLock({ $0.credentials }) else { return false }
      let (context, roots) = try Self.context(credentials, files, now: now)
      state.withLock {
        ($0.credentials, $0.context, $0.roots) = (credentials, context, roots)
      }
      warn(of: roots)
      return true
    }
  }

  /// A file of intermediates alone lets nobody in: said before somebody is turned away.
  private func warn(of roots: [CertificateNames]) {
    guard let first = roots.first, !roots.contains(where: \.isSelfSigned) else { return }
    logger.warning(
      """
      no client will be let in: \(files.roots) holds no authority that has signed itself; that \
      which signed \(first.subject), \(first.issuer), is missing: add its certificate
      """)
  }

  private func lookAtRoles() {
    attempt(.roles) { () throws(TLSFileFailure) in
      let roles = try Self.read(files.roles)
      guard roles != state.withLock({ $0.roles }) else { return false }
      let grants = try Self.grants(roles, files)
      state.withLock { ($0.roles, $0.grants) = (roles, grants) }
      return true
    }
  }

  private func attempt(_ part: Part, _ take: () throws(TLSFileFailure) -> Bool) {
    do throws(TLSFileFailure) {
      let taken = try take()
      state.withLock { $0.troubles[part] = nil }
      if taken { logger.notice("new \(part.rawValue) are in force") }
    } catch {
      let isNew = state.withLock { $0.troubles.updateValue(error, forKey: part) != error }
      guard isNew else { return }
      logger.error(
        "the \(part.rawValue) stay as they were: \(ErrorSentence.withCauses(of: error))",
        metadata: ["part": "\(part.rawValue)"])
    }
  }

  // MARK: reading

  private static func read(_ path: String) throws(TLSFileFailure) -> [UInt8] {
    do throws(FileFailure) {
      return try File.contents(of: path)
    } catch {
      throw TLSFileFailure(
        sentence: "\(path) cannot be read: \(error.reason).", cause: Cause(error))
    }
  }

  private static func credentials(_ files: ServerTLS) throws(TLSFileFailure) -> Credentials {
    Credentials(
      certificate: try read(files.certificate), key: try read(files.key),
      roots: try read(files.roots))
  }

  private static func grants(_ bytes: [UInt8], _ files: ServerTLS) throws(TLSFileFailure) -> Grants
  {
    do throws(RolesFileError) {
      return try Grants(rolesFile: bytes)
    } catch {
      throw TLSFileFailure(sentence: "\(files.roles), \(error.sentence)", cause: Cause(error))
    }
  }

  private static func context(
    _ credentials: Credentials, _ files: ServerTLS, now: Int64
  ) throws(TLSFileFailure) -> (NIOSSLContext, roots: [CertificateNames]) {
    let chain = try certificates(credentials.certificate, files.certificate)
    let (from, until) = (Int64(chain[0].notValidBefore), Int64(chain[0].notValidAfter))
    guard from <= now else {
      throw TLSFileFailure(
        sentence:
          "\(files.certificate): the certificate is not valid before \(WallClock.text(from))."
      )
    }
    guard now <= until else {
      throw TLSFileFailure(
        sentence: "\(files.certificate): the certificate expired on \(WallClock.text(until)).")
    }
    let key: NIOSSLPrivateKey
    do { key = try NIOSSLPrivateKey(bytes: credentials.key, format: .pem) } catch {
      throw TLSFileFailure(
        sentence: "\(files.key) holds no private key in PEM.", cause: Cause(error))
    }
    let roots = try certificates(credentials.roots, files.roots)
    var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key),
      trustRoots: .certificates(roots))
    configuration.minimumTLSVersion = .tlsv13
    configuration.applicationProtocols = [Protocol.alpn]
    do {
      return (try NIOSSLContext(configuration: configuration), roots.map(CertificateNames.init))
    } catch {
      throw TLSFileFailure(
        sentence: "the key in \(files.key) is not that of the certificate in \(files.certificate).",
        cause: Cause(error))
    }
  }

  private static func certificates(
    _ bytes: [UInt8], _ path: String
  ) throws(TLSFileFailure) -> [NIOSSLCertificate] {
    let none = "\(path) holds no certificate in PEM."
    do {
      let all = try NIOSSLCertificate.fromPEMBytes(bytes)
      if !all.isEmpty { return all }
    } catch {
      throw TLSFileFailure(sentence: none, cause: Cause(error))
    }
    throw TLSFileFailure(sentence: none)
  }
}

/// Seconds since 1970: certificates have days of the calendar.
package enum WallClock {
  package static let now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

  static func text(_ seconds: Int64) -> String {
    Date(timeIntervalSince1970: Double(seconds)).ISO8601Format()
  }
}
