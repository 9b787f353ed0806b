"""Between the Swift values and protobuf-c's structs, with the checks that the options ask for."""

from schema import F
from spelling import camel, member, quoted


def limits(f):
    out = f", min: {f.min}" if f.min is not None else ""
    out += f", max: {f.max}" if f.max is not None else ""
    return out + ", trust" if out else ""


def element(f, c):
    """The Swift expression that takes one value from the C expression, without `try`."""
    where = f'"{f.name}"'
    door = {"day": "day", "id": "identifier", "code": "identifier", "stream": "stream",
            "event_id": "eventID", "sha256": "digest"}.get(f.kind)
    if door:
        return f"Field.{door}({c}, {where})"
    if f.type == F.TYPE_MESSAGE:
        return f"Field.message({f.target}.self, {c}, {where}, trust)"
    if f.type == F.TYPE_ENUM:
        return f"Field.named({f.target}.self, {c}.rawValue, {where})"
    if f.type == F.TYPE_BOOL:
        return f"({c} != 0)"
    door = {F.TYPE_STRING: "string", F.TYPE_BYTES: "bytes"}.get(f.type, "number")
    return f"Field.{door}({c}, {where}{limits(f)})"


def take_present(f, c):
    """A member of a oneof or an item of a list: there, so that a boxed value must be one."""
    where, text = f'"{f.name}"', element(f, c)
    if f.type == F.TYPE_BOOL:
        return text
    if f.boxed:
        return f"try Field.required({text}, {where})"
    return f"try Field.present({text}, {where})" if f.kind == "sha256" else f"try {text}"


def take(f):
    """A plain field."""
    where, c = f'"{f.name}"', "c." + member(f.name)
    if f.repeated:
        most = f", maxItems: {f.max_items}, trust" if f.max_items is not None else ""
        return (f"try Field.list(c.n_{f.name}, {c}, {where}{most}) {{ "
                f"(value) throws(DecodeFailure) in {take_present(f, 'value')} }}")
    text = element(f, c)
    if f.type == F.TYPE_BOOL:
        return text
    if f.boxed:
        return f"try Field.{'required' if f.required else 'optional'}({text}, {where})"
    # Both throw: one `try` covers them.
    return f"try Field.present({text}, {where})" if f.required else f"try {text}"


def store(f, value):
    """The Swift expression for the C value of one Swift value."""
    if f.kind == "day":
        return f"{value}.number"
    if f.kind in ("id", "code", "stream", "event_id"):
        return f"arena.bytes({value})"
    return {
        F.TYPE_MESSAGE: f"arena.message({value})", F.TYPE_STRING: f"arena.string({value})",
        F.TYPE_ENUM: f"Ujuzi__V1__{f.target}(rawValue: {value}.rawValue)",
        F.TYPE_BYTES: f"arena.bytes({value})", F.TYPE_BOOL: f"{value} ? 1 : 0",
    }.get(f.type, value)


def emit(m):
    out = f"extension {m.name}: Message {{\n"
    out += "  public static var descriptor: UnsafePointer<ProtobufCMessageDescriptor> {\n"
    out += f"    {m.lower}__described()\n  }}\n\n"
    out += f"  public init(_ c: {m.c}, _ trust: Trust) throws(DecodeFailure) {{\n"
    out += (init_choice if m.is_enum else init_struct)(m) + "  }\n\n"
    out += f"  public func store(into c: inout {m.c}, _ arena: Arena) {{\n"
    out += f"    {m.lower}__init(&c)\n"
    out += (store_choice if m.is_enum else store_struct)(m)
    return out + "  }\n}\n"


def constant(m, oneof, f):
    return f"{m.upper}__{oneof.upper()}_{f.name.upper()}"


def init_cases(m, oneof, members, target, call):
    out = f"    switch c.{oneof}_case {{\n"
    for f in members:
        out += f"    case {constant(m, oneof, f)}:\n"
        out += f"      {target} = .{camel(f.name)}({take_present(f, 'c.' + member(f.name))})\n"
    return out + f"    default: {call}\n    }}\n"


def missing_choice(name, members):
    fields = ", ".join(f'"{f.name}"' for f in members)
    return f'throw DecodeFailure(missing: "{name}", oneOf: [{fields}])'


def init_choice(m):
    name, members, _ = m.oneofs[0]
    return init_cases(m, name, members, "self", missing_choice(name, members))


def init_struct(m):
    out, arguments = "", []
    keyed = {camel(f.name) for f in m.fields if f.keyed}
    for what, entry in m.entries():
        if what == "field":
            arguments.append(camel(entry.name))
            out += f"    let {quoted(camel(entry.name))} = {take(entry)}\n"
        elif what == "single":
            name, f = entry
            arguments.append(camel(f.name))
            out += (f"    let {quoted(camel(f.name))} = c.{name}_case == {constant(m, name, f)}\n"
                    f"      ? {take_present(f, 'c.' + member(f.name))} : nil\n")
        else:
            name, members, required = entry
            target = quoted(camel(name))
            arguments.append(camel(name))
            out += (f"    let {target}: {m.name}.{camel(name, upper=True)}"
                    f"{'' if required else '?'}\n")
            call = missing_choice(name, members) if required else f"{target} = nil"
            out += init_cases(m, name, members, target, call)
    given = [f"{a}: " + (f"KeyedList({quoted(a)})" if a in keyed else quoted(a))
             for a in arguments]
    return out + "    self.init(" + ", ".join(given) + ")\n"


def store_cases(m, oneof, members):
    out = ""
    for f in members:
        out += f"    case .{camel(f.name)}(let value):\n"
        out += f"      c.{oneof}_case = {constant(m, oneof, f)}\n"
        out += f"      c.{member(f.name)} = {store(f, 'value')}\n"
    return out


def store_choice(m):
    name, members, _ = m.oneofs[0]
    return "    switch self {\n" + store_cases(m, name, members) + "    }\n"


def store_struct(m):
    out = ""
    for what, entry in m.entries():
        if what == "field":
            f = entry
            name, swift = member(f.name), "self." + camel(f.name)
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
            out += f"    if let value = self.{camel(f.name)} {{\n"
            out += f"      c.{name}_case = {constant(m, name, f)}\n"
            out += f"      c.{member(f.name)} = {store(f, 'value')}\n    }}\n"
        else:
            name, members, required = entry
            out += f"    switch self.{camel(name)} {{\n" + store_cases(m, name, members)
            out += ("" if required else "    case nil: break\n") + "    }\n"
    return out
