"""The tables that the program reads of its own schema: methods, rules of fields, descriptors."""

from google.protobuf import descriptor_pb2 as d

from schema import F
from spelling import camel, doc, quoted


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


def fields(m):
    """The numbers of a message's fields, by how their values stand in packed bytes."""
    groups = {}
    for f in m.fields:
        if f.is_number:
            kind = f"NumberField where Owner == {m.name}"
        else:
            message = f.target if f.type == F.TYPE_MESSAGE else (f.nested or "").split(".")[-1]
            kind = f"BytesField where Owner == {m.name}, Value == {message or '[UInt8]'}"
        groups.setdefault(kind, []).append(f)
    return "\n".join(f"extension {kind} {{\n" + "".join(
        f"  @inlinable package static var {quoted(camel(f.name))}: Self {{ Self({f.number}) }}\n"
        for f in members) + "}\n" for kind, members in groups.items())


# Of protobuf's own descriptor.proto, what `DescriptorSet` reads.
DESCRIPTOR_FIELDS = (
    (d.FileDescriptorSet, "file"),
    (d.FileDescriptorProto, "message_type", "enum_type"),
    (d.DescriptorProto, "name", "field", "oneof_decl"),
    (d.FieldDescriptorProto, "name", "number", "label", "type", "type_name", "oneof_index"),
    (d.OneofDescriptorProto, "name"),
    (d.EnumDescriptorProto, "name", "value"),
    (d.EnumValueDescriptorProto, "name", "number"),
)


def descriptor_fields():
    out = "/// The numbers of protobuf's own descriptor.proto that `DescriptorSet` reads.\n"
    out += "enum DescriptorFields {\n"
    for message, *names in DESCRIPTOR_FIELDS:
        numbers = message.DESCRIPTOR.fields_by_name
        out += f"  enum {message.DESCRIPTOR.name}: UInt32 {{\n" + "".join(
            f"    case {camel(name)} = {numbers[name].number}\n" for name in names) + "  }\n\n"
    field = d.FieldDescriptorProto
    out += f"  static let labelRepeated: UInt64 = {field.LABEL_REPEATED}\n"
    out += "  /// What a schema calls the types that have no name of their own.\n"
    out += "  static let typeNames: [UInt64: String] = [\n"
    for name, number in sorted(field.Type.items(), key=lambda item: item[1]):
        if name not in ("TYPE_GROUP", "TYPE_MESSAGE", "TYPE_ENUM"):
            out += f'    {number}: "{name.removeprefix("TYPE_").lower()}",\n'
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
