"""A bill of materials as SPDX 2.3 JSON (ISO/IEC 5962 with its later revision)."""

from typing import Any

from packctl import __version__
from packctl.sbom.bill import Bill, Material

PROJECT = "SPDXRef-project"
UNKNOWN = "NOASSERTION"


def spdx(bill: Bill) -> dict[str, Any]:
    """The document. The project is what it describes; it depends on what pack.toml asks for, packs on what they need."""
    identifiers = {one.reference: f"SPDXRef-pack-{number}" for number, one in enumerate(bill.materials, 1)}
    relations = [_relation("SPDXRef-DOCUMENT", "DESCRIBES", PROJECT)]
    relations += [_relation(PROJECT, "DEPENDS_ON", identifiers[name]) for name in bill.direct]
    relations += [
        _relation(identifiers[one.reference], "DEPENDS_ON", identifiers[need])
        for one in bill.materials
        for need in one.needs
    ]
    document: dict[str, Any] = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": bill.project,
        "documentNamespace": f"urn:uuid:{bill.identity('spdx')}",
        "creationInfo": {
            "created": bill.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": [f"Tool: packctl-{__version__}"],
        },
        "packages": [_project(bill), *(_package(one, identifiers[one.reference]) for one in bill.materials)],
        "relationships": relations,
    }
    if bill.texts:
        document["hasExtractedLicensingInfos"] = [
            {"licenseId": name, "name": name, "extractedText": text} for name, text in bill.texts.items()
        ]
    return document


def _project(bill: Bill) -> dict[str, Any]:
    version = {"versionInfo": bill.version} if bill.version else {}
    return {
        "SPDXID": PROJECT,
        "name": bill.project,
        **version,
        "downloadLocation": UNKNOWN,
        "filesAnalyzed": False,
        "licenseConcluded": UNKNOWN,
        "licenseDeclared": UNKNOWN,
        "copyrightText": UNKNOWN,
    }


def _package(one: Material, identifier: str) -> dict[str, Any]:
    told = {"summary": one.title, "description": one.summary, "homepage": one.homepage}
    return {
        "SPDXID": identifier,
        "name": one.name,
        "versionInfo": one.version,
        "supplier": f"Organization: {one.publisher}",
        "downloadLocation": one.address or UNKNOWN,
        "filesAnalyzed": False,
        "checksums": [{"algorithm": "SHA256", "checksumValue": one.archive}],
        "licenseConcluded": UNKNOWN,
        "licenseDeclared": one.license,
        "copyrightText": UNKNOWN,
        **{key: text for key, text in told.items() if text},
        "externalRefs": [
            {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": one.purl}
        ],
    }


def _relation(above: str, kind: str, below: str) -> dict[str, Any]:
    return {"spdxElementId": above, "relationshipType": kind, "relatedSpdxElement": below}
