"""How the schema's names are spelled in Swift and in protobuf-c's structs."""

WORDS = set(
    "associatedtype class deinit enum extension fileprivate func import init inout internal let "
    "operator private protocol public rethrows static struct subscript typealias var break "
    "case continue default defer do else fallthrough for guard if in repeat return switch where "
    "while as any catch false is nil super self Self throw throws true try Any".split())

# protoc-c adds an underscore to members that are words of C or C++.
C_WORDS = set(
    "and and_eq asm auto bitand bitor bool break case catch char class compl const const_cast "
    "continue default delete do double dynamic_cast else enum explicit extern false float for "
    "friend goto if inline int long mutable namespace new not not_eq operator or or_eq private "
    "protected public register reinterpret_cast return short signed sizeof static static_cast "
    "struct switch template this throw true try typedef typeid typename union unsigned using "
    "virtual void volatile wchar_t while xor xor_eq".split())


def camel(name, upper=False):
    parts = name.lower().split("_")
    out = [p if i == 0 and not upper else p[:1].upper() + p[1:] for i, p in enumerate(parts)]
    return "".join("ID" if p == "Id" and i else p for i, p in enumerate(out))


def quoted(name):
    return f"`{name}`" if name in WORDS else name


def member(name):
    """A member of a C struct."""
    return name + "_" if name in C_WORDS else quoted(name)


def doc(text, indent=""):
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    lines = [line for line in lines if line != "(required oneof)"]
    return "".join(f"{indent}/// {line}\n" for line in lines)
