import ArgumentParser
import Messages
import UjuziClient

/// The schema, as the server has it.
struct DescribeVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "What the server's methods are, and their messages.",
    discussion: """
      Examples: ujuzi describe
                ujuzi describe Registry.GetProfile
                ujuzi describe GetProfileRequest
      """)

  @Argument(help: "A method, a message or an enum; nothing: every method.")
  var name: String?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let client = try await options.connect()
    let answer = try await client.call(Method.describe.rawValue, Codec.encode(DescribeRequest()))
    await client.close()
    let reply = try Codec.decode(DescribeReply.self, from: answer)
    if options.json, name == nil {
      return Output.line(try JSONMapping.text(of: "DescribeReply", answer).text)
    }
    let set = try DescriptorSet(reply.descriptorSet)
    Output.line(try Self.text(name, reply.methods, set))
    if reply.descriptorSet != Schema.descriptorSet {
      Output.error(
        "ujuzi: the server's schema is not this program's: `call` knows this program's only")
    }
  }

  static func text(
    _ name: String?, _ methods: [MethodLine], _ set: DescriptorSet
  ) throws -> String {
    guard let name else {
      return Output.table(
        ["number", "method", "shape", "revision", "roles", "messages"],
        methods.sorted { $0.number < $1.number }.map {
          [
            "\($0.number)", $0.name, $0.shape, "\($0.revision)", $0.roles,
            "\($0.request) -> \($0.reply)",
          ]
        })
    }
    if let method = methods.first(where: {
      $0.name.lowercased() == name.lowercased() || "\($0.number)" == name
    }) {
      let messages = [method.request, method.reply].compactMap { wanted in
        set.messages.first { $0.name == wanted }
      }
      let head =
        "method \(method.name) = \(method.number), \(method.shape), revision \(method.revision), "
        + "for \(method.roles.replacing(" ", with: ", "))"
      return ([head] + messages.map(text)).joined(separator: "\n\n")
    }
    if let message = set.messages.first(where: { $0.name.lowercased() == name.lowercased() }) {
      return text(message)
    }
    if let found = set.enumerations.first(where: { $0.name.lowercased() == name.lowercased() }) {
      let values = found.values.map { "  \($0.name) = \($0.number)" }
      return (["enum \(found.name) {"] + values + ["}"]).joined(separator: "\n")
    }
    throw CLIError.noSuch(
      "method, message or enum", name,
      among: methods.map(\.name) + set.messages.map(\.name) + set.enumerations.map(\.name))
  }

  private static func text(_ message: DescriptorSet.Composite) -> String {
    var lines = ["message \(message.name) {"]
    var oneof: String?
    for field in message.fields {
      if field.oneof != oneof {
        if oneof != nil { lines.append("  }") }
        if let opened = field.oneof { lines.append("  oneof \(opened) {") }
        oneof = field.oneof
      }
      lines.append("\(oneof == nil ? "  " : "    ")\(field.type) \(field.name) = \(field.number)")
    }
    if oneof != nil { lines.append("  }") }
    return (lines + ["}"]).joined(separator: "\n")
  }
}
