"""Values of the model's shapes: ones that it allows, at its limits, and ones that it does not."""

import json

# Values that mean something; for the rest, what the shape's limits allow.
EXAMPLES = {
    "AccountId": "123456789012", "PackageFormat": "generic", "DomainName": "conformance-nowhere",
    "SHA256": "0" * 64, "PackageVersionStatus": "Published", "AllowPublish": "ALLOW",
    "AllowUpstream": "ALLOW", "PackageGroupOriginRestrictionType": "PUBLISH",
    "PackageGroupOriginRestrictionMode": "ALLOW", "PackageGroupPattern": "/generic/lab/*",
    "ExternalConnectionName": "public:npmjs", "Arn": "arn:aws:codeartifact:us-east-1:"
    "123456789012:domain/conformance-nowhere", "PackageVersion": "1.0",
    "PackageVersionRevision": "abc",
    "PolicyDocument": '{"Version":"2012-10-17","Statement":[]}',
}

# One letter that the pattern allows at every place of a string.
LETTERS = {"[0-9]{12}": "1", "[0-9a-f]+": "a"}

# Something that breaks each pattern of the model and no length.
BREAKERS = {
    "\\P{C}*": ["bell\a", "zero\u200bwidth", "nul\0"],
    "\\P{C}+": ["bell\a", "zero\u200bwidth", "nul\0"],
    "\\S+": ["a b", "tab\tbed", "line\nfeed"],
    "[^#/\\s]+": ["a#b", "a/b", "a b", "a\nb"],
    "[^\\p{C}\\p{IsWhitespace}]+": ["/npm/a b", "/npm/\a*", "/npm/\u00a0*", "/npm/\u2003*"],
    "[\\P{C}\\s]+": ["bell\a", "nul\0"],
    "[0-9]{12}": ["12345678901x", "\u0661" * 12],
    "[0-9a-f]+": ["G" * 64, "A" * 64],
    "[a-z][a-z0-9\\-]{0,48}[a-z0-9]": ["Corp", "1corp", "corp-", "co_rp", "c\u00f6rp", "corp\n"],
    "[A-Za-z0-9][A-Za-z0-9._\\-]{1,99}": ["-ab", "a b", "a/b", "\u00e4b", "ab\n", "a:b"],
    "[A-Za-z0-9][A-Za-z0-9._\\-:]{1,99}": ["-ab", "a b", "a/b", "\u00e4b", "ab\n"],
}


def example(shape, optional=False):
    """A value that the model allows; `optional` adds the members that need not be."""
    if shape.name in EXAMPLES:
        return EXAMPLES[shape.name]
    kind = shape.type_name
    if kind == "structure":
        names = shape.members if optional else shape.required_members
        return {name: example(shape.members[name]) for name in names}
    if kind == "list":
        return [example(shape.member)]
    if kind == "map":
        return {example(shape.key): example(shape.value)}
    return {"string": "example", "blob": b"bytes", "boolean": True}.get(kind, 1)


def in_body(shape):
    return "location" not in shape.serialization


def bad(shape, body):
    """Pairs of what is wrong and a value that the model does not allow for `shape`.

    Strings that a query carries have no type to be wrong; those of a JSON body have.
    """
    return {"string": _bad_string, "integer": _bad_number, "long": _bad_number,
            "boolean": _bad_boolean, "list": _bad_list, "map": _bad_map,
            "structure": _bad_structure}.get(shape.type_name, _nothing)(shape, body)


def _nothing(shape, body):
    return iter(())


def _types(body, *values):
    if body:
        for value in values:
            yield f"the type of {json.dumps(value)}", value


def _bad_string(shape, body):
    limits = shape.metadata
    if shape.enum:
        yield "no word of the list", "nonsense"
        yield "no word at all", ""
        other = shape.enum[0].swapcase()
        if other not in shape.enum:
            yield "another case", other
    if limits.get("min", 0) > 0:
        yield "too short", _string(shape, limits["min"] - 1)
    if "max" in limits:
        yield "too long", _string(shape, limits["max"] + 1)
        yield "much too long", _string(shape, limits["max"] * 2 + 1)
    for value in BREAKERS.get(limits.get("pattern"), []):
        yield "a broken pattern", value
    yield from _types(body, 5, True, ["a"], {"a": "b"})


def _bad_number(shape, body):
    limits = shape.metadata
    if "min" in limits:
        yield "too small", limits["min"] - 1
    if "max" in limits:
        yield "too large", limits["max"] + 1
    yield "beyond every integer", 10 ** 30
    if body:
        yield from _types(body, "5", True, [5], {"a": 5})
        yield "a fraction", 1.5
    else:
        for value in ("", "five", "1.5", "0x10", "1e2", " 5", "\u0665"):
            yield "no number", value


def _bad_boolean(shape, body):
    if body:
        yield from _types(body, "true", 1, 0, [True], {})
    else:
        for value in ("", "maybe", "1", "yes"):
            yield "no boolean", value


def _bad_list(shape, body):
    yield from _types(body, "a", 5, True, {"a": "b"})
    if "max" in shape.metadata:
        yield "too many items", _items(shape, shape.metadata["max"] + 1)
    yield "an item that is null", [None]
    for why, value in bad(shape.member, body):
        yield f"an item with {why}", [value]
        yield f"a second item with {why}", [example(shape.member), value]


def _bad_map(shape, body):
    yield from _types(body, "a", 5, True, ["a"])
    yield "a value that is null", {example(shape.key): None}
    for why, value in bad(shape.key, body):
        if isinstance(value, str):
            yield f"a key with {why}", {value: example(shape.value)}
    for why, value in bad(shape.value, body):
        yield f"a value with {why}", {example(shape.key): value}


def _bad_structure(shape, body):
    yield from _types(body, "a", 5, True, ["a"])
    whole = example(shape, optional=True)
    for name in shape.required_members:
        yield f"no {name}", {key: value for key, value in whole.items() if key != name}
        yield f"a {name} that is null", {**whole, name: None}
    for name, member in shape.members.items():
        for why, value in bad(member, body):
            yield f"a {name} with {why}", {**whole, name: value}


def good(shape):
    """Pairs of what is said and a value exactly at a limit that the model allows."""
    limits = shape.metadata
    if shape.type_name == "string":
        if shape.enum:
            for word in shape.enum:
                yield word, word
            return
        for limit in ("min", "max"):
            if limit in limits:
                yield f"{limit} length", _string(shape, limits[limit])
        if "max" in limits and shape.name in WIDE:
            yield "max length beyond the basic plane", "\U0001f4e6" * limits["max"]
    elif shape.type_name in ("integer", "long"):
        for limit in ("min", "max"):
            if limit in limits:
                yield limit, limits[limit]
    elif shape.type_name == "boolean":
        yield from [("true", True), ("false", False)]
    elif shape.type_name == "list":
        yield "no items", []
        if "max" in limits:
            yield "the most items", _items(shape, limits["max"])
        for why, value in good(shape.member):
            yield f"an item of {why}", [value]
    elif shape.type_name == "map":
        yield "no entries", {}
        for why, value in good(shape.key):
            yield f"a key of {why}", {value: example(shape.value)}
        for why, value in good(shape.value):
            yield f"a value of {why}", {example(shape.key): value}
    elif shape.type_name == "structure":
        whole = example(shape, optional=True)
        for name, member in shape.members.items():
            for why, value in good(member):
                yield f"{name}: {why}", {**whole, name: value}


# Strings whose pattern lets any letter of Unicode be.
WIDE = {"PackageName", "PackageNamespace", "PackageVersion", "Description", "TagKey", "TagValue",
        "PackageGroupContactInfo"}


def _string(shape, length):
    """A string of this many characters that breaks nothing but, perhaps, the length."""
    if shape.name == "PackageGroupPattern" and 12 < length <= 520:
        body = "n" * min(255, length - 12)
        return f"/generic/{body}/" + "p" * (length - len(body) - 11) + "~"
    if shape.name == "PackageGroupPattern":
        return "/*"[:length] if length < 3 else "/generic/" + "n" * (length - 10) + "~"
    if shape.name == "PolicyDocument" and length > 60:
        return EXAMPLES["PolicyDocument"].ljust(length)
    return LETTERS.get(shape.metadata.get("pattern"), "a") * length


def _items(shape, count):
    """That many items of a list, no two the same."""
    inner = shape.member
    if inner.type_name == "structure":
        return [{**example(inner, optional=True), "key": f"k{i}"} for i in range(count)]
    return [f"item-{i}" for i in range(count)]
