import Access
import ArgumentParser
import Files
import Foundation
import X509

struct KeysDev: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dev",
    abstract: "Make an authority, a server's certificate and a certificate for each principal.",
    discussion: """
      Examples: ujuzi keys dev --out keys
                ujuzi keys dev --out keys --host registry.example \\
                  --principal urn:example:hr=registrar,auditor

      For development only: whoever has the folder is everybody. A registry that is used gets its
      certificates from the state's own authority; the principal is the one URI in a client
      certificate's subjectAltName, and the roles file says what it may do.
      """)

  @Option(help: "The folder to make; none of the files may be there already.")
  var out: String
  @Option(help: "A name or address of the server besides localhost, 127.0.0.1 and ::1; may repeat.")
  var host: [String] = []
  @Option(
    help: ArgumentHelp(
      "A principal and its roles (default: one for each role); may repeat.",
      valueName: "URI=ROLE[,ROLE]"))
  var principal: [PrincipalArgument] = []
  @Option(help: "Days for which the certificates hold.")
  var days = 30

  func run() throws {
    guard (1...3650).contains(days) else { throw CLIError("--days is 1 to 3650.") }
    let hosts = ["localhost", "127.0.0.1", "::1"] + host
    let names = try hosts.map { host in
      guard let name = GeneralName(host: host) else {
        throw CLIError("\(host) is no name or address of a host.")
      }
      return name
    }
    let principals = try Self.named(principal.isEmpty ? PrincipalArgument.defaults : principal)
    let folder = out.count > 1 && out.hasSuffix("/") ? String(out.dropLast()) : out
    try File.makeFolders(folder)
    let pairs = ["ca", "server"] + principals.map(\.name)
    let files = pairs.flatMap { ["\($0).pem", "\($0).key"] } + ["roles.json"]
    if let there = try files.first(where: { try File.isThere(folder + "/" + $0) }) {
      throw CLIError(
        "\(folder)/\(there) is there already: nothing was written. Choose a new folder.")
    }
    let authority = try DevelopmentAuthority(in: folder, days: days)
    try authority.issue("server", for: .server, names)
    for (name, argument) in principals {
      try authority.issue(
        name, for: .client, [.uniformResourceIdentifier(argument.principal.text)])
    }
    try KeyFile.write(Self.rolesFile(principals.map(\.argument)), to: folder + "/roles.json", 0o644)
    Output.line(next(folder, principals, hosts))
  }

  /// What to run with what was made.
  private func next(
    _ folder: String, _ principals: [(name: String, argument: PrincipalArgument)],
    _ hosts: [String]
  ) -> String {
    var lines = [
      "made in \(folder), for development, valid for \(days) day\(days == 1 ? "" : "s"): an "
        + "authority, a server's certificate",
      "(\(hosts.joined(separator: ", "))) and \(principals.count) of clients", "", "to serve:",
      "  ujuzi serve --data ./registry --tls-certificate \(folder)/server.pem \\",
      "    --tls-key \(folder)/server.key --tls-roots \(folder)/ca.pem --roles \(folder)/roles.json",
    ]
    for (name, argument) in principals {
      lines += [
        "", "as \(argument.principal) (\(argument.roles.names.joined(separator: ", "))):",
        "  export UJUZI_TLS_ROOTS=\(folder)/ca.pem UJUZI_TLS_CERTIFICATE=\(folder)/\(name).pem "
          + "UJUZI_TLS_KEY=\(folder)/\(name).key",
      ]
    }
    return lines.joined(separator: "\n")
  }

  /// Files are named after the last word of the URI.
  private static func named(
    _ arguments: [PrincipalArgument]
  ) throws -> [(name: String, argument: PrincipalArgument)] {
    guard Set(arguments.map(\.principal)).count == arguments.count else {
      throw CLIError("A principal is there twice: give all its roles at once, URI=ROLE,ROLE.")
    }
    var taken: Set = ["ca", "server"]
    return arguments.map { argument in
      let last = argument.principal.text.split { ":/?#".contains($0) }.last ?? "client"
      let plain = String(last.map { $0.isLetter || $0.isNumber || "-_".contains($0) ? $0 : "-" })
      var name = plain
      var number = 1
      while !taken.insert(name).inserted {
        number += 1
        name = "\(plain)-\(number)"
      }
      return (name, argument)
    }
  }

  private static func rolesFile(_ principals: [PrincipalArgument]) -> String {
    let rows = principals.map { argument in
      let roles = argument.roles.names.map { "\"\($0)\"" }.joined(separator: ", ")
      return "    \"\(argument.principal)\": [\(roles)]"
    }
    return "{\n  \"principals\": {\n\(rows.joined(separator: ",\n"))\n  }\n}\n"
  }
}

/// URI=ROLE[,ROLE].
struct PrincipalArgument: ExpressibleByArgument {
  var principal: Principal
  var roles: Roles

  static let defaults = Role.allCases.map {
    // sure: a URI, an equals sign and a role
    PrincipalArgument(argument: "urn:ujuzi:dev:\($0.rawValue)=\($0.rawValue)")!
  }

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "="),
      let principal = Principal(String(argument[..<equals])),
      let roles = Roles(
        words: argument[argument.index(after: equals)...].replacingOccurrences(of: ",", with: " ")),
      !roles.isEmpty
    else { return nil }
    self.principal = principal
    self.roles = roles
  }
}

extension GeneralName {
  /// A host as certificates name it: an address by its bytes, all else as a name of the DNS.
  init?(host: String) {
    for (family, length) in [(AF_INET, 4), (AF_INET6, 16)] {
      var bytes = [UInt8](repeating: 0, count: length)
      let read = unsafe bytes.withUnsafeMutableBytes {
        unsafe inet_pton(family, host, $0.baseAddress)
      }
      if read == 1 {
        self = .ipAddress(.init(contentBytes: bytes[...]))
        return
      }
    }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    guard host.utf8.count <= 253,
      labels.allSatisfy({ label in
        (1...63).contains(label.utf8.count)
          && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      })
    else { return nil }
    self = .dnsName(host)
  }
}
