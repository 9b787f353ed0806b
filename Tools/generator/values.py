"""The Swift values: a struct a message, an enum for what is one choice and nothing else."""

from schema import F, Enum
from spelling import camel, doc, quoted


def declared(f):
    if f.repeated:
        return f"KeyedList<{f.base}>" if f.keyed else f"[{f.base}]"
    return f.base + ("?" if f.oneof is None and f.boxed and not f.required else "")


def initial(f):
    if f.repeated:
        return " = []"
    if f.required:
        return ""
    if f.boxed:
        return " = nil"
    return {"Bool": " = false", "String": ' = ""', "[UInt8]": " = []"}.get(f.base, " = 0")


def emit(item):
    if isinstance(item, Enum):
        return emit_enum(item)
    return emit_choice(item) if item.is_enum else emit_struct(item)


def emit_enum(e):
    def case(name):
        return camel(name.removeprefix(e.prefix))

    out = doc(e.comment) + f"public enum {e.name}: UInt32, CaseIterable, Sendable {{\n"
    for number, name, comment in e.values:
        if number:
            out += doc(comment, "  ") + f"  case {quoted(case(name))} = {number}\n"
    out += "\n  /// The value's name in the schema, in lower case without its prefix.\n"
    out += "  public var name: String {\n    switch self {\n"
    for number, name, _ in e.values:
        if number:
            out += f'    case .{case(name)}: "{name.removeprefix(e.prefix).lower()}"\n'
    return out + "    }\n  }\n}\n"


def emit_choice(m):
    members = m.oneofs[0][1]
    out = doc(m.comment) + f"public enum {m.name}: Hashable, Sendable {{\n"
    for f in members:
        out += doc(f.comment, "  ") + f"  case {quoted(camel(f.name))}({f.base})\n"
    out += "\n  /// The member's name in the schema.\n"
    out += "  public var name: String {\n    switch self {\n"
    for f in members:
        out += f'    case .{camel(f.name)}: "{f.name}"\n'
    return out + "    }\n  }\n}\n"


def emit_struct(m):
    out = doc(m.comment) + f"public struct {m.name}: Hashable, Sendable {{\n"
    parameters, nested = [], ""
    for what, entry in m.entries():
        comment, start = "", " = nil"
        if what == "field":
            name, kind, start, comment = entry.name, declared(entry), initial(entry), entry.comment
        elif what == "single":
            name, kind, comment = entry[1].name, entry[1].base + "?", entry[1].comment
        else:
            name, members, required = entry
            title = camel(name, upper=True)
            kind, start = (title, "") if required else (title + "?", start)
            nested += f"\n  public enum {title}: Hashable, Sendable {{\n"
            for f in members:
                nested += doc(f.comment, "    ") + f"    case {quoted(camel(f.name))}({f.base})\n"
            nested += "  }\n"
        swift = camel(name)
        out += doc(comment, "  ") + f"  public var {quoted(swift)}: {kind}\n"
        parameters.append((swift, kind + start))
    out += nested
    out += "\n  public init(" + ", ".join(f"{n}: {kind}" for n, kind in parameters) + ") {\n"
    for name, _ in parameters:
        out += f"    self.{name} = {quoted(name)}\n"
    return out + "  }\n}\n"
