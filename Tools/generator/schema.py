"""The messages of Protos/ as the generator sees them, and the rules that they keep.

What protoc-c 1.4.1 cannot do, or what the guard and the conversions take for granted, is refused
here, with the place and what to do.
"""

import os

from google.protobuf import descriptor_pb2 as d

F = d.FieldDescriptorProto
PACKAGE = "ujuzi.v1"
SCALARS = {
    F.TYPE_UINT32: "UInt32", F.TYPE_UINT64: "UInt64", F.TYPE_INT32: "Int32",
    F.TYPE_INT64: "Int64", F.TYPE_BOOL: "Bool", F.TYPE_STRING: "String", F.TYPE_BYTES: "[UInt8]",
}
# What a kind is written on.
KINDS = {
    "day": F.TYPE_UINT32, "id": F.TYPE_BYTES, "code": F.TYPE_BYTES, "stream": F.TYPE_BYTES,
    "event_id": F.TYPE_BYTES, "sha256": F.TYPE_BYTES,
}
SHAPES = ("on_loop", "deferred", "stream", "exchange")
ROLES = frozenset(("agency", "auditor", "registrar"))
# What the validator has room for (FieldSet in MessageValidator.swift).
FIELDS_MAX = 256
SIGNED = (50003, 50004, 50005)


def refuse(where, what):
    raise SystemExit(f"generate-messages: {where}: {what}")


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
            value = varint()
            if key >> 3 in SIGNED and value >= 1 << 63:
                value -= 1 << 64
            found[key >> 3] = value
    return found


# Lists of states that grow with their streams: `KeyedList` in Registry, where each element is found
# by its key and a changed copy shares the rest.
KEYED = {
    "Establishment.requirements", "Establishment.settled", "Establishment.categories",
    "Framework.skills",
    "Framework.crosswalks", "Agreement.targets", "Agreement.target_claims",
    "Agreement.result_claims", "Agreement.aggregates",
}


class Field:
    def __init__(self, owner, proto, comment):
        o = options(proto.options)
        self.where = f"{owner}.{proto.name}"
        self.name, self.number, self.type = proto.name, proto.number, proto.type
        self.kind, self.required = o.get(50001), bool(o.get(50002))
        self.min, self.max, self.max_items = o.get(50003), o.get(50004), o.get(50005)
        self.nested = o.get(50006)
        self.repeated = proto.label == F.LABEL_REPEATED
        self.oneof = proto.oneof_index if proto.HasField("oneof_index") else None
        self.target = proto.type_name.split(".")[-1] if proto.type_name else None
        self.keyed = self.where in KEYED
        self.comment = comment
        self.check(proto)

    def check(self, proto):
        if proto.proto3_optional:
            refuse(self.where, "protoc-c has no `optional`; use a oneof of one member")
        if self.target is None and self.type not in SCALARS:
            refuse(self.where, "is of a type that no value has yet: add it to SCALARS")
        if self.kind is not None and self.kind not in KINDS:
            refuse(self.where, f"has the kind {self.kind}; there are {', '.join(KINDS)}")
        if self.kind is not None and self.type != KINDS[self.kind]:
            refuse(self.where, f"a {self.kind} is {'a uint32' if self.kind == 'day' else 'bytes'}")
        if self.nested and (self.type != F.TYPE_BYTES or self.kind):
            refuse(self.where, "only bytes of no other kind carry a nested message")
        if self.max_items is not None and not self.repeated:
            refuse(self.where, "max_items is for repeated fields")
        if self.required and (self.repeated or self.oneof is not None):
            refuse(self.where, "only a plain field can be required")
        if self.required and not self.boxed and self.base not in ("String", "[UInt8]"):
            refuse(self.where, "a number's zero is a value: use (min), or a oneof of one member")
        if (self.min is not None or self.max is not None) and (
                self.kind or self.target or self.type == F.TYPE_BOOL):
            refuse(self.where, "min and max are for numbers, strings and bytes of no kind")

    @property
    def base(self):
        """The Swift type of one value."""
        if self.kind in ("day", "id", "code", "stream", "event_id"):
            return {"day": "Day", "stream": "StreamID", "event_id": "EventID"}.get(
                self.kind, "Identifier")
        return self.target or SCALARS[self.type]

    @property
    def is_number(self):
        """Whether it stands as a varint; a list of numbers is packed, so that it does not."""
        return not self.repeated and (self.type == F.TYPE_ENUM or
                                      self.base in ("UInt32", "UInt64", "Int32", "Int64", "Bool")
                                      or self.kind == "day")

    @property
    def boxed(self):
        """Whether absence is not a value of the type itself."""
        return self.target is not None or self.base in ("Day", "Identifier", "StreamID", "EventID")


class Message:
    def __init__(self, proto, comments, path):
        self.name, self.comment = proto.name, comments.get(path, "")
        self.reserved = [(r.start, r.end) for r in proto.reserved_range]
        self.fields = [Field(self.name, f, comments.get(path + (2, i), ""))
                       for i, f in enumerate(proto.field)]
        # (name, members, whether one must be there)
        self.oneofs = [
            (o.name, [f for f in self.fields if f.oneof == i],
             "(required oneof)" in comments.get(path + (8, i), ""))
            for i, o in enumerate(proto.oneof_decl)]
        self.oneof_comments = [comments.get(path + (8, i), "")
                               for i in range(len(proto.oneof_decl))]
        plain = [f for f in self.fields if f.oneof is None]
        # One choice and nothing else. A life cycle with one event yet is one too.
        self.is_enum = (not plain and len(self.oneofs) == 1 and
                        (len(self.oneofs[0][1]) > 1 or self.oneofs[0][0] == "kind"))
        self.c = "Ujuzi__V1__" + self.name
        # protobuf-c spells names in snake case, one underscore before each capital.
        snake = "".join("_" + c.lower() if c.isupper() else c for c in self.name).lstrip("_")
        self.lower = "ujuzi__v1__" + snake
        self.upper = "UJUZI__V1__" + snake.upper()
        if proto.nested_type or proto.enum_type:
            refuse(self.name, "messages and enums stand at the top level, maps cannot be")
        if len(self.fields) > FIELDS_MAX:
            refuse(self.name, f"has more than {FIELDS_MAX} fields")
        numbers = [f.number for f in self.fields]
        if numbers != sorted(numbers):
            refuse(self.name, "fields stand in the order of their numbers")

    def entries(self):
        """Fields, one-member oneofs and choices in the schema's order."""
        seen = set()
        for f in self.fields:
            if f.oneof is None:
                yield "field", f
            elif f.oneof not in seen:
                seen.add(f.oneof)
                name, members, required = self.oneofs[f.oneof]
                if len(members) == 1:
                    yield "single", (name, members[0])
                else:
                    yield "oneof", (name, members, required)


class Enum:
    def __init__(self, proto, comments, path):
        self.name, self.comment = proto.name, comments.get(path, "")
        self.prefix = "".join(
            "_" + c if c.isupper() else c.upper() for c in self.name).lstrip("_") + "_"
        # (number, full name, comment)
        self.values = [(v.number, v.name, comments.get(path + (2, i), ""))
                       for i, v in enumerate(proto.value)]
        for number, name, _ in self.values:
            if not name.startswith(self.prefix):
                refuse(self.name, f"{name} must begin with {self.prefix}")
            if (number == 0) != (name == self.prefix + "UNSPECIFIED") or number < 0:
                refuse(self.name, f"zero is {self.prefix}UNSPECIFIED, and nothing is below it")


class Method:
    def __init__(self, service, proto, comment):
        o = options(proto.options)
        self.service, self.name, self.comment = service, proto.name, comment
        self.number, self.shape = o.get(50001), o.get(50002)
        self.revision = o.get(50004, 1)
        self.roles = (o.get(50003) or "").split()
        self.request = proto.input_type.split(".")[-1]
        self.reply = proto.output_type.split(".")[-1]
        self.swift = proto.name[:1].lower() + proto.name[1:]
        where = f"{service}.{proto.name}"
        if not self.number:
            refuse(where, "needs a (number)")
        if self.shape not in SHAPES:
            refuse(where, f"needs a (shape), one of {', '.join(SHAPES)}")
        if not self.roles or not ROLES.issuperset(self.roles):
            refuse(where, f"needs (roles), words of {', '.join(sorted(ROLES))}")
        if (self.shape in ("stream", "exchange")) != proto.server_streaming:
            refuse(where, "`returns (stream …)` and the shapes `stream` and `exchange` go together")
        if (self.shape == "exchange") != proto.client_streaming:
            refuse(where, "a stream of requests and the shape `exchange` go together")


class Schema:
    def __init__(self, raw):
        self.set = d.FileDescriptorSet.FromString(raw)
        self.files, self.enums, self.messages, self.methods = {}, {}, {}, []
        # What is said of each service, and above the first thing of each file.
        self.services, self.introductions = {}, {}
        for file in self.set.file:
            if file.package == PACKAGE:
                self.add(file)
        self.check()

    def add(self, file):
        comments = {tuple(l.path): l.leading_comments for l in file.source_code_info.location
                    if l.leading_comments}
        items = []
        for i, e in enumerate(file.enum_type):
            self.enums[e.name] = Enum(e, comments, (5, i))
            items.append(self.enums[e.name])
        for i, m in enumerate(file.message_type):
            self.messages[m.name] = Message(m, comments, (4, i))
            items.append(self.messages[m.name])
        base = os.path.basename(file.name)[:-6]
        self.files[base] = items
        self.introductions[base] = next(
            (l.leading_detached_comments[0] for l in file.source_code_info.location
             if l.leading_detached_comments), "")
        for i, s in enumerate(file.service):
            self.services[s.name] = comments.get((6, i), "")
            for j, m in enumerate(s.method):
                self.methods.append(Method(s.name, m, comments.get((6, i, 2, j), "")))

    def check(self):
        def descend(name, above):
            if name in above:
                refuse(name, "holds itself; messages are not recursive")
            for f in self.messages[name].fields:
                if f.type == F.TYPE_MESSAGE:
                    descend(f.target, above + [name])
                elif f.nested:
                    inner = f.nested.removeprefix(PACKAGE + ".")
                    if inner not in self.messages:
                        refuse(f.where, f"nests {f.nested}, which is no message")
                    descend(inner, above + [name])

        for name in self.messages:
            descend(name, [])
        for key in ("number", "swift"):
            taken = {}
            for m in self.methods:
                other = taken.setdefault(getattr(m, key), m)
                if other is not m:
                    refuse(f"{m.service}.{m.name}", f"has the {key} of {other.service}.{other.name}")

    def lock(self):
        """What is frozen: {where a number stands: what it is called}."""
        lines = {f"{m.name}.{f.number}": f.name for m in self.messages.values() for f in m.fields}
        lines |= {f"{e.name}={n}": name for e in self.enums.values() for n, name, _ in e.values}
        return lines | {f"method {m.number}": f"{m.service}.{m.name}" for m in self.methods}

    def frozen(self, old):
        """The lock that follows an older one; what is gone stays in it.

        A number that was once given is never given again, and what a field, a value or a method is
        called is part of files and command lines. Before a first release a line may be deleted.
        """
        now = self.lock()
        for key, name in old.items():
            if key in now and now[key] != name:
                refuse("schema.lock", f"{key} {name} became {now[key]}: numbers are frozen")
            owner, _, number = key.partition(".")
            if key not in now and owner in self.messages and number.isdigit() and not any(
                    start <= int(number) < end for start, end in self.messages[owner].reserved):
                refuse("schema.lock", f"{key} {name} is gone: write `reserved {number};`")
        return old | now

    def matches(self, plain):
        """Whether the copies that protoc-c was given say the same but for the custom options."""
        def bare(files):
            stripped = {}
            for file in files:
                if file.package != PACKAGE or not (file.message_type or file.service):
                    continue
                copy = d.FileDescriptorProto()
                copy.CopyFrom(file)
                copy.ClearField("source_code_info")
                kept = [name for name in copy.dependency if not name.endswith("/options.proto")]
                del copy.dependency[:]
                copy.dependency.extend(kept)
                for message in copy.message_type:
                    for field in message.field:
                        field.ClearField("options")
                for service in copy.service:
                    for method in service.method:
                        method.ClearField("options")
                stripped[copy.name] = copy.SerializeToString(deterministic=True)
            return stripped

        return bare(self.set.file) == bare(d.FileDescriptorSet.FromString(plain).file)
