import Failures
import NIOCore
import NIOSSL
import Wire

/// The files with which a client proves who it is, and knows the server. All are PEM.
///
/// They are read at each connection, so that a certificate that was renewed is used at the next.
public struct ClientTLS: Hashable, Sendable {
  /// The authorities whose server certificates are believed.
  public var roots: String
  /// The client's certificate, whose one URI name is the principal, and those between it and a
  /// root that the server has.
  public var certificate: String
  public var key: String

  public init(roots: String, certificate: String, key: String) {
    self.roots = roots
    self.certificate = certificate
    self.key = key
  }

  /// What the files hold, once read.
  struct Loaded: Sendable {
    var context: NIOSSLContext
    var own: NIOSSLCertificate
    var roots: [CertificateNames]
  }

  func load() throws(ConnectionFailure) -> Loaded {
    let chain = try Self.certificates(certificate)
    let key: NIOSSLPrivateKey
    do { key = try NIOSSLPrivateKey(file: self.key, format: .pem) } catch {
      throw ConnectionFailure(
        sentence: "\(self.key) cannot be read, or holds no private key in PEM.",
        mayRetry: false, cause: Cause(error))
    }
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv13
    configuration.applicationProtocols = [Protocol.alpn]
    let roots = try Self.certificates(roots)
    configuration.trustRoots = .certificates(roots)
    configuration.certificateChain = chain.map { .certificate($0) }
    configuration.privateKey = .privateKey(key)
    do {
      return Loaded(
        context: try NIOSSLContext(configuration: configuration), own: chain[0],
        roots: roots.map(CertificateNames.init))
    } catch {
      throw ConnectionFailure(
        sentence: "The key in \(self.key) is not that of the certificate in \(certificate).",
        mayRetry: false, cause: Cause(error))
    }
  }

  private static func certificates(
    _ path: String
  ) throws(ConnectionFailure) -> [NIOSSLCertificate] {
    let none = "\(path) cannot be read, or holds no certificate in PEM."
    do {
      let all = try NIOSSLCertificate.fromPEMFile(path)
      if !all.isEmpty { return all }
    } catch {
      throw ConnectionFailure(sentence: none, mayRetry: false, cause: Cause(error))
    }
    throw ConnectionFailure(sentence: none, mayRetry: false)
  }
}

extension ClientTLS.Loaded {
  /// What a connection with TLS begins with.
  func handlers(host: String) throws -> [any ChannelHandler] {
    // An address has no place in SNI; the certificate is then held against the socket's address.
    let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
    return [
      try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host),
      TLSErrorMapper(host: host, own: own, roots: roots),
    ]
  }
}

extension CertificateNames {
  /// The common names, or the whole names of an authority that has none.
  init(_ certificate: NIOSSLCertificate) {
    func text(_ name: [SSLCertificateName]) -> String {
      let common = name.filter { $0.type == .commonName }
      return String(
        (common.isEmpty ? name : common).map(\.value).joined(separator: ", ").prefix(200))
    }
    self.init(subject: text(certificate.subjectName), issuer: text(certificate.issuerName))
  }
}
