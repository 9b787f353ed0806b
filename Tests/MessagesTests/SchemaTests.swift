import Testing

@testable import Messages

@Suite struct SchemaTests {
  @Test func `Methods have the numbers that are frozen`() {
    // By hand, from what clients were told.
    let numbers: [(Method, UInt32, String, MethodShape)] = [
      (.check, 1, "Health.Check", .onLoop), (.describe, 2, "Health.Describe", .deferred),
      (.record, 16, "Registrar.Record", .deferred),
      (.verifyCredential, 32, "Registry.VerifyCredential", .onLoop),
      (.findOfficers, 37, "Registry.FindOfficers", .stream),
      (.readLog, 64, "Audit.ReadLog", .stream),
    ]
    for (method, number, name, shape) in numbers {
      #expect(method.rawValue == number)
      #expect(method.name == name)
      #expect(method.shape == shape)
    }
    #expect(Method(rawValue: 0) == nil)
  }

  @Test func `Every method's messages are in the schema`() {
    let names = Set(Schema.messages.map { $0.name })
    for method in Method.allCases {
      #expect(names.contains(method.messages.request), "\(method.name)")
      #expect(names.contains(method.messages.reply), "\(method.name)")
    }
  }

  @Test func `The descriptor set holds every file, and no option of ours`() throws {
    let set = Schema.descriptorSet
    var files: [String] = []
    var at = 0
    while at < set.count {
      let rest = set[at...]
      let file = try #require(find(1, in: Array(rest)))
      let bytes = Array(rest.dropFirst(file.lowerBound).prefix(file.count))
      files.append(
        String(decoding: bytes[try #require(find(1, in: bytes))], as: UTF8.self))
      at += file.upperBound
    }
    #expect(
      files.sorted() == ["events", "services", "states", "wire"].map { "ujuzi/v1/\($0).proto" })
    #expect(!String(decoding: set, as: UTF8.self).contains("options.proto"))
  }

  @Test func `Rules and choices are of fields that are there`() throws {
    var fields: Set<String> = []
    var names: Set<String> = []
    for type in Schema.messages {
      names.insert(type.name)
      for field in try MessageLayout.named(type.name).fields {
        fields.insert("\(type.name).\(field.name)")
        if case .nested(let inner) = field.rule.kind { _ = try MessageLayout.named(inner) }
      }
    }
    #expect(Set(Schema.rules.keys).isSubset(of: fields))
    #expect(Schema.choices.allSatisfy { names.contains(String($0.prefix { $0 != "." })) })
  }
}
