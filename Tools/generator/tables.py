"""The tables that the program reads of its own schema: methods, rules of fields, descriptors."""

from spelling import doc


def methods(schema):
    out = "/// The calls of the protocol, by their numbers.\n"
    out += "public enum Method: UInt32, CaseIterable, Sendable {\n"
    for m in schema.methods:
        out += doc(m.comment, "  ") + f"  case {m.swift} = {m.number}\n"

    def table(head, value):
        rows = "".join(f"    case .{m.swift}: {value(m)}\n" for m in schema.methods)
        return f"\n{head} {{\n    switch self {{\n{rows}    }}\n  }}\n"

    out += table("  public var name: String", lambda m: f'"{m.service}.{m.name}"')
    shapes = {"on_loop": "onLoop"}
    out += table("  public var shape: MethodShape",
                 lambda m: "." + shapes.get(m.shape, m.shape))
    out += table("  /// Of its messages and meaning.\n  public var revision: UInt32",
                 lambda m: m.revision)
    out += table("  /// Whose principals may call it: words, as `Role` spells them.\n"
                 "  public var roles: String", lambda m: f'"{" ".join(m.roles)}"')
    out += table("  /// The names of the request and of the reply.\n"
                 "  public var messages: (request: String, reply: String)",
                 lambda m: f'("{m.request}", "{m.reply}")')
    return out + "}\n"


CALL_THROWS = '''  /// - Throws: `CallStatus` when the server said no, `ConnectionFailure` when it is not there or went
  ///   away, `CancellationError` when the task was cancelled, `DecodeFailure` where the answer is not
  ///   what the schema says.
'''


def client(schema):
    """The typed calls of the Swift client: what answers once on anything that calls, streams on the
    client, which makes its connection again."""
    def head(m):
        text = doc(m.comment, "  ") or f"  /// Calls `{m.service}.{m.name}`.\n"
        return text + f"  ///\n  /// May be called by: {', '.join(m.roles)}.\n  ///\n"

    once = streams = ""
    for m in schema.methods:
        if m.shape == "exchange":
            continue
        if m.shape == "stream":
            streams += "\n" + head(m) + "  /// The stream throws as its iterator's `next` says.\n"
            streams += (f"  public func {m.swift}(\n    _ request: {m.request}, "
                        f"_ options: CallOptions = .init(timeoutMs: 0)\n"
                        f"  ) -> ReplyStream<{m.reply}> {{\n"
                        f"    replies(.{m.swift}, request, options)\n  }}\n")
        else:
            once += "\n" + head(m) + CALL_THROWS
            once += (f"  public func {m.swift}(\n    _ request: {m.request}, "
                     f"_ options: CallOptions = .init()\n"
                     f"  ) async throws -> {m.reply} {{\n"
                     f"    try await ask(.{m.swift}, request, {m.reply}.self, options)\n  }}\n")
    return ("extension RPCCaller {" + once + "}\n\n"
            "extension RegistryClient {" + streams + "}\n")


KINDS = {"day": "day", "id": "identifier", "code": "identifier", "stream": "stream",
         "event_id": "eventID", "sha256": "sha256"}


def rule(m, f):
    # The actor is text that the server writes, with a principal's wider alphabet.
    kind = "text" if (m.name, f.name) == ("Recorded", "actor") else KINDS.get(f.kind)
    parts = [f".{kind}"] if kind else []
    if f.nested:
        parts = [f'.nested("{f.nested.split(".")[-1]}")']
    if f.required:
        parts.append("required: true")
    for name, value in (("min", f.min), ("max", f.max), ("maxItems", f.max_items)):
        if value is not None:
            parts.append(f"{name}: {value}")
    return ", ".join(parts)


def rules(schema):
    out = "extension Schema {\n  /// What a field's type does not say, by message and field.\n"
    out += "  static let rules: [String: FieldRule] = [\n"
    for m in schema.messages.values():
        for f in m.fields:
            if rule(m, f):
                out += f'    "{m.name}.{f.name}": FieldRule({rule(m, f)}),\n'
    out += "  ]\n\n  /// The messages of which one choice must be made, by message and choice.\n"
    out += "  static let choices: Set<String> = [\n"
    for m in schema.messages.values():
        for name, _, required in m.oneofs:
            if required or m.is_enum:
                out += f'    "{m.name}.{name}",\n'
    return out + "  ]\n}\n"


def messages(schema):
    out = "extension Schema {\n  /// Every message, in the schema's order.\n"
    out += "  public static let messages: [any Message.Type] = [\n"
    for m in schema.messages.values():
        out += f"    {m.name}.self,\n"
    return out + "  ]\n}\n"


def descriptor_set(plain):
    text = "extension Schema {\n"
    text += "  /// The schema as a serialised google.protobuf.FileDescriptorSet, in hexadecimal.\n"
    text += '  static let descriptorSetHex = """\n'
    hexed = plain.hex()
    lines = [hexed[at:at + 92] for at in range(0, len(hexed), 92)]
    return text + "\\\n".join("    " + line for line in lines) + '\n    """\n}\n'


def header(schema):
    """CMessages.h: everything, and each descriptor's own address, which Swift cannot take."""
    out = "// Generated by Tools/generate-messages from Protos/. Do not edit.\n#pragma once\n"
    out += "#include <string.h>\n#include <protobuf-c/protobuf-c.h>\n"
    for base in sorted(schema.files):
        if base != "options":
            out += f'#include "ujuzi/v1/{base}.pb-c.h"\n'
    out += "\n// A Swift global would be looked up behind a lock at every use.\n"
    for m in schema.messages.values():
        out += (f"static inline const ProtobufCMessageDescriptor *_Nonnull {m.lower}__described"
                f"(void) {{\n  return &{m.lower}__descriptor;\n}}\n")
    return out
