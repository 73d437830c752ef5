"""Holds raw replies against botocore's own model of the service."""

import json
import re
import time
import unicodedata
from numbers import Number

from botocore.validate import ParamValidator


class Judge:
    """Watches every reply of a client and remembers what the model does not allow."""

    def __init__(self, client):
        self.model = client.meta.service_model
        self.faults = []
        self.answered = set()
        client.meta.events.register("after-call.codeartifact", self._after_call)

    def _after_call(self, http_response, parsed, model, **_):
        self.reply(http_response, model)
        if http_response.status_code < 300:
            self._judge_parsed(parsed, model)

    def reply(self, http_response, model):
        """Judges an answer to an operation as it came."""
        request_id = http_response.headers.get("x-amzn-requestid")
        if not request_id:
            self._fault(model.name, "no x-amzn-requestid header")
        if http_response.status_code >= 300:
            return self._judge_error(http_response, model)
        self.answered.add(model.name)
        self._judge_headers(model.name, http_response.headers, model.output_shape)
        if not model.has_streaming_output:
            self._judge_type(model.name, http_response.headers)
            self._judge_body(model.name, http_response.content, model.output_shape)
        elif "content-length" not in http_response.headers:
            self._fault(model.name, "content without its length")

    def _judge_parsed(self, parsed, model):
        """What botocore's parser made of it, by botocore's validator: the one for requests."""
        told = {name: value for name, value in parsed.items() if name != "ResponseMetadata"}
        unknown = set(told) - set(model.output_shape.members)
        if unknown:
            self._fault(model.name, f"botocore parsed {sorted(unknown)}, which the model lacks")
        streams = {name for name, shape in model.output_shape.members.items()
                   if shape.type_name == "blob"}
        report = ParamValidator().validate(
            {**told, **dict.fromkeys(streams & set(told), b"")}, model.output_shape)
        if report.has_errors():
            self._fault(model.name, f"botocore's validator: {report.generate_report()}")

    def _judge_type(self, operation, headers):
        kind = headers.get("content-type", "")
        if kind.split(";")[0] != "application/json":
            self._fault(operation, f"the content type is {kind!r}")

    def _judge_headers(self, operation, headers, shape):
        """Members that a reply carries in its head: all of them, as the model has them."""
        for name, member in shape.members.items():
            if member.serialization.get("location") != "header":
                continue
            value = headers.get(member.serialization["name"])
            if value is None:
                self._fault(operation, f"the header {member.serialization['name']} is absent")
            else:
                # HTTP libraries read headers as Latin-1; the bytes are UTF-8.
                value = value.encode("latin-1").decode()
                self._judge(operation, value, member, f"{shape.name}.{name}")

    def _judge_error(self, http_response, model):
        name = http_response.headers.get("x-amzn-errortype")
        if not name:
            return self._fault(model.name, "an error without x-amzn-errortype")
        shape = self.model.shape_for_error_code(name)
        if shape is None:
            return  # one of those that all services share
        status = shape.metadata["error"]["httpStatusCode"]
        if http_response.status_code != status:
            self._fault(model.name, f"{name} came with {http_response.status_code}, not {status}")
        modelled = {s.name for s in model.error_shapes}
        if name not in modelled and not (model.name, name) in TOLERATED:
            self._fault(model.name, f"{name} is not modelled for this operation")
        self._judge_type(model.name, http_response.headers)
        self._judge_body(model.name, http_response.content, shape)
        if name == "ThrottlingException":
            wait = http_response.headers.get("retry-after", "")
            if not wait.isdigit() or int(wait) < 1:
                self._fault(model.name, f"Retry-After is {wait!r}")

    def _judge_body(self, operation, content, shape):
        try:
            value = json.loads(content)
        except ValueError:
            return self._fault(operation, f"the body is not JSON: {content[:80]!r}")
        self._judge(operation, value, shape, shape.name)

    def _fault(self, operation, text):
        self.faults.append(f"{operation}: {text}")

    def _judge(self, operation, value, shape, path):
        judge = getattr(self, "_judge_" + shape.type_name)
        judge(operation, value, shape, path)

    def _judge_structure(self, operation, value, shape, path):
        if not isinstance(value, dict):
            return self._fault(operation, f"{path} is no object: {value!r}")
        in_body = {
            member.serialization.get("name", name): (name, member)
            for name, member in shape.members.items()
            if "location" not in member.serialization and member.type_name != "blob"
        }
        for key, item in value.items():
            if key not in in_body:
                self._fault(operation, f"{path}.{key} is not in the model")
            elif item is None:
                self._fault(operation, f"{path}.{key} is null instead of absent")
            else:
                self._judge(operation, item, in_body[key][1], f"{path}.{key}")
        for name in in_body:
            if name not in value and in_body[name][0] not in MAY_BE_ABSENT.get(shape.name, ()):
                self._fault(operation, f"{path}.{name} is absent")

    def _judge_list(self, operation, value, shape, path):
        if not isinstance(value, list):
            return self._fault(operation, f"{path} is no list: {value!r}")
        for index, item in enumerate(value):
            self._judge(operation, item, shape.member, f"{path}[{index}]")

    def _judge_map(self, operation, value, shape, path):
        if not isinstance(value, dict):
            return self._fault(operation, f"{path} is no map: {value!r}")
        for key, item in value.items():
            self._judge(operation, key, shape.key, f"{path} key")
            self._judge(operation, item, shape.value, f"{path}.{key}")

    def _judge_string(self, operation, value, shape, path):
        if not isinstance(value, str):
            return self._fault(operation, f"{path} is no string: {value!r}")
        if shape.enum and value not in shape.enum:
            self._fault(operation, f"{path} is {value!r}, which is none of {shape.enum}")
        low, high = shape.metadata.get("min", 0), shape.metadata.get("max", len(value))
        if not low <= len(value) <= high:
            self._fault(operation, f"{path} has {len(value)} characters, not {low} to {high}")
        pattern = shape.metadata.get("pattern")
        if pattern and not matches(pattern, value):
            self._fault(operation, f"{path} is {value!r}, which does not match {pattern}")

    def _judge_number(self, operation, value, shape, path):
        if isinstance(value, bool) or not isinstance(value, int):
            self._fault(operation, f"{path} is no whole number: {value!r}")

    _judge_integer = _judge_long = _judge_number

    def _judge_boolean(self, operation, value, shape, path):
        if not isinstance(value, bool):
            self._fault(operation, f"{path} is no boolean: {value!r}")

    def _judge_timestamp(self, operation, value, shape, path):
        if isinstance(value, bool) or not isinstance(value, Number):
            self._fault(operation, f"{path} is no number of seconds: {value!r}")
        elif not 0 < value < time.time() + DAY:
            self._fault(operation, f"{path} is {value!r}, which is no moment of ours")


DAY = 86400

# The model requires next to nothing of a reply. Users read what the service always sends, so all
# members must be there but these, which it leaves out where there is nothing to say
# (codeartifact.md 3 and 4).
_COORDINATES = {"namespace"}
_PAGE = {"nextToken"}
MAY_BE_ABSENT = {
    "RepositoryDescription": {"description"},
    "RepositorySummary": {"description"},
    "PackageSummary": _COORDINATES,
    "PackageDescription": _COORDINATES,
    "AssociatedPackage": _COORDINATES,
    "PackageVersionDescription": {
        "namespace", "summary", "homePage", "sourceCodeRepository", "licenses"},
    "LicenseInfo": {"name", "url"},
    "DomainEntryPoint": {"repositoryName", "externalConnectionName"},
    "PackageDependency": {"namespace", "dependencyType", "versionRequirement"},
    "PackageGroupDescription": {"contactInfo", "description", "parent"},
    "PackageGroupSummary": {"contactInfo", "description", "parent"},
    "PackageGroupOriginRestriction": {"inheritedFrom", "repositoriesCount"},
    "ListDomainsResult": _PAGE,
    "ListRepositoriesResult": _PAGE,
    "ListRepositoriesInDomainResult": _PAGE,
    "ListPackagesResult": _PAGE,
    "ListPackageVersionsResult": _COORDINATES | _PAGE | {"defaultDisplayVersion"},
    "ListPackageVersionAssetsResult": _COORDINATES | _PAGE,
    "ListPackageVersionDependenciesResult": _COORDINATES | _PAGE,
    "ListPackageGroupsResult": _PAGE,
    "ListSubPackageGroupsResult": _PAGE,
    "ListAssociatedPackagesResult": _PAGE,
    "ListAllowedRepositoriesForGroupResult": _PAGE,
    "GetPackageVersionReadmeResult": _COORDINATES,
    "PublishPackageVersionResult": _COORDINATES,
    # There is no type for package groups and tags.
    "ResourceNotFoundException": {"resourceId", "resourceType"},
    "ConflictException": {"resourceId", "resourceType"},
    "ServiceQuotaExceededException": {"resourceId", "resourceType"},
}

# Settled by choice where the model has no error for the case (codeartifact.md 21.3).
TOLERATED = {("DeleteDomain", "ResourceNotFoundException")}


def matches(pattern, value):
    """Whether the whole of `value` matches a pattern of the model."""
    if pattern in LETTERS:
        return all(map(LETTERS[pattern], value)) and (bool(value) or pattern.endswith("*"))
    return re.fullmatch(pattern, value) is not None


def _printable(letter):
    return unicodedata.category(letter)[0] != "C"


# Java's classes of letters have no counterpart in `re`: they are asked for letter by letter.
LETTERS = {
    "\\P{C}*": _printable,
    "\\P{C}+": _printable,
    "[\\P{C}\\s]+": lambda letter: _printable(letter) or letter in " \t\n\v\f\r",
    "[^\\p{C}\\p{IsWhitespace}]+": lambda letter: _printable(letter) and not letter.isspace(),
}
