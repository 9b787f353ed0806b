"""Swift values for the messages of Protos/, and their conversions to protobuf-c's structs.

usage: swift_values.py SCHEMA.ds PLAIN.ds OUT PROTOS

SCHEMA.ds has the custom options and the comments, PLAIN.ds neither (it is what Describe gives).
events.proto and states.proto become values of the target Registry, the others of Messages.
A number once given to a field, a method or an enum's value stays: Protos/schema.lock holds them.
"""

import os
import sys

from google.protobuf import descriptor_pb2 as d

F = d.FieldDescriptorProto
SCALARS = {
    F.TYPE_UINT32: "UInt32", F.TYPE_UINT64: "UInt64", F.TYPE_INT32: "Int32",
    F.TYPE_INT64: "Int64", F.TYPE_BOOL: "Bool", F.TYPE_STRING: "String", F.TYPE_BYTES: "[UInt8]",
}
WORDS = {"in", "is", "as", "for", "case", "default", "public", "return", "self", "where", "by_"}


def options(message):
    """The custom options of a field or method: {number: value}."""
    raw, at, found = message.SerializeToString(), 0, {}

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = raw[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(raw):
        key = varint()
        if key & 7 == 2:
            length = varint()
            found[key >> 3] = raw[at:at + length].decode()
            at += length
        else:
            found[key >> 3] = varint()
    return found


def camel(name, upper=False):
    parts = name.lower().split("_")
    out = [p if i == 0 and not upper else p[:1].upper() + p[1:] for i, p in enumerate(parts)]
    text = "".join("ID" if p == "Id" and i else p for i, p in enumerate(out))
    return text


def quoted(name):
    return f"`{name}`" if name in WORDS else name


# protoc-c adds an underscore to members that are words of C or C++.
C_WORDS = {"signed", "register", "default", "class", "new", "template", "operator", "union"}


def member(name):
    return name + "_" if name in C_WORDS else quoted(name)


def doc(text, indent=""):
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    lines = [line for line in lines if line != "(required oneof)"]
    return "".join(f"{indent}/// {line}\n" for line in lines)


class Field:
    def __init__(self, schema, proto, comment):
        o = options(proto.options)
        self.name, self.number, self.type = proto.name, proto.number, proto.type
        self.swift = camel(proto.name)
        self.kind, self.required = o.get(50001), bool(o.get(50002))
        self.min, self.max, self.max_items = o.get(50003), o.get(50004), o.get(50005)
        self.nested = o.get(50006)
        self.repeated = proto.label == F.LABEL_REPEATED
        self.oneof = proto.oneof_index if proto.HasField("oneof_index") else None
        self.target = proto.type_name.split(".")[-1] if proto.type_name else None
        self.comment = comment
        if self.kind in ("day",) and proto.type != F.TYPE_UINT32:
            raise SystemExit(f"{self.name}: a day is a uint32")

    @property
    def base(self):
        """The Swift type of one value."""
        if self.kind == "day":
            return "Day"
        if self.kind in ("id", "code"):
            return "Identifier"
        if self.kind == "stream":
            return "StreamID"
        if self.kind == "event_id":
            return "EventID"
        if self.type in (F.TYPE_MESSAGE, F.TYPE_ENUM):
            return self.target
        return SCALARS[self.type]

    @property
    def boxed(self):
        """Whether absence is not a value of the type itself."""
        return self.base in ("Day", "Identifier", "StreamID", "EventID") or self.type in (
            F.TYPE_MESSAGE, F.TYPE_ENUM)

    @property
    def declared(self):
        if self.repeated:
            return f"[{self.base}]"
        if self.oneof is not None:
            return self.base
        return self.base + ("?" if self.boxed and not self.required else "")

    @property
    def initial(self):
        if self.repeated:
            return " = []"
        if self.boxed:
            return "" if self.required else " = nil"
        if self.required:
            return ""
        return {"Bool": " = false", "String": ' = ""', "[UInt8]": " = []"}.get(self.base, " = 0")


class Message:
    def __init__(self, schema, proto, comment, comments, path):
        self.name, self.comment = proto.name, comment
        self.fields = [Field(schema, f, comments.get(path + (2, i), ""))
                       for i, f in enumerate(proto.field)]
        self.oneofs = []
        for i, o in enumerate(proto.oneof_decl):
            members = [f for f in self.fields if f.oneof == i]
            lead = comments.get(path + (8, i), "")
            self.oneofs.append((o.name, members, "(required oneof)" in lead, lead))
        plain = [f for f in self.fields if f.oneof is None]
        self.is_enum = (not plain and len(self.oneofs) == 1 and
                        (len(self.oneofs[0][1]) > 1 or self.oneofs[0][0] == "kind"))
        self.c = "Ujuzi__V1__" + self.name
        # protobuf-c spells names in snake case, one underscore before each capital.
        snake = "".join("_" + c.lower() if c.isupper() else c for c in self.name).lstrip("_")
        self.lower = "ujuzi__v1__" + snake
        self.upper = "UJUZI__V1__" + snake.upper()

    def entries(self):
        """Fields and multi-member oneofs in the schema's order."""
        seen = set()
        for f in self.fields:
            if f.oneof is None:
                yield "field", f
            elif f.oneof not in seen:
                seen.add(f.oneof)
                name, members, required, lead = self.oneofs[f.oneof]
                if len(members) == 1:
                    yield "single", (name, members[0])
                else:
                    yield "oneof", (name, members, required)


class Schema:
    def __init__(self, raw):
        self.set = d.FileDescriptorSet.FromString(raw)
        self.files, self.enums, self.messages, self.services = {}, {}, {}, []
        for file in self.set.file:
            if file.package != "ujuzi.v1":
                continue
            comments = {tuple(l.path): l.leading_comments for l in file.source_code_info.location
                        if l.leading_comments}
            base = os.path.basename(file.name)[:-6]
            items = []
            for i, e in enumerate(file.enum_type):
                self.enums[e.name] = (e, comments.get((5, i), ""), comments, (5, i))
                items.append(("enum", e.name))
            for i, m in enumerate(file.message_type):
                message = Message(self, m, comments.get((4, i), ""), comments, (4, i))
                self.messages[m.name] = message
                items.append(("message", m.name))
            self.files[base] = items
            for i, s in enumerate(file.service):
                for j, m in enumerate(s.method):
                    self.services.append((s.name, m, options(m.options),
                                          comments.get((6, i, 2, j), "")))


def enum_case(enum, value):
    prefix = "".join("_" + c if c.isupper() else c.upper() for c in enum).lstrip("_") + "_"
    return camel(value.removeprefix(prefix))


def emit_enum(schema, name):
    proto, comment, comments, path = schema.enums[name]
    out = doc(comment) + f"public enum {name}: UInt32, CaseIterable, Sendable {{\n"
    for i, v in enumerate(proto.value):
        if v.number == 0:
            continue
        out += doc(comments.get(path + (2, i), ""), "  ")
        out += f"  case {quoted(enum_case(name, v.name))} = {v.number}\n"
    prefix = "".join("_" + c if c.isupper() else c.upper() for c in name).lstrip("_") + "_"
    out += "\n  /// The value's name in the schema, in lower case without its prefix.\n"
    out += "  public var name: String {\n    switch self {\n"
    for v in proto.value:
        if v.number:
            word = v.name.removeprefix(prefix).lower()
            out += f'    case .{enum_case(name, v.name)}: "{word}"\n'
    return out + "    }\n  }\n}\n"


def emit_value(schema, m):
    if m.is_enum:
        name, members, _, _ = m.oneofs[0]
        out = doc(m.comment) + f"public enum {m.name}: Hashable, Sendable {{\n"
        for f in members:
            out += doc(f.comment, "  ") + f"  case {quoted(f.swift)}({f.base})\n"
        out += "\n  /// The member's name in the schema.\n"
        out += "  public var name: String {\n    switch self {\n"
        for f in members:
            out += f'    case .{f.swift}: "{f.name}"\n'
        return out + "    }\n  }\n}\n"
    out = doc(m.comment) + f"public struct {m.name}: Hashable, Sendable {{\n"
    parameters, assigns = [], []
    for what, entry in m.entries():
        if what == "field":
            f = entry
            out += doc(f.comment, "  ") + f"  public var {quoted(f.swift)}: {f.declared}\n"
            parameters.append((not f.initial, f"{f.swift}: {f.declared}{f.initial}"))
            assigns.append(f.swift)
        elif what == "single":
            f = entry[1]
            out += doc(f.comment, "  ") + f"  public var {quoted(f.swift)}: {f.base}?\n"
            parameters.append((False, f"{f.swift}: {f.base}? = nil"))
            assigns.append(f.swift)
        else:
            name, members, required = entry
            type_name = camel(name, upper=True)
            mark = "" if required else "?"
            out += f"  public var {quoted(camel(name))}: {type_name}{mark}\n"
            parameters.append((required,
                               f"{camel(name)}: {type_name}{mark}{'' if required else ' = nil'}"))
            assigns.append(camel(name))
    for what, entry in m.entries():
        if what == "oneof":
            name, members, _ = entry
            out += f"\n  public enum {camel(name, upper=True)}: Hashable, Sendable {{\n"
            for f in members:
                out += doc(f.comment, "    ") + f"    case {quoted(f.swift)}({f.base})\n"
            out += "  }\n"
    out += "\n  public init(" + ", ".join(p for _, p in parameters) + ") {\n"
    for a in assigns:
        out += f"    self.{a} = {quoted(a)}\n"
    return out + "  }\n}\n"


def limits(f):
    parts = []
    if f.min is not None:
        parts.append(f"min: {f.min}")
    if f.max is not None:
        parts.append(f"max: {f.max}")
    return (", " + ", ".join(parts)) if parts else ""


def element(f, c):
    """The Swift expression that decodes one value from the C expression."""
    where = f'"{f.name}"'
    if f.kind == "day":
        return f"try Field.day({c}, {where})"
    if f.kind in ("id", "code"):
        return f"try Field.identifier({c}, {where})"
    if f.kind == "stream":
        return f"try Field.stream({c}, {where})"
    if f.kind == "event_id":
        return f"try Field.eventID({c}, {where})"
    if f.kind == "sha256":
        return f"try Field.digest({c}, {where})"
    if f.type == F.TYPE_MESSAGE:
        return f"try Field.message({f.target}.self, {c}, {where})"
    if f.type == F.TYPE_ENUM:
        return f"try Field.named({f.target}.self, {c}.rawValue, {where})"
    if f.type == F.TYPE_STRING:
        return f"try Field.string({c}, {where}{limits(f)})"
    if f.type == F.TYPE_BYTES:
        return f"try Field.bytes({c}, {where}{limits(f)})"
    if f.type == F.TYPE_BOOL:
        return f"({c} != 0)"
    return f"try Field.number({c}, {where}{limits(f)})"


def decode_field(f):
    c = "c." + member(f.name)
    where = f'"{f.name}"'
    if f.repeated:
        most = f", maxItems: {f.max_items}" if f.max_items is not None else ""
        return (f"try Field.list(c.n_{f.name}, {c}, {where}{most}) {{ "
                f"(value) throws(Refusal) in {one(f, 'value')} }}")
    if f.boxed:
        need = "required" if f.required else "optional"
        if f.kind == "day":
            return f"try Field.{need}(Field.day({c}, {where}), {where})"
        if f.kind in ("id", "code"):
            return f"try Field.{need}(Field.identifier({c}, {where}), {where})"
        if f.kind == "stream":
            return f"try Field.{need}(Field.stream({c}, {where}), {where})"
        if f.kind == "event_id":
            return f"try Field.{need}(Field.eventID({c}, {where}), {where})"
        if f.type == F.TYPE_MESSAGE:
            return f"try Field.{need}(Field.message({f.target}.self, {c}, {where}), {where})"
        return f"try Field.{need}(Field.named({f.target}.self, {c}.rawValue, {where}), {where})"
    if f.kind == "sha256" and not f.required:
        return f"try Field.digest({c}, {where})"
    if f.required:
        return f"try Field.present({element(f, c)}, {where})"
    return element(f, c)


def one(f, c):
    """A oneof's member, which is present, so that a boxed value must be one."""
    where = f'"{f.name}"'
    text = element(f, c)
    if f.kind == "sha256":
        return text
    if f.boxed:
        inner = text.removeprefix("try ")
        return f"try Field.required({inner}, {where})"
    return text


def store(f, value):
    """The Swift expression for the C value of one Swift value."""
    if f.kind == "day":
        return f"{value}.number"
    if f.kind in ("id", "code", "stream"):
        return f"arena.bytes({value}.text)"
    if f.kind == "event_id":
        return f"arena.bytes({value}.bytes)"
    if f.type == F.TYPE_MESSAGE:
        return f"arena.message({value})"
    if f.type == F.TYPE_ENUM:
        return f"Ujuzi__V1__{f.target}(rawValue: {value}.rawValue)"
    if f.type == F.TYPE_STRING:
        return f"arena.string({value})"
    if f.type == F.TYPE_BYTES:
        return f"arena.bytes({value})"
    if f.type == F.TYPE_BOOL:
        return f"{value} ? 1 : 0"
    return value


def case_constant(m, oneof, member):
    return f"{m.upper}__{oneof.upper()}_{member.upper()}"


def emit_conversion(schema, m):
    out = f"extension {m.name}: Message {{\n"
    out += ("  public nonisolated(unsafe) static let descriptor = Descriptor.address { (c: inout "
            f"{m.c}) in\n    {m.lower}__init(&c)\n    return c.base\n  }}\n\n")
    out += f"  public init(_ c: {m.c}) throws(Refusal) {{\n"
    arguments = []
    body = ""
    if m.is_enum:
        name, members, _, _ = m.oneofs[0]
        body += f"    switch c.{name}_case {{\n"
        for f in members:
            body += f"    case {case_constant(m, name, f.name)}:\n"
            body += f"      self = .{f.swift}({one(f, 'c.' + member(f.name))})\n"
        body += f'    default: throw Refusal(missing: "{name}")\n    }}\n'
    else:
        for what, entry in m.entries():
            if what == "field":
                body += f"    let {quoted(entry.swift)} = {decode_field(entry)}\n"
                arguments.append(entry.swift)
            elif what == "single":
                name, f = entry
                constant = case_constant(m, name, f.name)
                arguments.append(f.swift)
                body += (f"    let {quoted(f.swift)} = c.{name}_case == {constant}\n"
                         f"      ? {one(f, 'c.' + member(f.name))} : nil\n")
            else:
                name, members, required = entry
                target = quoted(camel(name))
                arguments.append(camel(name))
                body += (f"    let {target}: {m.name}.{camel(name, upper=True)}"
                         f"{'' if required else '?'}\n")
                body += f"    switch c.{name}_case {{\n"
                for f in members:
                    body += f"    case {case_constant(m, name, f.name)}:\n"
                    body += f"      {target} = .{f.swift}({one(f, 'c.' + member(f.name))})\n"
                if required:
                    body += f'    default: throw Refusal(missing: "{name}")\n    }}\n'
                else:
                    body += f"    default: {target} = nil\n    }}\n"
        body += "    self.init(" + ", ".join(f"{a}: {quoted(a)}" for a in arguments) + ")\n"
    out += body + "  }\n\n"
    out += f"  public func store(into c: inout {m.c}, _ arena: Arena) {{\n"
    out += f"    {m.lower}__init(&c)\n"
    if m.is_enum:
        name, members, _, _ = m.oneofs[0]
        out += "    switch self {\n"
        for f in members:
            out += f"    case .{f.swift}(let value):\n"
            out += f"      c.{name}_case = {case_constant(m, name, f.name)}\n"
            out += f"      c.{member(f.name)} = {store(f, 'value')}\n"
        out += "    }\n"
    else:
        for what, entry in m.entries():
            if what == "field":
                f = entry
                name, swift = member(f.name), "self." + f.swift
                if f.repeated:
                    out += f"    c.n_{f.name} = {swift}.count\n"
                    out += f"    c.{name} = arena.list({swift}) {{ {store(f, '$0')} }}\n"
                elif f.boxed and not f.required:
                    out += f"    if let value = {swift} {{ c.{name} = {store(f, 'value')} }}\n"
                elif f.type == F.TYPE_STRING:
                    out += f"    if !{swift}.isEmpty {{ c.{name} = {store(f, swift)} }}\n"
                else:
                    out += f"    c.{name} = {store(f, swift)}\n"
            elif what == "single":
                name, f = entry
                out += f"    if let value = self.{f.swift} {{\n"
                out += f"      c.{name}_case = {case_constant(m, name, f.name)}\n"
                out += f"      c.{member(f.name)} = {store(f, 'value')}\n    }}\n"
            else:
                name, members, required = entry
                out += f"    switch self.{camel(name)} {{\n"
                for f in members:
                    out += f"    case .{f.swift}(let value):\n"
                    out += f"      c.{name}_case = {case_constant(m, name, f.name)}\n"
                    out += f"      c.{member(f.name)} = {store(f, 'value')}\n"
                if not required:
                    out += "    case nil: break\n"
                out += "    }\n"
    return out + "  }\n}\n"


HEAD = "// Generated by Tools/generate-messages from Protos/. Do not edit.\n\n"


def emit_methods(schema):
    out = HEAD + "/// The calls of the protocol, by their numbers.\n"
    out += "public enum Method: UInt32, CaseIterable, Sendable {\n"
    for service, m, o, comment in schema.services:
        out += doc(comment, "  ") + f"  case {camel_first(m.name)} = {o[50001]}\n"
    out += "\n  public var name: String {\n    switch self {\n"
    for service, m, o, _ in schema.services:
        out += f'    case .{camel_first(m.name)}: "{service}.{m.name}"\n'
    out += "    }\n  }\n\n  public var shape: MethodShape {\n    switch self {\n"
    for service, m, o, _ in schema.services:
        out += f"    case .{camel_first(m.name)}: .{camel(o[50002])}\n"
    out += "    }\n  }\n\n  /// The names of the request and of the reply.\n"
    out += "  public var messages: (request: String, reply: String) {\n    switch self {\n"
    for service, m, o, _ in schema.services:
        request, reply = m.input_type.split(".")[-1], m.output_type.split(".")[-1]
        out += f'    case .{camel_first(m.name)}: ("{request}", "{reply}")\n'
    return out + "    }\n  }\n}\n"


def camel_first(name):
    return name[:1].lower() + name[1:]


def emit_schema(schema, plain):
    out = HEAD + "import CMessages\nimport Registry\n\nextension Schema {\n"
    out += "  /// What a field's type does not say, by message and field.\n"
    out += "  static let kinds: [String: FieldKind] = [\n"
    for m in schema.messages.values():
        for f in m.fields:
            if f.nested:
                out += f'    "{m.name}.{f.name}": .nested("{f.nested.split(".")[-1]}"),\n'
            elif f.kind:
                name = {"event_id": "eventID", "sha256": "bytes"}.get(f.kind, f.kind)
                if name in ("id", "code", "stream"):
                    name = "text"
                out += f'    "{m.name}.{f.name}": .{name},\n'
    for name, m in schema.messages.items():
        if name == "Recorded":
            out += '    "Recorded.actor": .text,\n'
    out += "  ]\n\n  /// Every message by its name.\n"
    out += ("  static let descriptors: [String: Descriptor] = [\n")
    for m in schema.messages.values():
        out += f'    "{m.name}": Descriptor({m.name}.descriptor),\n'
    out += "  ]\n}\n"
    text = HEAD + "extension Schema {\n"
    text += "  /// The schema as a serialised google.protobuf.FileDescriptorSet, in hexadecimal.\n"
    text += '  static let descriptorSetHex = """\n'
    hexed = plain.hex()
    lines = [hexed[at:at + 92] for at in range(0, len(hexed), 92)]
    text += "\\\n".join("    " + line for line in lines)
    return out, text + '\n    """\n}\n'


def lock(schema):
    lines = []
    for m in schema.messages.values():
        lines += [f"{m.name}.{f.number} {f.name}" for f in m.fields]
    for name, (e, *_) in schema.enums.items():
        lines += [f"{name}={v.number} {v.name}" for v in e.value]
    lines += [f"method {o[50001]} {s}.{m.name}" for s, m, o, _ in schema.services]
    return sorted(lines)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)


def main():
    schema = Schema(open(sys.argv[1], "rb").read())
    plain, out, protos = open(sys.argv[2], "rb").read(), sys.argv[3], sys.argv[4]
    now, path = lock(schema), os.path.join(protos, "schema.lock")
    if os.path.exists(path):
        names = {line.rsplit(" ", 1)[0]: line for line in now}
        for line in open(path).read().splitlines():
            key = line.rsplit(" ", 1)[0]
            if key in names and names[key] != line:
                raise SystemExit(f"schema.lock: {line} became {names[key]}: numbers are frozen")
    write(os.path.join(out, "Protos/schema.lock"), "\n".join(now) + "\n")

    for base, items in schema.files.items():
        if base == "options":
            continue
        registry = base in ("events", "states")
        title = base.capitalize()
        target = "Registry" if registry else "Messages"
        groups = [items[i:i + 40] for i in range(0, len(items), 40)]
        for n, group in enumerate(groups):
            tail = "" if len(groups) == 1 else str(n + 1)
            values = HEAD + ("" if registry else "import Registry\n\n")
            code = HEAD + "import CMessages\nimport Registry\n\n"
            for what, name in group:
                if what == "enum":
                    values += emit_enum(schema, name) + "\n"
                else:
                    values += emit_value(schema, schema.messages[name]) + "\n"
                    code += emit_conversion(schema, schema.messages[name]) + "\n"
            write(f"{out}/Sources/{target}/Generated/{title}{tail}.swift", values)
            write(f"{out}/Sources/Messages/Generated/{title}{tail}+C.swift", code)
    write(f"{out}/Sources/Messages/Generated/Method.swift", emit_methods(schema))
    kinds, raw = emit_schema(schema, plain)
    write(f"{out}/Sources/Messages/Generated/Schema+Kinds.swift", kinds)
    write(f"{out}/Sources/Messages/Generated/Schema+Set.swift", raw)


main()
