"""The published rules of SPDX 2.3 and CycloneDX 1.6, as far as a bill of ours comes near them: what a document breaks, as sentences.

Written from the two specifications. The schemas themselves are long, and their rules about what we never write would test nothing.
"""

import re
from collections.abc import Iterator
from typing import Any

UUID = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
SHA256 = re.compile(r"[0-9a-f]{64}")
PURL = re.compile(r"pkg:[a-z][a-z0-9.+-]*/[a-z0-9/-]+@[0-9A-Za-z.%-]+\?checksum=sha256:[0-9a-f]{64}")
LICENSE_REF = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")

_SPDX_ID = re.compile(r"SPDXRef-[A-Za-z0-9.-]+")
_SPDX_PACKAGE = {
    "SPDXID",
    "name",
    "downloadLocation",
    "filesAnalyzed",
    "licenseConcluded",
    "licenseDeclared",
    "copyrightText",
}
_SPDX_MORE = {"versionInfo", "supplier", "checksums", "summary", "description", "homepage", "externalRefs"}


def broken_in_spdx(document: dict[str, Any]) -> list[str]:
    """Clauses 6, 7, 10 and 11 of SPDX 2.3."""
    return list(_spdx(document))


def _spdx(document: dict[str, Any]) -> Iterator[str]:
    fixed = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT"}
    yield from (f"{key} is {document.get(key)}" for key, value in fixed.items() if document.get(key) != value)
    if not document["name"] or not re.fullmatch(UUID, document["documentNamespace"]):
        yield "no name, or no namespace that is a URI without #"
    if not TIME.fullmatch(document["creationInfo"]["created"]) or not document["creationInfo"]["creators"]:
        yield "created or creators"
    yield from (
        one for one in document["creationInfo"]["creators"] if not re.match("(Tool|Organization|Person): ?", one)
    )
    known = {"SPDXRef-DOCUMENT"}
    for package in document["packages"]:
        if not _SPDX_ID.fullmatch(package["SPDXID"]) or package["SPDXID"] in known:
            yield f"identifier {package['SPDXID']}"
        known.add(package["SPDXID"])
        yield from _spdx_package(package, {one["licenseId"] for one in document.get("hasExtractedLicensingInfos", [])})
    for one in document["relationships"]:
        if {one["spdxElementId"], one["relatedSpdxElement"]} - known or one["relationshipType"] not in (
            "DESCRIBES",
            "DEPENDS_ON",
        ):
            yield f"relationship {one}"
    if [one["relationshipType"] for one in document["relationships"]].count("DESCRIBES") != 1:
        yield "a document describes something"
    for one in document.get("hasExtractedLicensingInfos", []):
        if not LICENSE_REF.fullmatch(one["licenseId"]) or not one["extractedText"]:
            yield f"license text {one['licenseId']}"


def _spdx_package(package: dict[str, Any], texts: set[str]) -> Iterator[str]:
    if not _SPDX_PACKAGE <= package.keys() <= _SPDX_PACKAGE | _SPDX_MORE:
        yield f"keys of {package['SPDXID']}: {sorted(package.keys() ^ _SPDX_PACKAGE)}"
    if package["downloadLocation"] != "NOASSERTION" and not package["downloadLocation"].startswith("https://"):
        yield f"location {package['downloadLocation']}"
    missing = set(LICENSE_REF.findall(package["licenseDeclared"])) - texts
    if missing:
        yield f"no text of {missing}"
    for one in package.get("checksums", []):
        if one["algorithm"] != "SHA256" or not SHA256.fullmatch(one["checksumValue"]):
            yield f"checksum {one}"
    for one in package.get("externalRefs", []):
        if (one["referenceCategory"], one["referenceType"]) != ("PACKAGE-MANAGER", "purl") or not PURL.fullmatch(
            one["referenceLocator"]
        ):
            yield f"reference {one}"
    if not package.get("supplier", "Organization: x").startswith(("Organization: ", "Person: ")):
        yield f"supplier {package['supplier']}"


_CDX_COMPONENT = {
    "type", "bom-ref", "supplier", "group", "name", "version", "description", "hashes", "licenses", "purl", "externalReferences",
}  # fmt: skip
_CDX_TYPES = {"application", "library", "data", "file"}


def broken_in_cyclonedx(document: dict[str, Any]) -> list[str]:
    """The schema of CycloneDX 1.6, and that references lead somewhere."""
    return list(_cyclonedx(document))


def _cyclonedx(document: dict[str, Any]) -> Iterator[str]:
    if (document["bomFormat"], document["specVersion"], document["version"]) != ("CycloneDX", "1.6", 1):
        yield "format"
    if not re.fullmatch(UUID, document["serialNumber"]):
        yield f"serial number {document['serialNumber']}"
    more = document.keys() - {
        "$schema",
        "bomFormat",
        "specVersion",
        "serialNumber",
        "version",
        "metadata",
        "components",
        "dependencies",
    }
    if more or document["metadata"].keys() - {"timestamp", "tools", "component"}:
        yield f"keys {more}"
    if not TIME.fullmatch(document["metadata"]["timestamp"]):
        yield "timestamp"
    known: set[str] = set()
    for one in [document["metadata"]["component"], *document["components"]]:
        if one["bom-ref"] in known or not one["name"] or one["type"] not in _CDX_TYPES or one.keys() - _CDX_COMPONENT:
            yield f"component {one}"
        known.add(one["bom-ref"])
        yield from _cyclonedx_component(one)
    rows = document["dependencies"]
    if sorted(row["ref"] for row in rows) != sorted(known):
        yield "one row of dependencies for each component"
    for row in rows:
        below = row.get("dependsOn", [])
        if set(below) - known or len(below) != len(set(below)):
            yield f"dependencies {row}"


def _cyclonedx_component(one: dict[str, Any]) -> Iterator[str]:
    for hashed in one.get("hashes", []):
        if hashed["alg"] != "SHA-256" or not SHA256.fullmatch(hashed["content"]):
            yield f"hash {hashed}"
    if "purl" in one and not PURL.fullmatch(one["purl"]):
        yield f"purl {one['purl']}"
    terms = one.get("licenses", [])
    if any("expression" in term for term in terms) and len(terms) != 1:
        yield "an expression stands alone"
    for term in terms:
        inner = term.get("license", term)
        wanted = {"name", "acknowledgement", "text"} if "license" in term else {"expression", "acknowledgement"}
        if inner.keys() - wanted or inner["acknowledgement"] not in ("declared", "concluded"):
            yield f"license {term}"
    for link in one.get("externalReferences", []):
        if link["type"] not in ("website", "distribution") or not link["url"].startswith("https://"):
            yield f"link {link}"
